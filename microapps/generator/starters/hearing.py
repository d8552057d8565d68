"""A description as starters hear it: its words, their stems and what they count, and whether an entry is said in it.

An entry is a line of a starter's words: all of its words must be there, ``|`` parts alternatives, ``=`` asks for the
exact form, ``ONE-UNIT``, ``TWO-UNITS``, ``ONE-DAY`` and ``TWO-DAYS`` for what is counted, ``A-VOLUME`` and ``A-MASS``
for a unit of that kind, ``POINTS`` for named numbers in a row, ``NUMBERS-DRAWN`` for numbers to be drawn of a range,
``TEAMS-NAMED`` for teams of people who are named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .calendar_days import days_named
from .language import bigrams, content, stem, words
from .names import people_named
from .spelling import respelled
from .units import names_two_units, units_said

HOLDING = ("chart", "checklist", "flashcards", "picker")
"""Starters for which what stands behind a colon is what goes into them: "packing: alarm clock, pictures"."""


_NAME = r"(?!(?:from|to|of|at|in|for|by|and|or|is|was|over|than|with|after|before|between|about)\b)[^\W\d]+"
_POINT = re.compile(
    rf"(?:^|[,:;]|\band\b)\s*{_NAME}(?: [^\W\d]+)?[ =:]+[$€£₩]?\d[\d,.]*\s*[%$€£원만]?(?=\s*(?:[,;:.]|and\b|$))"
)
_NAMED = re.compile(rf"(?:(?<!\w){_NAME} \d+(?:\.\d+)?점?(?:[ ,]+|$)){{2,}}")
"""Named numbers in a row: "maths 80 english 75", "rent 900, food 400 and fun 150"."""
_COUNTED_IN = re.compile(r"(?<![^\W_])\d+(?:[.,]\d+)*([a-z]+)")
"""What a number is counted in, written in one word with it: 40mpg."""

_DIE = re.compile(r"d\d+")
_NUMBERS_DRAWN = re.compile(
    r"\b(?:draw|pick|choose|select) (?:(?:an?|one|two|three|four|five|six|seven|\d+) )?(?:(?:random|lucky|different) )?"
    r"numbers? (?:from|between) \d[\d,]* ?(?:to|and|-|–) ?\d[\d,]*(?= ?(?:[.!?,;]|without\b|$))"
)
_FEW = "\\d+|two|three|four|five|six"
_TEAMS_NAMED = re.compile(
    rf"(?:(?:please|make|form|create|build|draw|get|need|want|i|we|me|us|some|a|{_FEW}|random) )*"
    rf"(?:(?:teams?|groups?)(?: of (?:about )?(?:{_FEW}))?|pairs|trios)"
    r"(?: (?:people|persons|players|students|pupils|children|kids|members))?"
    r"(?: (?:from|out of|among|with|of)(?: these names| this list)?:? |: )[^,;:]+[,;]"
)
"""Teams of people who are named, and nothing else: "3 teams of 2 from Ann, Bob, Cy, Dee"."""


@dataclass(frozen=True)
class Heard:
    """A description, taken apart once for all starters."""

    text: str
    packed: str
    words: tuple[str, ...]
    stems: frozenset[str]
    content: tuple[str, ...]
    bigrams: frozenset[str]
    units: int
    kinds: frozenset[str]
    days: int
    points: bool
    numbers_drawn: bool
    teams_named: bool


def asked(text: str) -> str:
    """The request of a text, without the list behind its colon."""
    head = re.split(r"[:：]\s", text, maxsplit=1)[0]
    return head if len(head) >= 4 else text


def hear(description: str) -> Heard:
    """The description, taken apart."""
    text = respelled(description)
    # What stands behind a colon is content for the app (cards, items), not a request.
    request = asked(text)
    spoken = words(text)
    units = units_said(text)
    return Heard(
        text=text,
        packed=re.sub(r"[\W_]+", "", text),
        words=spoken,
        stems=frozenset(map(stem, (*spoken, *_COUNTED_IN.findall(text)))) | frozenset(spoken),
        content=content(request),
        bigrams=bigrams(request),
        units=2 if names_two_units(text) else min(len(units), 1),
        kinds=frozenset(unit.kind for unit in units),
        days=min(len(days_named(text)), 2),
        points=len(_POINT.findall(text)) > 1 or bool(_NAMED.search(text)),
        numbers_drawn=bool(_NUMBERS_DRAWN.search(text)),
        teams_named=bool(_TEAMS_NAMED.match(text)) and len(people_named(description, frozenset())) > 2,
    )


def said(entry: str, heard: Heard) -> bool:
    """Whether all words of an entry are in the description; ``|`` parts alternatives, ``=`` asks for the exact form."""
    return all(any(heard_word(w, heard) for w in group.split("|")) for group in entry.split())


def heard_word(word: str, heard: Heard) -> bool:
    """Whether one word of an entry is in the description."""
    if word in ("ONE-UNIT", "TWO-UNITS"):
        return heard.units >= (1 if word == "ONE-UNIT" else 2)
    if word in ("A-VOLUME", "A-MASS"):
        return word.removeprefix("A-").lower() in heard.kinds
    if word in ("ONE-DAY", "TWO-DAYS"):
        return heard.days >= (1 if word == "ONE-DAY" else 2)
    if word == "POINTS":
        return heard.points
    if word == "NUMBERS-DRAWN":
        return heard.numbers_drawn
    if word == "TEAMS-NAMED":
        return heard.teams_named
    if _DIE.fullmatch(word):  # d20, 2d20; "paid 12" is no die
        return any(re.fullmatch(rf"\d{{0,2}}{word}", spoken) for spoken in heard.words)
    if word.startswith("="):
        return word[1:] in heard.words
    if word.isascii() and word.isalpha():
        return word in heard.stems or stem(word) in heard.stems
    if word == "%":
        return "%" in heard.text
    if word.isascii():  # to-do, 1/n: the same words in a row
        return f" {' '.join(words(word))} " in f" {' '.join(heard.words)} "
    packed = re.sub(r"[\W_]+", "", word)
    if len(packed) == 1:
        return any(spoken.startswith(packed) for spoken in heard.words)
    return packed in heard.packed
