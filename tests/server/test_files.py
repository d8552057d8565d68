"""Uploads, the drive of notebooks, exports and what an app stores."""

from __future__ import annotations

import asyncio
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from microapps.errors import InvalidInput, UnknownApp
from microapps.library import Library
from microapps.server.uploads import Uploads, usable
from tests.endpoint import Endpoint
from tests.studio.small import doubler

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


def test_only_files_that_wait_take_up_the_room_for_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("microapps.server.uploads.MOST", 3)
    uploads = Uploads(tmp_path / "files", lambda: {str(file) for file in (tmp_path / "files/kept").glob("*/*")})
    for _ in range(5):  # each is given to an app, which may read it ever after
        used = uploads.keep(_received(uploads), "a.csv", "ann").id
        uploads.use(used, "ann")
        uploads.begin([used])
        uploads.end([used], done=True)
    waiting = [uploads.keep(_received(uploads), "b.csv", "ann").id for _ in range(3)]
    with pytest.raises(InvalidInput, match="wait to be used"):
        uploads.receive()
    uploads.forget(waiting[0], "ann")
    uploads.keep(_received(uploads), "b.csv", "ann")


def test_another_users_file_is_unknown_and_an_old_one_is_swept(tmp_path: Path) -> None:
    now = [0.0]
    readable: set[str] = set()
    uploads = Uploads(tmp_path / "files", lambda: readable, now=lambda: now[0])
    kept = uploads.keep(_received(uploads), "a.csv", "ann")
    with pytest.raises(UnknownApp):
        uploads.use(kept.id, "bob")
    with pytest.raises(UnknownApp):
        uploads.forget(kept.id, "bob")
    given, left, used = (uploads.keep(_received(uploads), "b.csv", "ann") for _ in range(3))
    path = uploads.use(given.id, "ann")
    assert path == uploads.use(given.id, "ann") and path.read_bytes() == b"x"
    readable.add(str(path.resolve()))
    left_over, in_use = uploads.use(left.id, "ann"), uploads.use(used.id, "ann")
    uploads.begin([used.id])
    now[0] = 1e10  # a year that file systems know
    uploads.sweep()
    with pytest.raises(UnknownApp):
        uploads.use(kept.id, "ann")
    assert path.exists() and in_use.exists() and not left_over.exists()
    Uploads(tmp_path / "files", lambda: readable, now=lambda: now[0]).sweep()
    assert in_use.exists(), "another server's job has it"
    uploads.end([used.id], done=False)
    assert in_use.exists(), "the job may be tried again"
    uploads.begin([used.id, given.id])
    uploads.end([used.id, given.id], done=True)
    assert path.exists() and not in_use.exists()


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


async def test_a_file_that_is_far_too_large_is_refused_in_words(ask: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("microapps.server.uploads.LARGEST", 1 << 20)
    monkeypatch.setattr("microapps.server.upload_handler.LARGEST", 1 << 20)
    refused = await ask("POST", "uploads", body=b"x" * (12 << 20), params={"name": "big.csv"})
    assert refused.status == 400 and "larger than 1 MiB" in refused.body["what"]


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
    (folder / "notes.txt").unlink()
    await ask("POST", f"apps/{name}/publish", {"role": "guest", "label": "Anna"})
    [link] = Library(microapps_home).links(name)
    hers = folder.parent / "guests" / link.store / "hers.txt"
    hers.parent.mkdir(parents=True)
    hers.write_text("of Anna")
    alone = (await ask("GET", f"apps/{name}/data")).body
    assert (alone["files"], alone["guests"]) == ([], [{"label": "Anna", "bytes": 7}]), "it is deleted with the rest"
    zipped = zipfile.ZipFile(io.BytesIO((await ask("GET", f"apps/{name}/data/export")).body))
    assert [place.rpartition("/")[2] for place in zipped.namelist()] == ["hers.txt"]
    assert (await ask("DELETE", f"apps/{name}/data")).status == 200
    cleared = (await ask("GET", f"apps/{name}/data")).body
    assert (cleared["bytes"], cleared["guests"]) == (0, []) and not hers.exists()
    assert Path("/etc/passwd").exists()


@pytest.mark.long
@pytest.mark.sandbox
async def test_a_file_is_gone_when_its_job_made_no_use_of_it_and_stays_with_an_app_that_reads_it(
    ask: Person, model: Endpoint, microapps_home: Path
) -> None:
    place = microapps_home.with_name("microapps-home-files") / "kept"
    sent = [(await ask("POST", "uploads", body=b"n\n1\n", params={"name": "n.csv"})).body["id"] for _ in range(2)]
    wish = {"action": "make", "request": "split the bill with a tip", "data": [sent[0]], "offline": True}
    ended = await ask.follow((await ask("POST", "jobs", wish)).body["id"])
    assert ended[-1]["kind"] == "finished"
    async with asyncio.timeout(60):
        while (place / sent[0]).exists():
            await asyncio.sleep(0.02)
    model.answer("Here it is.", doubler()).answer("Done.")
    job = (await ask("POST", "jobs", {"action": "make", "request": "double", "data": [sent[1]]})).body["id"]
    ended = await ask.follow(job)
    assert ended[-1]["kind"] == "finished", ended[-1]
    kept = place / sent[1] / "n.csv"
    assert (await ask("GET", f"apps/{ended[-1]['app']}")).status == 200
    assert (await ask("DELETE", f"uploads/{sent[1]}")).status == 200
    assert kept.exists(), "the app may read it"
