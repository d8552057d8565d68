"""Whether the memory of this machine has room for one more visitor: what all visitors together hold, and may.

Reading a process's memory takes time, so it is looked at now and then, in a thread; in between, each visitor who has
come since counts as much as one did on average.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from .settings import MEBIBYTE

EVERY = 3.0
"""Seconds between two looks."""
SHARE = 50
"""Looking takes at most one part in so many of a processor."""
PART = 0.75
"""How much of the machine's memory visitors may have together where nothing else is said."""
NEWCOMER = 8 * MEBIBYTE
"""What a visitor is taken to hold before any was looked at."""
_CGROUP = Path("/sys/fs/cgroup/memory.max")


def machine_memory() -> int:
    """Bytes of memory that there are: the machine's, or its container's where that has less."""
    total = int(psutil.virtual_memory().total)
    try:
        return min(total, int(_CGROUP.read_text()))
    except (OSError, ValueError):
        return total


def private_memory(pid: int) -> int:
    """Bytes that the processes below one hold for themselves alone; 0 where Linux does not say."""
    held = 0
    with suppress(psutil.NoSuchProcess):
        for process in psutil.Process(pid).children(recursive=True):
            with suppress(OSError):
                lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()
                held += sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Private_"))
    return held


class Room:
    """Memory of all processes below ``pid``, against the ``mebibytes`` they may hold; 0 for :data:`PART` of all."""

    def __init__(self, pid: int, mebibytes: int = 0) -> None:
        self.limit = mebibytes * MEBIBYTE or int(machine_memory() * PART)
        self._pid = pid
        self._seen = self._newcomers = 0
        self._each = NEWCOMER

    @property
    def used(self) -> int:
        """Bytes that are taken to be held now."""
        return self._seen + self._newcomers * self._each

    @property
    def full(self) -> bool:
        """Whether one more would be too many."""
        return self.used + self._each > self.limit

    def take(self) -> None:
        """One more has come."""
        self._newcomers += 1

    async def look(self, visitors: int) -> None:
        """See what is held now; ``visitors`` is how many hold it."""
        self._newcomers = 0  # who comes while it is being looked at is counted from here on
        self._seen = await asyncio.to_thread(private_memory, self._pid)
        if visitors:
            self._each = max(MEBIBYTE, self._seen // visitors)

    async def watch(self, visitors: Callable[[], int]) -> None:
        """Look now and then; never returns. ``visitors`` gives how many there are."""
        while True:
            begun = time.monotonic()
            await self.look(visitors())
            await asyncio.sleep(max(EVERY, SHARE * (time.monotonic() - begun)))
