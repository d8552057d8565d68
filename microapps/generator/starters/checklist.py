"""Fills the checklist: its items from the description, or from what lists of its kind usually hold."""

from __future__ import annotations

from .filling import Filling, Request
from .language import normal
from .reading import listed
from .titles import title_from

LONGEST = 120  # characters of an item, as in the notebook


def fill(request: Request) -> Filling:
    """The checklist for a request."""
    said = tuple(dict.fromkeys(" ".join(item.split())[:LONGEST] for item in listed(request.description)))
    items = list(said) or _usual(request)
    return Filling(
        title=title_from(request.description, request.starter.title[request.language], request.language),
        constants={"ITEMS": items},
        taken=said,
        used=tuple(word for item in said for word in item.lower().split()),
    )


def _usual(request: Request) -> list[str]:
    spoken = normal(request.description)
    for kind in request.starter.more["usual"]:
        if any(word in spoken for word in kind["said"]):
            return list(kind[request.language])
    return list(request.starter.more["usual"][-1][request.language])
