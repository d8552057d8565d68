"""Processes kept ready for the next visitor of an app that cannot be forked: one for each app that has had a visitor.

Where nothing speaks against it, the app has run already and its page is there at once, as with a heated kernel of
Voila's. Where the app looks at the clock, at its data or at its address while it starts, or begins what goes on by
itself, the process waits with its libraries imported, and runs the notebook for its visitor.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import MachineFault, MicroappsError
from ...sandbox import Confinement, Sandbox
from ...sandbox.apps import AppProcess, Ran, Source

MOST = 8
"""Processes that are kept ready at once; beyond that the oldest go."""
KEPT = 600.0
"""Seconds for which one is kept: what an app showed longer ago is old news."""

_log = logging.getLogger("microapps.visitors")


@dataclass
class _Ready:
    """A process that is being made ready, for this content of its app."""

    content: str
    making: asyncio.Task[tuple[AppProcess, Ran | None]]
    going: asyncio.TimerHandle | None = None


class Heated:
    """Belongs to one event loop. ``limit``: characters an app may show while it starts."""

    def __init__(self, sandbox: Sandbox, limit: int) -> None:
        self._sandbox, self._limit = sandbox, limit
        self._ready: dict[Any, _Ready] = {}
        self._ending: set[asyncio.Task[None]] = set()

    @property
    def keys(self) -> tuple[Any, ...]:
        """What processes are kept ready for."""
        return tuple(self._ready)

    def heat(self, key: Any, content: str, confinement: Confinement, cells: Sequence[Source] | None) -> None:
        """Make a process ready for the app of this key. ``cells`` are run in it; None: they wait for the visitor."""
        self.drop(key)
        ready = _Ready(content, asyncio.ensure_future(self._make(confinement, cells)))
        ready.going = asyncio.get_running_loop().call_later(KEPT, self.drop, key)
        self._ready[key] = ready
        for old in list(self._ready)[:-MOST]:
            self.drop(old)

    async def take(self, key: Any, content: str) -> tuple[AppProcess, Ran | None] | None:
        """The process that is ready, or will be, for this content; None where there is none that lives."""
        ready = self._ready.get(key)
        if ready is None or ready.content != content:
            self.drop(key)
            return None
        del self._ready[key]
        self._put_off(ready)
        try:
            process, ran = await ready.making
        except MicroappsError as error:
            _log.warning("A process could not be made ready: %s", error)
            return None
        if process.alive:
            return process, ran
        process.close()
        return None

    async def made(self, key: Any) -> bool:
        """Wait until the process for this key is ready or could not be made; False if another one might be."""
        ready = self._ready.get(key)
        if ready is None:
            return False
        await asyncio.wait([ready.making])
        if ready.making.cancelled() or (error := ready.making.exception()) is not None:
            return not ready.making.cancelled() and not isinstance(error, MachineFault)
        return ready.making.result()[0].alive

    def drop(self, key: Any) -> None:
        """Keep none ready for this key any longer."""
        ready = self._ready.pop(key, None)
        if ready is not None:
            self._put_off(ready)
            task = asyncio.ensure_future(self._end(ready))
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    async def close(self) -> None:
        """End all of them."""
        for key in list(self._ready):
            self.drop(key)
        await asyncio.gather(*self._ending, return_exceptions=True)

    async def _make(self, confinement: Confinement, cells: Sequence[Source] | None) -> tuple[AppProcess, Ran | None]:
        process = await AppProcess.open(self._sandbox, confinement, {}, forks=False)
        try:
            return process, None if cells is None else await process.run(cells, limit=self._limit)
        except BaseException:
            process.close()
            raise

    async def _end(self, ready: _Ready) -> None:
        ready.making.cancel()
        for made in await asyncio.gather(ready.making, return_exceptions=True):
            if not isinstance(made, BaseException):
                made[0].close()

    def _put_off(self, ready: _Ready) -> None:
        if ready.going is not None:
            ready.going.cancel()
