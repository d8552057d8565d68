"""Pictures of the apps that a site shows, taken beside its serving."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..publish import Site
    from ..studio import Happening, Studio


def show_pictures(studio: Studio, site: Site) -> None:
    """Have a picture taken of each app without one, one after the other; the site shows each when it is there."""
    from ..studio import AppChanged
    from ..studio.live import LiveSite

    renewing: set[asyncio.Task[None]] = set()

    def happened(happening: Happening) -> None:
        if not (isinstance(happening, AppChanged) and happening.what == "thumbnail"):
            return
        if isinstance(site, LiveSite) and site.alive:
            task = asyncio.ensure_future(site.renew())
            renewing.add(task)
            task.add_done_callback(renewing.discard)

    studio.happenings.listen(happened)
    studio.pictures.show_by(lambda name: site.link(name, 0.25, blank=True))
    for app in site.apps:
        if app.thumbnail is None:
            studio.pictures.want(app.name)
