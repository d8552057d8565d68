"""The allow-listed way out: an HTTP proxy outside the containment, listening on a socket made inside it.

A kernel's network namespace has a loopback interface and nothing else. Its *init* opened one listening socket
there and passed it out; connections to it arrive here. Names are resolved here, once, and the connection goes
to the very address that was judged. Every attempt is logged with the app's name. Standard library only.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from . import addresses

_HEAD = 32 << 10
"""Bytes of the largest request head."""
_PATIENCE = 20.0
"""Seconds to send a request, to resolve a name, to connect."""
_SILENCE = 300.0
"""Seconds a connection may be silent."""
_CONNECTIONS = 32
"""Connections one kernel may have open."""
_LOG_SIZE = 2 << 20
"""Bytes of the log at which nothing more is written until somebody took it in."""
_LOGGED = 1000
"""Attempts of one kernel that are logged; the rest are only counted, so that no kernel can fill the disk."""


@dataclass(frozen=True)
class Request:
    """What a client asked the proxy for. ``head`` is what goes on to the server; empty for a tunnel."""

    method: str
    host: str
    port: int
    head: bytes

    @classmethod
    def parse(cls, data: bytes) -> Request:
        """Read a request head. Raises ValueError for what is none."""
        line, *headers = data.removesuffix(b"\r\n\r\n").split(b"\r\n")
        method, target, version = line.decode("ascii").split(" ")
        if not version.startswith("HTTP/1."):
            raise ValueError("not HTTP/1")
        if method == "CONNECT":
            parts = urlsplit(f"//{target}")
            if parts.hostname is None or parts.port is None:
                raise ValueError("no host and port")
            return cls(method, parts.hostname.rstrip("."), parts.port, b"")
        parts = urlsplit(target)
        if parts.scheme != "http" or parts.hostname is None or parts.username is not None:
            raise ValueError("no absolute http address")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        dropped = (b"host", b"connection", b"proxy-connection", b"proxy-authorization", b"keep-alive")
        kept = [header for header in headers if header.split(b":", 1)[0].strip().lower() not in dropped]
        made = [f"{method} {path} HTTP/1.1".encode(), f"Host: {parts.netloc}".encode(), b"Connection: close", *kept]
        return cls(method, parts.hostname.rstrip("."), parts.port or 80, b"\r\n".join(made) + b"\r\n\r\n")


class AccessLog:
    """Appends one JSON object a line; at most :data:`_LOGGED` for each kernel."""

    def __init__(self, path: str | None, app: str) -> None:
        self._path = path
        self._app = app
        self._count = 0

    @property
    def full(self) -> bool:
        """Whether further attempts are no longer logged."""
        return self._count >= _LOGGED

    def attempt(self, method: str, host: str, port: int, refused: str, times: int = 1) -> None:
        """Note an attempt, made so many times; ``refused`` says why it was, and is empty if it was not."""
        self._count += 1
        if self._path is None or self._count > _LOGGED:
            return
        said = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "app": self._app,
            "method": method[:16],
            "host": host[:255],
            "port": port,
            "times": max(1, times),
            "allowed": not refused,
            "why": refused if self._count < _LOGGED else "many attempts; the rest of this kernel's are not logged",
        }
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        fd = os.open(Path(self._path), flags, 0o600)
        try:
            if os.fstat(fd).st_size < _LOG_SIZE:
                os.write(fd, json.dumps(said).encode() + b"\n")
        finally:
            os.close(fd)


class Proxy:
    """Answers one kernel's listening socket until it is closed."""

    def __init__(self, hosts: Sequence[tuple[str, int]], log: AccessLog) -> None:
        self._hosts = hosts
        self._log = log
        self._room = asyncio.Semaphore(_CONNECTIONS)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def serve(self, listener: socket.socket) -> None:
        """Start answering."""
        listener.setblocking(False)
        self._server = await asyncio.start_server(self._answer, sock=listener, limit=_HEAD)

    def close(self) -> None:
        """Stop answering and drop every connection."""
        if self._server is not None:
            self._server.close()
        for task in tuple(self._open):
            task.cancel()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101
        self._open.add(task)
        try:
            async with self._room:
                await self._relay(reader, writer)
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError) as error:
            await _refuse(writer, 502, f"{type(error).__name__}: {error}")
        finally:
            self._open.discard(task)
            writer.close()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(_PATIENCE):
            request = Request.parse(await reader.readuntil(b"\r\n\r\n"))
        address, refused = await self._judge(request.host, request.port)
        self._log.attempt(request.method, request.host, request.port, refused)
        if refused:
            await _refuse(writer, 403, f"{request.host}:{request.port} {refused}")
            return
        async with asyncio.timeout(_PATIENCE):
            server_reader, server_writer = await asyncio.open_connection(address, request.port)
        if request.head:
            server_writer.write(request.head)
        else:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_pump(reader, server_writer))
                group.create_task(_pump(server_reader, writer))
        except* OSError:
            pass  # either side hung up, which is how connections end
        finally:
            server_writer.close()

    async def _judge(self, host: str, port: int) -> tuple[str, str]:
        """The address to connect to, and why not; one of the two is empty."""
        if not addresses.granted(host, port, self._hosts):
            return "", "is not among the hosts this app was given"
        if addresses.literal(host) is not None:
            return host.strip("[]"), ""  # the person granted this very address
        try:
            async with asyncio.timeout(_PATIENCE):
                found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return "", "has no known address"
        for *_, place in found:
            address = addresses.literal(str(place[0]).split("%")[0])
            if address is not None and addresses.public(address):
                return str(address), ""
        return "", "resolves to a private address"


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while True:
        async with asyncio.timeout(_SILENCE):
            data = await source.read(1 << 16)
        if not data:
            break
        target.write(data)
        await target.drain()
    if target.can_write_eof():
        with contextlib.suppress(OSError):
            target.write_eof()


async def _refuse(writer: asyncio.StreamWriter, status: int, text: str) -> None:
    body = f"{text}\n".encode(errors="replace")
    head = f"HTTP/1.1 {status} Refused\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n"
    with contextlib.suppress(OSError):
        writer.write(head.encode() + b"Connection: close\r\n\r\n" + body)
        await writer.drain()
