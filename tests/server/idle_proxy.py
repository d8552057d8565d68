"""A proxy between a browser and the server that cuts whatever is silent for too long, as many do after 60 seconds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

LATE = 0.03
"""Seconds after which a clock that goes off late tells nothing of how long the server was silent."""


@asynccontextmanager
async def idle_proxy(port: int, seconds: float) -> AsyncIterator[str]:
    """The address of a proxy to that port of this machine, which allows the server so many seconds of silence."""

    async def heard(reader: asyncio.StreamReader, patience: float | None) -> bytes:
        while True:
            since = time.monotonic()
            try:
                return await asyncio.wait_for(reader.read(1 << 16), patience)
            except TimeoutError:
                if patience is None or time.monotonic() - since < patience + LATE:
                    raise  # else it was this process that stood still

    async def passed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, patience: float | None) -> None:
        with suppress(TimeoutError, ConnectionError):
            while piece := await heard(reader, patience):
                writer.write(piece)
                await writer.drain()
        writer.close()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, here = await asyncio.open_connection("127.0.0.1", port)
        sending = asyncio.ensure_future(passed(reader, here, None))
        await passed(there, writer, seconds)
        sending.cancel()
        here.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
