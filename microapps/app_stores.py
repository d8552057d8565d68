"""SQLite files of an app, copied as they are between two changes, by a host that does not open them with SQLite.

What an app wrote is not to be trusted with that: a journal planted beside a database can have any file removed when it
is opened. So SQLite's own locks are taken on its files, as a reader's that keeps everybody from writing: on the
database's shared bytes, which stop writers without a write-ahead log and the last one who would clear the log away, and
on the log's index, which stop those who write the log or move it into the database. Where the bytes are is laid down
at https://sqlite.org/fileformat2.html (the lock page) and https://sqlite.org/walformat.html (the index). A file that
only looks like a database is locked for nothing, and copied as it is. Standard library only.
"""

from __future__ import annotations

import errno
import os
import struct
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from .errors import MachineFault

PATIENCE = 10.0
"""Seconds to wait, in all, for those who change an app's databases; ours take milliseconds."""
INDEX = "-shm"
"""Ends the name of a log's index, which is made anew from the log."""
BESIDE = ("-wal", "-journal")
"""End the names of the files that belong to a database."""

_MAGIC = b"SQLite format 3\0"
_SHARED = (0x40000002, 510)
"""First byte and length of what everybody who uses a database locks."""
_LOGGED = (120, 3)
"""The same of who writes its log, moves that into it, or recovers it."""
_HELD = (errno.EAGAIN, errno.EACCES)

if sys.platform == "linux":
    import fcntl

    def _lock(file: BinaryIO, taken: bool, start: int, length: int) -> None:
        # This opening's own, not the process's: another copy that ends does not take it away.
        kind = fcntl.F_RDLCK if taken else fcntl.F_UNLCK
        try:
            fcntl.fcntl(file, fcntl.F_OFD_SETLK, struct.pack("hhqqi", kind, os.SEEK_SET, start, length, 0))
        except OSError as error:
            if error.errno != errno.EINVAL:  # a system that does not know these has the others
                raise
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB if taken else fcntl.LOCK_UN, length, start)

elif sys.platform != "win32":
    import fcntl

    def _lock(file: BinaryIO, taken: bool, start: int, length: int) -> None:
        fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB if taken else fcntl.LOCK_UN, length, start)

else:

    def _lock(file: BinaryIO, taken: bool, start: int, length: int) -> None:
        """No app runs here that could change anything."""


def is_store(file: BinaryIO) -> bool:
    """Whether a file begins as SQLite's databases do."""
    return os.pread(file.fileno(), len(_MAGIC), 0) == _MAGIC


def pauses(seconds: float = PATIENCE) -> Generator[bool]:
    """A short wait at each step, until they come to ``seconds``."""
    while seconds > 0:
        time.sleep(0.002)  # the system offers no wait for these locks that ends after a time
        seconds -= 0.002
        yield True


def copied(
    file: BinaryIO,
    beside: Callable[[str], BinaryIO | None],
    read: Callable[[BinaryIO], bytes],
    waits: Iterator[bool],
) -> dict[str, bytes]:
    """A database as it was at one moment: its own content under ``""``, and that of each file that belongs to it.

    Parameters
    ----------
    file : the database, open to be read.
    beside : opens a file by the end that its name has more than the database's; None where there is none.
    read : reads all of a file.
    waits : what :func:`pauses` gives; several copies can share one.

    Raises MachineFault where the app does not leave the database alone for that long.
    """
    while (found := _tried(file, beside, read)) is None:
        if not next(waits, False):
            raise MachineFault("The app does not stop changing its data.", "Close the app and try again.")
    return found


def _tried(
    file: BinaryIO, beside: Callable[[str], BinaryIO | None], read: Callable[[BinaryIO], bytes]
) -> dict[str, bytes] | None:
    with _locked(file, _SHARED) as calm:
        if not calm:
            return None
        index = beside(INDEX)
        if index is None:
            found = _together(file, beside, read)
            if (made := beside(INDEX)) is None:
                return found
            made.close()  # somebody began to keep a log meanwhile; its index stays while the database is locked
            return None
        with index, _locked(index, _LOGGED) as calm:
            return _together(file, beside, read) if calm else None


def _together(
    file: BinaryIO, beside: Callable[[str], BinaryIO | None], read: Callable[[BinaryIO], bytes]
) -> dict[str, bytes]:
    file.seek(0)
    found = {"": read(file)}
    for end in BESIDE:
        if (other := beside(end)) is not None:
            with other:
                found[end] = read(other)
    return found


@contextmanager
def _locked(file: BinaryIO, where: tuple[int, int]) -> Iterator[bool]:
    try:
        _lock(file, True, *where)
    except OSError as error:
        if error.errno not in _HELD:
            raise MachineFault(f"The disk of the app's data offers no locks: {error.strerror}.") from error
        yield False
        return
    try:
        yield True
    finally:
        _lock(file, False, *where)
