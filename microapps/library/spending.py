"""What models cost: tokens and money by month and model, counted also for turns that led nowhere.

Months are those of UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from ..errors import InvalidSetting
from . import history
from .database import Database
from .records import UsageRecord
from .tables import holds
from .tables import usage as table

_KINDS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")


class Spending:
    """The part of a library that counts usage."""

    database: Database

    def record_usage(self, usage: UsageRecord, name: str | None = None) -> None:
        """Count what was spent outside a turn, such as an app's own model calls."""
        with self.database.write() as connection:
            app = None if name is None else history.find(connection, name, former=True).id
            history.add_usage(connection, usage, app=app, turn=None, moment=datetime.now(UTC))

    def usage(self, month: str | None = None, *, name: str | None = None) -> tuple[UsageRecord, ...]:
        """Totals per model, the dearest first.

        Parameters
        ----------
        month : like ``2026-11``; all months when None.
        name : only what was spent for this app.

        A model's ``dollars`` is None when the price of none of its calls is known.
        """
        totals = [func.sum(table.c[kind]).label(kind) for kind in _KINDS]
        query = select(table.c.model, *totals, func.sum(table.c.dollars).label("dollars")).group_by(table.c.model)
        if month is not None:
            start, end = _bounds(month)
            query = query.where(table.c.created >= start, table.c.created < end)
        with self.database.read() as connection:
            if name is not None:
                query = query.where(table.c.app == history.find(connection, name, trashed=None).id)
            rows = connection.execute(query.order_by(func.coalesce(func.sum(table.c.dollars), 0).desc(), table.c.model))
            return tuple(
                UsageRecord(model=row.model, dollars=row.dollars, **{kind: int(getattr(row, kind)) for kind in _KINDS})
                for row in rows
            )

    def own_usage(self, name: str) -> tuple[UsageRecord, ...]:
        """What an app spent on model calls of its own; its making and changing are left out.

        One record for each model, and a second with ``dollars`` None where some of its calls had no known price.
        """
        with self.database.read() as connection:
            return own_usage(connection, history.find(connection, name, trashed=None, former=True).id)

    def spent_this_month(self) -> float:
        """US dollars spent since the month began (UTC), as far as prices are known, or held back for calls of apps."""
        with self.database.read() as connection:
            return this_month(connection)


def own_usage(connection: Connection, app: int) -> tuple[UsageRecord, ...]:
    """See :meth:`Spending.own_usage`."""
    totals = [func.sum(table.c[kind]).label(kind) for kind in _KINDS]
    query = select(table.c.model, *totals, func.sum(table.c.dollars).label("dollars"))
    rows = connection.execute(
        query.where(table.c.app == app, table.c.turn.is_(None))
        .group_by(table.c.model, table.c.dollars.is_(None))
        .order_by(table.c.model, table.c.dollars.is_(None))
    )
    return tuple(
        UsageRecord(model=row.model, dollars=row.dollars, **{kind: int(getattr(row, kind)) for kind in _KINDS})
        for row in rows
    )


def this_month(connection: Connection) -> float:
    """See :meth:`Spending.spent_this_month`."""
    start, _ = _bounds(f"{datetime.now(UTC):%Y-%m}")
    spent = connection.execute(select(func.sum(table.c.dollars)).where(table.c.created >= start)).scalar()
    held = connection.execute(select(func.sum(holds.c.worth))).scalar()
    return float(spent or 0.0) + float(held or 0.0)


def _bounds(month: str) -> tuple[datetime, datetime]:
    match = re.fullmatch(r"(\d{4})-(\d\d)", month, re.ASCII)
    if match is None or not 1 <= int(match[2]) <= 12 or not 1 <= int(match[1]) <= 9998:
        raise InvalidSetting(f"{month!r} is no month.", "Write it like 2026-11.")
    year, number = int(match[1]), int(match[2])
    start = datetime(year, number, 1, tzinfo=UTC)
    return start, datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)
