"""What became of an app: its revisions, what differs between them, the conversation, and the evidence."""

from __future__ import annotations

from typing import Any

from ...errors import InvalidInput
from ...library import Library, Revision, UsageRecord
from ...notebook.files import to_node
from ...studio import Studio
from ...studio.stories import retold, told_again
from ...telling.findings import event_in, report_in
from ...telling.spoken import Language, said
from ..call import Call
from ..cards import picture_address, shown_health
from ..models import ConversationTurn, Difference, EvidenceView, RevisionDetail, RevisionRow
from ..route import Route
from ..summaries import evidence, not_checked, summary


async def revisions(call: Call, name: str) -> tuple[RevisionRow, ...]:
    """Every revision, the newest first."""
    return await call.work(_rows, call.studio.library, name, call.language)


async def revision(call: Call, name: str, number: str) -> RevisionDetail:
    """One revision with its report and its notebook."""
    return await call.work(_detail, call.studio.library, name, whole(number), call.language)


async def difference(call: Call, name: str, *, old: int | None = None, new: int | None = None) -> Difference:
    """What changed between two revisions: without numbers, what the current one changed."""
    return await call.work(_difference, call.studio, name, old, new)


async def conversation(call: Call, name: str) -> tuple[ConversationTurn, ...]:
    """What was asked for and what came of it, the oldest first, with the events to draw each job again."""
    return await call.work(_conversation, call.studio.library, name, call.language)


async def seen_evidence(call: Call, name: str, *, revision: int | None = None) -> EvidenceView:
    """How a revision was checked, criterion by criterion; the current one without a number."""
    found = await call.work(call.studio.library.revision, name, revision)
    digest = found.notebook.digest
    picture = call.studio.pictures.of(digest)
    return evidence(found, picture_address(found.app, digest) if picture else None, call.language)


def whole(text: str) -> int:
    """A number that stands in an address; raises InvalidInput."""
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise InvalidInput(f"{text[:40]!r} is no number of a revision.", "Give a whole number.")
    return int(text)


def _row(revision: Revision, current: int) -> dict[str, Any]:
    usage = revision.usage
    return {
        "number": revision.number,
        "parent": revision.parent,
        "current": revision.number == current,
        "action": revision.action,
        "request": revision.request,
        "title": revision.title,
        "maker": revision.maker,
        "at": revision.created,
        "status": shown_health(revision.health),
        "dollars": usage.dollars if usage else None,
        "tokens": _tokens(usage),
        "seconds": revision.seconds,
    }


def _rows(library: Library, name: str, language: Language) -> tuple[RevisionRow, ...]:
    current = library.revision(name).number
    return tuple(
        RevisionRow(**_row(one, current), summary=_said(one, language)) for one in reversed(library.revisions(name))
    )


def _said(revision: Revision, language: Language) -> str:
    if not revision.report_text:
        return not_checked(language)
    return summary(revision.report, revision.notebook, language)


def _detail(library: Library, name: str, number: int, language: Language) -> RevisionDetail:
    found = library.revision(name, number)
    return RevisionDetail(
        **_row(found, library.revision(name).number),
        summary=_said(found, language),
        report=report_in(found.report, language) if found.report else None,
        notebook=dict(to_node(found.notebook)),
    )


def _difference(studio: Studio, name: str, old: int | None, new: int | None) -> Difference:
    later = studio.library.revision(name, new)
    earlier = later.parent if old is None else old
    found = studio.difference(name, earlier, later.number)
    return Difference(
        old=earlier or later.number,
        new=later.number,
        summary=found.summary(),
        cells=found.cells,
        permissions_added=found.permissions_added,
        permissions_removed=found.permissions_removed,
        criteria_added=found.criteria_added,
        criteria_changed=found.criteria_changed,
        criteria_removed=found.criteria_removed,
        metadata=found.metadata,
    )


def _conversation(library: Library, name: str, language: Language) -> tuple[ConversationTurn, ...]:
    current: int | None = library.revision(name).number  # read first: it is among all that are read after it
    every = {revision.number: revision for revision in library.revisions(name)}
    way = set()
    while current is not None:
        way.add(current)
        current = every[current].parent
    kept = library.stories(name)
    found = []
    for turn in library.turns(name):
        story = kept.get(turn.id)
        made = every.get(turn.revision) if turn.revision is not None else None
        parent = every.get(turn.parent) if turn.parent is not None else None
        events = told_again(story) if story else retold(turn, made, parent.notebook if parent else None)
        found.append(
            ConversationTurn(
                id=turn.id,
                role="harness" if turn.action in ("fork", "hand", "title") else "person",
                action=turn.action,
                text=turn.request,
                at=turn.created,
                seconds=turn.seconds,
                job=story.job if story else None,
                revision=turn.revision,
                parent=turn.parent,
                undone=turn.revision is not None and turn.revision not in way,
                error=said(turn.error, language),
                dollars=turn.usage.dollars if turn.usage else None,
                tokens=_tokens(turn.usage),
                complete=story is not None,
                events=tuple(event_in(event, language) for event in events),
            )
        )
    return tuple(found)


def _tokens(usage: UsageRecord | None) -> int | None:
    if usage is None:
        return None
    return usage.input_tokens + usage.output_tokens + usage.cache_read_tokens + usage.cache_write_tokens


ROUTES = (
    Route("GET", "apps/{name}/revisions", revisions),
    Route("GET", "apps/{name}/revisions/{number}", revision),
    Route("GET", "apps/{name}/difference", difference),
    Route("GET", "apps/{name}/conversation", conversation),
    Route("GET", "apps/{name}/evidence", seen_evidence),
)
