"""A site that follows the library: each new visit is to the app as it is now, with what it may reach now.

The change may be made anywhere, in this process or by a command beside it, so the library is asked once a second
whether it changed. What was given to some content and is taken back ends the visits to that app; a new revision is
offered to those who are there, and forced on nobody.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path

from ..errors import MachineFault, MicroappsError, UnknownApp
from ..library import Library
from ..notebook import Permissions
from ..publish import Notice, PublishedApp, Site, SiteSettings

EVERY = 1.0
"""Seconds between two looks at the library."""

_log = logging.getLogger("microapps.studio")


class LiveSite(Site):
    """A site of a library's apps.

    ``published`` gives an app as it is to be served now, by its name. ``fixed`` are the names of apps that are not the
    library's and do not change.
    """

    def __init__(
        self,
        apps: Sequence[PublishedApp],
        settings: SiteSettings,
        *,
        library: Library,
        published: Callable[[str], PublishedApp],
        fixed: Collection[str] = (),
        on_notice: Callable[[Notice], None] | None = None,
        log_file: Path | None = None,
    ) -> None:
        super().__init__(apps, settings, on_notice=on_notice, log_file=log_file)
        self._library = library
        self._published = published
        self._fixed = frozenset(fixed)
        self._given: dict[tuple[str, str], Permissions] = {}
        self._following: asyncio.Task[None] | None = None
        self._remember()

    async def start(self) -> None:
        await super().start()
        self._following = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        following, self._following = self._following, None
        if following is not None:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following
        await super().stop()

    async def serve(self, apps: Sequence[PublishedApp]) -> None:
        await super().serve(apps)
        for name in await asyncio.to_thread(self._narrowed):
            await self.end_visits(name)
        self._remember()

    async def renew(self) -> None:
        """Serve what the library holds now; an app that is gone from it is served no longer."""
        apps = await asyncio.to_thread(lambda: [app for one in self.apps if (app := self._renewed(one)) is not None])
        await self.serve(apps)

    def _renewed(self, app: PublishedApp) -> PublishedApp | None:
        if app.name in self._fixed:
            return app
        try:
            return self._published(app.name)
        except UnknownApp:
            return None
        except MicroappsError as error:  # such as a hand edit that cannot be read: the app stays as it was
            _log.warning("The site goes on with %s as it was: %s", app.name, error)
            return app

    async def _follow(self) -> None:
        seen = await asyncio.to_thread(self._library.generation)
        while self.alive:
            await asyncio.sleep(EVERY)
            try:
                now = await asyncio.to_thread(self._library.generation)
                if now != seen:
                    await self.renew()
                    seen = now
            except MachineFault as error:  # the library may be there again at the next look
                _log.warning("The site could not be brought up to date: %s", error)

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
