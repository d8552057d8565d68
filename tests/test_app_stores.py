"""An app's databases are copied as they are between two changes, whatever the app does meanwhile."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import pytest

from microapps import app_files, app_stores
from microapps.errors import MachineFault
from microapps.studio.data import stored

NAME = "own.sqlite"


def _made(folder: Path, mode: str) -> sqlite3.Connection:
    made = sqlite3.connect(folder / NAME, isolation_level=None, timeout=0)
    made.execute(f"PRAGMA journal_mode={mode}")
    made.execute("CREATE TABLE halves (id INTEGER PRIMARY KEY, value, filling)")
    made.executemany("INSERT INTO halves (value, filling) VALUES (0, ?)", [("x" * 3000,)] * 50)
    return made


def _change(connection: sqlite3.Connection, value: int) -> None:
    connection.execute("UPDATE halves SET value = ?", (value,))


@pytest.fixture(params=["WAL", "DELETE"])
def live(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    data = tmp_path / "data"
    data.mkdir()
    with closing(_made(data, request.param)) as connection:
        _change(connection, 1)
        yield connection


def _whole(copy: Path) -> list[int]:
    with closing(sqlite3.connect(copy / NAME)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [value for (value,) in connection.execute("SELECT DISTINCT value FROM halves")]


def test_a_database_that_goes_on_is_copied_as_of_one_moment(live: sqlite3.Connection, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for number, (name, content) in enumerate(app_files.contents(tmp_path / "data")):
        (copy / name).write_bytes(content)
        _change(live, number + 2)
        live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert not (copy / f"{NAME}-shm").exists()
    assert _whole(copy) == [1]


def test_nobody_changes_a_database_while_it_is_copied(live: sqlite3.Connection, tmp_path: Path) -> None:
    seen = []

    def read(file: BinaryIO) -> bytes:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            _change(live, 2)
        seen.append(live.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[0])
        return file.read()

    def beside(end: str) -> BinaryIO | None:
        path = tmp_path / "data" / f"{NAME}{end}"
        return path.open("rb") if path.exists() else None

    with (tmp_path / "data" / NAME).open("rb") as file:
        app_stores.copied(file, beside, read, iter(()))
    assert seen in ([1, 1], [0])  # a log is not moved; there is none
    _change(live, 3)


HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
connection.execute("ROLLBACK")
print("given", flush=True)
sys.stdin.close()
"""


def test_who_never_lets_go_of_a_database_is_not_waited_for_for_ever(live: sqlite3.Connection, tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path / "data" / NAME)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(MachineFault, match="does not stop changing"):
            app_files.store(tmp_path / "data", NAME, 0.1)
        holder.stdin.close()
        assert holder.stdout.readline() == b"given\n"
        assert NAME in app_files.store(tmp_path / "data", NAME, 0.1)


def test_what_only_looks_like_a_database_is_copied_as_a_file(tmp_path: Path) -> None:
    files = {"a.sqlite": b"SQLite format 3\0 or not", "b": b"SQLite", "b-shm": b"no index", "c": b""}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    assert dict(app_files.contents(tmp_path)) == files
    assert app_files.store(tmp_path, "b", 0.1) == {}


def test_a_planted_journal_has_nothing_removed(tmp_path: Path) -> None:
    data, precious = tmp_path / "data", tmp_path / "precious"
    data.mkdir()
    precious.write_bytes(b"x\0")
    with closing(sqlite3.connect(data / "store.sqlite3")) as connection:
        connection.execute("CREATE TABLE kept (name, value)")
    named = str(precious).encode()
    journal = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(4) + bytes(4) + (2).to_bytes(4, "big")
    journal += (512).to_bytes(4, "big") + (4096).to_bytes(4, "big")
    journal = journal.ljust(512, b"\0") + (0x40000000 // 4096 + 1).to_bytes(4, "big") + named
    journal += len(named).to_bytes(4, "big") + sum(named).to_bytes(4, "big") + journal[:8]
    (data / "store.sqlite3-journal").write_bytes(journal)
    stored(data)
    assert precious.exists()
    sqlite3.connect(data / "store.sqlite3").execute("SELECT * FROM kept")
    assert not precious.exists()


@pytest.mark.parametrize("rows", ["rows", "kept"])
def test_what_a_planted_store_would_compute_is_not_read(tmp_path: Path, rows: str) -> None:
    made = "value GENERATED ALWAYS AS (hex(zeroblob(1000)))"
    kept = made if rows == "kept" else "value"
    with closing(sqlite3.connect(tmp_path / "store.sqlite3")) as connection:
        connection.execute(f"CREATE TABLE kept (place INTEGER PRIMARY KEY, name TEXT, {kept})")
        connection.execute(f"CREATE TABLE rows (id INTEGER PRIMARY KEY, place, {made if rows == 'rows' else 'value'})")
        connection.execute("INSERT INTO kept (name) VALUES ('a')")
        connection.execute("INSERT INTO rows (place) VALUES ('b')")
        connection.commit()
    assert (stored(tmp_path).values, stored(tmp_path).tables) == ((), ())
