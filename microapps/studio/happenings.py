"""What happens in a studio beside the events of each job: apps that changed, jobs that moved on, notices of apps.

Whoever shows the studio listens. A happening may be told from any thread; listeners are called in the event loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from ..publish import Notice
    from .jobs import Job

_log = logging.getLogger("microapps.studio")

Change = Literal[
    "made", "changed", "renamed", "removed", "restored", "purged", "checked", "permissions", "thumbnail", "published",
    "data",
]  # fmt: skip


@dataclass(frozen=True)
class AppChanged:
    """An app is not as it was. ``app`` is its name now; ``was`` the one before, where it was renamed."""

    app: str
    what: Change
    was: str = ""


@dataclass(frozen=True)
class JobMoved:
    """A job was queued, began, waits for an answer, got it, or ended."""

    job: Job
    what: Literal["queued", "started", "waiting", "answered", "ended"]


@dataclass(frozen=True)
class AppTold:
    """A running app has something for its owner."""

    notice: Notice


@dataclass(frozen=True)
class StudioChanged:
    """A key, a setting, or what the endpoint lists is another now."""


Happening = AppChanged | JobMoved | AppTold | StudioChanged
Listener = Callable[[Happening], None]


class Happenings:
    """Who listens to a studio."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call the listener with each happening from now on; what is returned ends that. Call it in the event loop."""
        self._loop = asyncio.get_running_loop()
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(self, happening: Happening) -> None:
        """Tell everyone; nothing is kept for those who come later."""
        if self._loop is None or self._loop.is_closed():
            return
        self._loop.call_soon_threadsafe(self._pass_on, happening)

    def _pass_on(self, happening: Happening) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(happening)
            except Exception:  # a listener is the caller's and may raise anything; the others are told all the same
                _log.exception("A listener of the studio failed.")
