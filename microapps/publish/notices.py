"""What the site's process tells the one that started it: one JSON line each on its standard output."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, TextIO

from ..notebook import remedy_of

LONGEST = 20_000
LONGEST_INPUT = 200
MOST_INPUTS = 40
_COLOUR = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

Kind = Literal[
    "app_failed",
    "callback_failed",
    "too_slow",
    "kernel_missing",
    "too_much_output",
    "busy",
    "kernel_lost",
    "script_blocked",
    "runs_anew",
]

NO_FAULT: frozenset[Kind] = frozenset({"runs_anew"})
"""What is worth knowing, and no error: that each visitor's process runs the notebook itself, and why."""


@dataclass(frozen=True)
class Notice:
    """Something its owner should know about an app that is served: an error, but for :data:`NO_FAULT`.

    ``what`` is a sentence, ``detail`` a traceback or empty; neither is shown to visitors. ``inputs`` are the controls
    that were set before it, by label, the last one last: the app's word for it.
    """

    kind: Kind
    app: str
    what: str
    detail: str = ""
    inputs: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("what", "detail"):
            object.__setattr__(self, name, readable(getattr(self, name)))
        object.__setattr__(self, "inputs", dict(_inputs(self.inputs)))


def with_remedy(what: str) -> str:
    """An error of an app, and what its owner can do about it where a package is missing."""
    return f"{what}. {found}" if (found := remedy_of(what)) else what


def _inputs(said: Any) -> Iterator[tuple[str, str]]:
    """What an app says of its controls, as far as it has the form that it should have."""
    for label, value in list(said.items())[:MOST_INPUTS] if isinstance(said, dict) else ():
        if isinstance(label, str) and isinstance(value, str):
            yield readable(label)[:LONGEST_INPUT], readable(value)[:LONGEST_INPUT]


def readable(text: str) -> str:
    """Text of an app made safe to print: no colour codes, nothing that steers a terminal, not endless."""
    plain = unobeyed(text)
    return plain if len(plain) <= LONGEST else plain[:LONGEST] + " …"


def unobeyed(text: str) -> str:
    """Text without colour codes and what else a terminal obeys, such as marks that turn its direction around."""
    return _CONTROL.sub("", _COLOUR.sub("", text))


class Channel:
    """Writes lines to the parent. ``claim`` first moves standard output away, so that no stray print can be a line."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @classmethod
    def claim(cls) -> Channel:
        kept = os.dup(1)
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        return cls(os.fdopen(kept, "w", encoding="utf-8"))

    def say(self, event: str, **values: Any) -> None:
        try:
            self._stream.write(json.dumps({"event": event, **values}) + "\n")
            self._stream.flush()
        except BrokenPipeError:
            os._exit(0)  # the parent has gone, and with it the reason to serve

    def notify(self, notice: Notice) -> None:
        self.say("notice", **asdict(notice))
