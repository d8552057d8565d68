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
from ..publish import Notice, PublishedApp, Site, SiteSettings
from .happenings import AppChanged, AppTold, Happening, Happenings
from .live import LiveSite

FOLLOWED = frozenset({"changed", "renamed", "removed", "restored", "permissions", "purged"})

PUBLISHED_HOURS = 24 * 30.0

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
    """

    def __init__(
        self, library: Library, published: Callable[[str], PublishedApp], happenings: Happenings, log_file: Path
    ) -> None:
        self.settings = SiteSettings()
        self._library = library
        self._published = published
        self._happenings = happenings
        self._log_file = log_file
        self._site: Site | None = None
        self._given_out: dict[str, str] = {}
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

    async def link(self, name: str, hours: float | None = None) -> str:
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
            return urlsplit(await site.link(app.name, hours)).path

    async def publish(self, name: str) -> str:
        """The path of the link to an app that is given out; the same until it is withdrawn or the site has ended."""
        if (known := self.given_out(name)) is not None:
            return known
        path = await self.link(name, PUBLISHED_HOURS)
        self._given_out[name] = path
        self._happenings.tell(AppChanged(name, "published"))
        return path

    def given_out(self, name: str) -> str | None:
        """The path of the link that was given out to an app; None where there is none."""
        return self._given_out.get(name) if self.address else None

    async def withdraw(self, name: str) -> None:
        """End all links to an app, and the visits under way."""
        async with self._starting:
            given_out = self._given_out.pop(name, None)
            if name in self._apps and self._site is not None and self._site.alive:
                await self._site.revoke(name)
        if given_out is not None:
            self._happenings.tell(AppChanged(name, "published"))

    @property
    def _apps(self) -> dict[str, PublishedApp]:
        return {} if self._site is None else {app.name: app for app in self._site.apps}

    async def _running(self) -> Site:
        if self._site is not None and self._site.alive:
            return self._site
        if self._site is not None:
            await self._site.stop()
        self._given_out = {}
        settings = replace(self.settings, token="", warm=0)
        self._site = LiveSite(
            (),
            settings,
            library=self._library,
            published=self._published,
            on_notice=self._noticed,
            log_file=self._log_file,
        )
        await self._site.start()
        return self._site

    def _noticed(self, notice: Notice) -> None:
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
