"""What an app stores, looked at from outside, and cleared.

The folder was written by the app, so nothing in it is trusted: no link is followed, only plain files count, and the
store is read from a copy, with bounds of time and without anything that its schema might run.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from .. import app_files
from ..errors import InvalidInput, MachineFault
from ..runtime import storage

MOST = 1000
"""Entries of each sort that are listed."""
SECONDS = 2.0
"""How long reading an app's store may take."""

_LONGEST = 1_000_000_000
"""Bytes that SQLite bears in one value or row, unless it was built otherwise; none is longer than the file it is in."""

_log = logging.getLogger("microapps.studio")


@dataclass(frozen=True)
class Kept:
    """A value, a table (with its rows) or a file, in bytes."""

    name: str
    bytes: int
    rows: int = 0
    modified: datetime | None = None


@dataclass(frozen=True)
class Data:
    """All that an app stores."""

    bytes: int
    values: tuple[Kept, ...] = ()
    tables: tuple[Kept, ...] = ()
    files: tuple[Kept, ...] = ()


def stored(folder: Path) -> Data:
    """What lies in an app's data folder; nothing where there is none."""
    found = [(name, seen.st_size, _moment(seen)) for name, seen in app_files.plain_files(folder)]
    total = sum(size for _, size, _ in found)
    own = {storage.FILE, f"{storage.FILE}-wal", f"{storage.FILE}-shm"}
    files = tuple(Kept(name, size, 0, modified) for name, size, modified in found if name not in own)
    values, tables = _store(folder) if any(name == storage.FILE for name, _, _ in found) else ((), ())
    return Data(total, values, tables, files[:MOST])


def clear(folder: Path) -> None:
    """Remove all that lies in an app's data folder, and leave the folder.

    Raises MachineFault when something could not be removed.
    """
    try:
        if folder.is_dir():
            app_files.clear(folder)
    except OSError as error:
        raise MachineFault(f"The app's data could not be removed: {error.strerror}.", "Close the app first.") from error


def _moment(seen: os.stat_result) -> datetime:
    return datetime.fromtimestamp(seen.st_mtime, UTC)


def _store(folder: Path) -> tuple[tuple[Kept, ...], tuple[Kept, ...]]:
    """The values and tables of the store; nothing of one that is not as ours are."""
    with tempfile.TemporaryDirectory(prefix="microapps-data-") as copies:
        try:
            for name, content in app_files.store(folder, storage.FILE, SECONDS).items():
                if not name.endswith("-journal"):  # one can be made to have SQLite remove any file
                    (Path(copies) / name).write_bytes(content)
        except (InvalidInput, MachineFault) as error:
            _log.warning("What is in %s is not listed: %s", folder / storage.FILE, error)
            return (), ()
        try:
            with closing(sqlite3.connect(Path(copies) / storage.FILE)) as connection:
                longest = sum(copy.stat().st_size for copy in Path(copies).iterdir())
                connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, min(longest, _LONGEST))
                return _read(connection)
        except sqlite3.Error:
            return (), ()


def _read(connection: sqlite3.Connection) -> tuple[tuple[Kept, ...], tuple[Kept, ...]]:
    until = time.monotonic() + SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > until, 10_000)
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA query_only=ON")
    kinds = dict(connection.execute("SELECT name, type FROM sqlite_master WHERE name IN ('kept', 'rows')"))
    if kinds != {"kept": "table", "rows": "table"} or any(_computed(connection, name) for name in kinds):
        return (), ()
    values = connection.execute("SELECT name, length(value) FROM kept ORDER BY place LIMIT ?", (MOST,))
    tables = connection.execute(
        "SELECT place, count(*), sum(length(value)) FROM rows GROUP BY place ORDER BY place LIMIT ?", (MOST,)
    )
    return (
        tuple(Kept(str(name)[:200], int(size)) for name, size in values),
        tuple(Kept(str(name)[:200], int(size), int(count)) for name, count, size in tables),
    )


def _computed(connection: sqlite3.Connection, table: str) -> bool:
    """Whether a table has columns that are computed when they are read, with a size that no file bounds."""
    return any(hidden for (hidden,) in connection.execute("SELECT hidden FROM pragma_table_xinfo(?)", (table,)))
