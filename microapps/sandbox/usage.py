"""How much a kernel and all its descendants use, read from ``/proc`` by the keeper. Standard library only."""

from __future__ import annotations

import os
from collections.abc import Container, Iterable
from pathlib import Path

_PAGE = os.sysconf("SC_PAGESIZE")


def descendants(pid: int, but: Container[int] = ()) -> list[int]:
    """``pid`` and every process below it that is still there, but those named and what is below them."""
    found, left = [], [pid]
    while left:
        parent = left.pop()
        found.append(parent)
        try:
            for thread in Path(f"/proc/{parent}/task").iterdir():
                children = map(int, (thread / "children").read_text().split())
                left += [child for child in children if child not in but]
        except OSError:
            continue  # it ended meanwhile
    return found


def memory(pids: Iterable[int], limit: int) -> int:
    """Bytes of private memory of ``pids`` together; exact only where the cheap estimate is above ``limit``.

    The estimate counts pages that a fork still shares with its parent once for each process; the exact figure
    (``Pss_Anon``) shares them out, at the price of a walk through the page tables.
    """
    pids = list(pids)
    if (estimate := sum(map(_resident, pids))) <= limit:
        return estimate
    return sum(map(_proportional, pids))


def _resident(pid: int) -> int:
    try:
        words = Path(f"/proc/{pid}/statm").read_text().split()
    except OSError:
        return 0
    return (int(words[1]) - int(words[2])) * _PAGE


def _proportional(pid: int) -> int:
    try:
        lines = [line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()]
    except OSError:
        return _resident(pid)
    return sum(int(words[1]) << 10 for words in lines if words[0] in ("Pss_Anon:", "SwapPss:"))


def disk(folder: str, entries: int) -> tuple[int, int]:
    """Bytes on disk and number of entries below ``folder``; stops counting at ``entries``. Follows no link."""
    size = count = 0
    left = [folder]
    while left:
        try:
            with os.scandir(left.pop()) as found:
                for entry in found:
                    count += 1
                    if count > entries:
                        return size, count
                    if entry.is_dir(follow_symlinks=False):
                        left.append(entry.path)
                    size += entry.stat(follow_symlinks=False).st_blocks * 512
        except OSError:
            continue  # removed meanwhile
    return size, count
