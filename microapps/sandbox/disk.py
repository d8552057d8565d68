"""How full an app's data folder is, as the keeper sees it from outside. Standard library only.

What an app keeps there need not be seen in the folder: a file that has no name any more lives on while a process has it
open or mapped, or has sent it to a socket where nobody takes it.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from ..app_files import DEPTH
from . import usage

_GONE = (errno.ENOENT, errno.ENOTDIR)
_DELETED = " (deleted)"
_FLYING = 3
"""Looks in which open files were on their way in sockets, after which they are held to be kept there."""


def measured(folder: str, entries: int) -> tuple[int, int]:
    """Bytes and number of entries below ``folder``; stops counting above ``entries``. Follows no link.

    A file counts with its length, of which less may lie on the disk: whoever copies it has it in full. A folder that is
    too deep, or that nobody may look into, is counted as more than ``entries``.
    """
    size = count = 0
    left = [(folder, 0)]
    while left:
        path, depth = left.pop()
        try:
            with os.scandir(path) as found:
                for entry in found:
                    count += 1
                    if count > entries or depth >= DEPTH:
                        return size, entries + 1
                    if entry.is_dir(follow_symlinks=False):
                        left.append((entry.path, depth + 1))
                    size += _size(entry)
        except OSError as error:
            if error.errno not in _GONE:
                return size, entries + 1
    return size, count


def _size(entry: os.DirEntry[str]) -> int:
    try:
        seen = entry.stat(follow_symlinks=False)
    except OSError:
        return 0  # removed meanwhile
    return max(seen.st_blocks * 512, seen.st_size)


class DataFolder:
    """The data folder of one app. ``inside`` is where its processes see it."""

    def __init__(self, path: str, inside: str, size: int, entries: int, largest: int) -> None:
        self._path, self._inside = path, inside
        self._size, self._entries, self._largest = size, entries, largest
        self._flying = 0

    def overfull(self, pids: Iterable[int]) -> bool:
        """Whether more lies in it than may, the files counted that only ``pids`` still have."""
        size, count = measured(self._path, self._entries)
        return count > self._entries or size > self._size or size + self._unnamed(list(pids)) > self._size

    def _unnamed(self, pids: list[int]) -> int:
        """Bytes of files that have no name any more.

        Where the size of one cannot be learnt it is the largest that a file may have, but all of them together are no
        larger than what the processes wrote to disks.
        """
        known: dict[int, int] = {}
        mapped: set[int] = set()
        flying = False
        for where in map(usage.place, pids):
            for path, target in usage.links(where):
                if target.startswith("socket:"):
                    flying = flying or _carries(path)
                elif self._was_inside(target):
                    known |= _nameless(path)
            mapped |= self._mapped(where)
        self._flying = self._flying + 1 if flying else 0
        unseen = len(mapped - known.keys()) * self._largest
        if self._flying >= _FLYING:
            unseen = self._size + 1
        return sum(known.values()) + (min(unseen, _written(pids)) if unseen else 0)

    def _was_inside(self, target: str) -> bool:
        return target.endswith(_DELETED) and target.startswith(f"{self._inside}/")

    def _mapped(self, where: str) -> set[int]:
        try:
            lines = Path(f"{where}/maps").read_text(errors="replace").splitlines()
        except OSError:
            return set()
        words = (line.split(maxsplit=5) for line in lines if line.endswith(_DELETED))
        return {int(word[4]) for word in words if len(word) == 6 and self._was_inside(word[5])}


def _nameless(path: str) -> dict[int, int]:
    try:
        seen = os.stat(path)  # noqa: PTH116 - the file itself, wherever it is
    except OSError:
        return {}
    if seen.st_nlink or not stat.S_ISREG(seen.st_mode):
        return {}
    return {seen.st_ino: max(seen.st_blocks * 512, seen.st_size)}


def _carries(path: str) -> bool:
    """Whether open files are on their way in a socket."""
    try:
        lines = Path(path.replace("/fd/", "/fdinfo/")).read_text().splitlines()
    except OSError:
        return False
    return any(line.startswith("scm_fds:") and line.split()[1] != "0" for line in lines)


def _written(pids: Iterable[int]) -> int:
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/io").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("write_bytes:"))
    return total
