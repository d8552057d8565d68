"""The host looks at, copies and removes what an app wrote, and is led nowhere by it."""

from __future__ import annotations

import logging
import os
import queue
import threading
from collections.abc import Callable
from logging.handlers import QueueHandler
from pathlib import Path

import pytest

from microapps import app_files
from microapps.errors import InvalidInput
from microapps.sandbox import disk

from .library.processes import child, ended


def _deep(folder: Path, depth: int) -> None:
    here = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("d" * 50, dir_fd=here)
        here, above = os.open("d" * 50, os.O_RDONLY, dir_fd=here), here
        os.close(above)
    os.close(os.open("file", os.O_WRONLY | os.O_CREAT, dir_fd=here))
    os.close(here)


def test_plain_files_are_copied_and_nothing_else(tmp_path: Path) -> None:
    data, outside = tmp_path / "data", tmp_path / "outside"
    (data / "below").mkdir(parents=True)
    outside.write_text("secret")
    (data / "b").write_text("b")
    (data / "below" / "a").write_text("a")
    (data / "link").symlink_to(outside)
    (data / "folder").symlink_to(tmp_path)
    os.mkfifo(data / "pipe")
    assert dict(app_files.contents(data)) == {"b": b"b", "below/a": b"a"}
    assert [(name, seen.st_size) for name, seen in app_files.plain_files(data)] == [("b", 1), ("below/a", 1)]
    assert list(app_files.contents(tmp_path / "nowhere")) == []


def test_a_folder_that_becomes_a_link_meanwhile_leads_nowhere(tmp_path: Path) -> None:
    data, outside = tmp_path / "data", tmp_path / "outside"
    outside.mkdir()
    data.mkdir()
    for number in range(20):
        (outside / str(number)).write_text("secret")
        (data / "folder").mkdir(exist_ok=True)
        (data / "folder" / str(number)).write_text("own")
    (data / "link").symlink_to(outside)
    over = threading.Event()

    def swap() -> None:
        while not over.is_set():
            for one, other in (("folder", "aside"), ("link", "folder"), ("folder", "link"), ("aside", "folder")):
                (data / one).rename(data / other)

    swapping = threading.Thread(target=swap)
    swapping.start()
    try:
        found = [content for _ in range(300) for _, content in app_files.contents(data)]
    finally:
        over.set()
        swapping.join()
    assert set(found) == {b"own"}


def test_what_would_be_huge_when_copied_is_not_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_files, "LARGEST", 1 << 20)
    for number in range(3):
        with (tmp_path / f"sparse{number}").open("wb") as file:
            file.truncate(app_files.LARGEST // 2)
    with pytest.raises(InvalidInput, match="more than any app may keep"):
        for _ in app_files.contents(tmp_path):
            pass


def test_a_folder_is_removed_however_deep_it_is_and_whatever_is_closed_in_it(tmp_path: Path) -> None:
    data, outside = tmp_path / "data", tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("x")
    data.mkdir()
    _deep(data, 3000)
    (data / "link").symlink_to(outside)
    (data / "closed" / "below").mkdir(parents=True)
    (data / "closed").chmod(0)
    assert disk.measured(str(data), 20_000)[1] > 20_000  # too deep to be looked at: the kernel is ended
    app_files.clear(data)
    assert list(data.iterdir()) == []
    app_files.remove(data)
    assert not data.exists()
    assert (outside / "precious").exists()


def _as_somebody(folder: Path, work: Callable[[], object], first: Callable[[], object] = lambda: None) -> None:
    """Do the work below a folder as a user who, unlike root, is kept out of what is closed."""
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, 65534, 65534)
    first()

    def demoted() -> None:
        os.chdir(folder)  # those above may be closed to that user
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        work()

    assert ended(child(demoted)) == 0


def test_what_an_app_closed_is_listed_copied_and_removed_by_its_owner(tmp_path: Path) -> None:
    (tmp_path / "data" / "sub" / "below").mkdir(parents=True)
    for name in ("a", "sub/b", "sub/below/c"):
        (tmp_path / "data" / name).write_text(name)

    def close(mode: int) -> None:
        for name in ("a", "sub/b", "sub/below", "sub", ""):
            Path("data", name).chmod(mode)

    def work() -> None:
        data = Path("data")
        for mode in (0, 0o400, 0o100):
            close(mode)
            assert {name for name, _ in app_files.plain_files(data)} == {"a", "sub/b", "sub/below/c"}
            close(mode)
            assert {name for name, _ in app_files.contents(data)} == {"a", "sub/b", "sub/below/c"}
        close(0)
        app_files.clear(data)
        assert list(data.iterdir()) == []
        data.chmod(0)
        app_files.remove(data)
        assert not data.exists()

    _as_somebody(tmp_path, work)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make what is somebody else's")
def test_what_stays_closed_is_left_out_and_told(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "own").write_text("own")

    def work() -> None:
        told: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
        logging.getLogger("microapps.app_files").addHandler(QueueHandler(told))
        assert dict(app_files.contents(Path("data"))) == {"own": b"own"}
        assert sorted(name for name, _ in app_files.plain_files(Path("data"))) == ["another's", "own"]
        assert ["cannot be read" in told.get(timeout=1).getMessage() for _ in range(told.qsize())] == [True] * 3

    def closed() -> None:
        for path in (tmp_path / "data" / "another's", tmp_path / "data" / "closed"):
            os.chown(path, 0, 0)
            path.chmod(0)

    (tmp_path / "data" / "another's").touch()
    (tmp_path / "data" / "closed").mkdir()
    _as_somebody(tmp_path, work, first=closed)


def test_looking_leaves_nothing_open(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    before = len(os.listdir("/dev/fd"))
    assert dict(app_files.contents(tmp_path)) == {"file": b""}
    assert len(os.listdir("/dev/fd")) == before


def test_a_length_counts_though_nothing_is_behind_it(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1 << 30)
    assert disk.measured(str(tmp_path), 10) == (1 << 30, 1)
