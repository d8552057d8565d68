"""One database, SQLite or PostgreSQL, with two kinds of transaction and the errors of this package.

SQLite runs in WAL mode with every commit flushed to the disk. A writing transaction takes the write lock when it
begins (``BEGIN IMMEDIATE``): it waits for its turn instead of failing half-way when another process was faster.
PostgreSQL keeps writers of one app apart by locking the app's row.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, func, insert, inspect, make_url, select

from ..errors import InvalidSetting, MachineFault
from . import migrations
from .tables import schema_version

BUSY_SECONDS = 30
"""How long a transaction waits for another process's; ours take milliseconds."""

_WRITES = "microapps_writes"
_MIGRATION_LOCK = 0x6D696372  # any number that other users of the same PostgreSQL are unlikely to choose
_inherited: list[Any] = []


class Clash(MachineFault):
    """Two wrote what only one can have, such as an app's name, from machines that share one PostgreSQL."""


class Database:
    """Opens a database, brings its schema up to date, and hands out transactions.

    Raises
    ------
    MachineFault
        It cannot be opened, read or written, or was made by a newer version of this package.
    """

    def __init__(self, url: str, *, steps: Sequence[ModuleType] = migrations.STEPS) -> None:
        self.url = _checked(url)
        self.engine = _engine(self.url)
        _leave_to_parent(self.engine)
        with _explained(self.url):
            self._upgrade(steps)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads, and sees one state of the database."""
        snapshot = {"isolation_level": "REPEATABLE READ"} if self.url.get_backend_name() == "postgresql" else {}
        with _explained(self.url), self.engine.execution_options(**snapshot).begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes; what it did is on the disk when the block has ended without an error."""
        with _explained(self.url), self.engine.execution_options(**{_WRITES: True}).begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def _upgrade(self, steps: Sequence[ModuleType]) -> None:
        with self.engine.begin() as connection:
            if _version(connection) == len(steps):
                return
        writing = self.engine.execution_options(**{_WRITES: True})
        for number, step in enumerate(steps, 1):
            with writing.begin() as connection:
                if connection.dialect.name == "postgresql":
                    connection.execute(select(func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
                version = _version(connection)  # asked again: another process may have been faster
                if version > len(steps):
                    raise MachineFault(
                        f"The library was made by a newer microapps (its schema is {version}, here {len(steps)}).",
                        "Upgrade microapps.",
                    )
                if version >= number:
                    continue
                if number == 1:
                    schema_version.create(connection)
                step.upgrade(connection)
                connection.execute(insert(schema_version).values(version=number, applied=datetime.now(UTC)))


def _version(connection: Connection) -> int:
    if not inspect(connection).has_table("schema_version"):
        return 0
    return connection.execute(select(func.max(schema_version.c.version))).scalar() or 0


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (exc.ArgumentError, exc.NoSuchModuleError) as error:
        raise InvalidSetting(
            "The library's database address cannot be read.", "Write it like 'postgresql+psycopg://user@host/name'."
        ) from error
    if backend not in ("sqlite", "postgresql"):
        raise InvalidSetting(f"The library cannot be kept in {backend}.", "Use SQLite or PostgreSQL.")
    return parsed


def _engine(url: URL) -> Engine:
    try:
        if url.get_backend_name() == "postgresql":
            return create_engine(url, pool_pre_ping=True)
        if url.database:
            _private(Path(url.database))
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    except ModuleNotFoundError as error:
        raise MachineFault(
            f"The package {error.name!r} that reaches the library's database is not installed.",
            f"Install it with 'pip install {error.name}'.",
        ) from error
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _private(path: Path) -> None:
    """Make the file before SQLite does: it holds conversations, so it is the person's alone."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise MachineFault(
            f"The library {path} cannot be made: {error.strerror}.",
            "Check the folder and the disk, or set MICROAPPS_HOME to another folder.",
        ) from error


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where _begin says, also for changes of the schema
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _leave_to_parent(engine: Engine) -> None:
    """After a fork the child opens connections of its own.

    SQLite forbids even closing a connection that was carried over a fork, so the child keeps the old pool untouched.
    """
    if not hasattr(os, "register_at_fork"):
        return
    reference = weakref.ref(engine)

    def renew() -> None:
        if (inherited := reference()) is not None:
            _inherited.append(inherited.pool)
            inherited.dispose(close=False)

    os.register_at_fork(after_in_child=renew)


_ROOM = "Make room on the disk and try again; everything accepted before is kept."
_SQLITE_FAULTS = {
    sqlite3.SQLITE_FULL: ("the disk is full", _ROOM),
    sqlite3.SQLITE_BUSY: ("another process holds it", "Try again; end a microapps process that hangs."),
    sqlite3.SQLITE_LOCKED: ("another process holds it", "Try again; end a microapps process that hangs."),
    sqlite3.SQLITE_READONLY: ("it cannot be written", "Check the permissions of its file and folder."),
    sqlite3.SQLITE_PERM: ("it cannot be written", "Check the permissions of its file and folder."),
    sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", "Check the permissions of its file and folder, and the disk."),
    sqlite3.SQLITE_CORRUPT: ("its file is damaged", "Keep the file, and put a backup in its place."),
    sqlite3.SQLITE_NOTADB: ("its file is no database", "Move the file away, or put a backup in its place."),
    sqlite3.SQLITE_IOERR: ("the disk gave an error", f"Check the disk. {_ROOM}"),
}


@contextmanager
def _explained(url: URL) -> Iterator[None]:
    """What the database's driver raises, as a fault of the machine."""
    try:
        yield
    except exc.IntegrityError as error:
        raise Clash("Someone else changed the same in the library at the same moment.", "Try again.") from error
    except exc.DBAPIError as error:
        if isinstance(error, exc.ProgrammingError | exc.DataError) and url.get_backend_name() == "sqlite":
            raise
        where = url.database if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
        what, hint = _fault(error.orig)
        raise MachineFault(f"The library {where} could not be used: {what}.", hint) from error
    except sqlite3.Error as error:  # from _prepare, which SQLAlchemy does not wrap
        what, hint = _fault(error)
        raise MachineFault(f"The library {url.database} could not be used: {what}.", hint) from error
    except exc.TimeoutError as error:
        raise MachineFault("The library's database gave no connection in time.", "Try again.") from error


def _fault(origin: BaseException | None) -> tuple[str, str]:
    code = getattr(origin, "sqlite_errorcode", None)
    if code is not None:
        known = _SQLITE_FAULTS.get(code & 0xFF)  # the low byte is the kind, the rest details it
        return known or (str(origin), "Run 'microapps doctor'.")
    said = " ".join(str(origin).split())[:300]
    if getattr(origin, "sqlstate", None) == "53100":
        return ("the database server's disk is full", _ROOM)
    return (said.rstrip("."), "Check that the database server runs and can be reached.")
