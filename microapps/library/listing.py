"""Rows as the values the library answers with."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, select

from . import history
from .history import Entry
from .records import AppRecord, Health, Revision, Turn, UsageRecord
from .shelf import Shelf
from .tables import apps, former_names, revisions, turns, usage

_USAGE = (
    usage.c.model,
    usage.c.input_tokens,
    usage.c.output_tokens,
    usage.c.cache_read_tokens,
    usage.c.cache_write_tokens,
    usage.c.dollars,
)


def app_records(connection: Connection, shelf: Shelf, condition: ColumnElement[bool]) -> tuple[AppRecord, ...]:
    """The apps that meet a condition, the most recently changed first."""
    of_current = and_(revisions.c.app == apps.c.id, revisions.c.number == apps.c.current)
    described = (revisions.c.title, revisions.c.description, revisions.c.tags, revisions.c.health)
    query = select(apps, *described).join(revisions, of_current).where(condition)
    rows = connection.execute(query.order_by(apps.c.updated.desc(), apps.c.id.desc())).all()
    meant = former_names.c.app.in_(select(apps.c.id).where(condition))
    former: defaultdict[int, list[str]] = defaultdict(list)
    for known in connection.execute(select(former_names).where(meant).order_by(former_names.c.name)):
        former[known.app].append(known.name)
    return tuple(
        AppRecord(
            id=row.id,
            name=row.name,
            title=row.title,
            description=row.description,
            tags=tuple(json.loads(row.tags)),
            created=row.created,
            updated=row.updated,
            current=row.current,
            health=Health(row.health),
            path=shelf.path(row.place),
            trashed=row.trashed,
            ended=row.ended,
            former=tuple(former[row.id]),
        )
        for row in rows
    )


def app_revisions(connection: Connection, entry: Entry, number: int | None = None) -> tuple[Revision, ...]:
    """An app's revisions in the order of their numbers, or the one of that number."""
    its_turn = and_(turns.c.app == revisions.c.app, turns.c.revision == revisions.c.number)
    said = (turns.c.id.label("turn"), turns.c.action, turns.c.request, turns.c.seconds, turns.c.report)
    query = (
        select(revisions, *said, *_USAGE)
        .join(turns, its_turn)
        .outerjoin(usage, usage.c.turn == turns.c.id)
        .where(revisions.c.app == entry.id)
        .order_by(revisions.c.number)
    )
    if number is not None:
        query = query.where(revisions.c.number == number)
    return tuple(
        Revision(
            app=entry.name,
            number=row.number,
            parent=row.parent,
            action=row.action,
            request=row.request,
            created=row.created,
            digest=row.digest,
            title=row.title,
            maker=row.maker,
            health=Health(row.health),
            usage=_usage(row),
            seconds=row.seconds,
            text=row.notebook,
            report_text=row.report,
            turn=row.turn,
        )
        for row in connection.execute(query)
    )


def app_turns(connection: Connection, entry: Entry | None, turn: int | None = None) -> tuple[Turn, ...]:
    """An app's turns in the order of time, or those of no app; only the one of that number if given."""
    of_app = turns.c.app.is_(None) if entry is None else turns.c.app == entry.id
    query = select(turns, *_USAGE).outerjoin(usage, usage.c.turn == turns.c.id).where(of_app).order_by(turns.c.id)
    if turn is not None:
        query = query.where(turns.c.id == turn)
    return tuple(
        Turn(
            id=row.id,
            app=entry.name if entry else "",
            revision=row.revision,
            parent=row.parent,
            action=row.action,
            request=row.request,
            created=row.created,
            seconds=row.seconds,
            usage=_usage(row),
            messages=tuple(json.loads(row.messages)),
            error=row.error,
            draft_text=row.draft,
            report_text=row.report,
        )
        for row in connection.execute(query)
    )


def conversation(connection: Connection, entry: Entry, number: int) -> tuple[dict[str, Any], ...]:
    """The messages of the accepted turns that led to a revision, in order."""
    way = set(history.lineage(history.parents(connection, entry.id), number))
    query = select(turns.c.revision, turns.c.messages).where(turns.c.app == entry.id, turns.c.revision.isnot(None))
    said = connection.execute(query.order_by(turns.c.revision)).all()
    return tuple(message for row in said if row.revision in way for message in json.loads(row.messages))


def _usage(row: Row[Any]) -> UsageRecord | None:
    if row.model is None:
        return None
    kinds = (row.input_tokens, row.output_tokens, row.cache_read_tokens, row.cache_write_tokens)
    return UsageRecord(row.model, *kinds, dollars=row.dollars)
