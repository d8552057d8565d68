"""Accepting turns: new apps, next revisions, and what happens when something is in the way."""

from __future__ import annotations

import pytest

from microapps.checks.report import Status
from microapps.errors import ChangedOnDisk, InvalidInput, InvalidNotebook, UnknownApp
from microapps.library import Health, Library, UsageRecord
from microapps.notebook import Cell, read

from .samples import change, make, report, tip, value

USAGE = UsageRecord("haiku", 100, 20, 3, 4, 0.25)


def test_a_new_app_is_listed_with_its_notebook_and_data_folder(library: Library) -> None:
    revision = make(library, usage=USAGE, seconds=1.5)
    (record,) = library.apps()
    assert (record.name, record.title, record.tags) == ("tip-splitter", "Tip splitter", ("money",))
    assert (record.current, record.health) == (1, Health.PASSED)
    assert record.path == library.home / "apps" / "tip-splitter" / "tip-splitter.ipynb"
    assert record.data.is_dir()
    assert read(record.path).app == revision.notebook
    assert (revision.number, revision.parent, revision.usage, revision.seconds) == (1, None, USAGE, 1.5)
    assert revision.report == report(tip())


def test_a_taken_name_is_numbered(library: Library) -> None:
    assert [make(library).app for _ in range(3)] == ["tip-splitter", "tip-splitter-2", "tip-splitter-3"]
    assert read(library.notebook_path("tip-splitter-3")).app.metadata.name == "tip-splitter-3"


def test_a_folder_that_is_not_ours_is_left_alone(library: Library) -> None:
    own = library.home / "apps" / "tip-splitter"
    own.mkdir(parents=True)
    (own / "tip-splitter.ipynb").write_text("mine")
    assert make(library).app == "tip-splitter-2"
    assert (own / "tip-splitter.ipynb").read_text() == "mine"


def test_a_change_becomes_current_and_keeps_what_was(library: Library) -> None:
    make(library)
    revision = change(library, "tip-splitter", 2)
    assert (revision.number, revision.parent) == (2, 1)
    assert value(read(library.app("tip-splitter").path).app) == 2
    assert [value(r.notebook) for r in library.revisions("tip-splitter")] == [1, 2]


def test_a_report_of_other_content_says_nothing_of_health(library: Library) -> None:
    library.accept(tip(1), name=None, action="make", request="", report=report(tip(2)))
    assert library.app("tip-splitter").health is Health.UNKNOWN


def test_a_failed_report_shows_in_the_health(library: Library) -> None:
    library.accept(tip(), name=None, action="adopt", request="", report=report(tip(), Status.FAILED))
    assert library.app("tip-splitter").health is Health.FAILED


def test_an_app_not_as_expected_keeps_the_turn_as_interrupted(library: Library) -> None:
    make(library)
    change(library, "tip-splitter", 2)
    with pytest.raises(ChangedOnDisk, match="revision 2 by now"):
        change(library, "tip-splitter", 3, expected=1, parent=1, usage=USAGE)
    assert library.app("tip-splitter").current == 2
    turn = library.turns("tip-splitter")[-1]
    assert turn.interrupted and turn.draft is not None and value(turn.draft) == 3
    assert turn.usage == USAGE and turn.parent == 1
    assert library.spent_this_month() == 0.25


def test_a_parent_that_is_none_of_its_revisions_is_refused(library: Library) -> None:
    make(library)
    with pytest.raises(InvalidInput, match="no revision 7"):
        change(library, "tip-splitter", 2, parent=7)


def test_an_unknown_app_offers_the_nearest_and_keeps_the_turn(library: Library) -> None:
    make(library)
    with pytest.raises(UnknownApp, match="Did you mean tip-splitter"):
        change(library, "tip-spliter", 2)
    (turn,) = library.turns(None)
    assert turn.request == "make it 2"


def test_an_app_that_no_notebook_can_hold_is_kept_as_an_interrupted_turn(library: Library) -> None:
    app = tip()
    broken = type(app)(app.metadata, (*app.cells, Cell("no id", "x"), Cell("no id", "y")))
    with pytest.raises(InvalidNotebook):
        make(library, broken)
    assert library.apps() == ()
    (turn,) = library.turns(None)
    assert "VALUE = 1" in turn.draft_text


def test_text_that_databases_refuse_is_kept_readable(library: Library) -> None:
    app = tip()
    revision = library.accept(app, name=None, action="make", request="a\0b\ud800c", report=None)
    assert revision.request == "a\ufffdb\ufffdc"
    turn = library.record_interrupted("tip-splitter", action="change", request="", messages=[{"a": "\0\ud800"}])
    assert turn.messages == ({"a": "\0\ud800"},)


def test_apps_are_listed_most_recently_changed_first(library: Library) -> None:
    make(library)
    make(library)
    change(library, "tip-splitter", 2)
    assert [record.name for record in library.apps()] == ["tip-splitter", "tip-splitter-2"]
