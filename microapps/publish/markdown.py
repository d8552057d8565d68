"""Markdown as HTML, within bounds: what an app wrote must not keep the process from all others.

The renderer of nbconvert takes time that grows with the square of a text's length where it holds many marks that begin
something, above all of formulas. What that comes to is estimated first; a text for which it is too much is shown as it
is written.
"""

from __future__ import annotations

import re
from html import escape

from nbconvert.filters import markdown2html

EFFORT = 1_000_000_000
"""What the texts of one page may take together, as marks times characters: about a second."""
_FORMULA = 50
"""How much more a mark takes that may begin a formula: 16 kB of ``\\\\(`` take as long as 64 kB of ``[[a]``."""
_EMBEDDED = re.compile(r"\bdata:[\w/+.-]{1,100};base64,[A-Za-z0-9+/=]+")
_MARKS = re.compile(r"[\[\]*_~#|<>$`!\\\n-]")
_FORMULAS = re.compile(r"\\(?:\\?[(\[]|begin\{)")


class Markdown:
    """Renders the markdown of one page. Formulas stay as they are written."""

    def __init__(self, effort: int = EFFORT) -> None:
        self._left = effort

    def html(self, source: str) -> str:
        """The text as HTML: rendered, or as it is written where that would take too long."""
        plain = _EMBEDDED.sub("", source)
        marks = len(_MARKS.findall(plain)) + _FORMULA * len(_FORMULAS.findall(plain))
        effort = marks * len(plain)
        if effort > self._left:
            return f'<pre style="white-space: pre-wrap">{escape(source, quote=False)}</pre>'
        self._left -= effort
        return str(markdown2html(source))
