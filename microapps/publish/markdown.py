"""Markdown as HTML, within bounds: what an app wrote must not keep the process from all others.

The renderer of nbconvert takes time that grows with the square of a text's length where it holds many marks that begin
something, above all of formulas. What that comes to is estimated first; a text for which it is too much is shown as it
is written.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

EFFORT = 1_000_000_000
"""What the texts of one page may take together, as marks times characters: about a second."""
_FORMULA = 50
"""How much more a mark takes that may begin a formula: 16 kB of ``\\\\(`` take as long as 64 kB of ``[[a]``."""
_ATTACHED = "attachment:"
_MARKS = re.compile(r"[\[\]*_~#|<>$`!\\\n-]")
_FORMULAS = re.compile(r"\\(?:\\?[(\[]|begin\{)")


class Markdown:
    """Renders the markdown of one page. Formulas stay as they are written."""

    def __init__(self, effort: int = EFFORT) -> None:
        self._left = effort

    def html(self, source: str) -> str:
        """The text as HTML: rendered, or as it is written where that would take too long."""
        if not self.take(source):
            return as_written(source)
        return str(MarkdownWithMath(renderer=_Renderer(escape=False)).render(source))

    def take(self, source: str) -> bool:
        """Whether the text may be rendered; if so, less may be after it."""
        effort = len(source) * (len(_MARKS.findall(source)) + _FORMULA * len(_FORMULAS.findall(source)))
        if effort > self._left:
            return False
        self._left -= effort
        return True


class _Renderer(IPythonRenderer):
    """That of nbconvert, which raises where a picture is attached that it was not given; here its address stays."""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        attached = text.startswith(_ATTACHED) or url.startswith(_ATTACHED)  # their order changed with mistune 3
        drawn: Any = super(IPythonRenderer, self) if attached else super()
        return str(drawn.image(text, url, title))


def as_written(source: str) -> str:
    """The text itself, as HTML."""
    return f'<pre style="white-space: pre-wrap">{escape(source, quote=False)}</pre>'
