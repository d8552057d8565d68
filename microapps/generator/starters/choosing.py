"""Which starter is taken for a description, or that none is: a wrong app is worse than a refusal."""

from __future__ import annotations

import re

from ...errors import UnknownApp
from .building import lost
from .catalogue import FORMULA, catalogue
from .language import language_of, lexicon, normal
from .left_over import LeftOver
from .matching import Match, match
from .reading import is_percent, quantities

KEY_HINT = "For anything else add a model key, in JupyterLab's panel or with 'microapps config key'."
FIXED = ("calculator", "converter", "dates")
"""Starters that work out one thing, whatever they are called."""
MUCH = 0.6
"""Share of the words and numbers of a request from which on an app without them is another app."""
LOST = 0.3
"""What a match that takes nothing of the words and numbers loses of its score against one that takes all."""
WEIGHED = 6  # matches, from the best down
NEAR = 0.2  # score from which on a starter is offered where none fits
LONGEST_SAID = 80  # characters of a request in a message
_RECKONING = frozenset(lexicon("plus minus times add subtract 더하기 빼기 곱하기"))
"""Words before a number that is reckoned with what is before them."""
_PRICED = re.compile(r"(?<![\w.,])(\d[\d.,]*) [a-z]+(?: [a-z]+)? (?:at|@) ?[$€£¥₩]?(\d+(?:[.,]\d+)*)")
"""So many of something at a price each."""


def best(description: str) -> Match:
    """The best match that is sure enough and leaves out little of what was asked.

    Of several the one is best that takes most: "mortgage of 240000 over 25 years at 4.1 percent" has a percentage of a
    number in it, but only the loan has a place for all three.

    Raises
    ------
    UnknownApp
        None is; the message offers the nearest, the hint says how to take it anyway, and how to add a key.
    """
    matches = match(description)
    weighed = [(found, lost(found)) for found in matches if found.fits][:WEIGHED]
    fitting = [(found.score - LOST * left.share, found) for found, left in weighed if not _another(found, left)]
    if not fitting:
        hinted = [(found, lost(found)) for found in matches if found.hinted and not found.fits][:WEIGHED]
        fitting = [(found.score, found) for found, left in hinted if _takes_all(found, left)]
    if fitting:
        return max(fitting, key=lambda one: one[0])[1]
    language = language_of(description)
    near = [found.key for found in matches[:3] if found.score >= NEAR]
    titled = "; ".join(f"{catalogue().title(key, language)} ({key})" for key in near)
    offered = f"The nearest are: {titled}." if near else f"There are {', '.join(catalogue().starters)}."
    anyway = f"'microapps make --starter {near[0] if near else 'NAME'}' takes one all the same."
    what = f"No starter can do {_shortened(description)!r} without a model. {offered}"
    raise UnknownApp(what, f"{anyway} {KEY_HINT}")


def _shortened(description: str) -> str:
    said = " ".join(description.split())
    return said if len(said) <= LONGEST_SAID else f"{said[: LONGEST_SAID - 1].rstrip()}…"


def _takes_all(chosen: Match, left: LeftOver) -> bool:
    """Whether a calculation only hinted at has a place for every number of several, and for the words."""
    recipe = catalogue().recipes.get(chosen.recipe)
    taken = recipe is not None and not recipe.bare and left.taken > 1
    return taken and not left.numbers and not left.another and len(left.words) < 2


def _another(chosen: Match, left: LeftOver) -> bool:
    """Whether the app would be another than was asked for.

    What works out one thing must take more than half of the numbers it is given, and know most of the words; what
    works with numbers alone must take all of them where there are other words; what is exact must know every word.
    """
    if left.another:
        return True
    if chosen.starter not in FIXED or chosen.recipe == FORMULA:
        return False
    if _changes_the_answer(chosen.description, left.numbers):
        return True
    recipe = catalogue().recipes.get(chosen.recipe)
    if recipe and recipe.exact and (left.numbers or left.unplaced):
        return True
    if recipe and recipe.bare and left.numbers and len(left.words) > 1:  # "tiles of 30 cm for 12 m2 plus 10% waste"
        return True
    return len(left.numbers) >= max(left.taken, 1) or (left.lost > 1 and left.share >= MUCH)


def _changes_the_answer(description: str, numbers: tuple[str, ...]) -> bool:
    """Whether without one of these numbers the answer is to another question: "plus 15", "and 7% tax"."""
    reckoned = {
        quantity.text
        for quantity in quantities(description)
        if set(quantity.before[-1:]) & _RECKONING or any(map(is_percent, quantity.after[:1]))
    }
    priced = {number for found in _PRICED.finditer(normal(description)) for number in found.groups()}
    return any(number in reckoned or number.lstrip("$€£¥₩ ") in priced for number in numbers)
