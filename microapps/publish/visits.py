"""Visits: one person looking at one app, with a kernel and a secret of their own.

The page that frames an app gets a fresh visit; the visit's secret is in the URL of everything the app's page may
reach, so a page can speak to its own kernel and to nothing else. A kernel ends soon after its page has gone (a page
in a frame says no goodbye); the visit can then be opened again, with a fresh kernel, until its secret expires.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .capabilities import digest
from .room import Room
from .settings import MEBIBYTE, SiteSettings

if TYPE_CHECKING:
    from .thin import ThinPage
    from .visitors.protocol import Snapshot
    from .visitors.visitor import Visitor

KEPT = 10_000
"""How many visits without a kernel are remembered; beyond that the oldest are forgotten."""

REJOIN = 600.0
"""Seconds for which a visitor whose connection was lost (a closed lid, a locked phone) finds their process again."""

RETURN = 180.0
"""Seconds for which one who has left the page (by Back, by a link, by closing it) finds their process again."""

SOON = 10.0
"""Seconds within which the page of a visit is asked for whose frame was sent, if it is at all."""

MOST_LEFT = 16
"""Visits at once that wait so: each holds a process, and few of those who leave come back."""

CLOSING = 2.0
"""Seconds within which the connection of a page that is loaded again, or was left, is closed."""

LEAVING = 20.0
"""Seconds for the same of a page that has said that it goes, on a machine that stands still meanwhile."""

_log = logging.getLogger("microapps.visits")


@dataclass
class Visit:
    """One visit. ``secret`` names it in URLs; ``query`` is what of the address its kernel is told."""

    secret: str = field(repr=False)
    app: str
    query: str
    expires: float
    way: int = 0
    """The number of the way by which whoever it is came in; 0 for the owner's own."""
    ended: float = 0.0
    """Up to when links that sites made to the app had been ended as it began, as :class:`PublishedApp` has it."""
    counted: bool = False
    """Whether it was counted as a use of that way."""
    running: bool = False
    kernel_id: str = ""
    visitor: Visitor | None = field(default=None, repr=False)
    """The process of a visit without a kernel, once its page has connected or its process has run the app."""
    summon: Callable[[], Awaitable[Visitor]] | None = field(default=None, repr=False)
    """Gives a process in the state that the page shows, where there can be another."""
    awaited: float = 0.0
    """Until when its page, which was never asked for, is; on the loop's clock."""
    connections: int = 0
    away: bool = False
    """Whether its page was there and is not any more."""
    left: bool = False
    """Whether its page has said that it is left."""
    alone: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    """Set while its page, which was there, is away."""
    drawn: tuple[str, ThinPage] | None = field(default=None, repr=False)
    """The page of its process, with what it was drawn from: for who comes back to it."""
    covered: Snapshot | None = field(default=None, repr=False)
    """What the frame around its page shows and may have joined a process of, until there is that page."""
    blocked: bool = False
    """Whether a script of its page was kept from running."""
    deadline: asyncio.TimerHandle | None = field(default=None, repr=False)
    opening: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)
    """Held while its page is made, so that two requests at once do not start two kernels."""

    def put_off(self) -> None:
        """Drop the hour at which the kernel would end."""
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None


