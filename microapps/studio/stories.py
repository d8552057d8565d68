"""A job's events as they are kept, and events told anew for a turn whose job's own are gone.

What is kept is what a front end needs to draw the job again: pieces of text joined, progress left out, long diffs cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from ..errors import InvalidNotebook
from ..events import EVENT, Checked, Event, Failed, Finished, Retrying, Started, Text, Used, Writing, Wrote
from ..generator import MESSAGES
from ..library import Revision, Story, Turn
from ..notebook import MicroApp, difference

LONGEST_DIFF = 20_000
"""Characters of one cell's diff; the revision itself has it whole."""


def condensed(events: Iterable[Event]) -> list[dict[str, Any]]:
    """A job's events, JSON-able, without what only mattered while it ran."""
    kept: list[Event] = []
    for event in events:
        last = kept[-1] if kept else None
        match event:
            case Writing() | Retrying():
                continue
            case Text() if isinstance(last, Text) and (last.turn, last.thought) == (event.turn, event.thought):
                kept[-1] = event.model_copy(update={"text": last.text + event.text})
            case Used() if isinstance(last, Used):
                kept[-1] = event
            case Wrote() if len(event.diff) > LONGEST_DIFF:
                kept.append(event.model_copy(update={"diff": event.diff[:LONGEST_DIFF] + "\n…\n"}))
            case _:
                kept.append(event)
    return [event.model_dump(mode="json") for event in kept]


def told_again(story: Story) -> tuple[Event, ...]:
    """A kept story as events; none of those that this version no longer knows."""
    return tuple(_known(story.events))


def _known(events: Iterable[Mapping[str, Any]]) -> Iterator[Event]:
    for event in events:
        try:
            yield EVENT.validate_python(event)
        except ValidationError:
            continue


def retold(turn: Turn, revision: Revision | None, parent: MicroApp | None) -> tuple[Event, ...]:
    """Events made of what the library keeps of a turn.

    Parameters
    ----------
    revision : what the turn made; None for an interrupted one, and then its last draft counts.
    parent : the app it began with.
    """
    return tuple(
        event.model_copy(update={"number": number, "at": turn.created})
        for number, event in enumerate(_retold(turn, revision, parent), 1)
    )


def _retold(turn: Turn, revision: Revision | None, parent: MicroApp | None) -> Iterator[Event]:
    action = turn.action if turn.action in ("make", "change", "adopt", "import", "repair") else "change"
    maker = revision.maker if revision else (turn.usage.model if turn.usage else "")
    yield Started.model_validate(
        {"job": "", "action": action, "app": turn.app, "request": turn.request, "maker": maker}
    )
    said = [message for message in _messages(turn) if message]
    yield from (Text(turn=number, text=text) for number, text in enumerate(said, 1))
    made = revision.notebook if revision else _draft(turn)
    if made is not None and turn.action != "fork":
        before = parent or MicroApp(made.metadata, ())
        for change in difference(before, made).cells:
            yield Wrote(cell=change.id, role=change.role, change=change.change, diff=change.diff[:LONGEST_DIFF])
    report = revision.report if revision else turn.report
    if report is not None:
        yield Checked(round=1, report=report)
    if turn.usage is not None:
        yield Used(
            model=turn.usage.model,
            input_tokens=turn.usage.input_tokens,
            output_tokens=turn.usage.output_tokens,
            cache_read_tokens=turn.usage.cache_read_tokens,
            cache_write_tokens=turn.usage.cache_write_tokens,
            dollars=turn.usage.dollars,
        )
    if revision is None:
        yield Failed(app=turn.app, error="Stopped", what=turn.error or "It ended without a revision.", report=report)
    elif report is not None:
        yield Finished(
            app=turn.app, revision=revision.number, title=revision.title, report=report, seconds=turn.seconds
        )


def _messages(turn: Turn) -> list[str]:
    """What the model said; nothing of messages in a form that is no longer known."""
    if turn.action == "fork":
        return []
    try:
        messages = MESSAGES.validate_python(turn.messages)
    except ValidationError:
        return []
    return [message.text for message in messages if message.role == "assistant"]


def _draft(turn: Turn) -> MicroApp | None:
    try:
        return turn.draft
    except InvalidNotebook:
        return None
