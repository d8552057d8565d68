"""Real jobs whose work is a script of events."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from microapps.events import Finished, Started
from microapps.studio.jobs import Job

from ..telling.reports import GOOD

STARTED = Started(job="j", action="make", request="split a bill", maker="starter:calculator", note="The calculator.")
FINISHED = Finished(app="split", revision=1, title="Split", report=GOOD, seconds=1.0)


def job(work: Callable[[Job], Awaitable[None]]) -> Job:
    """A started job that says it began, does ``work``, and says it ended well unless ``work`` raised."""

    async def whole(job: Job) -> None:
        job.emit(STARTED)
        await work(job)
        job.emit(FINISHED)

    return Job("make", "split a bill").start(whole)
