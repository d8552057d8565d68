"""Fills the random picker: what is drawn, how many, and from which names."""

from __future__ import annotations

import re

from .filling import Filling, Request
from .language import normal
from .reading import listed, quantities
from .titles import title_from

_ASKED = (
    ("coin", r"\bcoin|동전"),
    ("dice", r"\bdice|\bdie\b|주사위"),
    ("numbers", r"lottery|lotto|random numbers?|로또|번호|숫자"),
    ("teams", r"\bteams?\b|\bgroups?\b|팀|조 (?:나누|짜|편성)|조편성"),
    ("order", r"\border\b|turns|순서|사다리"),
)
_MODES = {
    "winner": ("Draw a winner", "당첨자 뽑기"),
    "order": ("Draw an order", "순서 정하기"),
    "teams": ("Split into teams", "팀 나누기"),
    "dice": ("Throw dice", "주사위 던지기"),
    "coin": ("Toss a coin", "동전 던지기"),
    "numbers": ("Draw numbers", "번호 뽑기"),
}
_USUAL = {"winner": (1, 6), "teams": (2, 6), "dice": (2, 6), "coin": (1, 6), "numbers": (6, 45), "order": (1, 6)}
_MOST = {"winner": 50, "teams": 50, "dice": 20, "coin": 20, "numbers": 100, "order": 1}
_KOREAN_NAMES = ("민수", "지영", "서준", "하은", "도윤", "예린")


def fill(request: Request) -> Filling:
    """The picker for a request."""
    text = normal(request.description)
    mode = next((name for name, pattern in _ASKED if re.search(pattern, text)), "winner")
    count, sides = _USUAL[mode]
    taken: list[str] = []
    for quantity in quantities(text):
        number = int(quantity.value) if quantity.value == int(quantity.value) else 0
        after = " ".join(quantity.after[:2])
        if mode == "dice" and re.match(r"sided?|면", after) and 2 <= number <= 1_000_000:
            sides = number
        elif mode == "numbers" and quantity.before[-1:] in (("to",), ("from",), ("부터",)) and number >= 2:
            sides = min(number, 1_000_000)
        elif 1 <= number <= _MOST[mode] and quantity.before[-1:] != ("from",):
            count = number
        else:
            continue
        taken.append(f"{quantity.text} {after}".strip())
    names = listed(request.description) or (_KOREAN_NAMES if request.language == "ko" else request.defaults["NAMES"])
    names = list(names)
    if mode in ("winner", "teams") and count > len(names):
        count = len(names)
    said = listed(request.description)
    return Filling(
        title=title_from(request.description, request.starter.title[request.language], request.language),
        constants={
            "MODE": mode,
            "NAMES": names if len(names) > 1 else [*names, *request.defaults["NAMES"]],
            "HOW_MANY": count,
            "SIDES": sides,
            "MODES": [(request.pick(*labels), name) for name, labels in _MODES.items()],
        },
        taken=(*taken, *said),
        used=tuple(word for name in said for word in name.lower().split()),
    )
