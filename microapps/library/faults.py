"""What went wrong in the visits of each app, for its owner. Bounded, for an app decides how often it fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select, update

from . import history
from .database import Database
from .records import Fault
from .tables import clean, faults

MOST = 100
"""Different faults kept for each app; the ones not seen for longest are dropped."""
LONGEST = 10_000
"""Characters kept of a trace: the last ones, which say what it came to."""
LONGEST_SENTENCE = 500


class Faults:
    """The part of a library that keeps what went wrong."""

    database: Database

    def note_faults(self, name: str, noted: Sequence[Fault]) -> None:
        """Keep what an owner should know; the same sentence again raises its count, and its trace is the newer one.

        ``app``, ``first`` and ``last`` of what is given do not matter. Of more than :data:`MOST` the last are kept.
        """
        now = datetime.now(UTC)
        counted: dict[tuple[str, str], Fault] = {}
        for one in noted:
            key = (one.kind[:40], clean(one.what[:LONGEST_SENTENCE]))
            before = counted.pop(key, None)
            counted[key] = replace(one, count=one.count + (before.count if before else 0))
        with self.database.write() as connection:
            app = history.find(connection, name, trashed=None, former=True, lock=True)
            rows = connection.execute(select(faults).where(faults.c.app == app.id)).all()
            known = {(row.kind, row.what): row for row in rows}
            for (kind, what), one in list(counted.items())[-MOST:]:
                values = {"detail": clean(one.detail[-LONGEST:]), "last": now}
                if row := known.get((kind, what)):
                    again = update(faults).where(faults.c.id == row.id)
                    connection.execute(again.values(times=row.times + one.count, **values))
                else:
                    fresh = {"app": app.id, "kind": kind, "what": what, "times": one.count, "first": now}
                    connection.execute(insert(faults).values(**fresh, **values))
            recent = select(faults.c.id).where(faults.c.app == app.id)
            kept = recent.order_by(faults.c.last.desc(), faults.c.id.desc()).limit(MOST)
            connection.execute(delete(faults).where(faults.c.app == app.id, faults.c.id.not_in(kept)))

    def faults(self, name: str) -> tuple[Fault, ...]:
        """What went wrong in an app's visits, the most recent first."""
        with self.database.read() as connection:
            app = history.find(connection, name, trashed=None, former=True)
            query = select(faults).where(faults.c.app == app.id).order_by(faults.c.last.desc(), faults.c.id.desc())
            return tuple(
                Fault(app.name, row.kind, row.what, row.detail, row.times, row.first, row.last)
                for row in connection.execute(query)
            )
