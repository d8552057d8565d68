"""An app's data: values by key, and rows in tables, in one SQLite file of the app's data folder.

Several visitors are several processes on the same file. Every change is one transaction that takes the write lock at
once (``BEGIN IMMEDIATE``), so that nothing it read can be changed by another before it writes; a process that is killed
leaves the change whole or undone. Rows are JSON, not SQL columns, so that any revision of an app can read what any
other has written. Nothing is opened before it is used, and a forked process opens the file anew.

An app has one data folder. A site knows links, not people, so whoever has a link to an app sees and changes the same
data as its owner: *private* keeps it from other apps, not from those the owner gives a link to. *Shared*
(:attr:`Store.shared`) is the owner's word that this is meant.
"""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .errors import StoreError, StoreFullError, StoreNotPermittedError
from .values import packed, unpacked

FILE = "store.sqlite3"
LARGEST_FILE = 64 << 20
"""Bytes of the file; with its log it stays below what a data folder may hold, at which a kernel would be ended."""
PATIENCE = 10.0
"""Seconds to wait for another visitor's change."""
LONGEST_NAME = 200
PAGE = 4096

PERM, BUSY, LOCKED, READONLY, CORRUPT, FULL, CANTOPEN, NOTADB = 3, 5, 6, 8, 11, 13, 14, 26
"""SQLite's result codes, which Python names only from 3.11 on."""

SCHEMA = """
CREATE TABLE kept (place INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, value TEXT NOT NULL);
CREATE TABLE rows (id INTEGER PRIMARY KEY AUTOINCREMENT, place TEXT NOT NULL, value TEXT NOT NULL);
CREATE INDEX rows_place ON rows (place, id);
PRAGMA user_version = 1;
"""


class Table:
    """Rows of one name, each a dictionary; made by :meth:`Store.table`, which costs nothing.

    A row has whatever columns it was given, and ``id``, a number that is never used again.
    """

    def __init__(self, store: "Store", name: str) -> None:
        self._store = store
        self.name = name

    def add(self, row: Mapping[str, Any] | None = None, /, **columns: Any) -> int:
        """Add a row at the end; its id. Columns are keywords, or a dictionary where their names are no Python names."""
        text = self._packed({**(row or {}), **columns})
        return self._store._change("INSERT INTO rows (place, value) VALUES (?, ?)", (self.name, text)).lastrowid or 0

    def rows(self, /, **equal: Any) -> list[dict[str, Any]]:
        """All rows in the order they were added, or those whose columns are equal to these."""
        found = self._store._read("SELECT id, value FROM rows WHERE place = ? ORDER BY id", (self.name,))
        rows = [{"id": id_, **unpacked(text)} for id_, text in found]
        return [row for row in rows if all(row.get(name) == value for name, value in equal.items())]

    def get(self, id: int, /) -> dict[str, Any]:
        """One row. Raises KeyError if there is none with this id."""
        found = self._store._read("SELECT value FROM rows WHERE place = ? AND id = ?", (self.name, id))
        if not found:
            raise KeyError(f"There is no row {id!r} in the table {self.name!r}.")
        return {"id": id, **unpacked(found[0][0])}

    def update(self, id: int, /, **columns: Any) -> None:
        """Change some columns of one row. Raises KeyError if there is none with this id."""
        with self._store.transaction():
            row = self.get(id)
            del row["id"]
            self._store._change("UPDATE rows SET value = ? WHERE id = ?", (self._packed({**row, **columns}), id))

    def delete(self, id: int | None = None, /, **equal: Any) -> int:
        """Delete one row by its id, or all whose columns are equal to these; how many there were."""
        if (id is None) == (not equal):
            raise TypeError("delete() takes an id or columns; clear() deletes every row")
        with self._store.transaction():
            ids = [id] if id is not None else [row["id"] for row in self.rows(**equal)]
            statement = "DELETE FROM rows WHERE place = ? AND id = ?"
            return sum(self._store._change(statement, (self.name, each)).rowcount for each in ids)

    def clear(self) -> None:
        """Delete every row."""
        self._store._change("DELETE FROM rows WHERE place = ?", (self.name,))

    def __len__(self) -> int:
        return int(self._store._read("SELECT count(*) FROM rows WHERE place = ?", (self.name,))[0][0])

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.rows())

    def _packed(self, row: dict[str, Any]) -> str:
        if "id" in row or not all(isinstance(name, str) for name in row):
            raise StoreError(f"A row of {self.name!r} has columns named by text, and none named 'id': it is given one.")
        return packed(row, f"the row of {self.name!r}")


