"""Events told as lines."""

from __future__ import annotations

import pytest

from microapps import events as e
from microapps.telling import money
from microapps.telling.story import Story

from .reports import BAD, FAILED_TEST, GOOD


def told(*events: e.Event) -> list[str]:
    story = Story()
    return [line.plain for event in events for line in story.tell(event)]


def test_the_start_says_who_writes() -> None:
    start = e.Started(
        job="j", action="make", request="r", maker="starter:calculator", note="The calculator, 80 % sure."
    )
    assert told(start) == ["● The calculator, 80 % sure."]
    assert told(start.model_copy(update={"note": "", "maker": "model:best-1"})) == ["● best-1 writes"]


def test_pieces_of_text_join_to_lines() -> None:
    pieces = [e.Text(turn=1, text=text) for text in ("I will ", "split\n\nthe", " bill")]
    assert told(*pieces) == ["  I will split"]
    assert told(*pieces, e.Checking(round=1)) == ["  I will split", "  the bill", "Check"]


def test_what_was_taken_in_with_faults_says_what_shows_them() -> None:
    end = e.Finished(app="old", revision=1, title="Old", report=BAD, seconds=4.2, note="It was taken in as it is.")
    assert told(end)[0].endswith("It was taken in as it is. 'microapps check old' shows it.")
    assert told(end.model_copy(update={"report": GOOD}))[0].endswith("It was taken in as it is.")


@pytest.mark.parametrize(
    ("change", "line"),
    [("added", "  + logic  2 lines"), ("changed", "  ~ logic  +2 −1 lines"), ("removed", "  − logic")],
)
def test_a_cell_is_one_line(change: str, line: str) -> None:
    event = e.Wrote.model_validate(
        {"cell": "logic", "role": "logic", "change": change, "diff": "--- a\n+++ b\n@@ -1 +1,2 @@\n-x\n+y\n+z\n w"}
    )
    assert told(event) == [line]


def test_a_finding_says_where_what_and_what_to_try() -> None:
    lines = told(e.Checking(round=2), e.CheckedLayer(round=2, result=FAILED_TEST))
    assert lines[0] == "Check again (repair 1)"
    assert lines[1].startswith("  ✗ behaviour")
    assert "0 of 1 tests" in lines[1]
    assert lines[2].strip().startswith("logic: 팁을")
    assert lines[3].strip() == "expected: 30000"
    assert lines[4].strip().startswith("→ split_bill")


def test_the_good_end_says_what_where_and_what_it_cost() -> None:
    used = e.Used(model="m", input_tokens=1000, output_tokens=200, cache_read_tokens=3000, dollars=0.0123)
    *_, line = told(
        used, e.Checking(round=2), e.Finished(app="split", revision=3, title="Split", report=GOOD, seconds=4.2)
    )
    assert line == (
        "✓ Split is ready: split, revision 3 (4.2 s, 1 repair, 4,000 tokens in (3,000 cached), 200 out, $0.0123)"
    )


def test_the_bad_end_says_what_to_do_and_what_was_kept() -> None:
    lines = told(
        e.Failed(
            error="AppFault",
            what="It failed.",
            hint="Say more.",
            kept="Revision 2 stays.",
            report=BAD,
            offers=("a", "b"),
        )
    )
    assert lines == ["✗ It failed.", "  → Say more.", "  Revision 2 stays.", "  • a", "  • b"]


def test_text_of_a_model_cannot_command_the_terminal() -> None:
    assert told(e.Text(turn=1, text="\x1b]0;title\x07\n")) == ["  \ufffd]0;title\ufffd"]


def test_the_status_follows_the_events() -> None:
    story = Story()
    assert list(story.tell(e.Writing(turn=1, tool="write_app", characters=1240))) == []
    assert story.status.startswith("write app: 1,240 characters · 0 s")


@pytest.mark.parametrize(("dollars", "text"), [(None, ""), (0, "$0.00"), (0.00321, "$0.0032"), (1.234, "$1.23")])
def test_small_sums_keep_four_places(dollars: float | None, text: str) -> None:
    assert money(dollars) == text
