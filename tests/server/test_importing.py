"""An app leaves one library by a download and comes into another by an upload."""

from __future__ import annotations

import json

import pytest

from microapps.publish.carrying import carried
from tests.publish.pngs import png
from tests.studio.test_importing import counter

from .jupyter import Person

pytestmark = pytest.mark.sandbox


async def test_an_uploaded_app_is_checked_taken_in_and_can_be_passed_on(ask: Person) -> None:
    body = carried(counter(), png(), [("notes.txt", b"kept")]).encode()
    sent = (await ask("POST", "uploads", body=body, params={"name": "counter.app.ipynb"})).body
    job = (await ask("POST", "jobs", {"action": "import", "data": [sent["id"]]})).body
    told = await ask.follow(job["id"])
    assert told[0]["action"] == "import" and told[-1]["kind"] == "finished", told[-1]
    name = told[-1]["app"]
    assert (await ask("GET", f"apps/{name}/data")).body["files"][0]["name"] == "notes.txt"
    assert (await ask("GET", f"apps/{name}/thumbnail")).body == png()
    for data, keys in (("false", {"version", "digest", "exported", "picture"}), ("true", {"data"})):
        passed_on = await ask("GET", f"apps/{name}/export", params={"to": "app", "data": data})
        assert f"{name}.app.ipynb" in passed_on.headers["Content-Disposition"]
        value = passed_on.body if isinstance(passed_on.body, dict) else json.loads(passed_on.body)
        assert keys <= value["metadata"]["microapps_carried"].keys()
        assert ("data" in value["metadata"]["microapps_carried"]) is (data == "true")


async def test_an_import_needs_one_file(ask: Person) -> None:
    refused = await ask("POST", "jobs", {"action": "import"})
    assert refused.status == 400 and "one file" in refused.body["what"]
