"""Removing, restoring and purging."""

from __future__ import annotations

import pytest

from microapps.errors import InvalidInput, UnknownApp
from microapps.library import Library, UsageRecord
from microapps.notebook import Permissions, read

from .samples import change, edit, make, tip, value

DIGEST = "0" * 64


def test_removing_takes_it_away_and_restoring_brings_all_of_it_back(library: Library) -> None:
    make(library)
    change(library, "tip-splitter", 2)
    (library.app("tip-splitter").data / "saved").write_text("kept")
    removed = library.remove("tip-splitter")
    assert removed.trashed is not None and library.apps() == () and library.apps(trashed=True) == (removed,)
    assert not (library.home / "apps" / "tip-splitter").exists()
    assert (removed.data / "saved").read_text() == "kept"
    record = library.restore("tip-splitter")
    assert record.ended == removed.trashed, "links that sites made before are good no more"
    assert record.trashed is None and record.current == 2 and value(read(record.path).app) == 2
    assert (record.data / "saved").read_text() == "kept"
    assert library.undo("tip-splitter").number == 1


def test_what_is_in_the_trash_is_said_to_be_there(library: Library) -> None:
    make(library)
    library.remove("tip-splitter")
    with pytest.raises(UnknownApp, match="microapps restore tip-splitter"):
        library.undo("tip-splitter")
    with pytest.raises(UnknownApp, match="microapps restore tip-splitter"):
        change(library, "tip-splitter", 2)
    assert [turn.interrupted for turn in library.turns("tip-splitter")] == [False, True]


def test_a_name_can_be_used_again_while_its_app_is_in_the_trash(library: Library) -> None:
    make(library, tip(1))
    library.remove("tip-splitter")
    assert make(library, tip(2)).app == "tip-splitter"
    record = library.restore("tip-splitter")
    assert record.name == "tip-splitter-2" and value(read(record.path).app) == 1
    assert read(record.path).app.metadata.name == "tip-splitter-2"
    assert value(read(library.app("tip-splitter").path).app) == 2


def test_several_of_one_name_come_back_last_first(library: Library) -> None:
    for number in (1, 2, 3):
        make(library, tip(number))
        library.remove("tip-splitter")
    restored = [library.restore("tip-splitter") for _ in range(3)]
    assert [record.name for record in restored] == ["tip-splitter", "tip-splitter-2", "tip-splitter-3"]
    assert [value(read(record.path).app) for record in restored] == [3, 2, 1]


def test_an_edit_made_before_removing_is_kept(library: Library) -> None:
    make(library)
    edit(library, "tip-splitter", "VALUE = 1", "VALUE = 10")
    library.remove("tip-splitter")
    assert library.restore("tip-splitter").current == 2


def test_purging_deletes_for_good_but_what_was_spent_stays_counted(library: Library) -> None:
    make(library, usage=UsageRecord("haiku", 1, 1, dollars=0.5))
    library.grant("tip-splitter", Permissions(), DIGEST)
    library.log_access("tip-splitter", "host", "example.org:443", allowed=False)
    make(library)
    library.rename("tip-splitter", "tip")
    with pytest.raises(UnknownApp):
        library.purge("tip")
    folder = library.remove("tip").path.parent
    gone = library.purge("tip")
    assert gone.name == "tip" and not folder.exists() and library.apps(trashed=True) == ()
    assert [record.name for record in library.apps()] == ["tip-splitter-2"]
    assert library.spent_this_month() == 0.5
    with pytest.raises(UnknownApp):
        library.app("tip-splitter")


def test_apps_of_one_name_in_the_trash_are_told_apart_by_their_numbers(library: Library) -> None:
    for number in (1, 2):
        make(library, tip(number))
        (library.app("tip-splitter").data / "saved").write_text(f"data of {number}")
        library.remove("tip-splitter")
    make(library, tip(3))
    newer, older = library.apps(trashed=True)
    assert [value(library.revision(app.id, app.current).notebook) for app in (newer, older)] == [2, 1]
    with pytest.raises(InvalidInput, match="2 apps in the trash"):
        library.purge("tip-splitter")
    assert library.purge(newer.id).id == newer.id and library.apps(trashed=True) == (older,)
    back = library.restore(older.id)
    assert (back.id, back.name) == (older.id, "tip-splitter-2") and (back.data / "saved").read_text() == "data of 1"
    for use in (library.restore, library.purge):
        with pytest.raises(UnknownApp, match="not in the trash"):
            use(older.id)
        with pytest.raises(UnknownApp, match="no app number"):
            use(newer.id)


def test_a_turn_for_a_purged_app_is_kept(library: Library) -> None:
    make(library)
    library.remove("tip-splitter")
    library.purge("tip-splitter")
    library.record_interrupted("tip-splitter", action="change", request="more", parent=1)
    assert [turn.request for turn in library.turns(None)] == ["more"]


def test_a_new_app_never_gets_the_number_or_data_of_a_purged_one(library: Library) -> None:
    first = make(library)
    (library.app(first.app).data / "secret").write_text("x")
    number = library.app(first.app).id
    library.remove(first.app)
    library.purge(first.app)
    make(library)
    assert library.app(first.app).id != number
    assert list(library.app(first.app).data.iterdir()) == []
