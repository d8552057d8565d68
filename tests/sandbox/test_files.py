"""Granted files and folders are there, nothing beside them is, and the host follows no link an app plants."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from microapps.errors import MachineFault
from microapps.notebook.permissions import FileAccess, Permissions
from microapps.sandbox import Confinement, Sandbox, disk, launch
from microapps.sandbox.policy import granted_files

from .kernels import talking


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as made:
        yield made


def _granting(*files: tuple[Path, str], data: Path | None = None) -> Confinement:
    given = tuple(FileAccess(path=str(path), mode=mode) for path, mode in files)  # type: ignore[arg-type]
    return Confinement("files", granted=Permissions(files=given), data=data)


@pytest.mark.sandbox
@pytest.mark.anyio
async def test_a_file_granted_for_reading_can_be_read_only(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("a,b")
    (tmp_path / "table.csv").chmod(0o600)
    (tmp_path / "beside.csv").write_text("secret")
    async with talking(sandbox.kernels(_granting((tmp_path / "table.csv", "read")))) as kernel:
        assert await kernel.run(f"print(open('{tmp_path}/table.csv').read())") == "a,b"
        assert "Error" in await kernel.run(f"open('{tmp_path}/table.csv', 'a')")
        assert "FileNotFoundError" in await kernel.run(f"open('{tmp_path}/beside.csv')")


@pytest.mark.sandbox
@pytest.mark.anyio
async def test_a_folder_granted_for_writing_can_be_changed_and_stays_the_persons(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o700)
    (folder / "old").write_text("old")
    async with talking(sandbox.kernels(_granting((folder, "read-write")))) as kernel:
        assert await kernel.run(f"open('{folder}/old', 'a').write('er'); open('{folder}/new', 'w').write('n')") == ""
    assert (folder / "old").read_text() == "older"
    assert (folder / "new").stat().st_uid == os.getuid() == folder.stat().st_uid


@pytest.mark.sandbox
@pytest.mark.anyio
async def test_a_folder_granted_for_reading_cannot_be_changed(sandbox: Sandbox, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    async with talking(sandbox.kernels(_granting((folder, "read")))) as kernel:
        assert "Error" in await kernel.run(f"open('{folder}/new', 'w')")


@pytest.mark.sandbox
@pytest.mark.anyio
async def test_a_socket_of_the_harness_can_be_shown(sandbox: Sandbox, short_folder: Path) -> None:
    import socket

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(short_folder / "broker"))
        os.chmod(short_folder / "broker", 0o666)
        server.listen()
        confinement = Confinement("broker", sockets=(("broker", short_folder / "broker"),))
        async with talking(sandbox.kernels(confinement)) as kernel:
            code = "import socket; s = socket.socket(socket.AF_UNIX); s.connect('/run/given/broker'); print('in')"
            assert await kernel.run(code) == "in"


@pytest.mark.sandbox
@pytest.mark.anyio
async def test_the_data_folder_lasts_and_belongs_to_one_app(sandbox: Sandbox, tmp_path: Path) -> None:
    one = Confinement("one", data=tmp_path / "one")
    two = Confinement("two", data=tmp_path / "two")
    read = "import sqlite3; print(*sqlite3.connect('/data/t.db').execute('select x from t'))"
    async with talking(sandbox.kernels(one)) as kernel:
        await kernel.run("import sqlite3; c = sqlite3.connect('/data/t.db'); c.execute('pragma journal_mode=wal');"
                         " c.execute('create table t(x)'); c.execute('insert into t values(1)');"
                         " c.commit()")  # fmt: skip
    async with talking(sandbox.kernels(one)) as kernel:
        assert await kernel.run(read) == "(1,)"
    async with talking(sandbox.kernels(two)) as kernel:
        assert await kernel.run("import os; print(os.listdir('/data'))") == "[]"


@pytest.mark.sandbox
@pytest.mark.anyio
async def test_a_source_that_only_its_owner_can_read_is_shown(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "source").mkdir(mode=0o700)
    (tmp_path / "source" / "table.csv").write_text("a,b")
    (tmp_path / "source" / "table.csv").chmod(0o600)
    async with talking(sandbox.kernels(Confinement("source", source=tmp_path / "source"))) as kernel:
        assert await kernel.run("print(open('table.csv').read())") == "a,b"


@pytest.mark.skipif(os.getuid() != 0, reason="only root hands folders over")
def test_handing_over_follows_no_planted_link(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_text("x")
    data = tmp_path / "data"
    (data / "deep").mkdir(parents=True)
    (data / "link").symlink_to(precious)
    (data / "deep" / "link").symlink_to(precious / "file")
    launch.hand_over(data, (4242, 4242))
    assert (data / "deep").stat().st_uid == 4242
    assert precious.stat().st_uid == (precious / "file").stat().st_uid == 0


def test_measuring_a_data_folder_follows_no_planted_link(tmp_path: Path) -> None:
    (tmp_path / "up").symlink_to("/")
    (tmp_path / "self").symlink_to(tmp_path)
    (tmp_path / "file").write_bytes(b"x" * 8192)
    size, entries = disk.measured(str(tmp_path), 1000)
    assert entries == 3
    assert size <= 16384


def test_a_grant_through_a_link_the_app_could_have_planted_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "table.csv").symlink_to(Path.home())
    with pytest.raises(MachineFault, match="the app may change"):
        granted_files(_granting((folder, "read-write"), (folder / "table.csv", "read")))
    with pytest.raises(MachineFault, match="the app may change"):
        granted_files(_granting((folder / "table.csv" / "key", "read"), data=folder))


def test_a_grant_through_the_persons_own_link_is_good(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert granted_files(_granting((tmp_path / "link", "read"))) == ((tmp_path / "link", "read"),)
