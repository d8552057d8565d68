"""The studio and the site of one notebook kernel, in a thread with an event loop of its own.

Both start on first use and end with the kernel. The site serves every app that was shown in this notebook.
"""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from contextlib import ExitStack
from queue import SimpleQueue
from typing import Any

from anyio.from_thread import start_blocking_portal

from ..events import Event, Failed, Finished
from ..library import AppRecord
from ..publish import PublishedApp, Site, SiteSettings
from ..studio import Job, Studio

NOTEBOOK_ORIGINS = ("http://localhost:*", "http://127.0.0.1:*", "https://localhost:*", "https://127.0.0.1:*")
"""Who may show the apps in a frame: notebooks on this machine."""


class Household:
    """What the magics of one kernel share; every method may be called from any thread but its own."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._portal = self._open.enter_context(start_blocking_portal(name="microapps-studio"))
        self.studio: Studio = self._portal.call(self._begin)
        self._open.callback(self._portal.call, self._end)
        self._site: Site | None = None
        self._shown: dict[str, PublishedApp] = {}
        atexit.register(self.close)

    async def _begin(self) -> Studio:
        studio = Studio.open()
        await studio.__aenter__()
        return studio

    async def _end(self) -> None:
        if self._site is not None:
            await self._site.stop()
        await self.studio.__aexit__(None, None, None)

    def close(self) -> None:
        """Stop the site, the jobs and the thread; more than once does no harm."""
        self._open.close()
        atexit.unregister(self.close)

    def make(self, request: str, **wishes: Any) -> Job:
        """Begin to make an app; the wishes are those of :meth:`microapps.studio.Studio.make`."""
        return self._portal.call(lambda: self.studio.make(request, **wishes))

    def change(self, name: str, request: str, **wishes: Any) -> Job:
        """Begin to change an app; the wishes are those of :meth:`microapps.studio.Studio.change`."""
        return self._portal.call(lambda: self.studio.change(name, request, **wishes))

    def stop(self, job: Job) -> None:
        """Stop a job; it still says what was kept."""
        self._portal.call(job.stop)

    def answer(self, job: Job, question: str, answer: str) -> None:
        """Answer a question of a job, unless the job has ended."""
        self._portal.call(lambda: None if job.done else job.answer(question, answer))

    def apps(self) -> tuple[AppRecord, ...]:
        """The apps of the library."""
        return tuple(self._portal.call(self.studio.library.apps))

    def events(self, job: Job, after: int = 0) -> Iterator[Event]:
        """The events of a job after that number, as they come, to its end; waiting for one can be interrupted."""
        queue: SimpleQueue[Event] = SimpleQueue()

        async def pass_on() -> None:
            async for event in job.events(after):
                queue.put(event)

        self._portal.start_task_soon(pass_on)
        while True:
            event = queue.get()
            yield event
            if isinstance(event, Finished | Failed):
                return

    def link(self, name: str) -> str:
        """A link to the running app, good for some hours."""
        return self._portal.call(self._link, name)

    async def _link(self, name: str) -> str:
        self._shown[name] = self.studio.published(name)
        apps = tuple(self._shown.values())
        if self._site is None:
            site = Site(apps, SiteSettings(frame_ancestors=NOTEBOOK_ORIGINS))
            await site.start()
            self._site = site
        else:
            await self._site.serve(apps)
        return await self._site.link(name)
