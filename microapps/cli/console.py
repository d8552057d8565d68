"""Where output goes: results to standard output, progress and errors to standard error.

Names, findings and model text come from elsewhere, so all text passes :func:`~microapps.telling.plain` (a terminal
obeys escape sequences) and rich's own markup is off.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from dataclasses import dataclass
from functools import cached_property
from typing import IO, TYPE_CHECKING, Any

from ..errors import MicroappsError
from ..telling import plain

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_PIPE_WIDTH = 1000  # a pipe has no edge to wrap at


def _console(stream: IO[str]) -> Console:
    from rich.console import Console

    wide = None if stream.isatty() or "COLUMNS" in os.environ else _PIPE_WIDTH
    return Console(file=stream, markup=False, emoji=False, highlight=False, width=wide)


@dataclass
class Output:
    """One command's output; the options ``--json``, ``--quiet`` and ``--traceback`` set its fields."""

    json: bool = False
    quiet: bool = False
    traceback: bool = False

    @cached_property
    def out(self) -> Console:
        """Standard output."""
        return _console(sys.stdout)

    @cached_property
    def err(self) -> Console:
        """Standard error."""
        return _console(sys.stderr)

    @property
    def interactive(self) -> bool:
        """Whether a person is there to answer a question."""
        return sys.stdin.isatty() and sys.stderr.isatty() and not self.json

    def show(self, *renderables: RenderableType) -> None:
        """Print a result, for people; silent with ``--json``."""
        from .hanging import hanging

        if not self.json:
            for renderable in renderables:
                if isinstance(renderable, str):
                    self.out.print(plain(renderable), soft_wrap=True)  # a path or link is copied whole
                else:
                    self.out.print(hanging(renderable))

    def say(self, *renderables: RenderableType) -> None:
        """Print what is worth knowing on the way; silent with ``--json`` and ``--quiet``."""
        from .hanging import hanging

        if not (self.json or self.quiet):
            for renderable in renderables:
                self.err.print(plain(renderable) if isinstance(renderable, str) else hanging(renderable))

    def document(self, value: Any) -> None:
        """Print the one JSON document of a command; silent without ``--json``."""
        if self.json:
            print(json.dumps(value, ensure_ascii=False, indent=2, default=str), flush=True)  # noqa: T201

    def line(self, text: str) -> None:
        """Print one line of a stream of JSON lines."""
        print(text, flush=True)  # noqa: T201

    def failure(self, error: BaseException) -> None:
        """Show an error: what happened, then what to do; its traceback only when asked for."""
        if self.traceback:
            self.err.print("".join(traceback.format_exception(error)), end="")
        if isinstance(error, MicroappsError):
            what, hint = error.what, error.hint
        else:
            what = f"microapps itself failed: {type(error).__name__}: {error}"
            hint = "" if self.traceback else "Run it again with --traceback, and report what it shows."
        if self.json:
            self.document({"error": type(error).__name__, "what": what, "hint": hint})
        else:
            self.trouble(what, hint)

    def trouble(self, what: str, hint: str = "") -> None:
        """Two lines on standard error: what happened, and what to do."""
        from rich.text import Text

        from .hanging import hanging

        self.err.print(hanging(Text.assemble(("✗ ", "bold red"), (plain(what), "bold"))))
        if hint:
            self.err.print(hanging(Text.assemble(("  → ", "cyan"), plain(hint))))