class Store:
    """An app's data; use the one that is there: ``from microapps.runtime import store``.

    Values are what JSON holds, and dates, times, ``Decimal``, tuples, sets and bytes. What is read is a copy: change it
    and assign it again, or use :meth:`update`. Every method raises StoreError where the data cannot be read or written,
    StoreFullError where there is no room left.

    ``folder`` is where the file is: by default the app's data folder or, outside of microapps, the folder ``data``
    beside the notebook.
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._process = 0
        self._inside = False
        self._left_behind: list[Any] = []

    @property
    def shared(self) -> bool:
        """Whether the person agreed that visitors share this data."""
        return os.environ.get("MICROAPPS_STORAGE") == "shared"

    def __getitem__(self, key: str) -> Any:
        found = self._read("SELECT value FROM kept WHERE name = ?", (_name(key),))
        if not found:
            raise KeyError(key)
        return unpacked(found[0][0])

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a key, or ``default``."""
        try:
            return self[key]
        except KeyError:
            return default

    def __setitem__(self, key: str, value: Any) -> None:
        statement = (
            "INSERT INTO kept (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        )
        self._change(statement, (_name(key), packed(value, f"store[{key!r}]")))

    def set(self, key: str, value: Any) -> None:
        """The same as ``store[key] = value``."""
        self[key] = value

    def update(self, key: str, function: Callable[[Any], Any], default: Any = None) -> Any:
        """Set a key to ``function(its value, or default)`` with no other visitor in between; the new value."""
        with self.transaction():
            value = function(self.get(key, default))
            self[key] = value
        return value

    def __delitem__(self, key: str) -> None:
        if not self.delete(key):
            raise KeyError(key)

    def delete(self, key: str) -> bool:
        """Delete a key; whether it was there."""
        return bool(self._change("DELETE FROM kept WHERE name = ?", (_name(key),)).rowcount)

    def keys(self) -> list[str]:
        """All keys, in the order they were first set."""
        return [name for (name,) in self._read("SELECT name FROM kept ORDER BY place")]

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __contains__(self, key: object) -> bool:
        return bool(self._read("SELECT 1 FROM kept WHERE name = ?", (_name(key),)))

    def __len__(self) -> int:
        return len(self.keys())

    def clear(self) -> None:
        """Delete every key and every row of every table."""
        with self.transaction():
            self._change("DELETE FROM kept")
            self._change("DELETE FROM rows")

    def table(self, name: str) -> Table:
        """The table of that name; it need not be made."""
        return Table(self, _name(name))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes in the ``with`` block happen together, or none of them if it raises; no other visitor's between.

        Within another, it joins that one. Nothing is to be awaited in it.
        """
        with self._lock:
            connection = self._open()
            if self._inside:
                yield
                return
            with self._told():
                connection.execute("BEGIN IMMEDIATE")
            self._inside = True
            try:
                yield
                with self._told():
                    connection.execute("COMMIT")
            finally:
                self._inside = False
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._lock:
            if self._connection is not None and self._process == os.getpid():
                self._connection.close()
            self._connection = None

    @property
    def path(self) -> Path:
        """The file; it need not exist yet."""
        return Path(self._folder or os.environ.get("MICROAPPS_DATA") or "data") / FILE

    def _read(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            connection = self._open()
            with self._told():
                return connection.execute(statement, values).fetchall()

    def _change(self, statement: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        with self.transaction():
            connection = self._open()
            with self._told():
                return connection.execute(statement, values)

    def _open(self) -> sqlite3.Connection:
        if self._connection is not None and self._process == os.getpid():
            return self._connection
        if os.environ.get("MICROAPPS_STORAGE") == "none":
            raise StoreNotPermittedError("This app has no permission to keep data. Give it the permission 'storage'.")
        if self._connection is not None:
            self._left_behind.append(self._connection)  # closing what a fork inherited would end the other's locks
            self._lock, self._inside = threading.RLock(), False
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StoreError(f"The folder {self.path.parent} cannot be made: {error.strerror}.") from error
        with self._told():
            self._connection, self._process = self._opened(), os.getpid()
        return self._connection

    def _opened(self) -> sqlite3.Connection:
        made = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            made.execute(f"PRAGMA max_page_count = {LARGEST_FILE // PAGE}")
            if made.execute("PRAGMA user_version").fetchone()[0] == 0:
                self._prepare(made)
            made.execute("PRAGMA synchronous = NORMAL")  # with WAL, what is committed outlives any process
            made.execute("PRAGMA journal_size_limit = 4194304")
        except sqlite3.Error:
            made.close()
            raise
        return made

    @staticmethod
    def _prepare(made: sqlite3.Connection) -> None:
        try:
            made.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) & 255 != BUSY:
                raise  # else another process is at this very line; the mode stays with the file
        made.execute("BEGIN IMMEDIATE")
        if made.execute("PRAGMA user_version").fetchone()[0] == 0:
            for statement in SCHEMA.split(";"):
                made.execute(statement)
        made.execute("COMMIT")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Errors of SQLite as ours."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._meaning(error) from error

    def _meaning(self, error: sqlite3.Error) -> StoreError:
        code = getattr(error, "sqlite_errorcode", 0) & 255
        if code == FULL:
            return StoreFullError(
                f"There is no room left for this app's data (at most {LARGEST_FILE >> 20} MiB, or the disk is full). "
                "Delete some of it."
            )
        if code in (BUSY, LOCKED):
            return StoreError(f"Another visitor has been changing the data for {PATIENCE:.0f} seconds. Try again.")
        if code in (CORRUPT, NOTADB):
            return StoreError(f"The app's data file {self.path} is damaged; put a copy in its place.")
        if code in (READONLY, CANTOPEN, PERM):
            return StoreError(f"The app's data file {self.path} cannot be opened for writing. Look at its folder.")
        return StoreError(f"The app's data could not be read or written: {error}.")


def _name(key: object) -> str:
    if not isinstance(key, str) or not 0 < len(key) <= LONGEST_NAME:
        raise StoreError(f"A key or a table's name is a text of 1 to {LONGEST_NAME} characters, not {str(key)[:60]!r}.")
    try:
        key.encode()
    except UnicodeEncodeError as error:
        raise StoreError(f"{key[:60]!r} is no text that can be a key: it holds half a character.") from error
    return key


store = Store()
