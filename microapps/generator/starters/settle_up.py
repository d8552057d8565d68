"""Fills the settling of shared expenses: the people and the currency."""

from __future__ import annotations

from .filling import Filling, Request
from .reading import currency_of, listed
from .titles import title_from

_KOREAN_NAMES = ("민수", "지영", "서준")


def fill(request: Request) -> Filling:
    """The app for a request."""
    currency = currency_of(request.description, request.language)
    said = tuple(dict.fromkeys(name[:40] for name in listed(request.description, 50)))
    people = said if len(said) > 1 else (_KOREAN_NAMES if request.language == "ko" else request.defaults["PEOPLE"])
    return Filling(
        title=title_from(request.description, request.starter.title[request.language], request.language),
        constants={
            "PEOPLE": list(people),
            "PREFIX": currency.prefix,
            "SUFFIX": currency.suffix,
            "DECIMALS": currency.decimals,
            "AMOUNT": 30.0 if currency.decimals else 30000.0,
        },
        taken=said if len(said) > 1 else (),
        used=tuple(word for name in said for word in name.lower().split()),
    )
