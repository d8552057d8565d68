"""Files as answers, sent piece by piece."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

from tornado.iostream import StreamClosedError

from ..errors import MachineFault
from .route import Download

if TYPE_CHECKING:
    from .handler import ApiHandler

PIECE = 256 << 10


async def send_file(handler: ApiHandler, download: Download) -> None:
    """Send a file; one that was made for this answer is removed, whatever came of it."""
    try:
        await _send(handler, download)
    finally:
        if download.passing:
            await asyncio.to_thread(download.path.unlink, missing_ok=True)


async def _send(handler: ApiHandler, download: Download) -> None:
    if download.digest:
        handler.set_header("Etag", f'"{download.digest}"')
        handler.set_header("Cache-Control", "private, no-cache")
        if handler.check_etag_header():
            handler.set_status(304)
            handler.finish()
            return
    if download.name:
        handler.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{quote(download.name)}")
    handler.set_header("Content-Security-Policy", "default-src 'none'; sandbox")
    handler.set_header("Content-Type", download.media)
    try:
        file = await asyncio.to_thread(download.path.open, "rb")
    except OSError as error:
        raise MachineFault(f"The file could not be read: {error.strerror}.", "Try again.") from error
    with file, suppress(StreamClosedError):
        while piece := await asyncio.to_thread(file.read, PIECE):
            handler.write(piece)
            await handler.flush()
        await handler.finish(set_content_type=download.media)
