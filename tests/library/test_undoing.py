"""Undo, redo, goto, and the conversation that goes with them."""

from __future__ import annotations

import pytest

from microapps.errors import InvalidInput
from microapps.library import Library
from microapps.notebook import read

from .samples import change, make, tip, value


def current(library: Library) -> int:
    """The value in the file, after making sure that it is that of the current revision."""
    app = read(library.app("tip-splitter").path).app
    assert app == library.revision("tip-splitter").notebook
    return value(app)


@pytest.fixture
def three(library: Library) -> Library:
    make(library, messages=[{"said": 1}])
    change(library, "tip-splitter", 2, messages=[{"said": 2}, {"said": 2.5}])
    change(library, "tip-splitter", 3, messages=[{"said": 3}])
    return library


def test_undo_and_redo_walk_the_line(three: Library) -> None:
    assert [three.undo("tip-splitter").number for _ in range(2)] == [2, 1]
    assert current(three) == 1
    assert [three.redo("tip-splitter").number for _ in range(2)] == [2, 3]
    assert current(three) == 3


def test_there_is_an_end_to_undo_and_redo(three: Library) -> None:
    with pytest.raises(InvalidInput, match="nothing to redo"):
        three.redo("tip-splitter")
    three.goto("tip-splitter", 1)
    with pytest.raises(InvalidInput, match="nothing to undo"):
        three.undo("tip-splitter")
    assert current(three) == 1


def test_a_change_after_undo_branches_and_deletes_nothing(three: Library) -> None:
    three.undo("tip-splitter")
    branch = change(three, "tip-splitter", 4)
    assert [(r.number, r.parent) for r in three.revisions("tip-splitter")] == [(1, None), (2, 1), (3, 2), (4, 2)]
    assert three.undo("tip-splitter").number == 2
    assert three.redo("tip-splitter").number == branch.number
    assert three.goto("tip-splitter", 3).number == 3
    three.undo("tip-splitter")
    assert three.redo("tip-splitter").number == 3


def test_going_back_to_an_ancestor_can_be_redone(three: Library) -> None:
    three.goto("tip-splitter", 1)
    assert three.redo("tip-splitter").number == 2
    assert three.redo("tip-splitter").number == 3


def test_goto_knows_only_what_is_there(three: Library) -> None:
    with pytest.raises(InvalidInput, match="no revision 9"):
        three.goto("tip-splitter", 9)
    assert current(three) == 3


def test_the_conversation_follows_the_branch(three: Library) -> None:
    three.undo("tip-splitter")
    change(three, "tip-splitter", 4, messages=[{"said": 4}])
    assert [m["said"] for m in three.conversation("tip-splitter")] == [1, 2, 2.5, 4]
    assert [m["said"] for m in three.conversation("tip-splitter", 3)] == [1, 2, 2.5, 3]
    assert [t.revision for t in three.turns("tip-splitter")] == [1, 2, 3, 4]


def test_an_interrupted_turn_is_in_the_history_but_not_in_the_conversation(three: Library) -> None:
    turn = three.record_interrupted(
        "tip-splitter", action="change", request="more", messages=[{"said": "x"}], draft=tip(9), error="stopped"
    )
    assert turn.parent == 3 and turn.draft is not None and value(turn.draft) == 9
    assert three.turns("tip-splitter")[-1] == turn
    assert [m["said"] for m in three.conversation("tip-splitter")] == [1, 2, 2.5, 3]
    assert current(three) == 3


def test_a_first_turn_that_was_interrupted_is_kept_without_an_app(library: Library) -> None:
    turn = library.record_interrupted(None, action="make", request="a thing", error="no network")
    assert library.turns(None) == (turn,)
    assert library.apps() == ()


def test_equal_content_in_two_revisions_is_told_apart(three: Library) -> None:
    again = three.accept(tip(1), name="tip-splitter", action="change", request="as at first", report=None)
    assert again.number == 4 and again.text == three.revision("tip-splitter", 1).text
    three.goto("tip-splitter", 1)
    three.goto("tip-splitter", 4)
    assert three.sync("tip-splitter") is None
    assert three.app("tip-splitter").current == 4


def test_data_survives_undo_and_rename(three: Library) -> None:
    (three.app("tip-splitter").data / "saved").write_text("kept")
    three.undo("tip-splitter")
    three.rename("tip-splitter", "tip")
    assert (three.app("tip").data / "saved").read_text() == "kept"