class Visits:
    """All visits of a site.

    ``end_kernel`` shuts a kernel down by its id, ``room`` knows about their memory, secrets begin with ``mark``.
    """

    def __init__(
        self,
        settings: SiteSettings,
        end_kernel: Callable[[str], Awaitable[None]],
        room: Room | None = None,
        mark: str = "",
    ) -> None:
        self._settings = settings
        self._room, self._mark = room, mark
        self._end_kernel = end_kernel
        self._visits: dict[str, Visit] = {}
        self._ending: set[asyncio.Task[None]] = set()

    @property
    def running(self) -> int:
        """How many visits have, or are about to have, a kernel."""
        return sum(visit.running for visit in self._visits.values())

    @property
    def coming(self) -> int:
        """How many visits have been announced just now and have no kernel yet."""
        now = asyncio.get_running_loop().time()
        return sum(visit.awaited > now for visit in self._visits.values())

    def announce(self, app: str, query: str, way: int = 0, ended: float = 0.0) -> Visit:
        """A new visit, to be opened by the page it is told to; see :class:`Visit`."""
        self._forget_some()
        now = asyncio.get_running_loop().time()
        expires = now + self._settings.link_hours * 3600
        visit = Visit(self._mark + secrets.token_urlsafe(24), app, query, expires, way, ended, awaited=now + SOON)
        self._visits[digest(visit.secret)] = visit
        return visit

    def find(self, secret: str) -> Visit | None:
        """The visit of that secret, unless it has expired."""
        visit = self._visits.get(digest(secret))
        if visit is None or (not visit.running and visit.expires < asyncio.get_running_loop().time()):
            return None
        return visit

    def of(self, app: str) -> list[Visit]:
        """The visits to an app that have, or are about to have, a process, and those whose page was sent."""
        return self.which(lambda visit: visit.app == app)

    def which(self, meant: Callable[[Visit], bool]) -> list[Visit]:
        """The visits that are meant, of those that have or are about to have a process, or whose page was sent."""
        return [visit for visit in self._visits.values() if (visit.running or visit.summon) and meant(visit)]

    def full(self, app: str) -> str:
        """Why there is no room for one more visit to an app, as the end of a sentence; empty where there is."""
        most, of_app = self._settings.visits, self._settings.visits_per_app
        if self.running >= most:
            return f"all {most} places of the site are taken"
        if of_app and self.by_app()[app] >= of_app:
            return f"all {of_app} places of this app are taken"
        if self._room is not None and self._room.full:
            return f"visitors use the {self._room.limit // MEBIBYTE} MiB that they may have together"
        return ""

    def begin(self, visit: Visit) -> bool:
        """Take a place for this visit; False when there is none (:meth:`full` says why)."""
        if self.full(visit.app) and not self._make_room(visit.app):
            return False
        if self._room is not None:
            self._room.take()
        visit.put_off()
        visit.running, visit.blocked, visit.away, visit.left = True, False, False, False
        visit.awaited = 0.0
        return True

    def sent(self, visit: Visit) -> None:
        """The page went out; it has to connect soon."""
        if visit.connections == 0:
            self._end_after(visit, self._settings.connect_within)

    def connected(self, visit: Visit) -> None:
        """A page of this visit is there."""
        visit.connections += 1
        visit.away = visit.left = False
        visit.alone.clear()
        visit.put_off()

    def disconnected(self, visit: Visit) -> None:
        """A page of this visit went away; if it was the last, the kernel has not long to live."""
        visit.connections -= 1
        if visit.connections == 0:
            visit.away = True
            visit.alone.set()
            waits = RETURN if visit.left else REJOIN
            self._end_after(visit, self._settings.linger if visit.visitor is None else waits)
            if visit.left:
                self._let_left_go()

    async def come_back(self, visit: Visit) -> bool:
        """Whether who has left this visit comes back to it, and is not in it in another tab."""
        if visit.drawn is None:
            return False  # it had no page yet: what is connected is the cover around the one that is asked for now
        if visit.connections == 0:
            return visit.away
        for seconds in (CLOSING, LEAVING):
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await visit.alone.wait()
                return True
            if not visit.left:
                break
        return False

    async def end(self, visit: Visit) -> None:
        """End a visit's kernel and free its place; more than once does no harm."""
        visit.put_off()
        visit.running = False  # before anything is awaited: the visit may be opened again meanwhile
        kernel_id, visit.kernel_id = visit.kernel_id, ""
        visitor, visit.visitor = visit.visitor, None
        if kernel_id:
            await self._end_kernel(kernel_id)
        if visitor is not None:
            await visitor.end("idle")

    def end_soon(self, visit: Visit) -> None:
        """End a visit from where nothing can be awaited."""
        task = asyncio.ensure_future(self.end(visit))
        self._ending.add(task)
        task.add_done_callback(self._ended)

    def by_app(self) -> Counter[str]:
        """How many visits each app has that have, or are about to have, a process."""
        return Counter(visit.app for visit in self._visits.values() if visit.running)

    def present(self) -> Counter[str]:
        """How many visits each app has that nobody has left."""
        there = (visit for visit in self._visits.values() if visit.running and not (visit.away and visit.left))
        return Counter(visit.app for visit in there)

    async def forget(self, which: Callable[[Visit], bool] = lambda visit: True) -> None:
        """End and forget every visit, or those that are meant."""
        chosen = {key: visit for key, visit in self._visits.items() if which(visit)}
        for key in chosen:
            del self._visits[key]
        for ended in await asyncio.gather(*map(self.end, chosen.values()), return_exceptions=True):
            if isinstance(ended, Exception):
                _log.error("A kernel did not end.", exc_info=ended)
        await asyncio.gather(*self._ending, return_exceptions=True)

    def _make_room(self, app: str) -> bool:
        """End the visit whose page has been away the longest, of those that only wait for it to come back.

        Where an app has all the places that one may have, it is one of its own.
        """
        of_app = self._settings.visits_per_app
        own = bool(of_app) and self.by_app()[app] >= of_app
        waiting = [
            visit
            for visit in self._visits.values()
            if visit.running and visit.visitor is not None and visit.away and (visit.app == app or not own)
        ]
        self._end_longest(waiting, 1)
        return bool(waiting)

    def _let_left_go(self) -> None:
        """End the visits that were left first, where too many wait for who left them."""
        left = [visit for visit in self._visits.values() if visit.running and visit.away and visit.left]
        self._end_longest(left, len(left) - MOST_LEFT)

    def _end_longest(self, waiting: list[Visit], count: int) -> None:
        """End so many of the visits that wait for somebody, those first whose time is up first."""
        waiting.sort(key=lambda visit: visit.deadline.when() if visit.deadline is not None else 0.0)
        for visit in waiting[: max(0, count)]:
            visit.running = False
            self.end_soon(visit)

    def _end_after(self, visit: Visit, seconds: float) -> None:
        visit.put_off()
        visit.deadline = asyncio.get_running_loop().call_later(seconds, self.end_soon, visit)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._ending.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("A visit did not end cleanly.", exc_info=error)

    def _forget_some(self) -> None:
        idle = [key for key, visit in self._visits.items() if not visit.running]
        for key in idle[: max(0, len(idle) - KEPT + 1)]:
            del self._visits[key]
