"""Records of the library as JSON documents, for ``--json``."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from ..library import Access, AppRecord, Revision
from ..notebook.difference import AppDifference

_ACCESS = TypeAdapter(Access)
_APP = TypeAdapter(AppRecord)
_DIFFERENCE = TypeAdapter(AppDifference)


def app_document(app: AppRecord) -> dict[str, Any]:
    """An app; times are UTC in ISO 8601."""
    document: dict[str, Any] = _APP.dump_python(app, mode="json", exclude={"id"})
    return document


def revision_document(revision: Revision, current: int) -> dict[str, Any]:
    """A revision without its notebook; ``current`` is the number of the app's current one."""
    usage = revision.usage
    return {
        "app": revision.app,
        "number": revision.number,
        "parent": revision.parent,
        "current": revision.number == current,
        "action": revision.action,
        "request": revision.request,
        "created": revision.created.isoformat(),
        "digest": revision.digest,
        "title": revision.title,
        "maker": revision.maker,
        "health": revision.health.value,
        "seconds": revision.seconds,
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
