"""Where a studio's apps are shown: one site in a process of its own, started when it is first needed.

When the process dies it is started again at the next need. What is served follows the apps: a revision that becomes
current, a permission that is given or taken, another name.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from ..errors import MicroappsError, UnknownApp
from ..library import Library
from ..publish import NO_FAULT, Notice, PublishedApp, Site, SiteSettings
from .happenings import AppChanged, AppTold, Happening, Happenings
from .live import LiveSite

FOLLOWED = frozenset({"thumbnail", "changed", "renamed", "removed", "restored", "permissions", "purged"})

_log = logging.getLogger("microapps.studio")


class Stage:
    """The site of one studio.

    Parameters
    ----------
    library : where the apps are; other processes may change it.
    published : an app as a site serves it, by its name.
    happenings : the studio's: changes are followed, and what the site has to say is told there.
    log_file : where the site's log goes.

    Attributes
    ----------
    settings : how the site is served from its next start on; a front end sets the base URL it passes on.
    seen : the address that the site has for visitors, where a front end passes it on.
    """

    def __init__(
        self, library: Library, published: Callable[[str], PublishedApp], happenings: Happenings, log_file: Path
    ) -> None:
        self.settings = SiteSettings()
        self.seen = ""
        self._library = library
        self._published = published
        self._happenings = happenings
        self._log_file = log_file
        self._site: LiveSite | None = None
        self._starting = asyncio.Lock()
        self._following: set[asyncio.Task[None]] = set()
        self._stop_listening: Callable[[], None] = lambda: None

    async def __aenter__(self) -> Stage:
        self._stop_listening = self._happenings.listen(self._happened)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop_listening()
        for task in tuple(self._following):
            task.cancel()
        await asyncio.gather(*self._following, return_exceptions=True)
        async with self._starting:
            if self._site is not None:
                await self._site.stop()
                self._site = None

    @property
    def address(self) -> str:
        """Where the site listens on this machine (``http://127.0.0.1:PORT``); empty when it does not run."""
        return self._site.address if self._site is not None and self._site.alive else ""

    async def link(self, name: str, hours: float | None = None, *, blank: bool = False) -> str:
        """The path of a fresh link to an app, as it is now, below the settings' base URL.

        Raises
        ------
        UnknownApp
            There is no app of that name.
        MachineFault
            The site cannot be started, such as where nothing would contain the app.
        """
        app = await asyncio.to_thread(self._published, name)
        async with self._starting:
            site = await self._running()
            if self._apps.get(app.name) != app:
                await site.serve([*{**self._apps, app.name: app}.values()])
            return urlsplit(await site.link(app.name, hours, blank=blank)).path

    async def ready(self) -> str:
        """Where the site listens, started now if something is published or was shown before it ended; else empty."""
        if not self.address and (self._apps or len(await asyncio.to_thread(self._library.publications))):
            async with self._starting:
                await self._running()
        return self.address

    async def where(self, name: str, model: str) -> tuple[int, str] | None:
        """Which code cell and variable make a widget of an app that is shown just now; see :meth:`Site.where`."""
        site = self._site
        try:
            return await site.where(name, model) if site is not None and site.alive else None
        except MicroappsError as error:  # the site ended meanwhile
            _log.info("The site does not say where a widget of %s is made: %s", name, error)
            return None

    async def renew(self) -> None:
        """Serve at once what the library holds now, without waiting for the next look."""
        async with self._starting:
            if self._site is not None and self._site.alive:
                await self._site.renew()

    async def withdraw(self, name: str) -> None:
        """End the visits to an app that goes, and the links to it that this site has made."""
        async with self._starting:
            if name in self._apps and self._site is not None:
                await self._site.revoke(name)

    @property
    def _apps(self) -> dict[str, PublishedApp]:
        return {} if self._site is None else {app.name: app for app in self._site.apps}

    async def _running(self) -> Site:
        if self._site is not None and self._site.alive:
            return self._site
        shown = await asyncio.to_thread(self._still_there, tuple(self._apps))
        revoked = self._site.revoked if self._site is not None else {}
        if self._site is not None:
            await self._site.stop()
        settings = replace(self.settings, token="", warm=0)
        self._site = LiveSite(
            shown,
            settings,
            library=self._library,
            published=self._published,
            on_notice=self._noticed,
            log_file=self._log_file,
            shared=bool(self.seen),
            home=self._log_file.parent,
            seen=self.seen,
        )
        self._site.revoked = revoked
        await self._site.start()
        return self._site

    def _still_there(self, names: Iterable[str]) -> list[PublishedApp]:
        """Those of these apps that the library has, as they are now."""
        there = []
        for name in names:
            try:
                there.append(self._published(name))
            except MicroappsError as error:
                _log.info("%s is shown no longer: %s", name, error)
        return there

    def _noticed(self, notice: Notice) -> None:
        if notice.kind not in NO_FAULT:
            self._happenings.tell(AppTold(notice))

    def _happened(self, happening: Happening) -> None:
        if not isinstance(happening, AppChanged) or happening.what not in FOLLOWED:
            return
        concerned = {happening.app, happening.was} & set(self._apps)
        if concerned and self.address:
            task = asyncio.get_running_loop().create_task(self._follow(concerned))
            self._following.add(task)
            task.add_done_callback(self._following.discard)

    async def _follow(self, names: Iterable[str]) -> None:
        async with self._starting:
            apps = self._apps
            for name in names:
                try:
                    apps[name] = await asyncio.to_thread(self._published, name)
                except UnknownApp:
                    apps.pop(name, None)
                except MicroappsError as error:  # such as a hand edit that cannot be read: the app stays as it was
                    _log.warning("The site goes on with %s as it was: %s", name, error)
            if self._site is not None and self._site.alive:
                await self._site.serve(list(apps.values()))
