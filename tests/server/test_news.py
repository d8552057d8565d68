"""The stream of the library: numbers to go on from, heartbeats, and readers that cost nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from microapps.generator import store_key, write_setting
from microapps.library import Library
from microapps.server import streaming
from microapps.server.bulletin import KEPT, Bulletin
from microapps.server.models import AppNews
from tests.endpoint import Endpoint

from .conftest import Made
from .jupyter import Heard, Person


def news(app: str) -> AppNews:
    return AppNews(what="changed", app=app)


async def first(bulletin: Bulletin, after: int, count: int) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    async with aclosing(bulletin.read(after)) as reading:  # type: ignore[type-var]
        while len(found) < count:
            one = await asyncio.wait_for(anext(reading), 5)
            found.append((one.kind, one.number))
    return found


async def test_a_reader_goes_on_where_it_left_off() -> None:
    bulletin = Bulletin()
    for name in "abc":
        bulletin.post(news(name))
    assert await first(bulletin, 1, 2) == [("app", 2), ("app", 3)]


async def test_a_reader_that_missed_too_much_or_knows_another_server_is_told_to_begin_anew() -> None:
    bulletin = Bulletin()
    for _ in range(KEPT + 5):
        bulletin.post(news("a"))
    assert await first(bulletin, 2, 1) == [("reset", KEPT + 5)]
    assert await first(bulletin, KEPT + 500, 1) == [("reset", KEPT + 5)]


async def test_every_reader_ends_when_the_server_does() -> None:
    bulletin = Bulletin()
    readers = [asyncio.ensure_future(_all(bulletin)) for _ in range(3)]
    await asyncio.sleep(0)
    bulletin.post(news("a"))
    await asyncio.sleep(0.05)
    bulletin.close()
    assert await asyncio.wait_for(asyncio.gather(*readers), 5) == [1, 1, 1]


@pytest.mark.long
@pytest.mark.sandbox
async def test_what_another_process_does_to_the_library_is_told_too(
    ask: Person, starter: Made, microapps_home: Path
) -> None:
    async with ask.listening("events") as heard:
        await heard.until(lambda heard: "event: now" in heard.text)
        with Library(microapps_home) as beside:
            name = beside.fork(starter.name, "from-beside").name
            await heard.until(lambda heard: name in heard.text)
            assert name in [app["name"] for app in (await ask("GET", "apps")).body]
            beside.rename(name, "another-name")
            await heard.until(lambda heard: "another-name" in heard.text)
        await ask("DELETE", "apps/another-name")
        await heard.until(lambda heard: ("removed", "another-name") in _apps_of(heard))
    told = [(what, app) for what, app in _apps_of(heard) if app in (name, "another-name")]  # some of before come late
    renamed = [("removed", name), ("made", "another-name")]
    assert told == [("made", name), *renamed, ("removed", "another-name")]


def _apps_of(heard: Heard) -> list[tuple[str, str]]:
    return [(value["what"], value["app"]) for _, _, value in heard.events if value["kind"] == "app"]


async def test_from_now_on_says_where_that_is_and_nothing_of_before(ask: Person, starter: Made, forked: Any) -> None:
    before = forked(starter)
    async with ask.listening("events") as heard:
        await heard.until(lambda heard: "event: now" in heard.text)
        number = int(heard.text.split("id: ")[1].split()[0])
        after = forked(starter)
        await heard.until(lambda heard: after in heard.text)
    assert before not in heard.text
    assert heard.events[0][0] == number + 1, "a reader that comes back goes on from there"


async def test_settings_and_key_that_another_process_changes_are_taken_up(ask: Person, microapps_home: Path) -> None:
    """As ``microapps config`` does in a terminal."""
    async with ask.listening("events") as heard:
        await heard.until(lambda heard: "event: now" in heard.text)
        write_setting("speed", "best")
        assert (await _once_told(ask, heard, lambda status: status["speed"] == "best"))["key"]["present"] is False
        store_key("sk-of-another-process")
        await _once_told(ask, heard, lambda status: status["key"]["present"])
        told = len(heard.events)
        await ask("DELETE", "key")
        await ask("PATCH", "settings", {"changes": {"speed": None}})
        await heard.until(lambda heard: len(heard.events) >= told + 2)
    assert (await ask("GET", "status")).body["speed"] == "balanced"


async def _once_told(ask: Person, heard: Heard, right: Callable[[Any], bool]) -> Any:
    """The status, asked for whenever the news say that it is another, once it is as it should be."""
    told = 0
    while True:
        await heard.until(lambda heard, told=told: len(heard.events) > told)
        told = len(heard.events)
        status = (await ask("GET", "status")).body
        if right(status):
            return status


async def _all(bulletin: Bulletin) -> int:
    return len([one async for one in bulletin.read(0)])


@pytest.mark.sandbox
async def test_what_happens_is_told_and_a_silent_stream_beats(
    ask: Person, model: Endpoint, doubled: Made, forked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "BEAT", 0.05)
    name = forked(doubled)
    model.answer("It is fine as it is.")
    async with ask.listening("events") as heard:
        await heard.until(lambda heard: heard.text.count(": beat") > 3)
        job = (await ask("POST", "jobs", {"action": "change", "app": name, "request": "bigger"})).body
        await ask.follow(job["id"])
        await ask("POST", f"apps/{name}/fork", {"name": "copy"})
        await heard.until(lambda heard: '"copy"' in heard.text)
    told = [(value["kind"], value["what"]) for _, _, value in heard.events]
    assert told == [("job", "started"), ("job", "ended"), ("app", "made")]
    assert heard.events[-1][2]["app"] == "copy"
