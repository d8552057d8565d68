"""What another process does to the library is told here, whatever it is."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from microapps.errors import MachineFault
from microapps.library import Library
from microapps.notebook import Permissions
from microapps.server import neighbours
from microapps.server.models import AppNews
from tests.library.samples import change, make


class Unreachable(Library):
    """A library that is not there at the first look."""

    looks = 0

    def generation(self) -> str:
        self.looks += 1
        if self.looks == 1:
            raise MachineFault("The library's database does not answer.", "Wait.")
        return super().generation()


async def test_permissions_and_publications_of_another_process_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbours, "EVERY", 0.01)
    told: asyncio.Queue[AppNews] = asyncio.Queue()
    with Library(tmp_path) as other, Unreachable(tmp_path) as library:
        name = make(other).app
        digest = other.revision(name).digest
        watching = asyncio.ensure_future(neighbours.Neighbours(library, told.put_nowait).watch())
        async with asyncio.timeout(30):
            while library.looks < 4:  # the first look that went well has been taken
                await asyncio.sleep(0.01)
            steps: tuple[tuple[str, Callable[[], object]], ...] = (
                ("permissions", lambda: other.grant(name, Permissions(model_budget=1), digest)),
                ("published", lambda: other.open_link(name, "guest", label="Anna")),
                ("permissions", lambda: other.revoke(name)),
                ("published", lambda: other.unpublish(name)),
                ("changed", lambda: change(other, name, 2)),
                ("removed", lambda: other.remove(name)),
            )
            for what, act in steps:
                act()
                news = await told.get()
                assert (news.what, news.app) == (what, name)
        assert told.empty() and not watching.done()
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def test_what_this_server_did_is_not_told_again_however_long_a_look_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, looking, look_on = [0.0], threading.Event(), threading.Event()
    look_on.set()

    class Slow(Library):
        looks = 0

        def generation(self) -> str:
            self.looks += 1
            if not look_on.is_set():
                looking.set()
            look_on.wait(60)
            return super().generation()

    monkeypatch.setattr(neighbours, "EVERY", 0.01)
    monkeypatch.setattr(neighbours, "time", SimpleNamespace(monotonic=lambda: now[0]))
    told: asyncio.Queue[AppNews] = asyncio.Queue()
    with Library(tmp_path) as other, Slow(tmp_path) as library:
        mine, theirs = make(other).app, make(other).app
        watcher = neighbours.Neighbours(library, told.put_nowait)
        watching = asyncio.ensure_future(watcher.watch())
        async with asyncio.timeout(30):
            while library.looks < 3:
                await asyncio.sleep(0.01)
            look_on.clear()
            assert await asyncio.to_thread(looking.wait, 30)
            change(other, mine, 2)
            watcher.did(mine)
            now[0] = 1000.0
            change(other, theirs, 2)
            look_on.set()
            news = await told.get()
            assert (news.what, news.app) == ("changed", theirs)
            looks = library.looks
            while library.looks < looks + 3:
                await asyncio.sleep(0.01)
            assert told.empty()
            change(other, mine, 3)
            news = await told.get()
            assert (news.what, news.app) == ("changed", mine), "this was another process"
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
