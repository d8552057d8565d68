"""Small pictures, whole and broken."""

from __future__ import annotations

import random
import struct
import zlib
from pathlib import Path

from PIL import Image

from microapps.publish.png import SIGNATURE


def chunk(kind: bytes, body: bytes) -> bytes:
    """One part of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int = 2, height: int = 2, *more: bytes) -> bytes:
    """A grey picture, with parts put before its content."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    lines = zlib.compress(b"\0" + b"\x80" * min(width, 8))
    return SIGNATURE + header + b"".join(more) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


def noise(path: Path, width: int, height: int) -> None:
    """A picture of nothing that can be compressed: three bytes a pixel."""
    Image.frombytes("RGB", (width, height), random.Random(1).randbytes(3 * width * height)).save(path)
