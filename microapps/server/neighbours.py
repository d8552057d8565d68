"""What other processes do to the same library: a command line, another Jupyter server.

They tell nobody, so the library is asked once a second whether it changed, and what differs that this server did not do
itself is told like anything else that happens.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ..errors import MachineFault
from ..library import AppRecord, Library, Publication
from .models import AppNews

EVERY = 1.0
"""Seconds between two looks; what one finds is told at the next, when this server has said what it did itself."""

_log = logging.getLogger("microapps.server")


@dataclass(frozen=True)
class Seen:
    """An app as it was at one look: its record, the numbers of the grants that hold, and the ways into it."""

    record: AppRecord
    grants: tuple[int, ...] = ()
    ways: frozenset[tuple[int, datetime | None, bool]] = frozenset()


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
        generation = ""
        apps: dict[str, Seen] | None = None
        looked = -math.inf
        while True:
            seen: list[AppNews] = []
            since, begun = looked, time.monotonic()
            try:
                if await asyncio.to_thread(self._library.generation) != generation:
                    generation, now = await asyncio.to_thread(self._look)
                    seen = [] if apps is None else differences(apps, now)
                    apps = now
                looked = begun
            except MachineFault as fault:  # the library may be there again at the next look
                _log.warning("The library could not be looked at: %s", fault)
            await asyncio.sleep(EVERY)
            for news in seen:
                if self._own.get(news.app, -math.inf) < since:  # what this server did since is told already
                    self._tell(news)

    def _look(self) -> tuple[str, dict[str, Seen]]:
        generation = self._library.generation()
        given = self._library.standing_grants()
        published = {one.app: _ways(one) for one in self._library.publications()}
        apps = self._library.apps()
        return generation, {
            one.name: Seen(one, given.get(one.id, ()), published.get(one.name, frozenset())) for one in apps
        }


def _ways(publication: Publication) -> frozenset[tuple[int, datetime | None, bool]]:
    """What differs once a way into an app is made or closed, and not when somebody comes in by it."""
    return frozenset((link.id, link.expires, link.revoked is None) for link in publication.links)


def differences(before: Mapping[str, Seen], now: Mapping[str, Seen]) -> list[AppNews]:
    """What became of the apps of a library: a piece of news for each thing that is not as it was."""
    found = [AppNews(what="removed", app=name) for name in before if name not in now]
    for name, seen in now.items():
        was = before.get(name)
        if was is None:
            found.append(AppNews(what="made", app=name))
            continue
        if seen.record != was.record:
            found.append(AppNews(what="changed", app=name))
        if seen.grants != was.grants:
            found.append(AppNews(what="permissions", app=name))
        if seen.ways != was.ways:
            found.append(AppNews(what="published", app=name))
    return found
