"""What the person allowed each app, bound to the content they saw, and what each app tried.

Nothing here is ever filled from a notebook: only :meth:`Grants.grant` gives, and a front end calls it with the
person's own answer. A row is never changed into a wider one; revoking ends it and, where something of it remains,
starts a narrower one, so that the list tells what was allowed when.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, update

from ..errors import InvalidSetting
from ..notebook import Permissions
from . import history
from .database import Database
from .records import Grant
from .tables import grants


class Grants:
    """The part of a library that keeps permissions."""

    database: Database

    def grant(self, name: str, permissions: Permissions, digest: str) -> Grant:
        """Keep that the person allowed this to the app whose content has this digest; replaces what it had.

        ``digest`` is :attr:`microapps.notebook.MicroApp.digest` of what the person was shown,
        accepted or still a draft.
        """
        if not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise InvalidSetting(f"{digest[:80]!r} is no content digest.")
        with self.database.write() as connection:
            app = history.find(connection, name, former=True, lock=True)
            now = datetime.now(UTC)
            standing = (grants.c.app == app.id) & (grants.c.digest == digest) & grants.c.ended.is_(None)
            connection.execute(update(grants).where(standing).values(ended=now))
            _give(connection, app.id, permissions, digest, now)
            return Grant(app.name, permissions, digest, now)

    def granted(self, name: str | int, digest: str | None = None) -> Permissions:
        """What the person gave to the content with this digest; nothing, that is ``Permissions()``, when never asked.

        ``name`` may be a record's ``id``, which tells apps in the trash apart.

        Without a digest, what they gave last, to whatever content: the measure of what a change widens, and no leave
        to run anything.
        """
        with self.database.read() as connection:
            app = history.find(connection, name, trashed=None, former=True)
            query = select(grants.c.permissions).where(grants.c.app == app.id, grants.c.ended.is_(None))
            if digest is not None:
                query = query.where(grants.c.digest == digest)
            found = connection.execute(query.order_by(grants.c.id.desc()).limit(1)).scalar()
            return Permissions() if found is None else Permissions.model_validate_json(found)

    def grants(self, name: str) -> tuple[Grant, ...]:
        """All that was ever allowed to an app, oldest first, with when it ended."""
        with self.database.read() as connection:
            app = history.find(connection, name, trashed=None, former=True)
            rows = connection.execute(select(grants).where(grants.c.app == app.id).order_by(grants.c.id))
            return tuple(
                Grant(app.name, Permissions.model_validate_json(row.permissions), row.digest, row.granted, row.ended)
                for row in rows
            )

    def readable_files(self) -> frozenset[str]:
        """The files and folders that some app, one in the trash included, may still read."""
        with self.database.read() as connection:
            standing = select(grants.c.permissions).where(grants.c.ended.is_(None)).distinct()
            every = [Permissions.model_validate_json(found) for found in connection.execute(standing).scalars()]
            return frozenset(file.path for permissions in every for file in permissions.files)

    def standing_grants(self) -> Mapping[int, tuple[int, ...]]:
        """The numbers of the grants that hold, by their apps' numbers: others once something is given or taken back."""
        query = select(grants.c.app, grants.c.id).where(grants.c.ended.is_(None)).order_by(grants.c.id)
        found: dict[int, tuple[int, ...]] = {}
        with self.database.read() as connection:
            for row in connection.execute(query):
                found[row.app] = (*found.get(row.app, ()), row.id)
        return found

    def revoke(self, name: str, permissions: Permissions | None = None) -> None:
        """Take permissions back from every content of an app: all, or those named.

        A host, file (whatever its mode) or package is taken by naming it, shared storage by ``storage="shared"``,
        model calls by any ``model_budget`` above 0, memory or seconds by any value that is not the default, and
        scripts by ``scripts=True``.
        """
        with self.database.write() as connection:
            app = history.find(connection, name, trashed=None, former=True, lock=True)
            now = datetime.now(UTC)
            standing = (grants.c.app == app.id) & grants.c.ended.is_(None)
            for row in connection.execute(select(grants).where(standing).order_by(grants.c.id)).all():
                old = Permissions.model_validate_json(row.permissions)
                new = Permissions() if permissions is None else without(old, permissions)
                if new == old:
                    continue
                connection.execute(update(grants).where(grants.c.id == row.id).values(ended=now))
                if new != Permissions():
                    _give(connection, app.id, new, row.digest, now)


def without(given: Permissions, taken: Permissions) -> Permissions:
    """What remains of ``given``; see :meth:`Grants.revoke`."""
    default = Permissions()
    paths = {file.path for file in taken.files}
    return Permissions(
        hosts=tuple(host for host in given.hosts if host not in taken.hosts),
        files=tuple(file for file in given.files if file.path not in paths),
        packages=tuple(package for package in given.packages if package not in taken.packages),
        storage=default.storage if taken.storage == given.storage == "shared" else given.storage,
        model_budget=0.0 if taken.model_budget else given.model_budget,
        memory=given.memory if taken.memory == default.memory else min(given.memory, default.memory),
        seconds=given.seconds if taken.seconds == default.seconds else min(given.seconds, default.seconds),
        scripts=given.scripts and not taken.scripts,
    )


def _give(connection: Connection, app: int, permissions: Permissions, digest: str, moment: datetime) -> None:
    connection.execute(
        insert(grants).values(app=app, digest=digest, permissions=permissions.model_dump_json(), granted=moment)
    )
