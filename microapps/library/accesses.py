"""What each app tried to reach. The log is bounded, for an app decides how often it tries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice

from sqlalchemy import bindparam, delete, insert, select, update

from . import history
from .database import Database
from .records import Access
from .tables import accesses, clean

MOST = 1000
"""Different attempts kept for each app; the ones not seen for longest are dropped."""
LONGEST = 500
"""Characters kept of a target and of its detail."""


@dataclass(frozen=True)
class Tried:
    """What was tried, and how it went; see :class:`~microapps.library.Access`."""

    kind: str
    target: str
    allowed: bool
    detail: str


class Accesses:
    """The part of a library that logs what apps tried."""

    database: Database

    def log_access(self, name: str, kind: str, target: str, *, allowed: bool, detail: str = "", times: int = 1) -> None:
        """Note one attempt, or as many of the same; the same attempt again raises its count.

        ``kind`` says of what sort (``host``, ``file``, ``model`` …), ``target`` names it (``example.org:443``).
        """
        self.log_accesses(name, {Tried(kind, target, allowed, detail): times})

    def log_accesses(self, name: str, tried: Mapping[Tried, int]) -> None:
        """Note attempts of one app, each so many times, in one transaction; of more than :data:`MOST`, the last."""
        now = datetime.now(UTC)
        counted: Counter[Tried] = Counter()
        for one, times in islice(tried.items(), max(0, len(tried) - MOST), None):
            counted[Tried(one.kind[:40], clean(one.target[:LONGEST]), one.allowed, clean(one.detail[:LONGEST]))] += (
                times
            )
        with self.database.write() as connection:
            app = history.find(connection, name, trashed=None, former=True, lock=True)
            rows = connection.execute(select(accesses).where(accesses.c.app == app.id)).all()
            known = {Tried(row.kind, row.target, row.allowed, row.detail): row for row in rows}
            again = [{"key": known[one].id, "more": times} for one, times in counted.items() if one in known]
            if again:
                more = accesses.c.times + bindparam("more")
                raised = update(accesses).where(accesses.c.id == bindparam("key")).values(times=more, last=now)
                connection.execute(raised, again)
            fresh = [
                {"app": app.id, "times": times, "first": now, "last": now, **asdict(one)}
                for one, times in counted.items()
                if one not in known
            ]
            if fresh:
                connection.execute(insert(accesses), fresh)
            if len(rows) + len(fresh) > MOST:
                recent = select(accesses.c.id).where(accesses.c.app == app.id)
                kept = recent.order_by(accesses.c.last.desc(), accesses.c.id.desc()).limit(MOST)
                surplus = delete(accesses).where(accesses.c.app == app.id, accesses.c.id.not_in(kept))
                connection.execute(surplus)

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
