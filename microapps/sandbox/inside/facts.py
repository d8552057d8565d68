"""What a first run left behind in its process that a fork could not have as its own. Each is a clause in words."""

from __future__ import annotations

import fcntl
import os
import stat
import threading
from collections.abc import Iterable, Iterator

_OWN = (".ipython", ".matplotlib", ".cache", ".jupyter", ".config", ".local")
"""Folders that libraries make for themselves; a visitor's process makes its own."""
_HARMLESS = ("/dev/null", "/dev/urandom", "/dev/random", "/dev/zero")
_LISTED = 3


class Before:
    """What there was before the run; :meth:`left` says what is there in addition.

    ``scratch`` are the folders that each process has for itself. What is mounted below them (a Python environment, a
    granted folder) is there before, and what an app does in it is not temporary.
    """

    def __init__(self, scratch: Iterable[str]) -> None:
        self._scratch = tuple(scratch)
        self._files = set(_open_files())
        self._shared = set(_shared_memory())
        self._kept = set(self._temporary())

    def left(self, watched: int) -> list[str]:
        """Clauses that complete "after its first run it has …". ``watched``: files the app has its event loop watch."""
        found = []
        if threading.active_count() > 1:
            names = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
            found.append(f"a thread running ({_some(names)})")
        if any(_children()):
            found.append("other processes running")
        files = [
            target
            for fd, target in _open_files()
            if (fd, target) not in self._files and target not in _HARMLESS and not _is_read(fd)
        ]
        if files:
            found.append(f"files or connections open ({_some(files)})")
        if set(_shared_memory()) - self._shared:
            found.append("memory that all its forks would share")
        if watched > 0:
            found.append("its event loop watching files")
        kept = [path for path in self._temporary() if path not in self._kept]
        if kept:
            found.append(f"temporary files ({_some(kept)})")
        return found

    @staticmethod
    def goes_on() -> bool:
        """Whether the app does anything by itself now, in a thread or another process: its time has begun to pass."""
        return threading.active_count() > 1 or any(_children())

    def _temporary(self) -> Iterator[str]:
        for folder in self._scratch:
            if os.path.isdir(folder):  # noqa: PTH112
                yield from _below(folder, os.stat(folder).st_dev)  # noqa: PTH116


def read_files() -> list[int]:
    """The files of this process that are open to be read."""
    return [fd for fd, _ in list(_open_files()) if _is_read(fd)]


def renew_files() -> None:
    """In a fork: read the files that were open by oneself, from where they stood.

    Otherwise all forks would share the place that each of them reads at: fonts, for one, stay open.
    """
    for fd in read_files():
        own = os.open(f"/proc/self/fd/{fd}", os.O_RDONLY | os.O_CLOEXEC)
        os.lseek(own, os.lseek(fd, 0, os.SEEK_CUR), os.SEEK_SET)
        os.dup2(own, fd, inheritable=os.get_inheritable(fd))
        os.close(own)


def _is_read(fd: int) -> bool:
    """Whether it is a file, open only to be read."""
    try:
        return stat.S_ISREG(os.fstat(fd).st_mode) and fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY
    except OSError:
        return False  # the one that listed them


def _some(names: list[str]) -> str:
    shown = ", ".join(name[:80] for name in names[:_LISTED])
    return f"{shown} …" if len(names) > _LISTED else shown


def _children() -> Iterator[str]:
    for thread in os.listdir("/proc/self/task"):  # noqa: PTH208
        with open(f"/proc/self/task/{thread}/children") as file:  # noqa: PTH123
            yield from file.read().split()


def _open_files() -> Iterator[tuple[int, str]]:
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        try:
            yield int(name), os.readlink(f"/proc/self/fd/{name}")  # noqa: PTH115
        except OSError:
            continue  # the one that listed them


def _shared_memory() -> Iterator[str]:
    with open("/proc/self/maps") as file:  # noqa: PTH123
        for line in file:
            words = line.split()
            if words[1].endswith("s") and "w" in words[1]:
                yield words[0]


def _below(folder: str, device: int, leave: tuple[str, ...] = _OWN) -> Iterator[str]:
    """Everything in a folder, but what is mounted there."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        try:
            mounted = entry.stat(follow_symlinks=False).st_dev != device
        except OSError:
            continue  # it is gone meanwhile
        if entry.name in leave or mounted:
            continue
        yield entry.path
        if entry.is_dir(follow_symlinks=False):
            yield from _below(entry.path, device, ())
