"""Files that an app wrote, looked at, copied and removed by the host, which trusts nothing about them.

An app may still run meanwhile, and put a link where a folder just was. So folders are gone through by open handles and
never by path, no link is followed at any step, and only plain files are read. Standard library only.
"""

from __future__ import annotations

import errno
import logging
import os
import secrets
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from . import app_stores
from .errors import InvalidInput, MachineFault

_log = logging.getLogger("microapps.app_files")

DEPTH = 64
"""Folders within folders that an app may make. What lies deeper is not looked at, and an app that makes it is ended."""
LARGEST = 1 << 30
"""Bytes that are copied out of a data folder: four times what an app may keep there, so that none is a bomb."""

_NOT_PLAIN = (errno.ELOOP, errno.ENXIO, errno.ENODEV, errno.ENOENT)
"""What opening answers for links, sockets, and what is gone."""


def folders(top: Path) -> Iterator[tuple[str, int]]:
    """``top`` and every folder below it: its path from there, empty for ``top``, and an open handle.

    A handle is closed when the next one is asked for. Nothing where ``top`` is no folder.
    """
    left = [""]
    while left:
        path = left.pop()
        handle = _open_folder(top, path)
        if handle < 0:
            continue
        try:
            yield path, handle
            if path.count("/") < DEPTH:
                with os.scandir(handle) as found:
                    names = sorted(entry.name for entry in found if entry.is_dir(follow_symlinks=False))
                left += [f"{path}/{name}" if path else name for name in reversed(names)]
        finally:
            os.close(handle)


def _open_folder(top: Path, path: str) -> int:
    """A handle of the folder, reached without following a link below ``top``; -1 where it is gone, or stays closed."""
    assert sys.platform != "win32"  # noqa: S101 - no app runs there
    try:
        handle = _entered(str(top), None)
        for part in filter(None, path.split("/")):
            above = handle
            try:
                handle = _entered(part, above)
            finally:
                os.close(above)
    except PermissionError as error:
        _log.warning("%s is left out: it cannot be read: %s", top / path, error.strerror)
        return -1
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return -1
        raise MachineFault(f"{top / path} cannot be read: {error.strerror}.", "Close the app and try again.") from error
    return handle


def _entered(name: str, above: int | None) -> int:
    """A handle of a folder, which is opened to its owner before: an app can have closed it, the topmost too."""
    assert sys.platform != "win32"  # noqa: S101
    how = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | (os.O_NOFOLLOW if above is not None else 0)
    try:
        handle = os.open(name, how, dir_fd=above)
    except PermissionError:
        _let_owner(name, above, 0o700)
        handle = os.open(name, how, dir_fd=above)
    if os.fstat(handle).st_mode & 0o700 != 0o700:
        with suppress(OSError):  # then what lies in it tells of itself that it cannot be reached
            os.fchmod(handle, 0o700)
    return handle


def _let_owner(name: str, above: int | None, mode: int) -> None:
    """Let the owner at a file or folder again, where that is possible; no link is followed."""
    with suppress(OSError, ValueError, NotImplementedError):  # it is a link by now; whoever opens it sees
        if above is None:
            os.chmod(name, mode)  # noqa: PTH101 - the host's own
        else:
            os.chmod(name, mode, dir_fd=above, follow_symlinks=False)


def plain_files(top: Path) -> Iterator[tuple[str, os.stat_result]]:
    """The plain files below ``top``: path and what the system knows of each."""
    if sys.platform == "win32":
        for file in filter(Path.is_file, sorted(top.rglob("*"))):
            yield file.relative_to(top).as_posix(), file.stat()
        return
    for path, handle in folders(top):
        for name in sorted(entry.name for entry in os.scandir(handle)):
            try:
                seen = os.stat(name, dir_fd=handle, follow_symlinks=False)
            except (FileNotFoundError, PermissionError):
                continue  # the app is running, and was faster
            if stat.S_ISREG(seen.st_mode):
                yield f"{path}/{name}" if path else name, seen


def contents(top: Path) -> Iterator[tuple[str, bytes]]:
    """The plain files below ``top``: path and content. What was planted there to lead out of it is left behind.

    An app's database is copied as it was at one moment, while the app may go on; see :mod:`microapps.app_stores`.
    Raises InvalidInput when there is more than :data:`LARGEST`, MachineFault where a file cannot be read.
    """
    if sys.platform == "win32":  # where no app runs that could plant anything
        yield from ((path, (top / path).read_bytes()) for path, _ in plain_files(top))
        return
    room, waits = _Room(top), app_stores.pauses()
    for path, handle in folders(top):
        done = set[str]()
        for name in sorted(entry.name for entry in os.scandir(handle)):
            file = _open_plain(name, handle) if name not in done else None
            if file is None:
                continue
            with file:
                if app_stores.is_store(file):
                    found = _store(file, name, handle, room, waits)
                    done.update(name + end for end in (*app_stores.BESIDE, app_stores.INDEX))
                else:
                    found = {name: room.read(file)}
            for each, content in found.items():
                yield f"{path}/{each}" if path else each, content


