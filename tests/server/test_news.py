"""The stream of the library: numbers to go on from, heartbeats, and readers that cost nothing."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

import pytest
from tornado.httpclient import AsyncHTTPClient

from microapps.server import streaming
from microapps.server.bulletin import KEPT, Bulletin
from microapps.server.models import AppNews

from .reading import follow, parsed


def news(app: str) -> AppNews:
    return AppNews(what="changed", app=app)


async def first(bulletin: Bulletin, after: int | None, count: int) -> list[tuple[str, int]]:
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


async def _all(bulletin: Bulletin) -> int:
    return len([one async for one in bulletin.read(0)])


@pytest.mark.sandbox
async def test_what_happens_is_told_and_a_silent_stream_beats(
    ask: Any,
    jp_fetch: Any,
    jp_http_port: int,
    jp_base_url: str,
    jp_auth_header: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(streaming, "BEAT", 0.05)
    said = ""

    def take(piece: bytes) -> None:
        nonlocal said
        said += piece.decode()

    url = f"http://127.0.0.1:{jp_http_port}{jp_base_url}microapps/api/events"
    client = AsyncHTTPClient(force_instance=True)
    reading = asyncio.ensure_future(
        client.fetch(url, headers=jp_auth_header, streaming_callback=take, request_timeout=100)
    )
    async with asyncio.timeout(60):
        while said.count(": beat") < 3:
            await asyncio.sleep(0.02)
        job = (await ask("POST", "jobs", {"action": "make", "request": "split the bill with a tip"})).body
        name = (await follow(jp_fetch, job["id"]))[-1]["app"]
        await ask("POST", f"apps/{name}/fork", {"name": "copy"})
        while '"copy"' not in said:
            await asyncio.sleep(0.02)
    reading.cancel()
    client.close()
    told = [(value["kind"], value["what"]) for _, _, value in parsed(said)]
    assert told == [("job", "started"), ("job", "ended"), ("app", "made"), ("app", "made")]
