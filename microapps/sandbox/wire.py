"""JSON messages with open files over unix sockets that keep message boundaries. Standard library only."""

from __future__ import annotations

import json
import os
import socket
import struct
from pathlib import Path
from typing import Any

LARGEST = 1 << 17
"""Bytes of the largest message."""
_FDS = 4


def pair() -> tuple[socket.socket, socket.socket]:
    """Two connected ends; neither is inherited by programs unless asked for."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def listener(path: Path) -> socket.socket:
    """A socket at ``path`` to which only this user can connect."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    before = os.umask(0o177)
    try:
        made.bind(str(path))
    finally:
        os.umask(before)
    made.listen(128)
    made.setblocking(False)
    return made


def connect(path: Path) -> socket.socket:
    """Connect to a :func:`listener`. Raises OSError when nobody listens."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        made.connect(str(path))
    except OSError:
        made.close()
        raise
    return made


def peer(channel: socket.socket) -> int:
    """The process that connected, by its number as seen from here."""
    pid: int = struct.unpack("iII", channel.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
    return pid


def send(channel: socket.socket, message: dict[str, Any], fds: list[int] | None = None) -> None:
    """Send one message with open files."""
    socket.send_fds(channel, [json.dumps(message).encode()], fds or [])


def receive(channel: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """The next message and its open files, which the caller then owns; None when the other side is gone.

    Raises BlockingIOError when nothing is there yet, ValueError for what is no message.
    """
    try:
        data, fds, _, _ = socket.recv_fds(channel, LARGEST, _FDS)
    except ConnectionResetError:
        return None
    if not data:
        return None
    try:
        message = json.loads(data)
        if not isinstance(message, dict):
            raise ValueError("a message must be an object")
    except ValueError:
        for fd in fds:
            os.close(fd)
        raise
    return message, fds
