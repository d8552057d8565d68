"""Which of several serving processes a connection belongs to, told from the first line that it sends.

A visit, which only one process knows, carries that process's mark at the beginning of its secret. The line is looked at
and left where it is: the connection itself is handed over, and nothing is copied.
"""

from __future__ import annotations

import asyncio
import re
import socket
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

LONGEST = 8192
"""Bytes of a first line; a longer one belongs to nobody."""
PATIENCE = 10.0
"""Seconds that a first line may take."""
_MARKED = re.compile(r"/visits/w(\d{1,3})-")
_APP = re.compile(r"/apps/([^/?~]*)")


def mark(number: int) -> str:
    """What the secrets of that process begin with."""
    return f"w{number}-"


@dataclass(frozen=True)
class Wanted:
    """Who may have a connection: one process by number, or any; and whether it begins a visit."""

    process: int | None
    begins: bool = False


def wanted(line: str, processes: int, present: Callable[[str], str] = str) -> Wanted:
    """Who may have a connection that begins with this line of HTTP.

    A password is looked at by one process for each app, however its name is written, so that wrong ones are counted in
    one place. ``present`` gives the name that an app has now, by any that it had.
    """
    method, _, rest = line.partition(" ")
    path = rest.partition(" ")[0]
    found = _MARKED.search(path.partition("?")[0])
    if found is not None and int(found[1]) < processes:
        return Wanted(int(found[1]))
    app = _APP.search(path)
    if app is not None and method == "POST":
        return Wanted(zlib.crc32(present(unquote(app[1])).encode("utf-8", "surrogatepass")) % processes)
    return Wanted(None, begins=app is not None)


async def first_line(connection: socket.socket) -> str | None:
    """The first line that a connection sends, which stays there to be read; None if there is none in time.

    It is what tornado takes for it, which leaves empty lines before it out and lets it end without a carriage return:
    else a request could go to a process of its sender's choice.
    """
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                await _readable(connection)
                data = connection.recv(LONGEST, socket.MSG_PEEK)
                line, end, _ = data.lstrip(b"\r\n").partition(b"\n")
                if end:
                    return line.removesuffix(b"\r").decode("latin-1")
                if not data or len(data) >= LONGEST:
                    return None
                await asyncio.sleep(0.02)  # a socket that has half a line is readable all the time
    except (TimeoutError, OSError):
        return None


async def _readable(connection: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    come: asyncio.Future[None] = loop.create_future()

    def there() -> None:
        if not come.done():
            come.set_result(None)

    loop.add_reader(connection, there)
    try:
        await come
    finally:
        loop.remove_reader(connection)
