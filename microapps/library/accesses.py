"""What each app tried to reach. The log is bounded, for an app decides how often it tries."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import delete, insert, select, update

from . import history
from .database import Database
from .records import Access
from .tables import accesses

MOST = 1000
"""Different attempts kept for each app; the ones not seen for longest are dropped."""
LONGEST = 500
"""Characters kept of a target and of its detail."""


class Accesses:
    """The part of a library that logs what apps tried."""

    database: Database

    def log_access(self, name: str, kind: str, target: str, *, allowed: bool, detail: str = "", times: int = 1) -> None:
        """Note one attempt, or as many of the same; the same attempt again raises its count.

        ``kind`` says of what sort (``host``, ``file``, ``model`` …), ``target`` names it (``example.org:443``).
        """
        now = datetime.now(UTC)
        target, detail = target[:LONGEST], detail[:LONGEST]
        with self.database.write() as connection:
            app = history.find(connection, name, trashed=None, former=True, lock=True)
            same = (
                (accesses.c.app == app.id)
                & (accesses.c.kind == kind[:40])
                & (accesses.c.target == target)
                & (accesses.c.allowed == allowed)
                & (accesses.c.detail == detail)
            )
            again = update(accesses).where(same).values(times=accesses.c.times + times, last=now)
            if connection.execute(again).rowcount:
                return
            values = {"kind": kind[:40], "target": target, "allowed": allowed, "detail": detail}
            connection.execute(insert(accesses).values(app=app.id, times=times, first=now, last=now, **values))
            recent = select(accesses.c.id).where(accesses.c.app == app.id)
            beyond = recent.order_by(accesses.c.last.desc(), accesses.c.id.desc()).limit(MOST).offset(MOST)
            surplus = connection.execute(beyond).scalars().all()
            if surplus:
                connection.execute(delete(accesses).where(accesses.c.id.in_(surplus)))

    def accesses(self, name: str) -> tuple[Access, ...]:
        """What an app tried, the most recent first."""
        with self.database.read() as connection:
            app = history.find(connection, name, trashed=None, former=True)
            query = select(accesses).where(accesses.c.app == app.id)
            rows = connection.execute(query.order_by(accesses.c.last.desc(), accesses.c.id.desc()))
            return tuple(
                Access(app.name, row.kind, row.target, row.allowed, row.detail, row.times, row.first, row.last)
                for row in rows
            )
