"""A PNG of unknown origin, reduced to what draws it.

A picture that came in a file is shown beside the apps one trusts. Nothing here decodes it: its chunks are walked,
their checksums compared, and only those that a still picture needs are kept, so that text, profiles and whatever else
can hide in a PNG is gone. What is broken, too large or animated is refused.
"""

from __future__ import annotations

import struct
import zlib

from ..errors import InvalidInput

SIGNATURE = b"\x89PNG\r\n\x1a\n"
LARGEST = 1 << 20
"""Bytes of a picture that is carried."""
WIDEST = 4096
"""Pixels, in width and height."""
_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")


def plain_png(content: bytes, largest: int = LARGEST, widest: int = WIDEST) -> bytes:
    """The same picture with nothing in it but the picture.

    Raises
    ------
    InvalidInput
        It is no PNG, is cut off or altered, or larger than ``largest`` bytes or ``widest`` pixels each way.
    """
    if len(content) > largest:
        raise InvalidInput(f"The picture is larger than {largest >> 20} MiB.", "Export it again with a smaller one.")
    if not content.startswith(SIGNATURE):
        raise InvalidInput("The picture is no PNG.")
    made, at, kinds = [SIGNATURE], len(SIGNATURE), list[bytes]()
    while at < len(content) and kinds[-1:] != [b"IEND"]:
        if at + 12 > len(content):
            raise InvalidInput("The picture is cut off.")
        length, kind = struct.unpack_from(">I4s", content, at)
        end = at + 12 + length
        if end > len(content):
            raise InvalidInput("The picture is cut off.")
        body = content[at + 8 : end - 4]
        if zlib.crc32(kind + body) != struct.unpack_from(">I", content, end - 4)[0]:
            raise InvalidInput("The picture is damaged.")
        if kind == b"IHDR":
            _require_small(body, widest)
        if kind in _KEPT:
            kinds.append(kind)
            made.append(content[at:end])
        at = end
    if kinds[:1] != [b"IHDR"] or kinds.count(b"IHDR") != 1 or b"IDAT" not in kinds or kinds[-1] != b"IEND":
        raise InvalidInput("The picture lacks a part that every PNG has.")
    return b"".join(made)


def _require_small(header: bytes, widest: int) -> None:
    if len(header) != 13:
        raise InvalidInput("The picture is damaged.")
    width, height = struct.unpack_from(">II", header)
    if not (0 < width <= widest and 0 < height <= widest):
        raise InvalidInput(f"The picture has {width} × {height} pixels; at most {widest} each way are taken.")
