"""Fills the flashcards: with the cards in the description, a few of its subject, or some that say what they are."""

from __future__ import annotations

from .filling import Filling, Request
from .language import normal
from .reading import pairs


def fill(request: Request) -> Filling:
    """The flashcards for a request."""
    said = [card for card in pairs(request.description) if "\n" not in card[0] + card[1]]
    cards = [(question, answer) for question, answer in said if "=" not in question] or _usual(request)
    return Filling(
        constants={"CARDS": cards},
        taken=(request.pick(f"{len(said)} cards", f"카드 {len(said)}장"),) if said else (),
        used=tuple(word for card in said for side in card for word in side.lower().split()),
    )


def _usual(request: Request) -> list[tuple[str, str]]:
    """Cards of the subject that the description names; else cards that say that they are examples."""
    spoken = normal(request.description)
    known = request.starter.more["usual"]
    kind = next((kind for kind in known if any(word in spoken for word in kind["said"])), known[-1])
    return [(question, answer) for question, answer in kind[request.language]]
