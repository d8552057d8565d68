"""Settings and key that another process changes, such as a command line's ``microapps config``.

It tells nobody, so the files are looked at once a second; what this server changed itself is taken up already.
"""

from __future__ import annotations

import asyncio
import logging

from ..errors import MicroappsError
from ..generator import Stamp, stamp
from ..studio import Studio

EVERY = 1.0
"""Seconds between two looks."""

_log = logging.getLogger("microapps.server")


async def follow_settings(studio: Studio) -> None:
    """Have the studio take up what is written into the files, until cancelled."""
    refused: Stamp | None = None
    while True:
        await asyncio.sleep(EVERY)
        now = stamp()
        if now in (studio.configured, refused):
            continue
        try:
            await studio.renew()
        except MicroappsError as error:  # what there was goes on; it is looked at again when it is mended
            _log.warning("The settings that another process changed cannot be used: %s", error)
            refused = now
