"""How much of one page is drawn: boxes that share their children hold, drawn out, more widgets than there are atoms."""

from __future__ import annotations

WIDGETS = 10_000
"""Widgets that one page draws; one that is shown in two places is drawn twice."""
CHARACTERS = 128 << 20
"""Characters of their HTML, counted anew for each box around them, since each puts them together anew."""


class TooMuch(Exception):
    """What is left of a page is not drawn."""


class Bounds:
    """What one page may still draw."""

    def __init__(self, widgets: int = WIDGETS, characters: int = CHARACTERS) -> None:
        self._widgets, self._characters = widgets, characters

    def begin(self) -> None:
        """One more widget is drawn. Raises TooMuch."""
        self._widgets -= 1
        if self._widgets < 0:
            raise TooMuch

    def drew(self, html: str) -> str:
        """A widget was drawn as this. Raises TooMuch."""
        self._characters -= len(html)
        if self._characters < 0:
            self._widgets = 0
            raise TooMuch
        return html
