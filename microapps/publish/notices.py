"""What the site's process tells the one that started it: one JSON line each on its standard output."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from typing import Any, Literal, TextIO

Kind = Literal["app_failed", "callback_failed", "too_slow", "kernel_missing", "too_much_output", "busy", "kernel_lost"]


@dataclass(frozen=True)
class Notice:
    """Something its owner should know about an app that is served.

    ``what`` is a sentence, ``detail`` a traceback or empty; neither is shown to visitors.
    """

    kind: Kind
    app: str
    what: str
    detail: str = ""


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
