"""A proxy between a browser and the server that cuts whatever is silent for too long, as many do after 60 seconds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

LOOKS = 20
"""Parts in which silence is counted: while this process stands still the server does too, and only one part passes."""


@asynccontextmanager
async def idle_proxy(port: int, seconds: float) -> AsyncIterator[str]:
    """The address of a proxy to that port of this machine, which allows the server so many seconds of silence."""

    async def heard(reader: asyncio.StreamReader, patience: float | None) -> bytes:
        if patience is None:
            return await reader.read(1 << 16)
        for _ in range(LOOKS):
            with suppress(TimeoutError):
                return await asyncio.wait_for(reader.read(1 << 16), patience / LOOKS)
        raise TimeoutError

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
