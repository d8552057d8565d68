"""Pictures of apps, taken in the background where there is a browser, and kept by the content they show.

One at a time, each of the app as its page shows it; a job never waits for one, and one that fails is only logged.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from ..errors import MicroappsError
from ..library import Library
from ..publish.browser import chromium, screenshot
from .happenings import AppChanged, Happening, Happenings

WIDTH = 960
"""CSS pixels."""
MOST = 500
"""Pictures kept; the oldest make room."""
TAKEN_AFTER = frozenset({"made", "changed", "restored", "permissions"})

_log = logging.getLogger("microapps.studio")


class Pictures:
    """The pictures of one studio; an asynchronous context.

    Parameters
    ----------
    folder : where they are kept, each named by the digest of the content it shows.
    library : whose apps.
    link : gives an address that shows an app.
    happenings : the studio's; a new picture is told there.

    Attributes
    ----------
    wanted : whether any are taken; a front end that shows them says so.
    """

    def __init__(
        self, folder: Path, library: Library, link: Callable[[str], Awaitable[str]], happenings: Happenings
    ) -> None:
        self.wanted = False
        self._folder = folder
        self._library = library
        self._link = link
        self._happenings = happenings
        self._names: asyncio.Queue[str] = asyncio.Queue()
        self._taking: asyncio.Task[None] | None = None
        self._stop_listening: Callable[[], None] = lambda: None

    async def __aenter__(self) -> Pictures:
        self._stop_listening = self._happenings.listen(self._happened)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop_listening()
        if self._taking is not None:
            self._taking.cancel()
            await asyncio.gather(self._taking, return_exceptions=True)

    def of(self, digest: str) -> Path | None:
        """The picture of the content with that digest, if there is one: of those taken here, else one that came."""
        return self._taken(digest) or self._found(f"{digest}.came.png")

    def _taken(self, digest: str) -> Path | None:
        return self._found(f"{digest}.png")

    def _found(self, name: str) -> Path | None:
        path = self._folder / name
        return path if path.is_file() else None

    def keep_brought(self, digest: str, png: bytes) -> None:
        """Keep a picture that came with an app, which shows until one is taken of it here."""
        self._keep(f"{digest}.came", png)

    def show_by(self, link: Callable[[str], Awaitable[str]]) -> None:
        """Have pictures taken, at addresses that come from here."""
        self._link = link
        self.wanted = True

    def want(self, name: str) -> None:
        """Have a picture of an app as it is now, some time soon."""
        if not self.wanted:
            return
        self._names.put_nowait(name)
        if self._taking is None:
            self._taking = asyncio.get_running_loop().create_task(self._take_all())

    async def take(self, name: str) -> None:
        """Have a picture of an app as it is now, if there is none and this machine can take one; waits for it."""
        try:
            if self.of((await asyncio.to_thread(self._library.revision, name)).notebook.digest) is not None:
                return
            await asyncio.to_thread(chromium)
            await self._take(name)
        except (MicroappsError, OSError) as error:
            _log.info("There is no picture of %s: %s", name, error)

    def _happened(self, happening: Happening) -> None:
        if isinstance(happening, AppChanged) and happening.what in TAKEN_AFTER:
            self.want(happening.app)

    async def _take_all(self) -> None:
        try:
            await asyncio.to_thread(chromium)
        except MicroappsError as fault:
            _log.info("No pictures of apps are taken: %s", fault)
            self.wanted = False
            return
        while True:
            name = await self._names.get()
            try:
                await self._take(name)
            except (MicroappsError, OSError) as error:
                _log.warning("There is no picture of %s: %s", name, error)

    async def _take(self, name: str) -> None:
        revision = await asyncio.to_thread(self._library.revision, name)
        digest = revision.notebook.digest
        if self._taken(digest) is not None:
            return
        [seen] = await screenshot(await self._link(name), (WIDTH,))
        if not seen.shown or digest != (await asyncio.to_thread(self._library.revision, name)).notebook.digest:
            return
        await asyncio.to_thread(self._keep, digest, seen.png)
        self._happenings.tell(AppChanged(revision.app, "thumbnail"))

    def _keep(self, name: str, png: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = self._folder / f".{name}.part"
        beside.write_bytes(png)
        beside.replace(self._folder / f"{name}.png")
        kept = sorted(self._folder.glob("*.png"), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in kept[MOST:]:
            with suppress(FileNotFoundError):
                old.unlink()
