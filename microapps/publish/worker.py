"""What a serving process does that is one of several: it is handed connections, and tells its counts to the others.

It answers one request of each connection: the next one may belong to another process.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Mapping

import tornado.httpserver
import tornado.httputil
import tornado.iostream
import tornado.web

_SWITCHING = 101
_SAMPLE = re.compile(r"([A-Za-z_:][A-Za-z0-9_:]*)(?:\{(.*)\})? (\S+)$")


class OneRequest(tornado.web.OutputTransform):
    """Ends a connection after its first answer, except where a WebSocket begins, and tells the browser so."""

    def __init__(self, request: tornado.httputil.HTTPServerRequest) -> None:
        self._connection = request.connection

    def transform_first_chunk(
        self, status_code: int, headers: tornado.httputil.HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, tornado.httputil.HTTPHeaders, bytes]:
        """Say so in the answer's headers."""
        if status_code != _SWITCHING:
            headers["Connection"] = "close"
            # tornado decides before a handler is asked, and has no other way to change its mind
            setattr(self._connection, "_disconnect_on_finish", True)  # noqa: B010
        return status_code, headers, chunk


def take_connections(server: tornado.httpserver.HTTPServer, door: socket.socket) -> None:
    """Serve the connections that come through ``door``."""
    loop = asyncio.get_running_loop()

    def take() -> None:
        try:
            data, handed, _, _ = socket.recv_fds(door, 16, 1)
        except BlockingIOError:
            return
        except OSError:
            data, handed = b"", []
        if not data:
            loop.remove_reader(door)  # the one who hands them over is gone; our orders end as well
            return
        for each in handed:
            _serve(server, socket.socket(fileno=each))

    door.setblocking(False)
    loop.add_reader(door, take)


def _serve(server: tornado.httpserver.HTTPServer, connection: socket.socket) -> None:
    try:
        address = connection.getpeername()
    except OSError:
        connection.close()  # it left meanwhile
        return
    connection.setblocking(False)
    server.handle_stream(tornado.iostream.IOStream(connection), address)


def merged(texts: Mapping[int, str]) -> str:
    """The counts of several processes, by their numbers, as one text for Prometheus, with the number as a label."""
    heads: dict[str, list[str]] = {}
    samples: dict[str, list[str]] = {}
    for number, text in texts.items():
        family = ""
        for line in text.splitlines():
            if line.startswith("# "):
                family = line.split(" ", 3)[2]
                head = heads.setdefault(family, [])
                if line not in head:
                    head.append(line)
            elif (found := _SAMPLE.match(line)) is not None:
                labels = f'process="{number}"' + (f",{found[2]}" if found[2] else "")
                samples.setdefault(family, []).append(f"{found[1]}{{{labels}}} {found[3]}")
    return "".join(f"{line}\n" for family in heads for line in (*heads[family], *samples.get(family, ())))
