"""Jobs: events for any number of readers, questions, stop, and faults that become events."""

from __future__ import annotations

import asyncio

import pytest

from microapps.checks.report import Report
from microapps.errors import InvalidInput, LimitReached
from microapps.events import Failed, Finished, Started, Text
from microapps.studio.jobs import Job

pytestmark = pytest.mark.anyio


def started(job: Job) -> Started:
    return Started(job=job.id, action="make", request=job.request, maker="starter:formula")


def finished() -> Finished:
    return Finished(app="tip", revision=1, title="Tip", report=Report(digest="0" * 64), seconds=0.1)


async def test_a_reader_that_comes_late_sees_every_event_in_order() -> None:
    async def work(job: Job) -> None:
        job.emit(started(job))
        job.emit(Text(turn=1, text="hello"))
        job.emit(finished())

    job = Job("make", "tip").start(work)
    await job.wait()
    seen = [event async for event in job.events()]
    assert [event.kind for event in seen] == ["started", "text", "finished"]
    assert [event.number for event in seen] == [1, 2, 3]


async def test_a_reader_can_go_on_from_where_it_left_off() -> None:
    async def work(job: Job) -> None:
        for piece in "abc":
            job.emit(Text(turn=1, text=piece))
        job.emit(finished())

    job = Job("make", "tip").start(work)
    await job.wait()
    assert [event.number async for event in job.events(after=2)] == [3, 4]


async def test_a_live_reader_gets_events_as_they_come_and_two_readers_see_the_same() -> None:
    gate = asyncio.Event()

    async def work(job: Job) -> None:
        job.emit(started(job))
        await gate.wait()
        job.emit(finished())

    job = Job("make", "tip").start(work)

    async def read() -> list[str]:
        return [event.kind async for event in job.events()]

    readers = [asyncio.create_task(read()) for _ in range(2)]
    await asyncio.sleep(0)
    gate.set()
    assert await asyncio.gather(*readers) == [["started", "finished"]] * 2


async def test_a_job_goes_on_when_its_reader_goes_away() -> None:
    gate = asyncio.Event()

    async def work(job: Job) -> None:
        job.emit(started(job))
        await gate.wait()
        job.emit(finished())

    job = Job("make", "tip").start(work)
    async for _ in job.events():
        break
    gate.set()
    assert isinstance(await job.wait(), Finished)


async def test_stop_ends_the_job_with_a_failed_event_that_says_so() -> None:
    async def work(job: Job) -> None:
        job.emit(started(job))
        await asyncio.Event().wait()

    job = Job("make", "tip").start(work)
    await asyncio.sleep(0)
    job.stop()
    outcome = await job.wait()
    assert isinstance(outcome, Failed) and outcome.error == "Stopped"


async def test_a_question_waits_for_the_answer_and_both_are_events() -> None:
    async def work(job: Job) -> None:
        said = await job.ask("Metric or imperial?", ("metric", "imperial"))
        job.emit(Text(turn=1, text=said))
        job.emit(finished())

    job = Job("make", "units").start(work)
    async for event in job.events():
        if event.kind == "asked":
            job.answer(event.question, "metric")
    assert [event.kind for event in job.events_so_far] == ["asked", "answered", "text", "finished"]


async def test_answering_twice_is_refused() -> None:
    async def work(job: Job) -> None:
        await job.ask("Which?")
        job.emit(finished())

    job = Job("make", "units").start(work)
    await asyncio.sleep(0)
    job.answer("q1", "this")
    with pytest.raises(InvalidInput):
        job.answer("q1", "that")
    await job.wait()


async def test_an_error_of_the_tree_becomes_a_failed_event_with_its_hint() -> None:
    async def work(job: Job) -> None:
        raise LimitReached("The job spent its 1.00 dollars.", "Raise the cap with --budget.")

    outcome = await Job("make", "x").start(work).wait()
    assert isinstance(outcome, Failed)
    assert (outcome.error, outcome.hint) == ("LimitReached", "Raise the cap with --budget.")


async def test_nothing_is_emitted_after_the_end() -> None:
    async def work(job: Job) -> None:
        job.emit(finished())
        job.emit(Text(turn=1, text="late"))

    job = Job("make", "x").start(work)
    await job.wait()
    assert [event.kind for event in job.events_so_far] == ["finished"]
