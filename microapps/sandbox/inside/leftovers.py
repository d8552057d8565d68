"""What a visitor's process no longer needs goes back to the machine: what is garbage, and what was freed.

A chart, for one, is thousands of objects that know each other, which only a collection finds; Python's own comes late,
and each chart until then is drawn in memory of its own. The app's objects were frozen before the fork, so a collection
goes through the visitor's own alone. What is freed is kept by the C library for the next time, unless it is asked.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import time
from collections.abc import Callable

REST = 1.5
"""Seconds without a message after which a process is at rest for the first time; each time it takes twice as long."""
_LONGEST = 48.0
"""Seconds that it takes at most. To rest costs the work of a few messages, which those who go on soon are spared."""
_SHARE = 0.2
"""Of the time that messages take, the part that collections may take besides."""


class Leftovers:
    """Belongs to one event loop. ``work`` is told when this is at work, since finalizers are the app's code."""

    def __init__(self, loop: asyncio.AbstractEventLoop, work: Callable[[bool], None]) -> None:
        self._loop, self._work = loop, work
        self._timer: asyncio.TimerHandle | None = None
        self._heard = self._worked = self._cost = 0.0
        self._pause = REST
        self._trim = getattr(ctypes.CDLL(None), "malloc_trim", None)

    def worked(self, seconds: float) -> None:
        """A message was answered, which took so long: collect what it left if that is much, and more at rest."""
        self._worked += seconds
        if gc.get_count()[2] and self._cost <= self._worked * _SHARE:
            begun = time.perf_counter()
            self._collect()
            self._worked, self._cost = 0.0, time.perf_counter() - begun
        self._heard = self._loop.time()
        if self._timer is None:
            self._timer = self._loop.call_later(self._pause, self._rest)

    def let_go(self) -> None:
        """Wait for no rest."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _rest(self) -> None:
        due = self._heard + self._pause
        if self._loop.time() < due:
            self._timer = self._loop.call_at(due, self._rest)
            return
        self._timer = None
        self._pause = min(2 * self._pause, _LONGEST)
        self._collect()
        if self._trim is not None:
            self._trim(0)

    def _collect(self) -> None:
        if not gc.isenabled():
            return  # the app wants to see to it
        self._work(True)
        try:
            gc.collect()
        finally:
            self._work(False)
