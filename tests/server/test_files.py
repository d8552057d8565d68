"""Uploads, the drive of notebooks, exports and what an app stores."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from microapps.errors import InvalidInput, UnknownApp
from microapps.server.uploads import Uploads, usable

from .conftest import Made
from .jupyter import Person


async def test_a_file_is_sent_and_forgotten(ask: Person, microapps_home: Path) -> None:
    sent = (await ask("POST", "uploads", body=b"a,b\n1,2\n", params={"name": "../x/수입.csv"})).body
    assert (sent["name"], sent["size"]) == ("수입.csv", 8)
    [kept] = microapps_home.with_name("microapps-home-files").glob("pending/*/*")
    assert kept.read_bytes() == b"a,b\n1,2\n"
    assert (await ask("DELETE", f"uploads/{sent['id']}")).status == 200
    assert not kept.exists()
    assert (await ask("DELETE", f"uploads/{sent['id']}")).status == 404
    nameless = await ask("POST", "uploads", body=b"x", params={"name": "../.."})
    assert nameless.status == 400
    assert not list(microapps_home.with_name("microapps-home-files").glob("pending/*"))


def test_another_users_file_is_unknown_and_an_old_one_is_swept(tmp_path: Path) -> None:
    now = [0.0]
    uploads = Uploads(tmp_path / "files", now=lambda: now[0])
    receiving = uploads.receive()
    receiving.take(b"x")
    kept = uploads.keep(receiving, "a.csv", "ann")
    with pytest.raises(UnknownApp):
        uploads.use(kept.id, "bob")
    with pytest.raises(UnknownApp):
        uploads.forget(kept.id, "bob")
    used = uploads.keep(_received(uploads), "b.csv", "ann")
    path = uploads.use(used.id, "ann")
    assert path == uploads.use(used.id, "ann") and path.read_bytes() == b"x"
    now[0] = 1e12
    uploads.sweep()
    with pytest.raises(UnknownApp):
        uploads.use(kept.id, "ann")
    assert path.exists()


def _received(uploads: Uploads) -> Any:
    receiving = uploads.receive()
    receiving.take(b"x")
    return receiving


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("microapps.server.uploads.LARGEST", 4)
    receiving = Uploads(tmp_path).receive()
    receiving.take(b"1234")
    with pytest.raises(InvalidInput, match="larger"):
        receiving.take(b"5")
    receiving.drop()
    assert not receiving.path.exists()


@pytest.mark.parametrize("name", ["..", "", "/", "\x00", "..\\.."])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        usable(name)


@pytest.mark.sandbox
async def test_a_save_by_hand_is_a_revision_and_a_stale_one_is_refused(ask: Person, starter: Made, forked: Any) -> None:
    name = forked(starter)
    listed = {one["path"]: one["content"] for one in (await ask("GET", "contents")).body["content"]}
    assert listed[f"{name}.ipynb"] is None
    read = (await ask("GET", f"contents/{name}.ipynb", params={"content": "1", "type": "notebook"})).body
    assert read["format"] == "json" and read["writable"]
    wish = {"type": "notebook", "format": "json", "content": read["content"], "expected": read["hash"]}
    same = await ask("PUT", f"contents/{name}.ipynb", wish)
    assert same.body["hash"] == read["hash"], "nothing changed, so there is no revision"
    read["content"]["cells"][0]["source"] = "# Mine\n\nBy hand."
    saved = await ask("PUT", f"contents/{name}.ipynb", wish)
    assert saved.status == 200 and saved.body["hash"] != read["hash"]
    stale = await ask("PUT", f"contents/{name}.ipynb", wish)
    assert stale.status == 409 and stale.body["error"] == "ChangedOnDisk"
    rows = (await ask("GET", f"apps/{name}/revisions")).body
    assert [(row["number"], row["action"]) for row in rows] == [(2, "hand"), (1, "fork")]
    [point] = (await ask("GET", f"contents/{name}.ipynb/checkpoints")).body
    assert point["id"] == "2"
    back = await ask("POST", f"contents/{name}.ipynb/checkpoints/1", body=b"")
    assert back.status == 204
    assert (await ask("GET", f"apps/{name}")).body["current"] == 1


@pytest.mark.sandbox
async def test_an_app_and_its_data_are_exported_and_the_data_cleared(
    ask: Person, starter: Made, forked: Any, microapps_home: Path
) -> None:
    name = forked(starter)
    folder = microapps_home / "apps" / name / "data"
    (folder / "notes.txt").write_text("kept")
    (folder / "out").symlink_to("/etc/passwd")
    exported = await ask("GET", f"apps/{name}/export", params={"to": "notebook"})
    assert exported.body["nbformat"] == 4 and f"{name}.ipynb" in exported.headers["Content-Disposition"]
    found = (await ask("GET", f"apps/{name}/data")).body
    assert [(file["name"], file["bytes"]) for file in found["files"]] == [("notes.txt", 4)]
    zipped = zipfile.ZipFile(io.BytesIO((await ask("GET", f"apps/{name}/data/export")).body))
    assert zipped.namelist() == ["notes.txt"]
    assert (await ask("DELETE", f"apps/{name}/data")).status == 200
    assert (await ask("GET", f"apps/{name}/data")).body["bytes"] == 0
    assert Path("/etc/passwd").exists()
