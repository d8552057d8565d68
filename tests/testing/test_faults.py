"""Tracebacks on stderr."""

from __future__ import annotations

import traceback
from collections.abc import Callable

from microapps.testing.faults import Written, place, tracebacks


def printed(action: Callable[[], object]) -> str:
    try:
        action()
    except BaseException:
        return traceback.format_exc()
    raise AssertionError("nothing was raised")


def chained() -> None:
    try:
        1 / 0  # noqa: B018
    except ZeroDivisionError as error:
        raise ValueError("bad: thing") from error


def grouped() -> None:
    raise ExceptionGroup("many", [ValueError("x"), KeyError("y")])


def interrupted() -> None:
    raise KeyboardInterrupt


def found(text: str) -> list[tuple[str, str]]:
    return [(name, message) for name, message, _, _ in tracebacks([Written(text, "", "")])]


def test_each_traceback_is_found_among_other_text() -> None:
    text = f"hello\n{printed(chained)}warning: x\n{printed(grouped)}{printed(interrupted)}rest"
    assert found(text) == [
        ("ValueError", "bad: thing"),
        ("ExceptionGroup", "many (2 sub-exceptions)"),
        ("KeyboardInterrupt", ""),
    ]


def test_a_traceback_in_pieces_belongs_to_where_it_began() -> None:
    text = printed(chained)
    pieces = [Written("before\n", "a", ""), Written(text[:30], "b", "Go"), Written(text[30:], "c", "")]
    [(name, _, whole, piece)] = tracebacks(pieces)
    assert (name, piece.cell, piece.control) == ("ValueError", "b", "Go")
    assert "direct cause" in whole


def test_no_traceback_no_error() -> None:
    assert found("ValueError: only a line\nTraceback is a word\n") == []


def test_the_innermost_cell_is_the_place() -> None:
    text = 'Cell In[1], line 3, in f()\nFile lib.py:9, in g\n  File "/tmp/k/12.py", line 7, in h\nValueError: x'
    assert place(text, {1: "ui", 2: "logic"}.get, lambda file: 2 if file == "/tmp/k/12.py" else 0) == ("logic", 7)
    assert place(text, {1: "ui"}.get, lambda file: 0) == ("ui", 3)
    assert place("ValueError: x", {}.get, lambda file: 0) == ("", 0)


def test_groups_that_never_end_are_looked_through_once() -> None:
    """If each were looked for in all that follows, this would take longer than any test may."""
    header = "  + Exception Group Traceback (most recent call last):\n"
    end = "  |   File 'a'\n  | ExceptionGroup: two (2 sub-exceptions)\n"
    assert found(header * 50_000 + end) == [("ExceptionGroup", "two (2 sub-exceptions)")]


def test_a_traceback_is_found_behind_any_number_of_line_breaks() -> None:
    shown = "Traceback (most recent call last):\n  File 'x', line 1\nValueError: behind\n"
    pieces = [
        Written("\n" * 1_000_000, "c", ""),
        Written(f"Traceback (most recent call last):{chr(10) * 100_000}", "c", ""),
    ]
    found = list(tracebacks([*pieces, Written(shown, "d", "")]))
    assert [(name, message, piece.cell) for name, message, _, piece in found] == [("ValueError", "behind", "d")]
