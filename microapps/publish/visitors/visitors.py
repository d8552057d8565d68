"""All visitors of a site: how each app's come to be, and a process for each.

An app is prepared in the background when it is first asked for; until it is ready, and where it cannot be forked, a
visitor's process runs the notebook itself. One fork is kept ready for the next visitor of an app that has had one: it
is made when the page of the one before is there, with which it would compete for the processor.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import MachineFault
from ...sandbox import Sandbox
from ...sandbox.apps import AppProcess, Conversation
from ...sandbox.parent import KernelProcess
from ..notices import Notice
from ..settings import PublishedApp
from .heated import Heated
from .protocol import Mode, Snapshot
from .staging import Plan, plan, snapshot, sources
from .visitor import Visitor

MOST_IDLE = 16
"""Apps without a visitor that are kept ready to be forked; a guest's own data makes an app one of its own here."""

LATER = 1.0
"""Seconds after a visitor came, when a process is made for the next one, unless that one comes before."""

TRIES = 3
"""How often an app that ends while it is made ready is made ready again, before its page is asked for all the same."""
SETTLING = 0.2
"""Seconds after which it is known what went together with a process."""
GOING = 1.0
"""Seconds after which an app of which no process was born is taken to be there."""

_Key = tuple[str, Path | None]

_log = logging.getLogger("microapps.visitors")


@dataclass(frozen=True)
class _Spare:
    """The next visitor's process, made in time or as soon as it is ``wanted``."""

    task: asyncio.Task[Visitor]
    wanted: asyncio.Event


