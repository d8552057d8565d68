"""Small pictures, whole and broken."""

from __future__ import annotations

import struct
import zlib

from microapps.publish.png import SIGNATURE


def chunk(kind: bytes, body: bytes) -> bytes:
    """One part of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int = 2, height: int = 2, *more: bytes) -> bytes:
    """A grey picture, with parts put before its content."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    lines = zlib.compress(b"\0" + b"\x80" * min(width, 8))
    return SIGNATURE + header + b"".join(more) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")
