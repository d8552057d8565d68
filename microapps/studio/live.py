"""A site that follows the library: each new visit is to the app as it is now, with what it may reach now.

The change may be made anywhere, in this process or by a command beside it, so the library is asked once a second
whether it changed. What was given to some content and is taken back ends the visits to that app; a new revision is
offered to those who are there, and forced on nobody.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ..errors import MachineFault, MicroappsError, UnknownApp
from ..library import Fault, Library
from ..library.faults import MOST
from ..notebook import Permissions
from ..publish import NO_FAULT, Notice, PublishedApp, Site, SiteSettings
from . import sites

EVERY = 1.0
"""Seconds between two looks at the library."""

_log = logging.getLogger("microapps.studio")


class LiveSite(Site):
    """A site of a library's apps.

    ``published`` gives an app as it is to be served now, by its name. ``fixed`` are the names of apps that are not the
    library's and do not change. ``shared``: the site has all apps that are published, besides those it is given; it
    notes in the library who comes, and is told of in ``home``. ``every``: it has all apps of the library, also those
    that are made while it is there. ``seen`` is the address it has for visitors, where it is not its own.
    """

    def __init__(
        self,
        apps: Sequence[PublishedApp],
        settings: SiteSettings,
        *,
        library: Library,
        published: Callable[[str], PublishedApp],
        fixed: Collection[str] = (),
        shared: bool = False,
        every: bool = False,
        home: Path | None = None,
        seen: str = "",
        on_notice: Callable[[Notice], None] | None = None,
        log_file: Path | None = None,
    ) -> None:
        super().__init__(apps, settings, on_notice=on_notice, log_file=log_file)
        self._library = library
        self._published = published
        self._fixed = frozenset(fixed)
        self._given: dict[tuple[str, str], Permissions] = {}
        self._following: asyncio.Task[None] | None = None
        self._shared, self._every = shared, every
        self._home = home
        self._seen = seen
        self._notice: sites.Notice | None = None
        self._visited: Counter[int] = Counter()
        self._troubles: dict[str, str] = {}
        self._faults: dict[str, deque[Fault]] = {}
        self._remember()

    async def start(self) -> None:
        if self._shared:
            self.apps = await asyncio.to_thread(self._renewed_all)
            self._remember()
        await super().start()
        if self._shared and self._home is not None:
            self._notice = self._told(self._home)
        self._following = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        following, self._following = self._following, None
        notice, self._notice = self._notice, None
        try:
            if following is not None:
                following.cancel()
                await asyncio.wait([following])
            if notice is not None:
                notice.close()
        except OSError as error:  # who looks for sites finds that nobody holds it
            _log.warning("The notice of a site that stopped is left: %s", error)
        finally:
            await super().stop()
        await self._note()

    async def serve(self, apps: Sequence[PublishedApp]) -> None:
        await super().serve(apps)
        narrowed = await asyncio.to_thread(self._narrowed)
        if narrowed:
            # What was read before it was taken back is given to nobody who comes now, nor before the next look.
            kept = await asyncio.to_thread(self._still_given, self.apps, narrowed)
            if kept != self.apps:
                await super().serve(kept)
        for name in narrowed:
            await self.end_visits(name)
        self._remember()

    async def renew(self) -> None:
        """Serve what the library holds now; an app that is gone from it is served no longer."""
        known = {app.name for app in self.apps}
        renewed = await asyncio.to_thread(self._renewed_all)
        # What began to be served while the library was read is as new as can be, and is not forgotten.
        names = known | {app.name for app in renewed}
        await self.serve([*renewed, *(app for app in self.apps if app.name not in names)])

    def noticed(self, notice: Notice) -> None:
        if notice.kind not in NO_FAULT:
            self._troubles[notice.app] = notice.what
        if notice.app not in self._fixed:
            now, kind = datetime.now(UTC), "remark" if notice.kind in NO_FAULT else notice.kind
            fault = Fault(notice.app, kind, notice.what, notice.detail, 1, now, now)
            self._faults.setdefault(notice.app, deque(maxlen=MOST)).append(fault)
        super().noticed(notice)

    def visited(self, way: int) -> None:
        self._visited[way] += 1

    def _still_given(self, apps: tuple[PublishedApp, ...], narrowed: Collection[str]) -> tuple[PublishedApp, ...]:
        found = (self._without_what_was_taken_back(app) if app.name in narrowed else app for app in apps)
        return tuple(app for app in found if app is not None)

    def _renewed_all(self) -> tuple[PublishedApp, ...]:
        """The apps as they are now, and those that came since and are served here as well."""
        apps = [app for one in self.apps if (app := self._renewed(one)) is not None]
        there = {app.name for app in apps}
        for name in dict.fromkeys(self._also()):
            if name not in there:
                try:
                    apps.append(self._published(name))
                except (MicroappsError, OSError) as error:
                    _log.warning("%s cannot be served: %s", name, error)
        return tuple(apps)

    def _also(self) -> Iterator[str]:
        """The names of apps that are served without being named."""
        if self._shared:
            yield from (one.app for one in self._library.publications())
        if self._every:
            yield from (record.name for record in self._library.apps())

    def _renewed(self, app: PublishedApp) -> PublishedApp | None:
        if app.name in self._fixed:
            return app
        try:
            return self._published(app.name)
        except UnknownApp:
            return None
        except (MicroappsError, OSError) as error:  # a hand edit that cannot be read, a full disk
            _log.warning("The site goes on with %s as it was: %s", app.name, error)
            return self._without_what_was_taken_back(app)

    def _without_what_was_taken_back(self, app: PublishedApp) -> PublishedApp | None:
        try:
            published = self._library.publication(app.name)
            granted = self._library.granted(app.name, app.digest)
        except UnknownApp:
            return None
        still = {link.id for link in published.open_links} if published is not None else set()
        confinement = app.confinement
        if confinement.granted.beyond(granted) != Permissions():
            data = confinement.data if granted.storage != "none" else None
            sockets = confinement.sockets if granted.model_budget else ()
            confinement = replace(confinement, granted=granted, data=data, sockets=sockets)
        return replace(app, ways=tuple(way for way in app.ways if way.id in still), confinement=confinement)

    async def _follow(self) -> None:
        """Look at the library until the site ends. Nothing that goes wrong ends it: what is taken back must arrive."""
        seen, said, told = "", "", None
        while self.alive:
            await asyncio.sleep(EVERY)
            try:
                now = await asyncio.to_thread(self._library.generation)
                if now != seen:  # also at the first look: something may have changed while the site started
                    await self.renew()
                    seen = now
                await self._note()
                if self._notice is not None:
                    site = sites.RunningSite(self._seen or self.url, await self.counts(), seen)
                    if site != told:
                        self._notice.write(site)
                        told = site
                said = ""
            except (MicroappsError, OSError) as error:  # it may be otherwise at the next look
                if str(error) != said:
                    _log.warning("The site could not be brought up to date: %s", error)
                said = str(error)
            except Exception:
                _log.exception("The site could not be brought up to date.")

    def _told(self, home: Path) -> sites.Notice | None:
        """Tell other processes of this site; None where that cannot be: it serves all the same."""
        try:
            notice = sites.Notice(home)
        except OSError as error:
            _log.warning("Other processes do not learn of this site: %s", error)
            return None
        try:
            notice.write(sites.RunningSite(self._seen or self.url))
        except OSError as error:  # the disk is full; it is tried again once somebody comes
            _log.warning("Other processes do not learn of this site yet: %s", error)
        return notice

    async def _note(self) -> None:
        """Keep in the library who came since, and what went wrong."""
        visited, self._visited = self._visited, Counter()
        troubles, self._troubles = self._troubles, {}
        faults, self._faults = self._faults, {}
        for name, noted in faults.items():
            try:
                await asyncio.to_thread(self._library.note_faults, name, noted)
            except (MicroappsError, OSError) as error:  # the app is gone, the disk is full
                _log.warning("What went wrong in %s is in this log alone: %s", name, error)
        if not self._shared:
            return
        try:
            if visited:
                await asyncio.to_thread(self._library.count_visits, visited)
            for name, what in troubles.items():
                await asyncio.to_thread(self._library.note_trouble, name, what)
        except MachineFault as error:
            _log.warning("Visits could not be counted: %s", error)

    def _remember(self) -> None:
        for app in self.apps:
            if app.name not in self._fixed:
                self._given[app.name, app.digest] = app.confinement.granted

    def _narrowed(self) -> set[str]:
        """The apps some content of which has lost something it was served with."""
        narrowed = set()
        for (name, digest), had in list(self._given.items()):
            try:
                has = self._library.granted(name, digest)
            except UnknownApp:
                has = Permissions()
            if had.beyond(has) != Permissions():
                narrowed.add(name)
                self._given[name, digest] = has
        return narrowed
