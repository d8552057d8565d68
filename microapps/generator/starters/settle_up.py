"""Fills the settling of shared expenses: the people and the currency."""

from __future__ import annotations

import re

from .filling import Filling, Request
from .language import lexicon, stem, words
from .names import people_named
from .reading import Quantity, currency_of, quantities

_KOREAN_NAMES = ("민수", "지영", "서준")
_PEOPLE = re.compile(r"people|persons?|friends?|kids|children|students|pupils|roommates|flatmates|colleagues|명|사람")
_NO_NAMES = lexicon(
    "equally evenly rent food gas petrol hotel dinner groceries drinks tickets paid pays and the 숙소 식비 교통비"
)


def fill(request: Request) -> Filling:
    """The app for a request."""
    currency = currency_of(request.description, request.language)
    said = people_named(request.description, _asking(request))
    people = list(said) if said else list(_KOREAN_NAMES if request.language == "ko" else request.defaults["PEOPLE"])
    count = next((q for q in quantities(request.description) if _counts_people(q)), None)
    if count and len(said) < count.value:
        people = [*said, *(request.pick(f"Person {n}", f"{n}번") for n in range(len(said) + 1, int(count.value) + 1))]
    return Filling(
        constants={
            "PEOPLE": people,
            "PREFIX": currency.prefix,
            "SUFFIX": currency.suffix,
            "DECIMALS": currency.decimals,
            "AMOUNT": 30.0 if currency.decimals else 30000.0,
        },
        taken=(*said, *((request.pick(f"{count.text} people", f"{count.text}명"),) if count else ())),
        used=(*(word for name in said for word in name.lower().split()), *((count.text,) if count else ())),
    )


def _asking(request: Request) -> frozenset[str]:
    """Stems of the words by which the app is asked for: no names."""
    wording = request.starter.wording
    spoken = words(" ".join((*wording.sure, *wording.hint, *wording.phrases)).replace("|", " ").replace("=", " "))
    return frozenset(map(stem, (*spoken, *_NO_NAMES)))


def _counts_people(quantity: Quantity) -> bool:
    after = quantity.after[0] if quantity.after else ""
    return 2 <= quantity.value <= 50 and quantity.value == int(quantity.value) and bool(_PEOPLE.match(after))
