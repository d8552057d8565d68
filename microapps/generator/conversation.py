"""What a model is told: the stable prefix, and the first message of a job.

The prefix (tools, then system text) depends only on what is installed, so every request of every job shares it and an
endpoint reads it from its cache. Whatever changes (the person's preferences, the app, the files) is in the first
message. Text that comes from notebooks and files stands between tags and is named as data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from importlib.resources import files

from ..notebook import MicroApp
from .cards import Card
from .data import described
from .messages import Message, TextBlock, joined, without_thinking
from .task import Failure, Reference, Task

REQUEST = "request"
MAX_HISTORY = 24_000
"""Characters of earlier conversation that are shown; the oldest are left out first."""

MAX_TRACE = 6_000
"""Characters of a failure's trace that are shown; its end says what happened."""

TAGS = re.compile(r"</?(data|current_app|preferences|pointed_at|failure|request)>")

PROMPTS = files(__package__).joinpath("prompts")


def system(cards: Iterable[Card]) -> tuple[str, ...]:
    """The system text, in blocks: the rules with a whole example, then the cards of what is installed."""
    rules = prompt("system")
    for part in ("runtime", "driver", "example"):
        rules = rules.replace(f"{{{{{part}}}}}", prompt(part))
    shown = [card.for_model() for card in cards]
    return (rules, *(("\n\n".join((prompt("cards"), *shown)),) if shown else ()))


def opening(task: Task) -> Message:
    """A job's first message: the request and all that goes with it."""
    parts = []
    if task.preferences:
        wishes = "\n".join(f"- {_inert(wish)}" for wish in task.preferences)
        parts.append(f"<preferences>\n{wishes}\n</preferences>")
    for schema in task.data:
        parts.append(f"<data>\n{_inert(described(schema))}\n</data>")
    if task.current is not None:
        parts.append(f"<current_app>\n{_inert(shown(task.current))}\n</current_app>")
        parts.append(prompt("change"))
    else:
        parts.append(prompt("make"))
    if task.references:
        pointed = "\n".join(map(_pointed, task.references))
        parts.append(f"<pointed_at>\n{_inert(pointed)}\n</pointed_at>")
        parts.append(prompt("pointed"))
    if task.failure is not None:
        parts.append(f"<failure>\n{_inert(_failed(task.failure))}\n</failure>")
        parts.append(prompt("failure"))
    parts.append(_asked(task.request))
    return Message.user(*parts)


def shown(app: MicroApp) -> str:
    """An app as a model reads it: metadata, criteria, permissions and every cell with its id."""
    lines = [f"title: {app.metadata.title}", f"description: {app.metadata.description}", "criteria:"]
    lines += [f"- {c.id}: {c.text} ({', '.join(c.tests)})" for c in app.metadata.criteria] or ["- none"]
    lines += ["permissions:", *(f"- {said}" for said in app.metadata.permissions.sentences() or ("none",))]
    for cell in app.cells:
        role = f', role "{cell.role}"' if cell.role else ""
        lines += ["", f'=== cell "{cell.id}"{role}, {cell.kind} ===', cell.source]
    return "\n".join(lines)


def condensed(history: Iterable[Message]) -> tuple[Message, ...]:
    """Earlier jobs in short: what the person asked for and what the model said, without tools, results, thinking.

    The app itself is always shown as it is now, so how it came about is not needed; and what is not sent can neither
    be rejected (thinking of another model, calls without results) nor paid for.
    """
    short = []
    for message in without_thinking(history):
        if message.role == "user":
            requests = [_request_in(block.text) for block in message.content if isinstance(block, TextBlock)]
            texts = [_asked(request) for request in requests if request]
        else:
            texts = [message.text] if message.text else []
        if texts:
            short.append(Message(role=message.role, content=tuple(TextBlock(text=text) for text in texts)))
    kept: list[Message] = []
    room = MAX_HISTORY
    for message in reversed(short):
        room -= len(message.text)
        if room < 0:
            break
        kept.insert(0, message)
    while kept and kept[0].role == "assistant":
        kept.pop(0)
    return joined(kept)


def characters(system: Iterable[str], messages: Iterable[Message]) -> int:
    """About how much text a request holds, for an estimate of its tokens."""
    return sum(map(len, system)) + sum(len(json.dumps(m.model_dump(mode="json"), ensure_ascii=False)) for m in messages)


def prompt(name: str) -> str:
    """The text of one of the prompt files, without its last newline."""
    return PROMPTS.joinpath(f"{name}.md").read_text("utf-8").rstrip("\n")


def _asked(request: str) -> str:
    return f"<{REQUEST}>\n{request}\n</{REQUEST}>"


def _request_in(text: str) -> str:
    found = re.fullmatch(rf"<{REQUEST}>\n(.*)\n</{REQUEST}>", text, re.DOTALL)
    return found.group(1) if found else ""


def _pointed(reference: Reference) -> str:
    """A part of the app that the person pointed at, in a line."""
    where = [f'labelled "{reference.label}"' if reference.label else "without a label"]
    where += [f"variable {reference.variable}"] if reference.variable else []
    where += [f'cell "{reference.cell}"'] if reference.cell else []
    return f"- {reference.kind or 'a part of the app'}, {', '.join(where)}"


def _failed(failure: Failure) -> str:
    """What went wrong in the running app, the end of its trace, and what had been typed."""
    lines = [f"error: {failure.error}"]
    lines += ["typed before it:", *(f"- {label}: {value}" for label, value in failure.inputs.items())]
    lines += ["trace:", failure.traceback[-MAX_TRACE:]]
    return "\n".join(lines)


def _inert(text: str) -> str:
    """Text that cannot close the tags it stands between."""
    return re.sub(
        r"</?(data|current_app|preferences|pointed_at|failure|request)>",
        lambda found: found.group().replace("<", "‹"),
        text,
    )
