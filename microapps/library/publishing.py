"""Which apps are published, and the ways into them.

Of a link's secret only a digest is kept. Rows of links are never deleted while their app is there: a guest whose link
was closed and who is given another under the same label finds what they kept.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, select, update

from ..errors import InvalidInput, InvalidSetting
from . import history, link_secrets
from .database import Database
from .records import Link, Publication
from .tables import apps, links, publications, revisions

LONGEST_LABEL = 80
MOST = 200
"""Ways into one app that may be good at once."""


class Publishing:
    """The part of a library that keeps publications."""

    database: Database
    home: Path

    def open_link(
        self,
        name: str,
        role: Literal["owner", "guest", "anyone"],
        *,
        label: str = "",
        expires: datetime | None = None,
        password: str = "",
    ) -> Link:
        """Make a way into an app, which publishes it if it was not.

        Parameters
        ----------
        label : whom it is for. A guest's is theirs alone, and made up if empty. A guest who has had a link under this
            label has the data they had.
        expires : UTC; None for never.
        password : slowly hashed; for ``anyone``.

        Raises
        ------
        InvalidSetting
            The label is taken or too long, the moment has passed, or there are too many links.
        """
        label = " ".join(label.split())
        now = datetime.now(UTC)
        if len(label) > LONGEST_LABEL:
            raise InvalidSetting(f"The label {label[:40]!r}… is too long.", f"Use at most {LONGEST_LABEL} characters.")
        if expires is not None and expires <= now:
            raise InvalidSetting("A link that has expired already opens nothing.", "Give a time to come.")
        with self.database.write() as connection:
            app = history.find(connection, name, former=True, lock=True)
            known = connection.execute(select(links).where(links.c.app == app.id).order_by(links.c.id)).all()
            good = [row for row in known if row.revoked is None and (row.expires is None or row.expires > now)]
            if len(good) >= MOST:
                raise InvalidSetting(f"{app.name} has {MOST} links already.", "Revoke those that are not needed.")
            if role == "guest":
                label = label or _unused({row.label for row in known})
                if any(row.role == "guest" and row.label == label for row in good):
                    raise InvalidSetting(
                        f"There is a link for {label!r} already.", "Choose another label, or revoke that link first."
                    )
            if role == "anyone":  # there is one plain address
                plain = and_(links.c.app == app.id, links.c.role == "anyone", links.c.revoked.is_(None))
                connection.execute(update(links).where(plain).values(revoked=now))
            salt = "" if role == "anyone" else secrets.token_hex(16)
            values = {
                "app": app.id,
                "role": role,
                "label": label,
                "salt": salt,
                "digest": link_secrets.digest(link_secrets.secret(self._key(), salt)) if salt else "",
                "password": password,
                "store": _store(known, label) if role == "guest" else "",
                "created": now,
                "expires": expires,
                "visits": 0,
            }
            made = connection.execute(insert(links).values(**values).returning(links)).one()
            _touch(connection, app.id, now)
            return _link(made, app.name)

    def link_secret(self, link: Link) -> str | None:
        """The secret of a link, to show it again; None where it has none, or its key is another."""
        with self.database.read() as connection:
            salt = connection.execute(select(links.c.salt).where(links.c.id == link.id)).scalar()
        made = link_secrets.secret(self._key(), salt) if salt else None
        return made if made is not None and link_secrets.digest(made) == link.digest else None

    def close_link(self, name: str, id: int) -> Link:
        """Revoke one way into an app; its publication stays. Raises InvalidInput if the app has none of that number."""
        with self.database.write() as connection:
            app = history.find(connection, name, trashed=None, former=True, lock=True)
            now = datetime.now(UTC)
            this = and_(links.c.app == app.id, links.c.id == id)
            connection.execute(update(links).where(this, links.c.revoked.is_(None)).values(revoked=now))
            found = connection.execute(select(links).where(this)).one_or_none()
            if found is None:
                raise InvalidInput(f"{app.name} has no link {id}.", f"See 'microapps link {app.name}'.")
            _touch(connection, app.id, now, only=True)
            return _link(found, app.name)

    def unpublish(self, name: str) -> bool:
        """Close every way into an app, and end the links that sites have made to it; whether it was published."""
        with self.database.write() as connection:
            app = history.find(connection, name, trashed=None, former=True, lock=True)
            now = datetime.now(UTC)
            standing = and_(links.c.app == app.id, links.c.revoked.is_(None))
            connection.execute(update(links).where(standing).values(revoked=now))
            connection.execute(update(apps).where(apps.c.id == app.id).values(ended=now))
            gone = connection.execute(delete(publications).where(publications.c.app == app.id))
            return gone.rowcount > 0

    def publication(self, name: str) -> Publication | None:
        """How an app is published; None where it is not."""
        with self.database.read() as connection:
            app = history.find(connection, name, trashed=None, former=True)
            found = _publications(connection, publications.c.app == app.id)
            return found[0] if found else None

    def publications(self) -> tuple[Publication, ...]:
        """All published apps, by name; those in the trash are not."""
        with self.database.read() as connection:
            return _publications(connection, apps.c.trashed.is_(None))

    def links(self, name: str) -> tuple[Link, ...]:
        """All ways into an app that there ever were, in order."""
        with self.database.read() as connection:
            app = history.find(connection, name, trashed=None, former=True)
            rows = connection.execute(select(links).where(links.c.app == app.id).order_by(links.c.id))
            return tuple(_link(row, app.name) for row in rows)

    def count_visits(self, counts: Mapping[int, int]) -> None:
        """Note that ways in were used, each so many times more, just now."""
        now = datetime.now(UTC)
        with self.database.write() as connection:
            for way, times in counts.items():
                used = update(links).where(links.c.id == way)
                connection.execute(used.values(visits=links.c.visits + times, last=now))

    def note_trouble(self, name: str, what: str) -> None:
        """Note the last error of a visit to an app; nothing for one that is not published, or not there any more."""
        with self.database.write() as connection:
            known = select(apps.c.id).where(apps.c.name == name, apps.c.trashed.is_(None))
            noted = update(publications).where(publications.c.app.in_(known))
            connection.execute(noted.values(trouble=what[:500], troubled=datetime.now(UTC)))

    def site_key(self, token: str) -> str:
        """What a site of these apps with that token signs its own links with (hex), whenever it is started."""
        return link_secrets.site_key(self._key(), token)

    def _key(self) -> bytes:
        return link_secrets.key(self.home)


def _touch(connection: Connection, app: int, now: datetime, *, only: bool = False) -> None:
    """The publication changed now; unless ``only``, there is one from now on."""
    changed = update(publications).where(publications.c.app == app).values(changed=now)
    if not connection.execute(changed).rowcount and not only:
        connection.execute(insert(publications).values(app=app, since=now, changed=now, trouble=""))


def _publications(connection: Connection, condition: ColumnElement[bool]) -> tuple[Publication, ...]:
    query = (
        select(publications, apps.c.name, revisions.c.title)
        .join(apps, apps.c.id == publications.c.app)
        .join(revisions, and_(revisions.c.app == apps.c.id, revisions.c.number == apps.c.current))
        .where(condition)
        .order_by(apps.c.name)
    )
    rows = connection.execute(query).all()
    ids = [row.app for row in rows]
    ways: dict[int, list[Row[Any]]] = {app: [] for app in ids}
    for way in connection.execute(select(links).where(links.c.app.in_(ids)).order_by(links.c.id)):
        ways[way.app].append(way)
    return tuple(
        Publication(
            row.name,
            row.title,
            row.since,
            tuple(_link(way, row.name) for way in ways[row.app]),
            row.trouble,
            row.troubled,
        )
        for row in rows
    )


def _link(row: Row[Any], app: str) -> Link:
    return Link(
        row.id, app, row.role, row.label, row.digest, row.password, row.store, row.created, row.expires, row.revoked,
        row.visits, row.last,
    )  # fmt: skip


def _unused(labels: set[str]) -> str:
    number = 1
    while f"guest {number}" in labels:
        number += 1
    return f"guest {number}"


def _store(known: list[Row[Any]] | Any, label: str) -> str:
    """The folder of the guest with that label: the one they have had, or a new one."""
    had = [row.store for row in known if row.role == "guest" and row.label == label]
    return str(had[-1]) if had else secrets.token_hex(8)
