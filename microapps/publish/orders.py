"""What the process that started a site asks of it: one JSON line each on standard input, answered one by one."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from ..errors import MicroappsError
from .notices import Channel
from .settings import MEBIBYTE


async def take_orders(channel: Channel, obey: Callable[[dict[str, Any]], Awaitable[Any]]) -> None:
    """Do what is asked, a line at a time, until the end of the stream, which is the end of the site."""
    reader = asyncio.StreamReader(limit=64 * MEBIBYTE)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        order = json.loads(line)
        try:
            answer = await obey(order)
        except (MicroappsError, KeyError, ValueError) as error:
            channel.say("answer", number=order["number"], error=str(error))
        else:
            channel.say("answer", number=order["number"], value=answer)
