"""The database: its schema and migrations, its settings, and errors a person understands."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import Connection, inspect, text

from microapps.errors import InvalidSetting, MachineFault
from microapps.library import Library
from microapps.library.database import Database
from microapps.library.migrations import STEPS, latest
from microapps.library.tables import metadata
from microapps.notebook import Permissions, read

from .build_old_database import FILES, content
from .processes import child, ended
from .samples import make


@pytest.mark.parametrize("old", FILES, ids=lambda path: path.stem)
def test_a_library_of_every_earlier_version_opens_with_all_it_held(tmp_path: Path, old: Path) -> None:
    shutil.copy(old, tmp_path / "library.db")
    with Library(tmp_path) as library:
        assert content(library) == content_expected()
        for record in library.apps():
            assert read(library.notebook_path(record.name)).app == library.revision(record.name).notebook
        make(library)


def content_expected() -> dict[str, object]:
    return {
        "apps": [("tip", 2, "passed"), ("kept", 1, "passed")],
        "trash": ["gone"],
        "revisions": [(1, None, "make", 1), (2, 1, "change", 2), (3, 2, "change", 3)],
        "conversation": [{"role": "user", "content": "one"}, {"role": "user", "content": "two"}],
        "interrupted": [("half", "stopped", 9)],
        "granted": Permissions(packages=("numpy",)),
        "accesses": [("example.org:443", False, 2)],
        "preferences": ["Show money in euros."],
        "usage": [("haiku", 10, 0.5)],
        "former": "tip",
    }


def _step(number: int, *statements: str) -> ModuleType:
    """A migration that runs statements."""
    module = ModuleType(f"v{number:03}")

    def upgrade(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement))

    module.upgrade = upgrade  # type: ignore[attr-defined]
    return module


def _address(home: Path, url: str) -> str:
    return url or f"sqlite:///{home / 'library.db'}"


def test_the_steps_lead_to_the_tables_in_use(home: Path, url: str) -> None:
    database = Database(_address(home, url))
    there = inspect(database.engine)
    assert set(there.get_table_names()) == set(metadata.tables)
    for name, table in metadata.tables.items():
        dialect = database.engine.dialect
        columns = {c["name"]: (c["nullable"], c["type"].compile(dialect)) for c in there.get_columns(name)}
        assert columns == {c.name: (c.nullable, c.type.compile(dialect)) for c in table.columns}
        assert {i["name"] for i in there.get_indexes(name)} == {index.name for index in table.indexes}
        keys = {(tuple(k["constrained_columns"]), k["options"].get("ondelete")) for k in there.get_foreign_keys(name)}
        assert keys == {(tuple(k.column_keys), k.ondelete) for k in table.foreign_key_constraints}
        assert there.get_pk_constraint(name)["constrained_columns"] == [c.name for c in table.primary_key]
    database.close()


def test_a_new_step_runs_once_and_keeps_what_is_there(home: Path, url: str) -> None:
    with Library(home, url) as library:
        make(library)
    steps = (*STEPS, _step(latest() + 1, "ALTER TABLE apps ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue'"))
    for _ in range(2):
        database = Database(_address(home, url), steps=steps)
        with database.read() as connection:
            assert connection.execute(text("SELECT name, colour FROM apps")).all() == [("tip-splitter", "blue")]
            assert connection.execute(text("SELECT count(*) FROM schema_version")).scalar() == latest(steps)
        database.close()


def test_a_step_that_fails_leaves_no_trace(home: Path, url: str) -> None:
    with Library(home, url) as library:
        make(library)
    steps = (*STEPS, _step(latest() + 1, "CREATE TABLE colours (name TEXT)", "CREATE TABLE colours (name TEXT)"))
    with pytest.raises(MachineFault):
        Database(_address(home, url), steps=steps)
    with Library(home, url) as library:
        assert len(library.apps()) == 1
        assert not inspect(library.database.engine).has_table("colours")


def test_a_library_of_a_newer_version_is_left_alone(home: Path, url: str) -> None:
    Database(_address(home, url), steps=(*STEPS, _step(latest() + 1, "CREATE TABLE colours (name TEXT)"))).close()
    with pytest.raises(MachineFault, match="newer microapps"):
        Library(home, url)


def test_sqlite_is_durable_and_private(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Library(home) as library, library.database.read() as connection:
        asked = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
        assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}
        for path in (home, *home.glob("library.db*")):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_the_default_home_is_the_users(microapps_home: Path) -> None:
    with Library() as library:
        assert library.home == microapps_home
        assert (microapps_home / "library.db").is_file()


@pytest.mark.parametrize("url", ["mysql://host/name", "nonsense", "nosuch+driver://host"])
def test_another_database_is_refused(home: Path, url: str) -> None:
    with pytest.raises(InvalidSetting):
        Library(home, url)


def test_a_server_that_is_not_there_is_a_fault_of_the_machine_and_keeps_its_password(home: Path) -> None:
    with pytest.raises(MachineFault) as caught:
        Library(home, "postgresql+psycopg://me:secret@127.0.0.1:1/none")
    assert "secret" not in str(caught.value)
    assert caught.value.hint


def test_a_file_that_is_no_database_is_a_fault_of_the_machine(home: Path) -> None:
    home.mkdir()
    (home / "library.db").write_bytes(b"not a database at all, but long enough to be looked at " * 100)
    with pytest.raises(MachineFault, match="no database"):
        Library(home)


def test_a_damaged_database_is_a_fault_of_the_machine(home: Path) -> None:
    with Library(home) as library:
        make(library)
    with sqlite3.connect(home / "library.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = bytearray((home / "library.db").read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    (home / "library.db").write_bytes(content)
    with pytest.raises(MachineFault, match="damaged"), Library(home) as library:
        library.apps()


@pytest.mark.skipif(os.name != "posix", reason="owners and permissions are those of POSIX")
def test_a_folder_without_permission_is_a_fault_of_the_machine(short_folder: Path) -> None:
    with Library(short_folder / "another"):
        pass  # all that opening one imports is imported: the child below may have no access to it
    short_folder.chmod(0o555)

    def work() -> None:
        if os.geteuid() == 0:  # root may write anywhere
            os.setgroups([])
            os.setresgid(4242, 4242, 4242)
            os.setresuid(4242, 4242, 4242)
        with pytest.raises(MachineFault, match="Permission denied"):
            Library(short_folder / "home")

    assert ended(child(work)) == 0
    short_folder.chmod(0o700)


def test_a_home_that_is_a_file_is_a_fault_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(MachineFault):
        Library(tmp_path / "home")


def test_a_home_with_signs_that_addresses_use(tmp_path: Path) -> None:
    home = tmp_path / "a b%20?x=1#y" / "홈"
    with Library(home) as library:
        make(library)
        assert (home / "library.db").is_file()
