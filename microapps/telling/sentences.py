"""Sentences with holes, known again in texts that others chose.

What stands between the holes of a sentence is the same each time, and each hole holds as little as will do. So these
parts are looked for one after the other, each at the first place behind the one before: that leaves the most to those
that follow, and nothing is tried twice. A regular expression comes to the same, but tries each length of one hole with
each of the next: a text that is made for it, by an app that fails for example, held the whole process for minutes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from string import ascii_lowercase, ascii_uppercase
from typing import NamedTuple

HOLE = "{}"
BEGINNING = 400
"""Characters of what stands where a sentence begins with something that is put in, such as a path."""
_SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)
_BLANKS = re.compile(r"\s*")


def small(text: str) -> str:
    """A text as sentences are looked for in it: without capitals, and each character in its place."""
    return text.translate(_SMALL)


class Found(NamedTuple):
    """A sentence in a text: where what is put in begins and ends, and where what follows the sentence begins."""

    holes: tuple[slice, ...]
    end: int


@dataclass(frozen=True)
class Sentence:
    """``parts`` are what is the same each time, without capitals; ``told`` is the sentence in another language."""

    parts: tuple[str, ...]
    told: str

    def whole(self, low: str) -> Found | None:
        """This sentence if it is all of a small text."""
        return self._found(low, 0, whole=True)

    def first(self, low: str, at: int) -> Found | None:
        """This sentence if it stands at a place of a small text, and blanks or nothing behind it."""
        return self._found(low, at, whole=False)

    def _found(self, low: str, at: int, *, whole: bool) -> Found | None:
        if not low.startswith(self.parts[0], at):
            return None
        holes: list[slice] = []
        end = at + len(self.parts[0])
        for before, part in pairwise(self.parts):
            opening = not before and not holes
            start, beyond = end + _least(before), end + BEGINNING + len(part) if opening else len(low)
            if len(holes) + 2 < len(self.parts):
                place = low.find(part, start, beyond)
            else:
                place = _closing(low, part, max(start, len(low) - len(part)) if whole else start, beyond)
            if place < 0 or (opening and "\n" in low[end:place]):
                return None
            holes.append(slice(end, place))
            end = place + len(part)
        if not holes and not (end == len(low) or (low[end].isspace() and not whole)):
            return None
        return Found(tuple(holes), _behind(low, end))


def _least(part: str) -> int:
    """Characters of a hole at least: one after the end of a word or a quotation may be empty."""
    return 0 if part and (part[-1].isalnum() or part[-1] in "')") else 1


def _closing(low: str, part: str, start: int, beyond: int) -> int:
    """The first place of a part with blanks or nothing behind it, or -1."""
    while (place := low.find(part, start, beyond)) >= 0:
        end = place + len(part)
        if end == len(low) or low[end].isspace():
            return place
        start = place + 1
    return -1


def _behind(low: str, end: int) -> int:
    blanks = _BLANKS.match(low, end)
    return blanks.end() if blanks else end


class Sentences:
    """Sentences in the order in which they are looked for, each at hand by the letter that it begins with."""

    def __init__(self, told: Mapping[str, str]) -> None:
        every = [Sentence(tuple(small(text).split(HOLE)), korean) for text, korean in told.items()]
        self._open = tuple(sentence for sentence in every if not sentence.parts[0])
        self._beginning = {
            letter: tuple(one for one in every if one.parts[0][:1] in ("", letter))
            for letter in {sentence.parts[0][:1] for sentence in every}
        }

    def likely(self, low: str, at: int = 0) -> tuple[Sentence, ...]:
        """Those that may stand at a place of a small text: they begin as it does, or with what is put in."""
        return self._beginning.get(low[at : at + 1], self._open)
