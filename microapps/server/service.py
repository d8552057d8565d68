"""What one server has: a studio, opened when it is first needed, the news of it, and files that were sent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2

from ..errors import InvalidInput, MachineFault, MicroappsError
from ..events import Finished
from ..generator import ModelInfo
from ..publish import SiteSettings
from ..studio import AppChanged, AppTold, Happening, Job, JobMoved, Studio
from .bulletin import Bulletin
from .cards import Cards
from .configured import follow_settings
from .jobs_shown import job_view
from .models import AppNews, JobNews, NoticeNews, StatusNews
from .neighbours import Neighbours
from .uploads import Uploads

_log = logging.getLogger("microapps.server")

LIST_AGAIN = 600.0
"""Seconds after which the endpoint is asked for its list of models again."""


class Service:
    """All that the handlers share. Made before there is an event loop, used in one.

    Parameters
    ----------
    root : the folder that the Jupyter server shows; None where it shows none of this machine.
    site : how the site is reached that shows the apps: base URL and who may frame it.
    pictures : whether pictures of apps are taken.
    open_studio : opens the studio.
    """

    def __init__(
        self,
        root: Path | None,
        site: SiteSettings,
        *,
        pictures: bool = True,
        open_studio: Callable[[], Studio] = Studio.open,
    ) -> None:
        self.root = root
        self.site = site
        self.began = datetime.now(UTC)
        self.cards = Cards()
        self.seen = ""
        self._pictures = pictures
        self._working: set[asyncio.Task[None]] = set()
        self._attached: dict[str, tuple[str, ...]] = {}
        self._open_studio = open_studio
        self._studio: Studio | None = None
        self._opening: asyncio.Lock | None = None
        self._closed = False
        self._models: asyncio.Task[tuple[ModelInfo, ...]] | None = None
        self._models_at = 0.0
        self._transport: httpx2.AsyncBaseTransport | None = None

    async def studio(self) -> Studio:
        """The studio, opened now if it was not.

        Raises
        ------
        MicroappsError
            It cannot be opened, such as where the disk is full; the next request tries again.
        """
        if self._studio is not None:
            return self._studio
        if self._opening is None:
            self._opening = asyncio.Lock()
        async with self._opening:
            if self._closed:
                raise MachineFault("The Jupyter server is stopping.", "Start it again.")
            if self._studio is None:
                studio = await asyncio.to_thread(self._open_studio)
                await studio.__aenter__()
                studio.stage.settings = self.site
                studio.stage.seen = self.seen
                studio.pictures.wanted = self._pictures
                studio.happenings.listen(self._happened)
                self.bulletin = Bulletin()
                folder = studio.home.with_name(f"{studio.home.name}-files")
                self.uploads = Uploads(folder, studio.library.readable_files)
                self.later(asyncio.to_thread(self.uploads.sweep))
                self._neighbours = Neighbours(studio.library, self._told)
                self.later(self._neighbours.watch())
                self.later(follow_settings(studio))
                self._studio = studio
        return self._studio

    async def site_address(self) -> str:
        """Where the site that shows the apps listens on this machine, started if something is published; else empty."""
        if self._studio is not None and self._studio.stage.address:
            return self._studio.stage.address
        try:
            return await (await self.studio()).stage.ready()
        except MicroappsError as error:
            _log.warning("The site of published apps could not be started: %s", error)
            return ""

    def transport(self) -> httpx2.AsyncBaseTransport:
        """Connections to that site; without cookies, redirects or proxies of their own."""
        if self._transport is None:
            limits = httpx2.Limits(max_connections=200, max_keepalive_connections=20)
            self._transport = httpx2.AsyncHTTPTransport(limits=limits, trust_env=False)
        return self._transport

    async def close(self) -> None:
        """Close the studio: its jobs are stopped and kept, its site and kernels end."""
        self._closed = True
        studio, self._studio = self._studio, None
        if studio is None:
            return
        self.bulletin.close()
        for task in (*self._working, *((self._models,) if self._models is not None else ())):
            task.cancel()
        if self._transport is not None:
            await self._transport.aclose()
        await studio.__aexit__(None, None, None)

    def contents(self, path: str) -> Path:
        """A file of the folder that the Jupyter server shows; raises InvalidInput for anything outside it."""
        if self.root is None:
            raise InvalidInput("This Jupyter server keeps its files elsewhere.", "Attach the file instead.")
        root = self.root.resolve()
        found = (root / path.lstrip("/")).resolve()
        if not found.is_relative_to(root) or any(part.startswith(".") for part in found.relative_to(root).parts):
            raise InvalidInput(f"{path!r} is not in the folder that Jupyter shows.", "Choose a file there.")
        return found

    async def models(self, *, again: bool = False) -> tuple[ModelInfo, ...]:
        """What the endpoint lists; empty without a key. Asked for at most every ten minutes."""
        studio = await self.studio()
        if studio.model is None:
            return ()
        now = asyncio.get_running_loop().time()
        failed = self._models is not None and self._models.done() and self._models.exception() is not None
        if again or self._models is None or failed or now - self._models_at > LIST_AGAIN:
            self._models = asyncio.ensure_future(studio.model.models())
            self._models_at = now
            self._models.add_done_callback(self._listed)
        return await asyncio.shield(self._models)

    async def models_soon(self, seconds: float) -> tuple[ModelInfo, ...]:
        """The endpoint's list, if it is there in so many seconds; when it comes later, the news say so."""
        try:
            async with asyncio.timeout(seconds):
                return await self.models()
        except (TimeoutError, MicroappsError):
            return ()

    def check_later(self, name: str, number: int) -> None:
        """Check an edit by hand in the background, and keep what was found."""
        self.later(self._check(name, number))

    def attach(self, job: Job, files: Iterable[object]) -> None:
        """A job was given these files, of which the texts are ids of uploads; they are let go when it ends."""
        ids = tuple({one for one in files if isinstance(one, str)})
        if ids:
            self.uploads.begin(ids)
            self._attached[job.id] = ids

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside all requests."""
        task = asyncio.get_running_loop().create_task(work)
        self._working.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._working.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("Something that was left for later failed.", exc_info=error)

    async def _check(self, name: str, number: int) -> None:
        studio = await self.studio()
        try:
            report = await studio.check(name)
            await asyncio.to_thread(studio.record_check, name, number, report)
        except MicroappsError as error:  # it was edited again, removed, or this machine is at fault
            _log.info("The edit of %s by hand was not checked: %s", name, error)

    def forget_models(self) -> None:
        """The endpoint is, or may be, another now."""
        self._models = None

    def _listed(self, task: asyncio.Task[tuple[ModelInfo, ...]]) -> None:
        if not task.cancelled() and task.exception() is None:
            self.bulletin.post(StatusNews())

    def _told(self, news: AppNews) -> None:
        self.cards.forget()
        self.bulletin.post(news)

    def _happened(self, happening: Happening) -> None:
        match happening:
            case AppChanged():
                self._neighbours.did(happening.app, happening.was)
                self.cards.forget()
                self.bulletin.post(AppNews(what=happening.what, app=happening.app, was=happening.was))
            case JobMoved():
                if happening.what == "ended" and (ids := self._attached.pop(happening.job.id, ())):
                    made = isinstance(happening.job.outcome, Finished)
                    self.later(asyncio.to_thread(self.uploads.end, ids, done=made))
                self.bulletin.post(JobNews(what=happening.what, job=job_view(happening.job)))
            case AppTold():
                notice = happening.notice
                self.bulletin.post(
                    NoticeNews(
                        app=notice.app,
                        notice=notice.kind,
                        error=notice.what,
                        traceback=notice.detail,
                        inputs=notice.inputs,
                    )
                )
            case _:
                self.forget_models()
                self.bulletin.post(StatusNews())


def site_settings(base_url: str, frame_ancestors: tuple[str, ...]) -> SiteSettings:
    """How the site is reached through the Jupyter server at this base URL."""
    return replace(SiteSettings(), base_url=f"{base_url.rstrip('/')}/microapps/site/", frame_ancestors=frame_ancestors)
