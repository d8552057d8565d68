"""Follow a job to its end: show its events, put its questions, stop it on Ctrl-C."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio

from ..events import Answered, Asked, Failed, Finished
from .asking import Person, Unanswerable
from .console import Output
from .display import Display, display
from .interrupts import on_interrupt

if TYPE_CHECKING:
    from ..studio import Job


async def follow(job: Job, output: Output, *, assume: bool = False) -> Finished | Failed:
    """Show the job till it ended, and return how.

    The first Ctrl-C stops the job, which then says what was kept; the second ends this process at once (kernels die
    with their parent). Raises :class:`~microapps.cli.asking.Unanswerable` after stopping a job that asked in vain.
    """
    unanswered: list[Unanswerable] = []
    end: Finished | Failed | None = None

    def stop() -> None:
        output.say("Stopping… (Ctrl-C again to leave at once)")
        job.stop()

    with display(output) as shown, on_interrupt(stop):
        async with anyio.create_task_group() as tasks:
            async for event in job.events():
                shown.show(event)
                if isinstance(event, Asked):
                    tasks.start_soon(_put, event, job, Person(output, assume), shown, unanswered)
                elif isinstance(event, Answered):
                    shown.resume()
                elif isinstance(event, Finished | Failed):
                    end = event
            tasks.cancel_scope.cancel()
    if unanswered:
        raise unanswered[0]
    if end is None:
        end = await job.wait()
    return end


async def _put(asked: Asked, job: Job, person: Person, shown: Display, unanswered: list[Unanswerable]) -> None:
    shown.pause()
    try:
        answer = await person.answer(asked)
    except Unanswerable as error:
        unanswered.append(error)
        job.stop()
    else:
        if not job.done:
            job.answer(asked.question, answer)
