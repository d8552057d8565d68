"""Whatever a hostile kernel sends, the broker goes on, bounded in memory, time and pace."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from microapps.broker.listener import Listener, Pace
from microapps.broker.questions import Question, Refusal

from .asking import ask, say

pytestmark = pytest.mark.anyio
PACE = Pace(at_once=3, per_minute=5, to_send=60.0, to_read=60.0, penalty=0.05)
IMPATIENT = replace(PACE, to_send=1.0, to_read=1.0)


class Answerer:
    """Keeps what it was asked; holds its answers back until ``go`` is set."""

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.refused: list[Refusal] = []
        self.under_way = self.most = 0
        self.go = asyncio.Event()
        self.go.set()

    async def __call__(self, question: Question) -> str:
        self.asked.append(question)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await self.go.wait()
        self.under_way -= 1
        return f"You said {question.prompt}"


@pytest.fixture
def answerer(anyio_backend: str) -> Answerer:
    return Answerer()


@pytest.fixture
async def path(anyio_backend: str, short_folder: Path, answerer: Answerer) -> AsyncIterator[Path]:
    listener = Listener(short_folder / "s", answerer, answerer.refused.append, PACE)
    yield listener.path
    await listener.close()


async def test_a_question_is_answered(path: Path) -> None:
    assert await ask(path, "안녕 \ud83d") == {"text": "You said 안녕 ?"}


JUNK: list[bytes] = [
    b"", b"\x00\xff\xfe", b"null", b"[]", b"7", b'"text"', b"{}", b"{" * 5000, b"[" * 100_000, b"9" * 10_000,
    b'{"prompt": 1, "system": "", "max_tokens": 1}', b'{"prompt": " ", "system": "", "max_tokens": 1}',
    b'{"prompt": "a", "system": null, "max_tokens": 1}', b'{"prompt": "a", "system": "", "max_tokens": true}',
    b'{"prompt": "a", "system": "", "max_tokens": 1e9}', b'{"prompt": "a", "system": "", "max_tokens": 9999999}',
    b'{"prompt": "a", "system": "", "max_tokens": -1}', b'{"prompt": "a", "system": "", "max_tokens": NaN}',
    b'{"prompt": "a", "system": "", "max_tokens": ' + b"9" * 100_000 + b"}",
    json.dumps({"prompt": "x" * 100_001, "system": "", "max_tokens": 1}).encode(),
    b"GET / HTTP/1.1\r\nHost: x\r\n\r",
]  # fmt: skip


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: junk[:30].decode(errors="replace"))
async def test_junk_is_refused_and_reaches_no_model(path: Path, answerer: Answerer, junk: bytes) -> None:
    assert json.loads(await say(path, junk))["error"] == "question"
    assert not answerer.asked
    assert not answerer.refused
    assert "text" in await ask(path)


async def test_a_line_without_end_is_cut_off_within_little_memory(path: Path, answerer: Answerer) -> None:
    before = psutil.Process().memory_info().rss
    for _ in range(6):
        await say(path, b"x" * (8 << 20))
    assert psutil.Process().memory_info().rss - before < 60 << 20
    assert "text" in await ask(path)


async def test_a_kernel_that_sends_nothing_is_dropped(short_folder: Path, answerer: Answerer) -> None:
    listener = Listener(short_folder / "silent", answerer, answerer.refused.append, IMPATIENT)
    silent = [await asyncio.open_unix_connection(listener.path) for _ in range(PACE.at_once)]
    try:
        async with asyncio.timeout(30):
            assert "text" in await ask(listener.path)  # its turn comes when the silent ones have been dropped
    finally:
        for _, writer in silent:
            writer.close()
        await listener.close()


async def test_a_kernel_that_leaves_in_the_middle_costs_nothing(path: Path, answerer: Answerer) -> None:
    for sent in (b"", b'{"prompt"', b'{"prompt": "a", "system": "", "max_tokens": 1}\n'):
        _, writer = await asyncio.open_unix_connection(path)
        writer.write(sent)
        writer.transport.abort()
    assert "text" in await ask(path)


async def test_a_kernel_that_does_not_read_its_answer_is_dropped(short_folder: Path, answerer: Answerer) -> None:
    async def long(_: Question) -> str:
        return "x" * (4 << 20)

    listener = Listener(short_folder / "long", long, answerer.refused.append, IMPATIENT)
    try:
        for _ in range(PACE.at_once):
            _, writer = await asyncio.open_unix_connection(listener.path)
            writer.write(b'{"prompt": "a", "system": "", "max_tokens": 1}\n')
        async with asyncio.timeout(30):
            assert "text" in await ask(listener.path)
    finally:
        await listener.close()


async def test_no_more_than_so_many_are_answered_at_once(path: Path, answerer: Answerer) -> None:
    answerer.go.clear()
    asking = [asyncio.ensure_future(ask(path)) for _ in range(5)]
    async with asyncio.timeout(30):
        while answerer.under_way < PACE.at_once:
            await asyncio.sleep(0.01)
    answerer.go.set()
    answers = await asyncio.gather(*asking)
    assert answerer.most == PACE.at_once
    assert all("text" in answer for answer in answers)


async def test_no_more_than_so_many_pass_in_a_minute(path: Path, answerer: Answerer) -> None:
    answers = [await ask(path) for _ in range(7)]
    assert [answer.get("error", "") for answer in answers] == [""] * 5 + ["busy"] * 2
    assert len(answerer.asked) == 5
    assert len(answerer.refused) == 2


async def test_a_flood_of_connections_leaves_the_loop_responsive(path: Path) -> None:
    connected, flooded = 0, asyncio.Event()

    async def flood() -> None:
        nonlocal connected
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_unix_connection(path)
                writer.write(b"junk\n")
                writer.close()
                connected += 1
            if connected > 100:
                flooded.set()
            await asyncio.sleep(0)

    floods = [asyncio.ensure_future(flood()) for _ in range(30)]
    async with asyncio.timeout(60):
        await flooded.wait()
    began = time.process_time()  # what the loop has to do between twenty turns, however much else the machine does
    for _ in range(20):
        await asyncio.sleep(0)
    assert time.process_time() - began < 1.0
    assert not any(each.done() for each in floods)
    for each in floods:
        each.cancel()
    await asyncio.gather(*floods, return_exceptions=True)
    async with asyncio.timeout(30):
        assert "text" in await ask(path)


async def test_closing_drops_what_is_under_way(short_folder: Path, answerer: Answerer) -> None:
    answerer.go.clear()
    listener = Listener(short_folder / "closing", answerer, answerer.refused.append, PACE)
    asking = asyncio.ensure_future(say(listener.path, b'{"prompt": "a", "system": "", "max_tokens": 1}'))
    async with asyncio.timeout(30):
        while not answerer.under_way:
            await asyncio.sleep(0.01)
    await listener.close()
    assert await asking == b""
    assert not listener.path.exists()
