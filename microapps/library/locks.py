"""One process at a time changes a library's files.

The lock is the operating system's, on a file in the library's folder: it ends with the process that holds it, however
that ends, so there is never a stale one to remove.
"""

from __future__ import annotations

import errno
import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import MachineFault

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _give(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _give(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


_HELD = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
PATIENCE = 30.0
"""Seconds to wait for another process; ours hold the lock for milliseconds."""
_NEW = ".new"
_YOUNG = 3600.0
"""Seconds after which a file that was to be put in its place in the next moment surely was forgotten."""


def hold(descriptor: int) -> bool:
    """Take the lock on an open file until it is closed; False where somebody else, or another opening, has it."""
    try:
        _take(descriptor)
    except OSError as error:
        if error.errno in _HELD:
            return False
        raise
    return True


def made_held(path: Path) -> int:
    """A new file that was locked before anybody could see it there; its descriptor, which holds the lock until closed.

    Raises OSError. What a process that is killed in between leaves is removed by :func:`sweep`.
    """
    # Windows lets no open file be renamed, and runs no app whose site or job another process could take for abandoned.
    beside = path if sys.platform == "win32" else path.with_name(f".{path.name}.{secrets.token_hex(6)}{_NEW}")
    descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        if not hold(descriptor):
            raise BlockingIOError(errno.EAGAIN, "It is locked by somebody else", str(beside))
        if beside != path:
            beside.rename(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        os.close(descriptor)
        raise
    return descriptor


def sweep(folder: Path) -> None:
    """Remove what :func:`made_held` left there when it was killed; never what another process is just making."""
    for path in folder.glob(f".*{_NEW}"):
        with suppress(OSError):  # another process was faster, or it stays for the next time
            if time.time() - path.stat().st_mtime < _YOUNG:
                continue
            descriptor = os.open(path, os.O_RDWR)
            try:
                if hold(descriptor):
                    path.unlink(missing_ok=True)
            finally:
                os.close(descriptor)


@contextmanager
def exclusive(path: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock on a file for the length of the block; threads of one process exclude each other as well.

    Raises :class:`~microapps.errors.MachineFault` when another process keeps it for longer than ``patience`` seconds.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise MachineFault(
            f"The library's lock {path} cannot be opened: {error.strerror}.", "Check its folder and the disk."
        ) from error
    try:
        _wait(descriptor, path, time.monotonic() + patience)
        try:
            yield
        finally:
            _give(descriptor)  # closing alone would not do: a process forked meanwhile shares the lock
    finally:
        os.close(descriptor)


def _wait(descriptor: int, path: Path, until: float) -> None:
    # The system offers no wait for a lock that ends after a time, so this asks again; 2 ms is below what is noticed.
    while True:
        try:
            _take(descriptor)
            return
        except OSError as error:
            if error.errno not in _HELD:
                raise MachineFault(
                    f"The disk of the library ({path.parent}) offers no locks: {error.strerror}.",
                    "Set MICROAPPS_HOME to a folder on a disk of this machine.",
                ) from error
            if time.monotonic() > until:
                raise MachineFault(
                    f"Another process has held the library ({path.parent}) for too long.",
                    "End the microapps process that hangs, and try again.",
                ) from error
        time.sleep(0.002)