def store(top: Path, name: str, seconds: float) -> dict[str, bytes]:
    """A database in ``top``, and what belongs to it, by name; nothing where there is no such file, or it is none.

    Raises what :func:`contents` raises, MachineFault also where it is changed for longer than ``seconds``.
    """
    if sys.platform == "win32" or (handle := _open_folder(top, "")) < 0:
        return {}
    try:
        file = _open_plain(name, handle)
        if file is None:
            return {}
        with file:
            if not app_stores.is_store(file):
                return {}
            return _store(file, name, handle, _Room(top), app_stores.pauses(seconds))
    finally:
        os.close(handle)


def _store(file: BinaryIO, name: str, folder: int, room: _Room, waits: Iterator[bool]) -> dict[str, bytes]:
    parts = app_stores.copied(file, lambda end: _open_plain(name + end, folder), room.read, waits)
    return {name + end: content for end, content in parts.items()}


class _Room:
    """How much more is copied out of one folder."""

    def __init__(self, top: Path) -> None:
        self._top, self._left = top, LARGEST

    def read(self, file: BinaryIO) -> bytes:
        content = file.read(self._left + 1) if os.fstat(file.fileno()).st_size <= self._left else None
        if content is None or len(content) > self._left:
            raise InvalidInput(
                f"{self._top} holds more than {LARGEST >> 20} MB, which is more than any app may keep.",
                "Remove what is too large, or clear the app's data.",
            )
        self._left -= len(content)
        return content


def _open_plain(name: str, folder: int) -> BinaryIO | None:
    """A plain file, whatever its mode; None for anything else, and where it cannot be read all the same."""
    assert sys.platform != "win32"  # noqa: S101
    how = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        if not stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            return None
        try:
            handle = os.open(name, how, dir_fd=folder)
        except PermissionError:
            _let_owner(name, folder, 0o600)
            handle = os.open(name, how, dir_fd=folder)
    except PermissionError as error:
        _log.warning("%r in the app's data is left out: it cannot be read: %s", name, error.strerror)
        return None
    except OSError as error:
        if error.errno in _NOT_PLAIN:
            return None
        raise MachineFault(f"{name!r} in the app's data cannot be read: {error.strerror}.") from error
    if stat.S_ISREG(os.fstat(handle).st_mode):  # asked again: the app may have put something else there
        return os.fdopen(handle, "rb")
    os.close(handle)
    return None


def remove(folder: Path) -> None:
    """Remove a folder and all in it, however deep. Raises OSError where the system does not let it go."""
    clear(folder)
    folder.rmdir()


def clear(folder: Path) -> None:
    """Remove all that lies in a folder, however deep, and leave the folder. Raises OSError.

    What lies deeper is moved up before its folder is removed, so that no depth is too much.
    """
    if sys.platform == "win32":
        for entry in list(os.scandir(folder)):
            shutil.rmtree(entry.path) if entry.is_dir(follow_symlinks=False) else Path(entry.path).unlink()
        return
    handle = _entered(str(folder), None)
    try:
        while entries := list(os.scandir(handle)):
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    _flatten(handle, entry.name)
                else:
                    _unlink(entry.name, handle)
    finally:
        os.close(handle)


def _flatten(above: int, name: str) -> None:
    """Remove a folder; the folders in it become folders beside it."""
    assert sys.platform != "win32"  # noqa: S101
    try:
        handle = _entered(name, above)
    except (FileNotFoundError, NotADirectoryError):
        return
    try:
        for entry in list(os.scandir(handle)):
            if entry.is_dir(follow_symlinks=False):
                _let_owner(entry.name, handle, 0o700)  # else it cannot be moved
                os.rename(entry.name, f".{secrets.token_hex(8)}", src_dir_fd=handle, dst_dir_fd=above)
            else:
                _unlink(entry.name, handle)
    finally:
        os.close(handle)
    os.rmdir(name, dir_fd=above)


def _unlink(name: str, folder: int) -> None:
    try:
        os.unlink(name, dir_fd=folder)
    except FileNotFoundError:
        return
