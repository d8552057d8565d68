"""What a kernel and all its descendants use, read from ``/proc`` by the keeper. Standard library only.

Memory is what processes hold for themselves, what they share among themselves (mappings of nothing, or of files in
memory), the tables that Linux keeps of it, and what their sockets and pipes can hold.
"""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

_FEW = 512
"""Open files of all processes together, below which what sockets hold does not matter."""
_PIPE = 64 << 10
_OWN = (b"RssAnon", b"RssShmem", b"VmSwap", b"VmPTE")
_SHARED_OUT = (b"Pss_Anon", b"Pss_Shmem", b"SwapPss")


def descendants(pid: int, but: Container[int] = ()) -> list[int]:
    """``pid`` and every process below it that is still there, but those named and what is below them."""
    found, left = [], [pid]
    while left:
        parent = left.pop()
        found.append(parent)
        for thread in _threads(parent):
            try:
                children = map(int, Path(f"{thread}/children").read_bytes().split())
            except OSError:
                continue  # it ended meanwhile
            left += [child for child in children if child not in but]
    return found


def work(pids: Iterable[int]) -> tuple[int, int, int]:
    """How many threads ``pids`` have, and the processor's time they and what ended below them took, in two measures.

    While none of the numbers changes they have done nothing, and use what they used.
    """
    count = ticks = exact = 0
    for pid in pids:
        try:
            ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[11:15]))
            for thread in _threads(pid):
                exact += int(Path(f"{thread}/schedstat").read_bytes().split()[0])
                count += 1
        except OSError:
            continue  # it ended meanwhile
    return count, ticks, exact


def _threads(pid: int) -> list[str]:
    try:
        return [entry.path for entry in os.scandir(f"/proc/{pid}/task")]
    except OSError:
        return []


def place(pid: int) -> str:
    """Where ``/proc`` tells of a process. Its first thread can have ended before it, and tells nothing then."""
    own = f"/proc/{pid}"
    try:
        if Path(f"{own}/stat").read_bytes().rpartition(b")")[2].split()[0] == b"Z":
            own = next((thread for thread in _threads(pid) if not thread.endswith(f"/{pid}")), own)
    except OSError:
        return own  # it ended meanwhile
    return own


def memory(pids: Iterable[int], limit: int, ours: int = 0) -> int:
    """Bytes of memory of ``pids`` together; exact only where the cheap estimate is above ``limit``.

    The estimate counts pages that several of them share once for each process; the exact figure (``Pss``) shares them
    out, at the price of a walk through the page tables. What the sockets of ``ours`` hold is left out: a process of our
    own that has a few for each visitor.
    """
    there = list(pids)
    places = list(map(place, there))
    outside = _in_sockets([where for pid, where in zip(there, places, strict=True) if pid != ours])
    if (estimate := sum(map(_resident, places)) + outside) <= limit:
        return estimate
    return sum(map(_proportional, places)) + outside


def _resident(where: str) -> int:
    return _kilobytes(f"{where}/status", _OWN)


def _proportional(where: str) -> int:
    shared = _kilobytes(f"{where}/smaps_rollup", _SHARED_OUT)
    return shared + _kilobytes(f"{where}/status", (b"VmPTE",)) if shared else _resident(where)


def _kilobytes(path: str, names: Container[bytes]) -> int:
    """The sum of these lines of a file, in bytes; 0 where it cannot be read."""
    try:
        lines = Path(path).read_bytes().split(b"\n")  # bytes: a process may call itself what is no text
    except OSError:
        return 0
    pairs = (line.partition(b":") for line in lines)
    return sum(int(value.split()[0]) << 10 for name, _, value in pairs if name in names)


def _in_sockets(places: list[str]) -> int:
    """Bytes that sockets and pipes hold at most; 0 where there is no unusual number of them."""
    if sum(map(_open_files, places)) <= _FEW:
        return 0
    distinct = {target for where in places for _, target in links(where)}
    sockets = sum(target.startswith("socket:") for target in distinct)
    pipes = sum(target.startswith("pipe:") for target in distinct)
    return sockets * _largest_buffer() + pipes * _PIPE


def _open_files(where: str) -> int:
    try:
        return sum(1 for _ in os.scandir(f"{where}/fd"))
    except OSError:
        return 0


def _largest_buffer() -> int:
    """Bytes that may wait in one socket: Linux doubles what a program asks for."""
    return 2 * int(Path("/proc/sys/net/core/wmem_max").read_text())


def links(where: str) -> Iterator[tuple[str, str]]:
    """The open files of the process at a :func:`place`: where ``/proc`` has each, and what it is."""
    try:
        entries = list(os.scandir(f"{where}/fd"))
    except OSError:
        return
    for entry in entries:
        try:
            yield entry.path, os.readlink(entry.path)  # noqa: PTH115 - a path is not what it leads to
        except OSError:
            continue  # closed meanwhile
