"""Memory and work of a process and all below it, as Linux counts them."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

import psutil

MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Memory:
    """Bytes of a tree of processes: ``share`` counts once what several hold, ``private`` what only one holds."""

    share: int
    private: int
    processes: int


def tree(pid: int) -> list[psutil.Process]:
    """A process and all below it."""
    top = psutil.Process(pid)
    return [top, *top.children(recursive=True)]


def memory(pid: int) -> Memory:
    """What a process and all below it hold now."""
    share = private = count = 0
    for process in tree(pid):
        try:
            figures = process.memory_full_info()
        except psutil.NoSuchProcess:
            continue
        share, private, count = share + figures.pss, private + figures.uss, count + 1
    return Memory(share, private, count)


def worked(pid: int) -> float:
    """Seconds of processor time that those alive now have used."""
    used = 0.0
    for process in tree(pid):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        used += times.user + times.system
    return used


async def rested(pid: int, *, within: float = 25.0) -> None:
    """Wait until the processes have nothing more to do, or that many seconds."""
    end = time.monotonic() + within
    before = worked(pid)
    while time.monotonic() < end:
        await asyncio.sleep(0.7)
        after = worked(pid)
        if abs(after - before) < 0.04:
            return
        before = after
