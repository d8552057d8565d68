"""Run directories: short, private, and gone when their keeper is, whatever ended it.

Each holds a lock that its keeper keeps for as long as it lives; a directory whose lock is free is stale and swept.
Paths are short because a unix socket's may have 107 bytes.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import sys
import time
from pathlib import Path

from ..errors import MachineFault

if sys.platform != "win32":  # where nothing is run, and the reading of apps must not fail for it
    import fcntl

LOCKLESS = 60.0
"""Seconds in which a new directory surely has its lock."""


def root() -> Path:
    """The folder of this user's run directories, made on first use with mode 0700.

    Raises MachineFault if something else is there, which only another user of the machine can have put there.
    """
    assert sys.platform != "win32"  # noqa: S101 - nothing is run there
    path = Path("/tmp") / f"microapps-{os.getuid()}"  # noqa: S108 - checked below
    path.mkdir(mode=0o711 if os.getuid() == 0 else 0o700, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise MachineFault(f"{path} does not belong to you alone.", "Remove it and try again.")
    return path


def make() -> tuple[Path, int]:
    """A new run directory and the open file that locks it (to be inherited by the keeper, then closed)."""
    assert sys.platform != "win32"  # noqa: S101
    sweep()
    while True:
        path = root() / secrets.token_hex(4)
        path.mkdir(mode=0o711 if os.getuid() == 0 else 0o700)
        lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (path / "lock").exists():  # else a sweep came between the two lines above
            return path, lock
        os.close(lock)


def sweep() -> None:
    """Remove the run directories whose keeper is gone."""
    assert sys.platform != "win32"  # noqa: S101
    for path in root().iterdir():
        try:
            lock = os.open(path / "lock", os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            _sweep_lockless(path)
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove(path)
        except BlockingIOError:
            continue
        finally:
            os.close(lock)


def remove(path: Path) -> None:
    """Remove a run directory, its lock last: whoever is ended meanwhile leaves one that will be swept."""
    try:
        entries = list(path.iterdir())
    except FileNotFoundError:  # somebody else has just removed it
        return
    for entry in entries:
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        elif entry.name != "lock":
            entry.unlink(missing_ok=True)
    shutil.rmtree(path, ignore_errors=True)


def _sweep_lockless(path: Path) -> None:
    """It is being made, or being removed, unless it has been so for long."""
    try:
        old = time.time() - path.lstat().st_mtime > LOCKLESS
    except FileNotFoundError:
        return
    if old:
        remove(path)
