"""What is locked for as long as its process runs is never taken for what a killed process left."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from microapps.library import Library, locks
from microapps.studio import sites
from microapps.studio.jobs import Job
from microapps.studio.journals import Journals

HERE = sites.RunningSite("http://127.0.0.1:1/")


def _just_before_it_locks(monkeypatch: pytest.MonkeyPatch, look: Callable[[], object]) -> None:
    """Another process looks in the moment before the next lock is taken."""
    lock = fcntl.flock

    def late(file: int, how: int) -> None:
        monkeypatch.setattr(fcntl, "flock", lock)
        look()
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", late)


def test_a_site_that_just_begins_is_not_taken_for_one_that_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _just_before_it_locks(monkeypatch, lambda: sites.running(tmp_path))
    notice = sites.Notice(tmp_path)
    notice.write(HERE)
    assert sites.running(tmp_path) == (HERE,)
    notice.close()
    assert list((tmp_path / sites.FOLDER).iterdir()) == []


@pytest.mark.anyio
async def test_a_job_that_just_begins_is_not_taken_for_one_that_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library(tmp_path) as library:
        other, mine, job = (*(Journals(tmp_path / "jobs", library) for _ in range(2)), Job("make", "anything"))
        (tmp_path / "jobs").mkdir()
        _just_before_it_locks(monkeypatch, other.recover)
        mine.begin(job)
        assert [path.name for path in (tmp_path / "jobs").iterdir()] == [f"{job.id}.jsonl"]
        other.recover()
        mine.end(job)
        assert list((tmp_path / "jobs").iterdir()) == [] and library.turns(None) == ()


def test_what_was_killed_while_it_began_is_swept_once_it_is_old(tmp_path: Path) -> None:
    left, young, held = (tmp_path / f".{name}.json.new" for name in ("left", "young", "held"))
    for path in (left, young, held):
        path.touch()
    for path in (left, held):
        os.utime(path, (time.time() - 2 * 3600,) * 2)
    with held.open("rb") as file:
        assert locks.hold(file.fileno())
        locks.sweep(tmp_path)
        assert sorted(tmp_path.iterdir()) == [held, young]


def test_what_cannot_be_locked_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "hold", lambda _: False)
    with pytest.raises(BlockingIOError):
        locks.made_held(tmp_path / "one")
    assert list(tmp_path.iterdir()) == []
