"""The file of attempts is taken in once, whatever is in it and whenever it was cut off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.event import listen

from microapps.library import Library
from microapps.library.accesses import MOST
from microapps.library.locks import exclusive
from microapps.studio.attempts import TIMES, Attempts, take_attempts
from tests.library.samples import make

NAME = "tip-splitter"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "home") as made:
        make(made)
        yield made


def line(host: str, app: str = NAME, allowed: bool = False) -> str:
    said = {"app": app, "method": "GET", "host": host, "port": 443, "allowed": allowed, "why": "" if allowed else "no"}
    return json.dumps(said) + "\n"


def test_the_same_attempts_are_counted(library: Library, tmp_path: Path) -> None:
    log = tmp_path / "attempts.jsonl"
    log.write_text(line("a.example") * 3 + line("b.example", allowed=True))
    take_attempts(log, library)
    found = {(access.target, access.allowed): access.count for access in library.accesses(NAME)}
    assert found == {("a.example:443", False): 3, ("b.example:443", True): 1}
    take_attempts(log, library)
    log.write_text(line("a.example"))
    take_attempts(log, library)
    assert {access.target: access.count for access in library.accesses(NAME)}["a.example:443"] == 4
    assert not log.exists()


def test_lines_that_cannot_be_read_and_apps_that_are_gone_are_passed_over(library: Library, tmp_path: Path) -> None:
    log = tmp_path / "attempts.jsonl"
    log.write_text('{"app": "torn\n' + "[]\n" + "\xff\n" + line("a.example", app="gone") + line("b.example"))
    take_attempts(log, library)
    assert [access.target for access in library.accesses(NAME)] == ["b.example:443"]


def test_what_a_crash_left_half_taken_in_is_taken_in(library: Library, tmp_path: Path) -> None:
    (tmp_path / "attempts.taken").write_text(line("old.example"))
    (tmp_path / "attempts.jsonl").write_text(line("new.example"))
    take_attempts(tmp_path / "attempts.jsonl", library)
    assert {access.target for access in library.accesses(NAME)} == {"old.example:443", "new.example:443"}


def test_a_hostile_flood_is_taken_in_with_few_statements_and_bounded(library: Library, tmp_path: Path) -> None:
    said = [line(f"h{number}.example") for number in range(12_000)] + [
        line("same.example").replace('"why"', '"times": 7, "why"')
    ]
    (tmp_path / "attempts.jsonl").write_text("".join(said))
    executed: list[str] = []
    listen(library.database.engine, "before_cursor_execute", lambda *told: executed.append(told[2]))
    take_attempts(tmp_path / "attempts.jsonl", library)
    assert 0 < len(executed) < 10, "the work grows with the apps, not with the lines"
    found = library.accesses(NAME)
    assert len(found) == MOST
    assert {access.target: access.count for access in found}["same.example:443"] == 7


def test_a_line_stands_for_no_more_than_it_can(library: Library, tmp_path: Path) -> None:
    wrong = line("a.example").replace('"why"', '"times": 1e300, "why"')
    (tmp_path / "attempts.jsonl").write_text(wrong + line("a.example").replace('"why"', '"times": "x", "why"'))
    take_attempts(tmp_path / "attempts.jsonl", library)
    assert [access.count for access in library.accesses(NAME)] == [TIMES]


def test_whoever_opens_an_app_does_not_wait_for_the_file(library: Library, tmp_path: Path) -> None:
    log = tmp_path / "attempts.jsonl"
    log.write_text(line("a.example"))
    attempts = Attempts(log, library)
    with exclusive(log.with_suffix(".lock")):  # another process takes it in, and is slow
        attempts.take_soon()
        attempts.take_soon()
        assert library.accesses(NAME) == ()
    attempts.close()
    assert [access.count for access in library.accesses(NAME)] == [1]
