"""Fills the random picker: what is drawn, how many, and from which names."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from .filling import Filling, Request
from .language import normal
from .names import people_named
from .reading import listed, quantities

_ASKED = (
    ("coin", re.compile(r"\bcoin|동전")),
    ("dice", re.compile(r"\bdice|\bdie\b|\b\d{0,2}d(?:4|6|8|10|12|20|100)\b|주사위")),
    (
        "numbers",
        re.compile(r"lottery|lotto|(?:random|draw|pick|choose)(?: an?| \d+)?(?: random)? numbers?|로또|번호|숫자"),
    ),
    ("teams", re.compile(r"\bteams?\b|\bgroups?\b|팀|\d ?조|조(?:로|를)? ?(?:나누|나눠|짜|편성)|조편성|모둠")),
    ("order", re.compile(r"\border\b|turns|shuffle|순서|사다리|자리")),
    ("numbers", re.compile(r"\b(?:from|between) \d+ (?:to|and) \d+\b|\d부터 ?\d+까지")),
)
_MODES = {
    "winner": ("Draw a winner", "당첨자 뽑기"),
    "order": ("Draw an order", "순서 정하기"),
    "teams": ("Split into teams", "팀 나누기"),
    "dice": ("Throw dice", "주사위 던지기"),
    "coin": ("Toss a coin", "동전 던지기"),
    "numbers": ("Draw numbers", "번호 뽑기"),
}
_USUAL = {"winner": 1, "teams": 2, "dice": 2, "coin": 1, "numbers": 6, "order": 1}
_MOST = {"winner": 50, "teams": 50, "dice": 20, "coin": 20, "numbers": 100, "order": 1}
_MOST_NAMES = 500  # as in the notebook
_KOREAN_NAMES = ("민수", "지영", "서준", "하은", "도윤", "예린")
_PEOPLE = re.compile(r"people|persons?|pupils|students|children|kids|players|guests|names|participants|명|사람|학생")
_SIZE = re.compile(
    r"\b(?:teams?|groups?) (?:of|with) (?:about )?(\d+|two|three|four|five|six)\b|(\d+)명씩|\b(?:in|into)( pairs)\b"
    r"|\b(\d+) (?:people|persons?|players|students|pupils|children|kids|members) (?:per|in (?:each|every|a)|a|each)\b"
)
_WORDS_OF_SIZE = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, " pairs": 2}
_RANGE = re.compile(r"(\d[\d,]*)\s*(?:and|to|-|–|~|부터|에서)\s*(\d[\d,]*)")
_DIE = re.compile(r"\b(\d{1,2})?d(\d{1,7})\b")
_SIDED = re.compile(r"\b(\d{1,7}|four|six|eight|ten|twelve|twenty)[- ]?sided|(\d{1,7})면")
_SPELLED = {"four": 4, "six": 6, "eight": 8, "ten": 10, "twelve": 12, "twenty": 20}
_SINGLE = re.compile(r"\ba (?:random )?(?:dice|die|number)\b|\bone (?:die|number)\b|주사위 하나")


@dataclass
class _Draw:
    """What is drawn: how many, of how many sides or from how many names, and the numbers that said so."""

    count: int
    sides: int
    crowd: int = 0
    numbers: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)


def fill(request: Request) -> Filling:
    """The picker for a request."""
    text = normal(request.description)
    mode = next((name for name, pattern in _ASKED if pattern.search(text)), "winner")
    size = _SIZE.search(text) if mode == "teams" else None
    draw = _draw(mode, f"{text[: size.start()]} {text[size.end() :]}" if size else text)
    listing = listed(request.description)
    said = people_named(request.description, frozenset()) or (listing if len(listing) > 1 else ())
    names = list(said or (_KOREAN_NAMES if request.language == "ko" else request.defaults["NAMES"]))
    if draw.crowd and not said:
        names = [str(number) for number in range(1, draw.crowd + 1)]
    left: tuple[str, ...] = ()
    if size:
        each = next(part for part in size.groups() if part)
        draw.count = max(math.ceil(len(names) / (_WORDS_OF_SIZE.get(each) or max(int(each), 1))), 1)
        draw.numbers.append(each)
        if said or draw.crowd:
            draw.taken.append(request.pick(f"{draw.count} teams", f"{draw.count}팀"))
        else:  # for how many names is not known yet
            left = (request.pick("the size of a team: it is asked how many teams", "팀의 크기: 팀 수를 적습니다"),)
    if mode in ("winner", "teams"):
        draw.count = min(draw.count, len(names), _MOST[mode])
    return Filling(
        constants={
            "MODE": mode,
            "NAMES": names if len(names) > 1 else [*names, *request.defaults["NAMES"]],
            "HOW_MANY": draw.count,
            "SIDES": draw.sides,
            "MODES": [(request.pick(*labels), name) for name, labels in _MODES.items()],
        },
        taken=(*draw.taken, *said),
        left=left,
        used=(*draw.numbers, *(word for name in said for word in name.lower().split())),
    )


def _draw(mode: str, text: str) -> _Draw:
    draw = _Draw(_USUAL[mode], 45 if mode == "numbers" else 6)
    if mode in ("dice", "numbers") and _SINGLE.search(text):
        draw.count = 1
    if mode == "dice" and re.search(r"\bdie\b", text) and "dice" not in text:
        draw.count = 1
    rest = _sides(mode, text, draw)
    for quantity in quantities(rest):
        number = int(quantity.value) if quantity.value == int(quantity.value) else 0
        counted = " ".join(quantity.after[:1])
        if mode in ("winner", "teams", "order") and _PEOPLE.match(counted) and 2 <= number <= _MOST_NAMES:
            draw.count = min(draw.crowd, number) if draw.crowd else draw.count
            draw.crowd = max(draw.crowd, number)
        elif mode == "winner" and quantity.before[-1:] in (("of",), ("among",), ("with",), ("from",)) and number > 1:
            draw.crowd = min(number, _MOST_NAMES)
        elif 1 <= number <= _MOST[mode] and mode != "order":
            draw.count = number
        else:
            continue
        draw.taken.append(f"{quantity.text} {counted}".strip())
        draw.numbers.append(quantity.text)
    return draw


def _sides(mode: str, text: str, draw: _Draw) -> str:
    """Take the sides of a die or the range of the numbers; the text without them."""
    if mode == "numbers" and (found := _RANGE.search(text)):
        low, high = found.groups()
        draw.sides, draw.count = min(max(int(high.replace(",", "")), 2), 1_000_000), 1
        draw.numbers += [high] if low != "1" else [low, high]
        draw.taken.append(f"1–{high}")
    elif mode == "dice" and (found := _DIE.search(text)):
        draw.count, draw.sides = int(found.group(1) or 1), min(max(int(found.group(2)), 2), 1_000_000)
        draw.taken.append(found.group())
        draw.numbers += [found.group(1)] if found.group(1) else []
    elif mode == "dice" and (found := _SIDED.search(text)):
        sides = found.group(1) or found.group(2)
        draw.sides = min(max(_SPELLED.get(sides) or int(sides), 2), 1_000_000)
        draw.taken.append(found.group())
        draw.numbers.append(sides)
    else:
        return text
    return text[: found.start()] + " " + text[found.end() :]
