"""Processes that ask at the same time cannot pass a cap together, and what a dead one held back counts as spent."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from microapps.library import Library, UsageRecord
from microapps.library.holding import Held
from microapps.library.tables import holds

from .processes import child, ended
from .samples import make

NAME = "tip-splitter"
CALL = UsageRecord("claude-haiku-5-5", 1000, 500, dollars=0.25)


def hold(library: Library, budget: float = 10.0, month: float = 10.0) -> Held:
    return library.hold(NAME, CALL, worth=lambda used: used.dollars or 0.0, budget=budget, month=month, seconds=60)


@pytest.fixture
def open_library(home: Path, url: str) -> Callable[[], Library]:
    return lambda: Library(home, url)


@pytest.mark.parametrize("caps", [{"budget": 1.0}, {"month": 1.0}], ids=["app", "month"])
def test_processes_together_stay_within_a_cap(
    open_library: Callable[[], Library], caps: dict[str, float], tmp_path: Path
) -> None:
    with open_library() as library:
        make(library)

    def work(number: int) -> None:
        with open_library() as library:
            passed = [hold(library, **caps) for _ in range(5)]
            (tmp_path / f"passed-{number}").write_text(str(sum(not one.lacking for one in passed)))
            for one in passed[::2]:
                if one.id:
                    library.settle(one.id, CALL)

    pids = [child(lambda number=number: work(number)) for number in range(5)]
    assert [ended(pid) for pid in pids] == [0] * 5
    assert sum(int((tmp_path / f"passed-{number}").read_text()) for number in range(5)) == 4
    with open_library() as library:
        assert library.spent_this_month() == pytest.approx(1.0)


def test_what_is_settled_makes_room_for_what_it_did_not_use(open_library: Callable[[], Library]) -> None:
    with open_library() as library:
        make(library)
        first = hold(library, budget=0.3)
        assert hold(library, budget=0.3).lacking == "app"
        library.settle(first.id, UsageRecord("claude-haiku-5-5", 10, 5, dollars=0.01))
        assert hold(library, budget=0.3).id
        assert library.own_usage(NAME) == (UsageRecord("claude-haiku-5-5", 10, 5, dollars=0.01),)


def test_a_call_that_used_nothing_costs_nothing(open_library: Callable[[], Library]) -> None:
    with open_library() as library:
        make(library)
        library.settle(hold(library).id, None)
        assert library.spent_this_month() == 0


def test_what_a_killed_process_held_back_is_counted_in_full_once(open_library: Callable[[], Library]) -> None:
    with open_library() as library:
        make(library)

    def work() -> None:
        with open_library() as library:
            hold(library)
            os.kill(os.getpid(), signal.SIGKILL)

    assert ended(child(work)) == -signal.SIGKILL
    with open_library() as library:
        assert library.spent_this_month() == 0.25
        assert hold(library, budget=0.3).lacking == "app"
        with library.database.write() as connection:
            connection.execute(update(holds).values(expires=datetime.now(UTC) - timedelta(seconds=1)))
        second = hold(library)
        assert library.own_usage(NAME) == (CALL,)
        library.settle(1, CALL)  # too late: it was counted already
        library.settle(second.id, None)
        assert library.spent_this_month() == 0.25
