"""A home on a full disk: what cannot be done is said, what only reads goes on, and nothing that was kept is lost."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from microapps.library import Library
from tests.library import samples

from .jupyter import Jupyter, Person

pytestmark = [pytest.mark.anyio, pytest.mark.sandbox]
NAME = "tip-splitter"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m,mode=755", "none", str(place)]
    try:
        if subprocess.run(command, capture_output=True).returncode:
            pytest.skip("mounting needs root")
    except FileNotFoundError:
        pytest.skip("there is no command to mount with")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Path) -> Path:
    """Leave no room at all; the file to remove for some."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    return ballast


async def test_what_a_full_disk_refuses_is_said_and_nothing_is_lost(
    disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = disk / "home"
    monkeypatch.setenv("MICROAPPS_HOME", str(home))
    with Library(home) as library:
        samples.make(library)
    served = Jupyter(tmp_path, home)
    await asyncio.to_thread(served.start)
    ask = Person(served)
    try:
        assert len((await ask("GET", "apps")).body) == 1
        ballast = fill(disk)
        for method, path, wish in (
            ("PATCH", f"apps/{NAME}", {"title": "Another"}),
            ("POST", f"apps/{NAME}/fork", {}),
            ("POST", f"apps/{NAME}/publish", {}),
            ("PATCH", "settings", {"changes": {"speed": "fast"}}),
            ("DELETE", f"apps/{NAME}", None),
        ):
            refused = await ask(method, path, wish)
            assert (refused.status, refused.body["error"]) == (503, "MachineFault"), (method, path, refused.body)
            assert refused.body["hint"].startswith(("Make room", "Free some space")), refused.body
        sent = await ask("POST", "uploads", body=b"x" * 500_000, params={"name": "a.csv"})
        assert sent.status == 503 and "Make room" in sent.body["hint"]
        assert (await ask("GET", f"apps/{NAME}/page")).body["url"], "who only uses the app is not in the way"
        assert [app["title"] for app in (await ask("GET", "apps")).body] == ["Tip splitter"]
        ballast.unlink()
        assert (await ask("PATCH", f"apps/{NAME}", {"title": "Another"})).body["title"] == "Another"
        assert [row["number"] for row in (await ask("GET", f"apps/{NAME}/revisions")).body] == [2, 1]
    finally:
        await asyncio.to_thread(served.stop)
