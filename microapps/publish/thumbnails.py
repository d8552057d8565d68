"""Pictures that are too large for the home's page, made small: once for each state of their files.

A picture may have come with an app from elsewhere. So only what draws it is decoded (:mod:`.png`), as a PNG and as
nothing else, and up to a bound of pixels.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from ..errors import InvalidInput
from .png import plain_png

WIDTH, HEIGHT = 800, 500
"""Pixels of a small picture: the part of a card that shows it, on a screen of high resolution."""
LARGEST = 16 << 20
"""Bytes of a picture that is made small."""
WIDEST = 8192
"""Pixels of one, in width and height."""
AREA = 1 << 24
"""Pixels of one in all: three times as many as the tallest has that is taken here."""
_GROUND = "#f7f8fa"
"""What is behind a picture on its card (``templates/voila/pages/site.css``)."""
_QUALITIES = (85, 60, 30)
_log = logging.getLogger("microapps.site")


def small(path: Path, most: int) -> bytes:
    """The top of a PNG as a JPEG of at most ``most`` bytes; none where that cannot be had, which the log says once."""
    try:
        facts = path.stat()
    except OSError:
        return b""
    return _small(path, most, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=256)
def _small(path: Path, most: int, _changed: int, size: int) -> bytes:
    try:
        if size > LARGEST:
            raise InvalidInput(f"It is larger than {LARGEST >> 20} MiB.")
        made = _jpeg(plain_png(path.read_bytes(), LARGEST, WIDEST), most)
    except (InvalidInput, OSError, SyntaxError, ValueError) as error:  # the latter are Pillow's of a broken one
        _log.warning("The picture %s is not shown on the home: %s", path.name, error)
        return b""
    return made


def _jpeg(content: bytes, most: int) -> bytes:
    from PIL import Image, ImageOps  # only where a picture is large

    with Image.open(BytesIO(content), formats=("PNG",)) as opened:
        if opened.width * opened.height > AREA:
            raise InvalidInput(f"It has {opened.width} × {opened.height} pixels.")
        tall = min(opened.height, opened.width * HEIGHT // WIDTH)
        top = opened.crop((0, 0, opened.width, max(1, tall))).convert("RGBA")
    drawn = Image.new("RGBA", top.size, _GROUND)
    drawn.alpha_composite(top)
    reduced = ImageOps.contain(drawn.convert("RGB"), (WIDTH, HEIGHT))
    for quality in _QUALITIES:
        made = BytesIO()
        reduced.save(made, "JPEG", quality=quality, optimize=True)
        if len(made.getvalue()) <= most:
            return made.getvalue()
    raise InvalidInput("It cannot be made small enough.")
