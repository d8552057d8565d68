"""Fills the flashcards: the cards written in the description, or a few to begin with."""

from __future__ import annotations

from .filling import Filling, Request
from .reading import pairs
from .titles import title_from

_EXAMPLES = {
    "en": [("capital of France", "Paris"), ("capital of Japan", "Tokyo"), ("capital of Egypt", "Cairo")],
    "ko": [("apple", "사과"), ("book", "책"), ("water", "물")],
}


def fill(request: Request) -> Filling:
    """The flashcards for a request."""
    said = [card for card in pairs(request.description) if "\n" not in card[0] + card[1]]
    cards = [(question, answer) for question, answer in said if "=" not in question] or _EXAMPLES[request.language]
    return Filling(
        title=title_from(request.description, request.starter.title[request.language], request.language),
        constants={"CARDS": cards},
        taken=(request.pick(f"{len(said)} cards", f"카드 {len(said)}장"),) if said else (),
        used=tuple(word for card in said for side in card for word in side.lower().split()),
    )
