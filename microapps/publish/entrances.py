"""Who is let in: links that were given out and are kept by the library, and those a site makes itself.

The former are looked up by the digest of their secret, the latter say by a signature that they are good. A capability
stands for one app and one *way in*: the owner's own (number 0), or one of those the app was published with, which end
with it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from .capabilities import Capabilities, digest
from .settings import PublishedApp, WayIn

OWN = WayIn(0, "owner")
"""The way of the person whose site it is: previews, and the links on the home."""

BLANK = WayIn(-1, "anyone")
"""The way of whoever takes a picture of an app, which others will see: nothing of what anybody keeps is in it."""


@dataclass(frozen=True)
class Entry:
    """An app as it is for whoever came by one way."""

    app: PublishedApp
    way: WayIn


class Entrances:
    """The ways into a site's apps.

    ``home`` says whether it has a home with links, by which others than its owner may come; ``wall`` gives seconds
    since the epoch.
    """

    def __init__(
        self, capabilities: Capabilities, *, home: bool = False, wall: Callable[[], float] = time.time
    ) -> None:
        self._capabilities = capabilities
        self._home = home
        self._wall = wall
        self._apps: dict[str, PublishedApp] = {}
        self._secrets: dict[str, tuple[str, WayIn]] = {}
        self._former: dict[str, str] = {}

    def serve(self, apps: Iterable[PublishedApp]) -> None:
        """From now on these are the apps, with their ways in."""
        self._apps = {app.name: app for app in apps}
        self._secrets = {way.digest: (app.name, way) for app in self._apps.values() for way in app.ways if way.digest}
        self._former = {name: app.name for app in self._apps.values() for name in app.former}

    def by_secret(self, name: str, secret: str) -> Entry | None:
        """What a link opens, and the way: one that a site made, the app named in it, by its name now or one it had.

        One that was given out opens its app whatever name is in it, which another app may have by now.
        """
        leads_to, way = self._secrets.get(digest(secret), ("", None))
        app = self._apps.get(leads_to) or self.named(name)
        if app is None:
            return None
        if way is None:
            way = self.way(app, self._capabilities.way(secret, app.signed, since=app.ended))
        return Entry(app, way) if way is not None and self.good(way) else None

    def by_name(self, name: str) -> Entry | None:
        """What an app's plain address opens, perhaps after a password; None where it has none."""
        app = self.named(name)
        way = next((way for way in app.ways if way.role == "anyone"), None) if app is not None else None
        return Entry(app, way) if app is not None and way is not None and self.good(way) else None

    def still(self, name: str, way: int, ended: float = 0.0) -> bool:
        """Whether a visit that came that way, when all links up to ``ended`` had been ended, may stay.

        Those that came by links of the home end with these. Previews may stay: other orders end them.
        """
        app = self.named(name)
        if way == OWN.id and self._home:
            return app is None or app.ended == ended
        if way in (OWN.id, BLANK.id):
            return True
        found = self.way(app, way) if app is not None else None
        return found is not None and self.good(found)

    def named(self, name: str) -> PublishedApp | None:
        """The app that has, or had, that name."""
        return self._apps.get(name) or self._apps.get(self._former.get(name, ""))

    def used(self, name: str, data: Path | None) -> bool:
        """Whether the app of that very name is there, and somebody may come in who would have it with that folder."""
        app = self._apps.get(name)
        if app is None:
            return False
        return data in (None, app.confinement.data, *(way.data for way in app.ways if self.good(way)))

    def good(self, way: WayIn) -> bool:
        """Whether a way has not expired."""
        return way.expires is None or self._wall() < way.expires

    def next_end(self) -> float | None:
        """Seconds until the next way expires; None if none will."""
        ends = [way.expires for app in self._apps.values() for way in app.ways if way.expires is not None]
        left = [end - self._wall() for end in ends]
        return min((seconds for seconds in left if seconds > 0), default=None)

    @staticmethod
    def way(app: PublishedApp, number: int | None) -> WayIn | None:
        """An app's way of that number; None where it has none."""
        return next((way for way in (OWN, BLANK, *app.ways) if way.id == number), None)


def seen_by(app: PublishedApp, way: WayIn) -> PublishedApp:
    """The app with the data that is whoever's who came that way.

    What an app keeps for all of its visitors, which its owner has agreed to, is one for all. Else a guest has a folder
    of their own, and whoever came by the app's plain address has none: what they enter is kept while they are there.
    """
    shared = app.confinement.granted.storage == "shared" and way != BLANK
    if way.role == "owner" or shared or app.confinement.granted.storage == "none":
        return app
    return replace(app, confinement=replace(app.confinement, data=way.data if way.role == "guest" else None))


def forgets(app: PublishedApp, way: WayIn) -> bool:
    """Whether what is entered by that way is gone when the visit ends, where the owner's would be kept."""
    return way.role == "anyone" and way != BLANK and app.confinement.granted.storage == "private"