class Visitors:
    """Belongs to one event loop. ``output_limit``: bytes an app may output at its start, and in answer to a message.

    ``handled`` is called with the seconds that every message of a page took.
    """

    def __init__(
        self,
        sandbox: Sandbox,
        tell: Callable[[Notice], None],
        output_limit: int,
        handled: Callable[[float], None] | None = None,
    ) -> None:
        self._sandbox, self._tell, self._limit, self._handled = sandbox, tell, output_limit, handled
        self._plans: dict[_Key, tuple[str, asyncio.Task[Plan]]] = {}
        self._spares: dict[int, _Spare] = {}
        self._alive: set[Visitor] = set()
        self._of: dict[Visitor, AppProcess] = {}
        self._retired: set[AppProcess] = set()
        self._heated = Heated(sandbox, output_limit)
        self._ending: set[asyncio.Task[None]] = set()
        self.started = 0
        self.ended: Counter[str] = Counter()
        """How many have ended, by why."""

    @property
    def alive(self) -> int:
        """How many processes serve a visitor, or wait for one."""
        return len(self._alive)

    def prepare(
        self, app: PublishedApp, notebook: Any, content: str, found: Callable[[Plan], object] | None = None
    ) -> Plan | None:
        """How this content's visitors come to be; None while that is being found out.

        ``content`` names app and content: another one, as after a new revision, is prepared anew. Whoever has data of
        their own has a run of their own. ``found`` is called when it has been found out by this preparation.
        """
        key = (app.name, app.confinement.data)
        known = self._plans.pop(key, None)
        if known is None or known[0] != content or (known[1].done() and not self._usable(known[1])):
            if known is not None:
                self._heated.drop(key)
                self._let_go(known[1])
            task = asyncio.ensure_future(plan(self._sandbox, app.confinement, notebook, self._limit))
            known = (content, task)
            task.add_done_callback(lambda done: self._planned(app.name, done, found))
        self._plans[key] = known  # the last in order
        self._let_idle_go()
        task = known[1]
        return task.result() if task.done() and self._usable(task) else None

    async def ready(
        self, app: PublishedApp, notebook: Any, content: str, found: Callable[[Plan], object] | None = None
    ) -> None:
        """Wait until the next visitor of this content can come at once, or it is clear that none can."""
        key = (app.name, app.confinement.data)
        for _ in range(TRIES):
            await asyncio.sleep(SETTLING)
            self.prepare(app, notebook, content, found)
            await asyncio.wait([self._plans[key][1]])
            now = self.prepare(app, notebook, content, found)
            if now is not None and now.process is None:
                if key not in self._heated.keys:
                    self._heated.heat(key, content, app.confinement, sources(notebook) if now.ahead else None)
                if await self._heated.made(key):
                    return
                self._heated.drop(key)
            elif now is not None and await self._forks(app.name, now):
                return

    async def _forks(self, app: str, found: Plan) -> bool:
        """Whether a staged app is there: a process is born of it, for the next visitor, in place of an older one."""
        assert found.process is not None  # noqa: S101
        making = asyncio.ensure_future(self._fork(app, found.process))
        await asyncio.wait([making])
        if not _born(making):
            _heard(making)
            with suppress(TimeoutError):  # of one that goes just now it is not known yet
                await asyncio.wait_for(found.process.process.wait(), GOING)
            return False
        made = _Spare(making, asyncio.Event())
        if not self._planned_now(found):  # let go meanwhile: nobody will take it
            self._end_spare(made)
            return False
        if (spare := self._spares.pop(id(found.process), None)) is not None:
            self._end_spare(spare)
        self._spares[id(found.process)] = made
        return True

    def _planned_now(self, found: Plan) -> bool:
        """Whether visitors come to be by this plan, and not by one that followed it."""
        return any(_found(task) is found for _, task in self._plans.values())

    def fork(self, app: str, found: Plan) -> asyncio.Task[Visitor]:
        """A visitor forked from a staged app: the one that is kept ready, if there is one.

        None is made ready of a former revision, whose process ends with the last of its visitors. Its task raises
        MachineFault if no process is born.
        """
        assert found.process is not None  # noqa: S101
        spare = self._spares.pop(id(found.process), None)
        if spare is not None and (not spare.task.done() or (_born(spare.task) and spare.task.result().alive)):
            spare.wanted.set()
            making = spare.task
        else:
            making = asyncio.ensure_future(self._fork(app, found.process))
        ready = asyncio.ensure_future(self._begun(making, app, found.process))
        if self._planned_now(found):
            wanted = asyncio.Event()
            next_one = asyncio.ensure_future(self._fork_after(ready, wanted, app, found.process))
            next_one.add_done_callback(_heard)
            self._spares[id(found.process)] = _Spare(next_one, wanted)
        return ready

    async def run(
        self, app: PublishedApp, notebook: Any, environment: dict[str, str], found: Plan | None = None
    ) -> tuple[Visitor, Snapshot]:
        """A visitor whose process runs the notebook itself, and the snapshot of that run.

        Once it is ``found`` out that this app's visitors all come to be so, a process is kept ready for the next one.

        Raises CellFailed, RunExceeded or MachineFault (:meth:`microapps.sandbox.apps.AppProcess.run`).
        """
        key, cells = (app.name, app.confinement.data), sources(notebook)
        content = self._plans[key][0] if found is not None and key in self._plans else ""
        process, ran = await self._heated.take(key, content) or (None, None)
        heated = ran is not None
        if process is None:
            process = await AppProcess.open(self._sandbox, app.confinement, environment, forks=False)
        try:
            if ran is None:
                ran = await process.run(cells, limit=self._limit, environment=environment)
            await process.serve()
        except BaseException:
            process.close()
            raise
        if found is not None and content and self._plans.get(key, ("",))[0] == content:  # not dropped meanwhile
            self._heated.heat(key, content, app.confinement, cells if found.ahead else None)
        visitor = self._made(app.name, process.process, process.talk, own=process)
        visitor.went_on = heated
        return visitor, snapshot(notebook, ran, Mode.PER_VISITOR, found.why if found is not None else "")

    def drop(self, meant: Callable[[str, Path | None], bool]) -> None:
        """Let go of what is ready for the next visitors of the apps that are meant, by name and folder of data.

        Visitors who are there stay, and their app with them until the last has gone.
        """
        for key in [key for key in self._plans if meant(*key)]:
            self._let_go(self._plans.pop(key)[1])
        for key in [key for key in self._heated.keys if meant(*key)]:
            self._heated.drop(key)

    async def close(self) -> None:
        """End every visitor and every staged app."""
        for spare in self._spares.values():
            spare.task.cancel()
        for _, task in self._plans.values():
            self._let_go(task)
        self._plans.clear()
        await self._heated.close()
        await asyncio.gather(*(spare.task for spare in self._spares.values()), return_exceptions=True)
        await asyncio.gather(*(visitor.end("closed") for visitor in tuple(self._alive)), *self._ending)
        for process in tuple(self._retired):
            self._end(process)

    async def _fork(self, app: str, process: AppProcess) -> Visitor:
        forked, talk = await process.visit()
        visitor = self._made(app, forked, talk)
        self._of[visitor] = process
        return visitor

    async def _begun(self, making: asyncio.Task[Visitor], app: str, process: AppProcess) -> Visitor:
        """A visitor whose app goes on from here: until somebody takes it, a fork that is kept ready runs nothing.

        One that has ended by now, as a fork does with its app, tells nobody who joins it.
        """
        visitor = await making
        await visitor.begin()
        if not visitor.alive:
            visitor = await self._fork(app, process)
            await visitor.begin()
        return visitor

    async def _fork_after(
        self, before: asyncio.Task[Visitor], wanted: asyncio.Event, app: str, process: AppProcess
    ) -> Visitor:
        await asyncio.wait([before])
        with suppress(TimeoutError):
            await asyncio.wait_for(wanted.wait(), LATER)
        return await self._fork(app, process)

    def _made(self, app: str, process: KernelProcess, talk: Conversation, own: AppProcess | None = None) -> Visitor:
        visitor = Visitor(
            app,
            process,
            talk,
            output_limit=self._limit,
            tell=self._tell,
            ended=self._over,
            handled=self._handled,
            own=own,
        )
        self._alive.add(visitor)
        self.started += 1
        return visitor

    def _over(self, visitor: Visitor, why: str) -> None:
        self._alive.discard(visitor)
        self.ended[why] += 1
        process = self._of.pop(visitor, None)
        if process in self._retired and process not in self._of.values():
            self._end(process)

    def _usable(self, task: asyncio.Task[Plan]) -> bool:
        return not task.cancelled() and task.exception() is None and task.result().good

    def _planned(self, app: str, task: asyncio.Task[Plan], found: Callable[[Plan], object] | None) -> None:
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            _log.error("%s could not be prepared.", app, exc_info=error)
            return
        if task.result().why:
            self._tell(Notice("runs_anew", app, task.result().why))
        if found is not None:
            found(task.result())

    def _let_idle_go(self) -> None:
        """End the apps that were not visited for longest, where too many wait for a visitor."""
        spare = {each.task.result() for each in self._spares.values() if _born(each.task)}
        busy = {id(process) for visitor, process in self._of.items() if visitor not in spare}
        waiting = [
            key
            for key, (_, task) in self._plans.items()
            if task.done() and self._usable(task) and task.result().process and id(task.result().process) not in busy
        ]
        for key in waiting[: max(0, len(waiting) - MOST_IDLE)]:
            self._let_go(self._plans.pop(key)[1])

    def _let_go(self, task: asyncio.Task[Plan]) -> None:
        """A plan that is no longer used: its app ends when its last visitor has gone, unless nobody came."""
        if not task.done():
            task.cancel()
            return
        if task.cancelled() or task.exception() is not None or (process := task.result().process) is None:
            return
        self._retired.add(process)
        spare = self._spares.pop(id(process), None)
        if spare is not None and self._end_spare(spare):
            return
        if process not in self._of.values():
            self._end(process)

    def _end_spare(self, spare: _Spare) -> bool:
        """Nobody will take this one; whether it was there, and ends only now."""
        if not (_born(spare.task) and spare.task.result().alive):
            spare.task.cancel()
            return False
        ending = asyncio.ensure_future(spare.task.result().end("closed"))
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)
        return True

    def _end(self, process: AppProcess) -> None:
        self._retired.discard(process)
        process.close()


def _found(task: asyncio.Task[Plan]) -> Plan | None:
    return task.result() if task.done() and not task.cancelled() and task.exception() is None else None


def _born(task: asyncio.Task[Visitor]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None


def _heard(task: asyncio.Task[Visitor]) -> None:
    """A spare that could not be made is no fault of anyone waiting: the next visitor's own fork says what is wrong."""
    if not task.cancelled() and isinstance(error := task.exception(), MachineFault):
        _log.warning("No process could be made ready: %s", error)
