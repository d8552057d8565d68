"""Processes that ask at the same time cannot pass a cap together, and what a dead one held back counts as spent."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
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

    pids = [child(partial(work, number)) for number in range(5)]
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


def test_what_a_job_holds_back_outlives_its_process_and_is_replaced_by_what_it_spent(
    open_library: Callable[[], Library],
) -> None:
    with open_library() as library:
        first, room = library.hold_for_job(0, "claude-sonnet-5-5", 0.0, 0.2, 0.25)
        assert room == pytest.approx(0.2)
        other, room = library.hold_for_job(0, "claude-sonnet-5-5", 0.0, 0.2, 0.25)
        assert room == pytest.approx(0.05)
        first, _ = library.hold_for_job(first, "claude-sonnet-5-5", 0.01, 0.0, 0.25)
        other, room = library.hold_for_job(other, "claude-sonnet-5-5", 0.0, 0.3, 0.25)
        assert room == pytest.approx(0.24)
    with open_library() as library:
        assert library.spent_this_month() == pytest.approx(0.25)
        library.settle(other, None)
        library.settle(first, None)
        assert library.spent_this_month() == 0


def test_a_job_that_went_on_for_longer_than_its_hold_counts_once(open_library: Callable[[], Library]) -> None:
    with open_library() as library:
        first, _ = library.hold_for_job(0, "claude-sonnet-5-5", 0.0, 1.0, 100.0)
        with library.database.write() as connection:
            connection.execute(update(holds).values(expires=datetime.now(UTC) - timedelta(seconds=1)))
        second, room = library.hold_for_job(first, "claude-sonnet-5-5", 0.5, 1.0, 2.0)
        assert room == 1.0 and library.spent_this_month() == pytest.approx(1.5)
        library.settle(second, None)
        assert library.spent_this_month() == 0


def test_jobs_of_several_processes_together_stay_within_the_month(
    open_library: Callable[[], Library], tmp_path: Path
) -> None:
    with open_library() as library:
        make(library)

    def work(number: int) -> None:
        hold, rooms = 0, []
        with open_library() as library:
            for turn in range(5):
                hold, room = library.hold_for_job(hold, "claude-sonnet-5-5", 0.01 * turn, 0.4, 1.0)
                rooms.append(0.01 * turn + room)
            (tmp_path / f"held-{number}").write_text(str(rooms[-1]))

    pids = [child(partial(work, number)) for number in range(4)]
    assert [ended(pid) for pid in pids] == [0] * 4
    with open_library() as library:
        held = sum(float((tmp_path / f"held-{number}").read_text()) for number in range(4))
        assert held == pytest.approx(library.spent_this_month()) and held <= 1.0 + 4 * 0.04
