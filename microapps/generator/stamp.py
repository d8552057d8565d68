"""Whether the person's settings or key were written since somebody read them, by whichever process."""

from __future__ import annotations

from pathlib import Path

from .keys import key_file, keyring_news
from .settings import settings_file

Stamp = tuple[tuple[int, int, int] | None, ...]
"""Of each file: when it was written (ns), its size in bytes and its inode; None where there is none."""


def stamp() -> Stamp:
    """What changes with each writing of settings or key. Take it before you read them: then no writing is missed."""
    return tuple(_of(path) for path in (settings_file(), key_file(), keyring_news()))


def _of(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
