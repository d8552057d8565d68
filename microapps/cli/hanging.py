"""Lines that fold with a hanging indent."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.text import Text


@dataclass(frozen=True)
class Hanging:
    """A line that, when it folds at the terminal's edge, goes on under its beginning, right of its indent and mark."""

    line: Text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        plain_text = self.line.plain
        indent = len(plain_text) - len(plain_text.lstrip(" "))
        if plain_text[indent + 1 : indent + 2] == " ":
            indent += 2  # one mark and its space
        rest = self.line[indent:] if indent < len(plain_text) else self.line
        for number, folded in enumerate(rest.wrap(console, max(options.max_width - indent, 10))):
            folded.rstrip()
            start = self.line[:indent] if number == 0 else Text(" " * indent)
            yield Text.assemble(start, folded)


def hanging(line: RenderableType) -> RenderableType:
    """A text folds as :class:`Hanging`; anything else stays as it is."""
    return Hanging(line) if isinstance(line, Text) else line
