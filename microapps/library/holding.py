"""Money held back for calls of the model that are under way, so that no cap is passed by asking at the same time.

What a call can cost at most is written down before it is made, in the transaction that looks at the caps, and taken
away in the one that counts what it did cost. Processes share the database, and so the caps. A process that dies leaves
its holds behind; each has a time by which its call has ended, and from then on counts as spent in full.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, delete, func, insert, select

from . import history, spending
from .database import Database
from .records import UsageRecord
from .tables import holds

GRACE = 60.0
"""Seconds after its end in which a call has surely been counted, by a process that lives."""

JOB = 86_400.0
"""Seconds for which a job's money is held back: whoever is asked something may take a day to answer."""

_MONEY_LOCK = 0x6D6F6E79  # see the lock of migrations: PostgreSQL's writers of two apps are apart otherwise


@dataclass(frozen=True)
class Held:
    """A hold by its ``id``; or whose money does not suffice: that of the ``app``, or that of the ``month``."""

    id: int = 0
    lacking: Literal["", "app", "month"] = ""


class Holding:
    """The part of a library that holds money back."""

    database: Database

    def hold(
        self, name: str, most: UsageRecord, *, worth: Callable[[UsageRecord], float], budget: float, month: float,
        seconds: float,
    ) -> Held:  # fmt: skip
        """Hold back what an app's call can cost at most.

        Parameters
        ----------
        most : the most the call can use.
        worth : US dollars of tokens for the caps; it has an answer also where there is no known price.
        budget : the most the app may spend in all, in US dollars.
        month : the most all of a month may cost.
        seconds : how long the call may take.
        """
        wanted = worth(most)
        with self.database.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_MONEY_LOCK)))
            app = history.find(connection, name, trashed=None, former=True, lock=True).id
            _count_expired(connection)
            own = sum(map(worth, spending.own_usage(connection, app))) + held(connection, app)
            if own + wanted > budget:
                return Held(lacking="app")
            if spending.this_month(connection) + wanted > month:
                return Held(lacking="month")
            expires = datetime.now(UTC) + timedelta(seconds=seconds + GRACE)
            values = {"model": most.model, "input_tokens": most.input_tokens, "output_tokens": most.output_tokens}
            made = insert(holds).values(app=app, expires=expires, dollars=most.dollars, worth=wanted, **values)
            key = connection.execute(made).inserted_primary_key
            assert key is not None  # noqa: S101
            return Held(id=key[0])

    def hold_for_job(self, hold: int, model: str, spent: float, wanted: float, month: float) -> tuple[int, float]:
        """Hold back what a job has spent, which is counted when it ends, and what it wants for its next call.

        Parameters
        ----------
        hold : what an earlier call for this job gave; 0 for a new job.
        model : the model it asks.
        spent, wanted : US dollars.
        month : the most all of a month may cost.

        Gives the hold's id, to be ended by :meth:`settle`, and how much of ``wanted`` it may spend: less where the
        month, with all that others hold back, has less left.
        """
        with self.database.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_MONEY_LOCK)))
            connection.execute(delete(holds).where(holds.c.id == hold))  # before those that expired: its job lives
            _count_expired(connection)
            room = min(wanted, max(0.0, month - spending.this_month(connection) - spent))
            values = {
                "expires": datetime.now(UTC) + timedelta(seconds=JOB),
                "model": model,
                "input_tokens": 0,
                "output_tokens": 0,
                "dollars": spent + room,
                "worth": spent + room,
            }
            key = connection.execute(insert(holds).values(**values)).inserted_primary_key
            assert key is not None  # noqa: S101
            return key[0], room

    def settle(self, hold: int, used: UsageRecord | None) -> None:
        """The call of a hold has ended: count what it used, if anything.

        A hold that expired meanwhile was counted in full, and is not counted again.
        """
        with self.database.write() as connection:
            app = connection.execute(select(holds.c.app).where(holds.c.id == hold)).one_or_none()
            if app is None:
                return
            connection.execute(delete(holds).where(holds.c.id == hold))
            if used is not None:
                history.add_usage(connection, used, app=app[0], turn=None, moment=datetime.now(UTC))


def held(connection: Connection, app: int | None = None) -> float:
    """US dollars held back for one app, or for all."""
    query = select(func.sum(holds.c.worth))
    total = connection.execute(query if app is None else query.where(holds.c.app == app)).scalar()
    return float(total or 0.0)


def _count_expired(connection: Connection) -> None:
    over = holds.c.expires < datetime.now(UTC)
    for row in connection.execute(select(holds).where(over)).all():
        used = UsageRecord(row.model, row.input_tokens, row.output_tokens, dollars=row.dollars)
        history.add_usage(connection, used, app=row.app, turn=None, moment=row.expires)
    connection.execute(delete(holds).where(over))
