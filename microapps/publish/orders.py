"""What the process that started a site asks of it: one JSON line each on standard input, each answered when it is done.

An order does not wait for the one before: ending the visits to one app may take as long as that app takes to start.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from ..errors import MicroappsError
from .notices import Channel
from .settings import MEBIBYTE

_log = logging.getLogger("microapps.publish")


async def take_orders(channel: Channel, obey: Callable[[dict[str, Any]], Coroutine[Any, Any, Any]]) -> None:
    """Do what is asked, begun in the order of the lines, until the end of the stream, which is the end of the site."""
    reader = asyncio.StreamReader(limit=64 * MEBIBYTE)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    under_way: set[asyncio.Task[None]] = set()
    while line := await reader.readline():
        task = asyncio.ensure_future(_answered(channel, obey, json.loads(line)))
        under_way.add(task)
        task.add_done_callback(under_way.discard)


async def _answered(
    channel: Channel, obey: Callable[[dict[str, Any]], Coroutine[Any, Any, Any]], order: dict[str, Any]
) -> None:
    try:
        answer = await obey(order)
    except Exception as error:  # whoever asked is told, and the site goes on
        if not isinstance(error, MicroappsError | KeyError | ValueError):
            _log.exception("The order %r failed.", order.get("order"))
        channel.say("answer", number=order["number"], error=str(error) or type(error).__name__)
    else:
        channel.say("answer", number=order["number"], value=answer)
