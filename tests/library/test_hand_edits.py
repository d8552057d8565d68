"""What the person changes in the file is taken in, and never written over."""

from __future__ import annotations

import json
import logging

import pytest

from microapps.errors import InvalidNotebook, MachineFault
from microapps.library import Health, Library
from microapps.notebook import MicroApp, Permissions, read, write

from .samples import change, edit, make, tip, value


@pytest.fixture(autouse=True)
def app(library: Library) -> None:
    make(library)


def test_an_edit_becomes_a_revision_of_its_own(library: Library) -> None:
    edit(library, "tip-splitter", "VALUE = 1", "VALUE = 10")
    before = library.app("tip-splitter").path.read_bytes()
    revision = library.sync("tip-splitter")
    assert revision is not None and (revision.action, revision.maker, revision.parent) == ("hand", "hand", 1)
    assert value(revision.notebook) == 10
    assert library.app("tip-splitter").health is Health.UNKNOWN
    assert library.app("tip-splitter").path.read_bytes() == before, "Jupyter has it open: it is not written again"
    assert library.sync("tip-splitter") is None


def test_an_untouched_file_is_no_edit(library: Library) -> None:
    assert library.sync("tip-splitter") is None


def test_a_change_takes_the_edit_in_first(library: Library) -> None:
    edit(library, "tip-splitter", "VALUE = 1", "VALUE = 10")
    change(library, "tip-splitter", 2)
    assert [(r.action, r.parent) for r in library.revisions("tip-splitter")] == [
        ("make", None), ("hand", 1), ("change", 2)
    ]  # fmt: skip
    assert value(read(library.app("tip-splitter").path).app) == 2


def test_undo_takes_the_edit_in_first(library: Library) -> None:
    edit(library, "tip-splitter", "VALUE = 1", "VALUE = 10")
    assert library.undo("tip-splitter").number == 1
    assert value(library.redo("tip-splitter").notebook) == 10


def test_running_it_in_jupyter_is_no_edit(library: Library) -> None:
    path = library.app("tip-splitter").path
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["execution_count"] = 3
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "hello"}]
            cell["metadata"] |= {"collapsed": False, "jupyter": {"outputs_hidden": True}}
    notebook["metadata"]["language_info"]["version"] = "3.99"
    path.write_text(json.dumps(notebook))
    assert library.sync("tip-splitter") is None
    assert len(library.revisions("tip-splitter")) == 1
    change(library, "tip-splitter", 2)
    assert value(read(path).app) == 2


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'{"cells": []}', b"null", b"[" * 100_000])
def test_an_unreadable_edit_is_never_written_over(library: Library, content: bytes) -> None:
    path = library.app("tip-splitter").path
    path.write_bytes(content)
    for use in (library.sync, library.undo, library.fork, lambda name: change(library, name, 2)):
        with pytest.raises(InvalidNotebook):
            use("tip-splitter")
    assert path.read_bytes() == content
    assert library.notebook_path("tip-splitter") == path
    assert library.app("tip-splitter").current == 1
    assert [turn.interrupted for turn in library.turns("tip-splitter")] == [False, True]


def test_an_unreadable_edit_does_not_keep_an_app_from_being_renamed_and_removed(library: Library) -> None:
    library.app("tip-splitter").path.write_text("broken")
    assert library.rename("tip-splitter", "tip").path.read_text() == "broken"
    assert library.remove("tip").path.read_text() == "broken"
    restored = library.restore("tip")
    assert restored.path.read_text() == "broken"
    restored.path.unlink()
    assert value(read(library.notebook_path("tip")).app) == 1
    assert make(library).app == "tip-splitter"


def test_a_missing_file_or_folder_is_written_again(library: Library) -> None:
    path = library.app("tip-splitter").path
    path.unlink()
    assert library.sync("tip-splitter") is None
    assert value(read(path).app) == 1
    path.parent.rename(library.home / "elsewhere")
    assert library.notebook_path("tip-splitter") == path
    assert value(read(path).app) == 1 and library.app("tip-splitter").data.is_dir()


def test_a_file_that_lags_behind_is_no_edit(library: Library) -> None:
    path = library.app("tip-splitter").path
    old = path.read_bytes()
    change(library, "tip-splitter", 2)
    path.write_bytes(old)
    assert library.sync("tip-splitter") is None
    assert value(read(path).app) == 2
    path.write_bytes(old)
    assert value(read(library.notebook_path("tip-splitter")).app) == 2


def test_a_file_copied_over_it_takes_the_apps_own_name(library: Library) -> None:
    other = make(library, tip(5, title="Other"))
    path = library.app("tip-splitter").path
    path.write_bytes(library.app(other.app).path.read_bytes())
    revision = library.sync("tip-splitter")
    assert revision is not None and value(revision.notebook) == 5
    assert read(path).app.metadata.name == "tip-splitter"


def test_permissions_written_by_hand_grant_nothing(library: Library) -> None:
    edit(library, "tip-splitter", '"model_budget": 0.0', '"model_budget": 50.0')
    revision = library.sync("tip-splitter")
    assert revision is not None and revision.notebook.metadata.permissions.model_budget == 50
    assert library.granted("tip-splitter", revision.digest) == Permissions()


def test_an_edit_saved_in_the_very_moment_is_kept_beside_what_was_accepted(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = library.app("tip-splitter").path
    original = library._shelf.write

    def meanwhile(app: MicroApp, place: str, *, expected: str | None) -> None:
        monkeypatch.undo()
        edit(library, "tip-splitter", "VALUE = 1", "VALUE = 77")
        original(app, place, expected=expected)

    monkeypatch.setattr(library._shelf, "write", meanwhile)
    change(library, "tip-splitter", 2)
    assert library.app("tip-splitter").current == 2
    assert value(read(path).app) == 2
    kept = library.revision("tip-splitter", 3)
    assert (kept.action, kept.parent, value(kept.notebook)) == ("hand", 1, 77)


def test_what_cannot_be_written_now_is_written_at_the_next_use(
    library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object, **__: object) -> None:
        raise MachineFault("no room", "make room")

    path = library.app("tip-splitter").path
    monkeypatch.setattr(library._shelf, "write", full)
    with caplog.at_level(logging.WARNING, "microapps.library"):
        assert change(library, "tip-splitter", 2).number == 2
    assert "do not follow yet" in caplog.text
    with pytest.raises(MachineFault):
        library.notebook_path("tip-splitter")
    with pytest.raises(MachineFault):
        change(library, "tip-splitter", 3)
    assert [turn.interrupted for turn in library.turns("tip-splitter")] == [False, False, True]
    monkeypatch.undo()
    assert value(read(path).app) == 1
    with Library(library.home, library.database.url.render_as_string(hide_password=False)):
        assert value(read(path).app) == 2


def test_a_file_of_other_people_can_be_written_by_the_notebook_room(library: Library) -> None:
    """The library and :func:`microapps.notebook.write` agree on what a file's digest is."""
    path = library.app("tip-splitter").path
    stored = read(path)
    write(stored.app.with_cell("logic", "VALUE = 3"), path, expected=stored.digest)
    revision = library.sync("tip-splitter")
    assert revision is not None and value(revision.notebook) == 3
