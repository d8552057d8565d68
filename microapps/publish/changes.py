"""What happens to visits under way when their app changes: a new revision is offered, what was taken back ends them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tornado.websocket import WebSocketClosedError

from ..sandbox.inside import frames
from .settings import PublishedApp
from .visits import Visit

if TYPE_CHECKING:
    from .application import SiteApplication

LONGEST_SLEEP = 600.0
"""Seconds after which the clock on the wall is looked at again: it may have been set."""
REVOKED = 4002
"""The code with which a page's connection is closed when its app may do less than before; ``visit.js`` knows it."""


async def follow(site: SiteApplication, apps: Sequence[PublishedApp]) -> None:
    """Serve these apps from now on; pages of an app that has other content now are told so.

    Visits end that came by a way that is no more. What was kept ready for the next visitors of an app that is not the
    same any more is let go, and a page whose process has ended, or was not there yet, has to be loaded again.
    """
    before, site.apps = site.apps, {app.name: app for app in apps}
    site.entrances.serve(apps)
    changed = {name for name, app in before.items() if name in site.apps and _runs(site.apps[name]) != _runs(app)}
    site.visitors.drop(lambda name, _: name in changed)
    for visit in site.visits.which(lambda visit: visit.app in changed):
        visit.summon = None
    for name, app in site.apps.items():
        if name in before and before[name].digest != app.digest:
            for visit in site.visits.of(name):
                _offer(site, visit)
    await close_ways(site)


async def close_ways(site: SiteApplication) -> None:
    """End and forget the visits that came by a way that is no more; do so again when the next one expires."""

    def over(visit: Visit) -> bool:
        return not site.entrances.still(visit.app, visit.way, visit.ended)

    def unused(name: str, data: Path | None) -> bool:
        return not site.entrances.used(name, data)

    site.visitors.drop(unused)
    if site.expiring is not None:
        site.expiring.cancel()
        site.expiring = None
    left = site.entrances.next_end()
    if left is not None:
        site.expiring = asyncio.get_running_loop().call_later(min(left + 0.05, LONGEST_SLEEP), _close_soon, site)
    await asyncio.gather(*(_end(site, visit) for visit in site.visits.which(over)))
    await site.visits.forget(over)


async def end_visits(site: SiteApplication, name: str) -> None:
    """End the visits to an app, those that are just being opened too; each can be started again, as the app is now."""
    site.visitors.drop(lambda app, _: app == name)
    await asyncio.gather(*(_end(site, visit) for visit in site.visits.of(name)))
    site.visitors.drop(lambda app, _: app == name)  # a page that was being made may have had more made ready


def _runs(app: PublishedApp) -> tuple[object, ...]:
    """All that makes a difference to the processes of an app."""
    return app.title, app.notebook, app.confinement, app.digest


def _close_soon(site: SiteApplication) -> None:
    site.closing = asyncio.ensure_future(close_ways(site))


def _offer(site: SiteApplication, visit: Visit) -> None:
    for channel in site.open_channels.get(visit.kernel_id, ()):
        with suppress(WebSocketClosedError):  # it is just closing
            channel.tell("newer")
    if visit.visitor is not None:
        visit.visitor.tell_page(frames.packed({"type": "newer"}))


async def _end(site: SiteApplication, visit: Visit) -> None:
    visit.summon = None  # what it would fork has what was taken back
    async with visit.opening:
        for channel in site.open_channels.pop(visit.kernel_id, ()):
            channel.close(REVOKED)
        if visit.visitor is not None:
            await visit.visitor.end("closed")
        visit.summon = None
        await site.visits.end(visit)
