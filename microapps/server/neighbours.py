"""What other processes do to the same library: a command line, another Jupyter server.

They tell nobody, so the library is asked once a second whether it changed, and what differs that this server did not do
itself is told like anything else that happens.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from ..errors import MachineFault
from ..library import AppRecord, Library
from .models import AppNews

EVERY = 1.0
"""Seconds between two looks; what one finds is told at the next, when this server has said what it did itself."""
OWN = 3 * EVERY
"""Seconds for which a difference of an app counts as this server's own, once it has changed that app."""

_log = logging.getLogger("microapps.server")


class Neighbours:
    """Looks at a library. ``tell`` is called with what others did."""

    def __init__(self, library: Library, tell: Callable[[AppNews], None]) -> None:
        self._library = library
        self._tell = tell
        self._own: dict[str, float] = {}

    def did(self, *apps: str) -> None:
        """This server itself changed these apps. It says so soon after the library holds the change."""
        self._own.update(dict.fromkeys(apps, time.monotonic()))

    async def watch(self) -> None:
        """Look until cancelled."""
        generation, apps = await asyncio.to_thread(self._look)
        seen: list[AppNews] = []
        while True:
            await asyncio.sleep(EVERY)
            for news in seen:
                if time.monotonic() - self._own.get(news.app, -2 * OWN) > OWN:
                    self._tell(news)
            seen = []
            try:
                if await asyncio.to_thread(self._library.generation) != generation:
                    before = apps
                    generation, apps = await asyncio.to_thread(self._look)
                    seen = differences(before, apps)
            except MachineFault as fault:  # the library may be there again at the next look
                _log.warning("The library could not be looked at: %s", fault)

    def _look(self) -> tuple[str, dict[str, AppRecord]]:
        generation = self._library.generation()
        return generation, {record.name: record for record in self._library.apps()}


def differences(before: dict[str, AppRecord], now: dict[str, AppRecord]) -> list[AppNews]:
    """What became of the apps of a library, one piece of news for each that is not as it was."""
    found = [AppNews(what="removed", app=name) for name in before if name not in now]
    for name, record in now.items():
        if name not in before:
            found.append(AppNews(what="made", app=name))
        elif record != before[name]:
            found.append(AppNews(what="changed", app=name))
    return found
