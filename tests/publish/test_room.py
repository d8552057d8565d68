"""How many visitors there is room for: places of the site, of an app, and the memory of all together."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest
from tornado.httpclient import AsyncHTTPClient

from microapps.publish import SiteSettings
from microapps.publish.room import NEWCOMER, Room, machine_memory, private_memory
from microapps.publish.settings import MEBIBYTE
from microapps.publish.visits import MOST_LEFT, Visit, Visits

from .conftest import COUNTER, published, serve

pytestmark = pytest.mark.anyio


def visits_of(**settings: int) -> Visits:
    async def end(kernel_id: str) -> None:
        del kernel_id

    return Visits(SiteSettings(**settings), end, Room(os.getpid()))  # type: ignore[arg-type]


def begun(visits: Visits, app: str) -> Visit | None:
    visit = visits.announce(app, "")
    return visit if visits.begin(visit) else None


async def test_the_last_place_of_the_site_is_the_last_of_every_app() -> None:
    visits = visits_of(visits=2)
    assert begun(visits, "one") and begun(visits, "two")
    assert begun(visits, "three") is None
    assert visits.full("three") == "all 2 places of the site are taken"


async def test_of_those_who_left_and_may_come_back_few_are_waited_for() -> None:
    class Ended:
        def __init__(self) -> None:
            self.why = ""

        async def end(self, why: str) -> None:
            self.why = why

    visits, there = visits_of(visits=100), []
    for _ in range(MOST_LEFT + 3):
        visit = begun(visits, "one")
        assert visit is not None
        visit.visitor = Ended()  # type: ignore[assignment]
        visits.connected(visit)
        there.append(visit)
    lost, *left = there
    visits.disconnected(lost)  # by a connection that broke: it is waited for as long as ever
    for visit in left:
        visit.left = True
        visits.disconnected(visit)
    assert [visit.running for visit in there] == [True, False, False, *[True] * MOST_LEFT]
    assert visits.present() == {"one": 1}
    await visits.forget()


async def test_the_first_page_of_a_visit_whose_cover_has_joined_its_process_is_not_waited_for() -> None:
    visits = visits_of(visits=2)
    visit = begun(visits, "one")
    assert visit is not None
    visits.connected(visit)  # by the cover
    coming = asyncio.ensure_future(visits.come_back(visit))
    await asyncio.sleep(0)
    assert coming.done() and coming.result() is False


@pytest.mark.parametrize("said_so", [True, False])
async def test_a_page_that_said_that_it_goes_is_waited_for(monkeypatch: pytest.MonkeyPatch, said_so: bool) -> None:
    monkeypatch.setattr("microapps.publish.visits.CLOSING", 0.01)
    visits = visits_of(visits=2)
    visit = begun(visits, "one")
    assert visit is not None
    visit.drawn = ("", Mock())  # its page was there
    visits.connected(visit)
    visit.left = said_so
    coming = asyncio.ensure_future(visits.come_back(visit))
    await asyncio.sleep(0.2)
    assert coming.done() is not said_so
    visits.disconnected(visit)
    assert await coming is said_so, "else it is open in another tab"
    await visits.forget()


async def test_one_app_cannot_take_all_places_where_each_has_a_limit() -> None:
    visits = visits_of(visits=4, visits_per_app=1)
    first = begun(visits, "one")
    assert first is not None
    assert begun(visits, "one") is None
    assert visits.full("one") == "all 1 places of this app are taken"
    assert begun(visits, "two")
    await visits.end(first)
    assert begun(visits, "one")


async def test_visitors_who_came_since_the_last_look_count_as_much_as_one_does() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as alone:  # nothing is below it
        room = Room(alone.pid, 3 * NEWCOMER // MEBIBYTE)
        for _ in range(2):
            assert not room.full
            room.take()
        room.take()
        assert room.full and room.used == 3 * NEWCOMER
        await room.look(0)
        assert not room.full and room.used < NEWCOMER
        alone.communicate(b"\n")


async def test_what_the_processes_below_hold_is_seen() -> None:
    source = "held = bytearray(b'x' * (40 << 20)); print(1, flush=True); input()"
    program = [sys.executable, "-c", source]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline()
        room = Room(os.getpid(), 32)
        await room.look(4)
        assert room.used >= 40 * MEBIBYTE and room.full
        process.communicate(b"\n")
    assert private_memory(process.pid) == 0
    assert Room(os.getpid()).limit < machine_memory()


@pytest.mark.sandbox
async def test_where_memory_is_full_a_page_says_so_and_asks_to_try_again(tmp_path: Path) -> None:
    app = published(tmp_path, "tip", COUNTER, "display(app)")
    async for running in serve([app], thin=True, memory_mebibytes=1, warm=0):
        async with asyncio.timeout(30):
            client = AsyncHTTPClient(force_instance=True)
            frame = (await client.fetch(await running.site.link("tip"))).body.decode()
            address = running.site.address + frame.partition('<iframe src="')[2].partition('"')[0]
            page = await client.fetch(address, headers={"Sec-Fetch-Dest": "iframe"}, raise_error=False)
            assert page.code == 503 and int(page.headers["Retry-After"]) > 0
            assert "is busy" in page.body.decode() and "Try again" in page.body.decode()
            assert "1 MiB" in (await running.notice("busy", "tip")).what
            assert await running.site.visits() == 0
