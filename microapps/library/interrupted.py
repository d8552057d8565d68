"""Turns that ended without a revision: kept whole, whatever state their draft is in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from ..checks.report import Report
from ..errors import InvalidNotebook, UnknownApp
from ..notebook import MicroApp, dumps
from . import history, listing
from .history import Entry
from .records import Turn, UsageRecord


def add(
    connection: Connection,
    name: str | None,
    action: str,
    request: str,
    messages: Sequence[Mapping[str, Any]],
    draft: MicroApp | None,
    report: Report | None,
    error: str,
    usage: UsageRecord | None,
    seconds: float,
    parent: int | None,
) -> Turn:
    """Keep an interrupted turn; see :meth:`microapps.library.Library.record_interrupted`."""
    entry = _entry(connection, name)
    if entry is None:
        parent = None
    elif parent is None:
        parent = entry.current
    turn = history.add_turn(
        connection,
        action=action,
        request=request,
        report=report,
        messages=messages,
        usage=usage,
        seconds=seconds,
        app=entry.id if entry else None,
        revision=None,
        parent=parent,
        moment=datetime.now(UTC),
        error=error,
        text="" if draft is None else _text(draft),
    )
    return listing.app_turns(connection, entry, turn)[0]


def _entry(connection: Connection, name: str | None) -> Entry | None:
    if name is None:
        return None
    try:
        return history.find(connection, name, trashed=None, former=True)
    except UnknownApp:
        return None  # purged meanwhile: the turn is kept all the same, among those without an app


def _text(app: MicroApp) -> str:
    """A draft as notebook text; one that no notebook can carry is kept as its bare cells."""
    try:
        return dumps(app)
    except InvalidNotebook:
        cells = [{"id": cell.id, "cell_type": cell.kind, "source": cell.source} for cell in app.cells]
        return json.dumps({"name": app.metadata.name, "cells": cells})
