"""Records of the library as JSON documents, for ``--json``."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from ..library import Access, AppRecord, Fault, Health, Turn
from ..notebook.difference import AppDifference

_ACCESS = TypeAdapter(Access)
_APP = TypeAdapter(AppRecord)
_FAULT = TypeAdapter(Fault)
_DIFFERENCE = TypeAdapter(AppDifference)


def app_document(app: AppRecord) -> dict[str, Any]:
    """An app; times are UTC in ISO 8601."""
    document: dict[str, Any] = _APP.dump_python(app, mode="json", exclude={"id"})
    return document


def turn_document(turn: Turn, current: int, health: Health | None) -> dict[str, Any]:
    """A turn without its messages; ``current`` is the app's current revision, ``health`` that of the turn's own."""
    usage = turn.usage
    return {
        "app": turn.app,
        "revision": turn.revision,
        "parent": turn.parent,
        "current": turn.revision is not None and turn.revision == current,
        "action": turn.action,
        "request": turn.request,
        "created": turn.created.isoformat(),
        "health": health.value if health else None,
        "error": turn.error,
        "seconds": turn.seconds,
        "model": usage.model if usage else None,
        "input_tokens": usage.input_tokens if usage else 0,
        "output_tokens": usage.output_tokens if usage else 0,
        "dollars": usage.dollars if usage else None,
    }


def difference_document(difference: AppDifference) -> dict[str, Any]:
    """What differs between two revisions."""
    document: dict[str, Any] = _DIFFERENCE.dump_python(difference, mode="json")
    return document


def access_document(access: Access) -> dict[str, Any]:
    """What an app tried to reach."""
    document: dict[str, Any] = _ACCESS.dump_python(access, mode="json")
    return document


def fault_document(fault: Fault) -> dict[str, Any]:
    """What went wrong in visits of an app."""
    document: dict[str, Any] = _FAULT.dump_python(fault, mode="json")
    return document
