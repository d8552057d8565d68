"""Visits: one person looking at one app, with a kernel and a secret of their own.

The page that frames an app gets a fresh visit; the visit's secret is in the URL of everything the app's page may
reach, so a page can speak to its own kernel and to nothing else. A visit that is never opened lapses, one whose page
has gone ends a little later, and its kernel ends with it: a page in a frame says no goodbye.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

from .capabilities import digest
from .settings import PublishedApp, SiteSettings

LAPSES = 600.0
"""Seconds in which a page that frames a visit has to open it; long, since nothing is held for it."""

WAITING = 10_000
"""How many visits may be waiting to be opened before the oldest are forgotten."""

_log = logging.getLogger("microapps.visits")


@dataclass
class Visit:
    """One visit. ``secret`` names it in URLs; ``query`` is what of the address reaches the kernel."""

    secret: str = field(repr=False)
    app: PublishedApp
    query: str
    state: Literal["waiting", "running", "ended"] = "waiting"
    kernel_id: str = ""
    connections: int = 0
    deadline: asyncio.TimerHandle | None = field(default=None, repr=False)

    def put_off(self) -> None:
        """Drop the hour at which the visit would end."""
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None


class Visits:
    """All visits of a site. ``end_kernel`` shuts a kernel down by its id."""

    def __init__(self, settings: SiteSettings, end_kernel: Callable[[str], Awaitable[None]]) -> None:
        self._settings = settings
        self._end_kernel = end_kernel
        self._visits: dict[str, Visit] = {}
        self._ending: set[asyncio.Task[None]] = set()

    def announce(self, app: PublishedApp, query: str) -> Visit:
        """A new visit, to be opened by the page it is told to."""
        waiting = [key for key, visit in self._visits.items() if visit.state == "waiting"]
        for key in waiting[: max(0, len(waiting) - WAITING + 1)]:
            self._forget(self._visits[key])
        visit = Visit(secrets.token_urlsafe(24), app, query)
        self._visits[digest(visit.secret)] = visit
        self._end_after(visit, LAPSES)
        return visit

    def find(self, secret: str) -> Visit | None:
        """The visit of that secret, if it has not ended."""
        return self._visits.get(digest(secret))

    def begin(self, visit: Visit) -> bool:
        """Take one of the site's places for this visit; False when all are taken."""
        if self.running >= self._settings.visits:
            return False
        visit.put_off()
        visit.state = "running"
        return True

    @property
    def running(self) -> int:
        """How many visits have, or are about to have, a kernel."""
        return sum(visit.state == "running" for visit in self._visits.values())

    def sent(self, visit: Visit) -> None:
        """The page went out; it has to connect soon."""
        if visit.connections == 0:
            self._end_after(visit, self._settings.connect_within)

    def connected(self, visit: Visit) -> None:
        visit.connections += 1
        visit.put_off()

    def disconnected(self, visit: Visit) -> None:
        visit.connections -= 1
        if visit.connections == 0 and visit.state == "running":
            self._end_after(visit, self._settings.linger)

    async def end(self, visit: Visit) -> None:
        """End a visit and its kernel; more than once does no harm."""
        self._forget(visit)
        if visit.kernel_id:
            kernel_id, visit.kernel_id = visit.kernel_id, ""
            await self._end_kernel(kernel_id)

    async def end_all(self, app: str | None = None) -> None:
        """End every visit, or those of one app."""
        chosen = [visit for visit in self._visits.values() if app is None or visit.app.name == app]
        for ended in await asyncio.gather(*map(self.end, chosen), return_exceptions=True):
            if isinstance(ended, Exception):
                _log.error("A kernel did not end: %s", ended)
        await asyncio.gather(*self._ending, return_exceptions=True)

    def _forget(self, visit: Visit) -> None:
        visit.put_off()
        visit.state = "ended"
        self._visits.pop(digest(visit.secret), None)

    def _end_after(self, visit: Visit, seconds: float) -> None:
        visit.put_off()
        visit.deadline = asyncio.get_running_loop().call_later(seconds, self.end_soon, visit)

    def end_soon(self, visit: Visit) -> None:
        """End a visit from where nothing can be awaited."""
        task = asyncio.ensure_future(self.end(visit))
        self._ending.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._ending.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("A visit did not end cleanly.", exc_info=error)
