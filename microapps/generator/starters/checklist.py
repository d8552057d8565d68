"""Fills the checklist: its items from the description, or from what lists of its kind usually hold."""

from __future__ import annotations

import re

from .filling import Filling, Request
from .language import normal, stem, words
from .reading import listed
from .wishes import denied_words, unmet

_NONE = re.compile(r"(?:no|without|but no|not)\s", re.IGNORECASE)
LONGEST = 120  # characters of an item, as in the notebook


def fill(request: Request) -> Filling:
    """The checklist for a request."""
    said = tuple(dict.fromkeys(" ".join(item.split())[:LONGEST] for item in listed(request.description)))
    if ":" not in request.description and any(unmet(item, "checklist") for item in said):
        said = ()  # "with prices and a total" says what the list is to do
    said = tuple(item for item in said if not _NONE.match(item))
    denied = denied_words(request.description)
    usual = _usual(request)
    items = list(said) or [item for item in usual if not {stem(word) for word in words(item)} & denied] or usual
    return Filling(
        constants={"ITEMS": items},
        taken=said,
        used=tuple(word for item in said for word in item.lower().split()) + (tuple(denied) if items != usual else ()),
    )


def _usual(request: Request) -> list[str]:
    spoken = normal(request.description)
    for kind in request.starter.more["usual"]:
        if any(word in spoken for word in kind["said"]):
            return list(kind[request.language])
    return list(request.starter.more["usual"][-1][request.language])
