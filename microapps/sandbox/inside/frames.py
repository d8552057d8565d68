"""Messages with binary parts, on a stream between a visitor's process and the site. Standard library only.

::

    u32 bytes of the rest | u32 n | n × u32 length of each part | part 0: JSON (UTF-8) | parts 1…: the buffers

All numbers are big-endian. A WebSocket carries the same without the first number.
"""

from __future__ import annotations

import functools
import json
import socket
import struct
from collections.abc import Callable, Sequence
from typing import Any

SOCKET = "t"
"""Name of the socket, in an app's own folder, to which the site connects."""
LARGEST = 64 << 20
"""Bytes of the largest message, which bounds a file upload."""
_NUMBER = struct.Struct(">I")
_PARTS = 1 << 12

Buffers = Sequence[bytes | bytearray | memoryview]
Message = tuple[dict[str, Any], list[bytes]]


def packed(message: dict[str, Any], buffers: Buffers = (), default: Callable[[Any], Any] | None = None) -> bytes:
    """A message as bytes, without the number that says how many they are.

    ``default`` makes JSON of what is none. Raises ValueError for numbers that JSON does not have.
    """
    text = _encoder(default).encode(message).encode()
    parts = [text, *(bytes(memoryview(buffer).cast("B")) for buffer in buffers)]
    head = struct.pack(f">{len(parts) + 1}I", len(parts), *map(len, parts))
    return b"".join((head, *parts))


@functools.cache
def _encoder(default: Callable[[Any], Any] | None) -> json.JSONEncoder:
    return json.JSONEncoder(separators=(",", ":"), allow_nan=False, default=default)


def unpacked(data: bytes) -> Message:
    """The message in these bytes. Raises ValueError for what is none."""
    view = memoryview(data)
    try:
        (count,) = _NUMBER.unpack_from(view)
        if not 1 <= count <= _PARTS:
            raise ValueError(f"a message of {count} parts")
        lengths = struct.unpack_from(f">{count}I", view, 4)
    except struct.error as error:
        raise ValueError("a message that ends too early") from error
    at = 4 * (count + 1)
    if at + sum(lengths) != len(view):
        raise ValueError("a message whose parts are not as long as it says")
    parts = []
    for length in lengths:
        parts.append(bytes(view[at : at + length]))
        at += length
    try:
        message = json.loads(parts[0])
    except RecursionError as error:
        raise ValueError("a message of lists within lists without end") from error
    if not isinstance(message, dict):
        raise ValueError("a message must be an object")
    return message, parts[1:]


def framed(data: bytes) -> bytes:
    """A packed message as it goes on the stream."""
    return _NUMBER.pack(len(data)) + data


def length(head: bytes) -> int:
    """What the first four bytes of a frame say about the rest. Raises ValueError where it is too much."""
    number: int = _NUMBER.unpack(head)[0]
    if number > LARGEST:
        raise ValueError(f"a message of {number} bytes")
    return number


def receive(stream: socket.socket) -> Message | None:
    """The next message of a blocking stream; None at its end."""
    head = _exactly(stream, 4)
    if head is None:
        return None
    data = _exactly(stream, length(head))
    return None if data is None else unpacked(data)


def _exactly(stream: socket.socket, count: int) -> bytes | None:
    data = bytearray(count)
    view, got = memoryview(data), 0
    while got < count:
        more = stream.recv_into(view[got:])
        if not more:
            return None
        got += more
    return bytes(data)
