"""Server-sent events: numbers to go on from, a heartbeat for proxies that cut what is silent, no end of its own.

A reader that is gone costs nothing: what it was not sent is not kept for it, and the job knows nothing of readers.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, cast

from tornado.iostream import StreamClosedError

from .route import Sent, Stream

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from .handler import ApiHandler

BEAT = 15.0
"""Seconds of silence after which a comment is sent; proxies cut at 60."""
PATIENCE = 60.0
"""Seconds a reader may take nothing before it counts as gone."""
END = Sent("{}", event="end")


async def send_stream(handler: ApiHandler, stream: Stream) -> None:
    """Send events as they come, until they end, then ``event: end``; or until the reader has gone."""
    handler.set_header("Content-Type", "text/event-stream; charset=utf-8")
    handler.set_header("X-Accel-Buffering", "no")
    async with aclosing(cast("AsyncGenerator[Sent]", stream.events)) as events:
        with suppress(StreamClosedError, TimeoutError):
            await _pass_on(handler, events)
    if not handler._finished:
        with suppress(StreamClosedError):
            await handler.finish(set_content_type="text/event-stream; charset=utf-8")


async def _pass_on(handler: ApiHandler, events: AsyncIterator[Sent]) -> None:
    await _write(handler, ": beat\n\n")
    upcoming = asyncio.ensure_future(anext(events, END))
    gone = asyncio.ensure_future(handler.gone.wait())
    try:
        while True:
            done, _ = await asyncio.wait((upcoming, gone), timeout=BEAT, return_when=asyncio.FIRST_COMPLETED)
            if gone in done:
                return
            if not done:
                await _write(handler, ": beat\n\n")
                continue
            sent = upcoming.result()
            await _write(handler, spelled(sent))
            if sent is END:
                return
            upcoming = asyncio.ensure_future(anext(events, END))
    finally:
        upcoming.cancel()
        gone.cancel()
        await asyncio.wait((upcoming, gone))


async def _write(handler: ApiHandler, text: str) -> None:
    handler.write(text)
    async with asyncio.timeout(PATIENCE):
        await handler.flush()


def spelled(sent: Sent) -> str:
    """An event as it goes over the wire; one without data says no more than what it is called."""
    number = "" if sent.number is None else f"id: {sent.number}\n"
    kind = f"event: {sent.event}\n" if sent.event else ""
    lines = "".join(f"data: {line}\n" for line in sent.data.split("\n")) if sent.data else ""
    return f"{number}{kind}{lines}\n"
