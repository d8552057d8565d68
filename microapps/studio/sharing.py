"""Publishing as use cases: links for oneself and for guests, an address for anyone, and what comes of them.

What is published is kept in the library; every site of it, in whatever process, follows within a second or two.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from .. import app_files
from ..errors import InvalidInput
from ..library import AppRecord, Link, Publication
from ..publish import WayIn
from .data import Data, clear, stored
from .ground import Ground
from .sites import RunningSite, running


@dataclass(frozen=True)
class GuestData:
    """What one guest of an app keeps. ``label`` names them; ``links`` are those they have or had, in order."""

    label: str
    folder: Path
    data: Data
    links: tuple[Link, ...]


class Sharing(Ground):
    """The part of a studio that publishes."""

    def share(self, name: str, *, expires: datetime | None = None) -> Link:
        """The link that opens an app with the person's own data; the one there is, or a new one.

        ``expires`` asks for a new one that ends then.
        """
        published = self.library.publication(name)
        known = [link for link in published.open_links if link.role == "owner"] if published is not None else []
        for link in () if expires is not None else known:
            if self.library.link_secret(link) is not None:
                return link
        return self._opened(self.library.open_link(name, "owner", expires=expires))

    def invite(self, name: str, label: str = "", *, expires: datetime | None = None) -> Link:
        """A link for somebody else, who has data of their own; see :meth:`microapps.library.Library.open_link`."""
        return self._opened(self.library.open_link(name, "guest", label=label, expires=expires))

    def open_to_all(self, name: str, *, password: str | None = None, expires: datetime | None = None) -> Link:
        """Let anyone in who knows the app's address, and the password unless it is None. Replaces how that was before.

        Raises InvalidInput for a password that is too short or too long, an empty one too.
        """
        from ..publish.passwords import hashed

        kept = hashed(password) if password is not None else ""
        return self._opened(self.library.open_link(name, "anyone", password=kept, expires=expires))

    def find_link(self, name: str, which: str) -> Link:
        """A link that is good, by its number, its label, or whom it is for (``owner``, ``anyone``).

        Raises InvalidInput if there is none, or there are several.
        """
        good = [link for link in self.library.links(name) if link.good(datetime.now(UTC))]
        named = [link for link in good if str(link.id) == which.removeprefix("#")]
        found = named or [link for link in good if which in (link.label, link.role)]
        if len(found) != 1:
            what = "is no link of it that is still good" if not found else "fits several of its links"
            raise InvalidInput(f"{name}: {which!r} {what}.", f"'microapps link {name}' lists them by number.")
        return found[0]

    def close_link(self, name: str, which: str) -> Link:
        """Revoke a link, named as for :meth:`find_link`; the visits that came by it end."""
        closed = self.library.close_link(name, self.find_link(name, which).id)
        self.changed(closed.app, "published")
        return closed

    def unpublish(self, name: str) -> bool:
        """Close every way into an app; whether there was one. The visits that came by them end."""
        was = self.library.unpublish(name)
        if was:
            self.changed(self.library.app(name).name, "published")
        return was

    def publications(self) -> tuple[Publication, ...]:
        """All published apps."""
        return self.library.publications()

    def sites(self) -> tuple[RunningSite, ...]:
        """The sites that show this library's apps just now."""
        return running(self.home)

    async def taken_up(self, seconds: float = 3.0) -> bool:
        """Wait until each site that runs shows the library as it is now; whether they do."""
        until = time.monotonic() + seconds
        while any(site.generation != self.library.generation() for site in self.sites()):
            if time.monotonic() > until:
                return False
            await asyncio.sleep(0.05)
        return True

    def link_path(self, link: Link) -> str | None:
        """Where a link leads, below a site's base URL; None for one whose secret cannot be made again."""
        place = f"apps/{quote(link.app)}/"
        if link.role == "anyone":
            return place
        secret = self.library.link_secret(link)
        return f"{place}~{secret}/" if secret is not None else None

    def ways(self, record: AppRecord) -> tuple[WayIn, ...]:
        """The ways into an app as a site is told them."""
        published = self.library.publication(record.name)
        if published is None:
            return ()
        ways = tuple(
            WayIn(
                link.id,
                link.role,
                digest=link.digest,
                password=link.password,
                expires=link.expires.timestamp() if link.expires is not None else None,
                data=record.guests / link.store if link.store else None,
            )
            for link in published.open_links
        )
        if any(way.data for way in ways):
            record.guests.mkdir(mode=0o700, exist_ok=True)
        return ways

    # What guests keep

    def guests_data(self, name: str) -> tuple[GuestData, ...]:
        """What each guest of an app keeps, by label; those who keep nothing are left out."""
        record = self.library.app(name)
        by_store: dict[str, list[Link]] = {}
        for link in self.library.links(name):
            if link.store:
                by_store.setdefault(link.store, []).append(link)
        found = [
            GuestData(links[-1].label, record.guests / store, stored(record.guests / store), tuple(links))
            for store, links in by_store.items()
        ]
        return tuple(sorted((one for one in found if one.data.bytes), key=lambda one: one.label))

    def data_contents(self, name: str) -> Iterator[tuple[str, bytes]]:
        """The files that an app keeps, each with its place: those of guests are under ``guests/LABEL``."""
        record = self.library.app(name)
        yield from app_files.contents(record.data)
        for one in self.guests_data(name):
            for place, content in app_files.contents(one.folder):
                yield f"guests/{_as_folder(one)}/{place}", content

    def clear_guest(self, name: str, label: str) -> None:
        """Remove all that a guest keeps. Raises InvalidInput if none of that label keeps anything."""
        one = next((one for one in self.guests_data(name) if one.label == label), None)
        if one is None:
            raise InvalidInput(f"{name} keeps nothing for a guest {label!r}.", f"See 'microapps data {name}'.")
        clear(one.folder)
        self.changed(self.library.app(name).name, "data")

    def _opened(self, link: Link) -> Link:
        self.changed(link.app, "published")
        return link


def _as_folder(one: GuestData) -> str:
    """A guest's label as the name of a folder, with what tells two of the same apart."""
    kept = "".join(letter if letter.isalnum() or letter in " -_" else "_" for letter in one.label).strip()
    return f"{kept or 'guest'} {one.folder.name[:6]}"


def clear_guests(folder: Path) -> None:
    """Remove all that lies in the data folders of an app's guests, and leave the folders: they may be in use."""
    for one in sorted(folder.iterdir()) if folder.is_dir() else ():
        if one.is_dir() and not one.is_symlink():
            clear(one)
