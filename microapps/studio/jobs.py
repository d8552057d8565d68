"""A job: one piece of work that goes on whether or not anyone is watching.

It keeps its numbered events, so that any number of front ends can read them from any point, leave and come back; a
reader waits on a condition that each new event notifies. What the job asks of the person is a future that ``answer``
resolves.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Literal

from .. import errors
from ..errors import InvalidInput, MicroappsError, Stopped
from ..events import Answered, Asked, Event, Failed, Finished
from ..notebook import Permissions

Action = Literal["make", "change", "adopt", "import", "repair"]


class Job:
    """One running or ended piece of work.

    Attributes
    ----------
    id : unguessable name of the job in this process.
    action : ``make``, ``change``, ``adopt``, ``import`` or ``repair``.
    request : what the person said.
    app : the app's name; empty until it has one.
    asked_at : when the person asked for it (UTC).
    queued : whether it waits for another job of the same app to end.
    group : what it is one of several answers to; empty for most.
    turn : the library's number of the turn it made, once there is one.
    watchers : called with the job and each event, in the event loop; whatever they raise is theirs to log.
    """

    def __init__(self, action: Action, request: str, app: str = "") -> None:
        self.id = secrets.token_hex(8)
        self.action: Action = action
        self.request = request
        self.app = app
        self.asked_at = datetime.now(UTC)
        self.queued = False
        self.group = ""
        self.turn: int | None = None
        self.watchers: list[Callable[[Job, Event], None]] = []
        self._events: list[Event] = []
        self._news = asyncio.Condition()
        self._questions: dict[str, asyncio.Future[str]] = {}
        self._task: asyncio.Task[None] | None = None
        self._notices: set[asyncio.Task[None]] = set()

    @property
    def events_so_far(self) -> tuple[Event, ...]:
        """Every event up to now, in order."""
        return tuple(self._events)

    @property
    def outcome(self) -> Finished | Failed | None:
        """How the job ended, or None while it goes on."""
        last = self._events[-1] if self._events else None
        return last if isinstance(last, Finished | Failed) else None

    @property
    def done(self) -> bool:
        return self.outcome is not None

    @property
    def waiting(self) -> Asked | None:
        """The question it waits on, if it does."""
        still = {name for name, future in self._questions.items() if not future.done()}
        asked = (event for event in reversed(self._events) if isinstance(event, Asked))
        return next((event for event in asked if event.question in still), None)

    def start(self, work: Callable[[Job], Awaitable[None]], *, after: Sequence[Job] = ()) -> Job:
        """Begin, or queue up behind other jobs.

        ``work`` must end in a Finished or Failed event, and whatever it raises becomes one.
        """
        self.queued = any(not job.done for job in after)
        self._task = asyncio.create_task(self._run(work, after), name=f"microapps-job-{self.id}")
        self._task.add_done_callback(self._never_began)
        return self

    def _never_began(self, task: asyncio.Task[None]) -> None:
        """A job that is stopped before its first step has ended all the same."""
        if task.cancelled() and not self.done:
            self.fail(Stopped("The job was stopped before it began.", "Start it again when you like."))

    async def _run(self, work: Callable[[Job], Awaitable[None]], after: Sequence[Job]) -> None:
        try:
            for job in after:
                await job.wait()
            self.queued = False
            await work(self)
        except asyncio.CancelledError:
            self.fail(Stopped("The job was stopped.", "Start it again when you like."))
        except MicroappsError as error:
            self.fail(error)
        except Exception as error:
            self.fail(
                MicroappsError(
                    f"The job ended in an unexpected fault: {type(error).__name__}: {error}.",
                    "What was current before is still current. Please report this fault.",
                )
            )
            raise
        finally:
            for question in self._questions.values():
                question.cancel()

    def fail(self, error: MicroappsError, kept: str = "") -> None:
        """End the job with an error; ``kept`` says in a sentence what was kept, and where."""
        name = _public_name(error)
        self.emit(Failed(app=self.app, error=name, what=error.what, hint=error.hint, kept=kept))

    def emit(self, event: Event) -> None:
        """Number, date and keep an event, and wake every reader. Nothing is kept after the end."""
        if self.done:
            return
        told = event.model_copy(update={"number": len(self._events) + 1, "at": datetime.now(UTC)})
        self._events.append(told)
        for watcher in self.watchers:
            watcher(self, told)
        notice = asyncio.get_running_loop().create_task(self._notify())
        self._notices.add(notice)
        notice.add_done_callback(self._notices.discard)

    async def _notify(self) -> None:
        async with self._news:
            self._news.notify_all()

    async def events(self, after: int = 0) -> AsyncIterator[Event]:
        """Events with a number above ``after``, then new ones as they come; ends with the job."""
        seen = max(after, 0)
        while True:
            while seen < len(self._events):
                seen += 1
                yield self._events[seen - 1]
            if self.done:
                return
            async with self._news:
                while seen == len(self._events):
                    await self._news.wait()

    def stop(self) -> None:
        """End the job at once; harmless when it has ended."""
        if self._task and not self._task.done():
            self._task.cancel()

    async def wait(self) -> Finished | Failed:
        """How the job ended, once it has."""
        async for _ in self.events(len(self._events)):
            continue
        if self._task:
            await asyncio.wait([self._task])
        assert self.outcome is not None  # noqa: S101 - events() ends only with an outcome
        return self.outcome

    async def ask(
        self, text: str, options: tuple[str, ...] = (), permissions: Permissions | None = None, reason: str = ""
    ) -> str:
        """Put a question to the person and wait for the answer; there is no time limit of its own."""
        question = f"q{len(self._questions) + 1}"
        future = asyncio.get_running_loop().create_future()
        self._questions[question] = future
        self.emit(Asked(question=question, text=text, options=options, permissions=permissions, reason=reason))
        answer: str = await future
        self.emit(Answered(question=question, answer=answer))
        return answer

    def answer(self, question: str, answer: str) -> None:
        """Answer an open question.

        Raises
        ------
        InvalidInput
            When there is no such open question.
        """
        future = self._questions.get(question)
        if future is None or future.done():
            raise InvalidInput(f"The job {self.id} has no open question {question!r}.", "It was answered or has ended.")
        future.set_result(answer)


def _public_name(error: MicroappsError) -> str:
    """The name of an error's nearest class in the tree of :mod:`microapps.errors`, which is what front ends know."""
    return next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == errors.__name__)
