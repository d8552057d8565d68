"""A job's story as one output of a cell, redrawn as it goes on."""

from __future__ import annotations

import html
import time
from typing import Any

from IPython.display import DisplayHandle, display
from rich.text import Text

from ..events import Event, Failed, Finished, Writing
from ..events import Text as Said
from ..telling import plain
from ..telling.story import Story

_SECONDS_BETWEEN = 0.2  # pieces of text come faster than a page can be redrawn
_STYLES = {
    "bold": "font-weight:bold",
    "dim": "opacity:.7",
    "italic": "font-style:italic",
    "red": "color:#c62828",
    "green": "color:#2e7d32",
    "yellow": "color:#b26a00",
    "cyan": "color:#00838f",
}


class Progress:
    """Shows events under the cell; the whole story so far is redrawn, with what is going on as its last line."""

    def __init__(self) -> None:
        self._story = Story()
        self._lines: list[Text] = []
        self._drawn = 0.0
        self._ended = False
        handle: Any = display(self._bundle(), raw=True, display_id=True)  # type: ignore[no-untyped-call]
        self._handle: DisplayHandle = handle

    def show(self, event: Event) -> None:
        """Take one event in, and redraw unless that was done a moment ago."""
        self._lines += self._story.tell(event)
        self._ended = isinstance(event, Finished | Failed)
        now = time.monotonic()
        if isinstance(event, Said | Writing) and now - self._drawn < _SECONDS_BETWEEN:
            return
        self._drawn = now
        self._handle.update(self._bundle(), raw=True)  # type: ignore[no-untyped-call]

    def _bundle(self) -> dict[str, str]:
        lines = [*self._lines]
        if not self._ended:
            lines += [Text(f"  {plain(self._story.partial)}", "italic")] if self._story.partial else []
            lines.append(Text(f"… {self._story.status}", "dim"))
        return {
            "text/plain": "\n".join(line.plain for line in lines),
            "text/html": f'<div style="white-space:pre-wrap;line-height:1.5">{"<br>".join(map(_html, lines))}</div>',
        }


def _html(line: Text) -> str:
    """One line with its styles as HTML; its text is escaped, whatever it is."""
    parts = []
    for piece in line.divide(sorted({edge for span in line.spans for edge in (span.start, span.end)})):
        names = f"{line.style} {' '.join(str(span.style) for span in piece.spans)}".split()
        style = ";".join(_STYLES[name] for name in dict.fromkeys(names) if name in _STYLES)
        text = html.escape(piece.plain)
        parts.append(f'<span style="{style}">{text}</span>' if style else text)
    return "".join(parts)
