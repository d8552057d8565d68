"""Fills the random picker: what is drawn, how many, and from which names."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from .dice import MOST as MOST_DICE
from .dice import dice_said
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
    ("teams", re.compile(r"\bteams?\b|\bgroups?\b|\bpairs\b|\bpair (?:up|off)\b|\btrios\b")),
    ("teams", re.compile(r"팀|짝|\d ?조|조(?:로|를)? ?(?:나누|나눠|짜|편성)|조편성|모둠")),
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
_MOST = {"winner": 50, "teams": 50, "dice": MOST_DICE, "coin": 20, "numbers": 100, "order": 1}
_MOST_NAMES, _HIGHEST = 500, 1_000_000  # as in the notebook
_KOREAN_NAMES = ("민수", "지영", "서준", "하은", "도윤", "예린")
_PEOPLE = re.compile(r"people|persons?|pupils|students|children|kids|players|guests|names|participants|명|사람|학생")
_SIZE = re.compile(
    r"\b(?:teams?|groups?) (?:of|with) (?:about )?(\d+|two|three|four|five|six)\b|(\d+)명씩"
    r"|\b(pairs|pair up|pair off|trios)\b|(짝)"
    r"|\b(\d+) (?:people|persons?|players|students|pupils|children|kids|members) (?:per|in (?:each|every|a)|a|each)\b"
    r"|\b(\d+) (?:per|in (?:each|every|a)|to a) (?:team|group)\b"
    r"|\b(\d+)[- ](?:person|people|player|member) (?=(?:teams?|groups?)\b)"
)
_WORDS_OF_SIZE = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "trios": 3}
_WORDS_OF_SIZE |= dict.fromkeys(("pairs", "pair up", "pair off", "짝"), 2)
_UNNAMED = re.compile(r"\bcolou?rs?\b|색깔|색상")
"""What can be drawn where it is listed, as names, and not without."""
_RANGE = re.compile(r"(\d[\d,]*)\s*(?:and|to|-|–|~|부터|에서)\s*(\d[\d,]*)")
_SINGLE = re.compile(r"\ba (?:random )?number\b|\bone number\b")


@dataclass
class _Draw:
    """What is drawn: how many, of how many sides or from how many names, and the numbers that said so.

    It is ``counted`` where the description says how many; with ``others`` it asks for what cannot be drawn here.
    """

    count: int
    sides: int
    crowd: int = 0
    numbers: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    counted: bool = False
    others: bool = False


def fill(request: Request) -> Filling:
    """The picker for a request."""
    text = normal(request.description)
    mode = next((name for name, pattern in _ASKED if pattern.search(text)), "winner")
    size = _SIZE.search(text) if mode == "teams" else None
    draw = _draw(mode, f"{text[: size.start()]} teams {text[size.end() :]}" if size else text)
    listing = listed(request.description)
    said = people_named(request.description, frozenset()) or (listing if len(listing) > 1 else ())
    if mode == "dice":  # "for dungeons and dragons": nobody is drawn
        said = ()
    names = list(said or (_KOREAN_NAMES if request.language == "ko" else request.defaults["NAMES"]))
    if draw.crowd and not said:
        names = [str(number) for number in range(1, draw.crowd + 1)]
    left: tuple[str, ...] = ()
    if size:
        each = next(part for part in size.groups() if part)
        members = _WORDS_OF_SIZE.get(each) or max(int(each), 1)
        if draw.counted and not said and not draw.crowd:  # "3 teams of 4" are twelve
            draw.crowd = min(draw.count * members, _MOST_NAMES)
            names = [str(number) for number in range(1, draw.crowd + 1)]
        teams = max(math.ceil(len(names) / members), 1)
        draw.others = draw.counted and draw.count != teams
        draw.count = teams
        draw.numbers.append(each)
        if said or draw.crowd:
            draw.taken.append(request.pick(f"{draw.count} teams", f"{draw.count}팀"))
        else:  # for how many names is not known yet
            left = (request.pick("the size of a team: it is asked how many teams", "팀의 크기: 팀 수를 적습니다"),)
    draw.others |= not said and mode == "winner" and bool(_UNNAMED.search(text))
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
        taken=tuple(dict.fromkeys((*draw.taken, *said))),
        left=left,
        another=draw.others,
        used=(*draw.numbers, *(word for name in said for word in name.lower().split())),
    )


def _draw(mode: str, text: str) -> _Draw:
    if mode == "dice":
        dice = dice_said(text)
        return _Draw(dice.count, dice.sides, numbers=list(dice.used), taken=list(dice.taken), others=dice.others)
    draw = _Draw(_USUAL[mode], 45 if mode == "numbers" else 6)
    if mode == "numbers" and _SINGLE.search(text):
        draw.count = 1
    rest = _range(text, draw) if mode == "numbers" else text
    for quantity in quantities(rest):
        number = int(quantity.value) if quantity.value == int(quantity.value) else 0
        counted = " ".join(quantity.after[:1])
        if mode in ("winner", "teams", "order") and _PEOPLE.match(counted) and 2 <= number <= _MOST_NAMES:
            draw.count = min(draw.crowd, number) if draw.crowd else draw.count
            draw.crowd = max(draw.crowd, number)
        elif mode == "winner" and quantity.before[-1:] in (("of",), ("among",), ("with",), ("from",)) and number > 1:
            draw.crowd = min(number, _MOST_NAMES)
        elif 1 <= number <= _MOST[mode] and mode != "order":
            draw.count, draw.counted = number, True
        else:
            continue
        draw.taken.append(f"{quantity.text} {counted}".strip())
        draw.numbers.append(quantity.text)
    draw.others |= mode == "numbers" and draw.count > draw.sides
    return draw


def _range(text: str, draw: _Draw) -> str:
    """Take the range of the numbers; the text without it."""
    found = _RANGE.search(text)
    if not found:
        return text
    low, high = found.groups()
    draw.sides, draw.count = min(max(int(high.replace(",", "")), 2), _HIGHEST), 1
    draw.numbers += [high] if low != "1" else [low, high]
    draw.taken.append(f"1–{high}")
    from_another = low != "1" and bool(re.search(r"\b(?:from|between) $", text[: found.start()]))  # it draws from 1 on
    draw.others = from_another or int(high.replace(",", "")) > _HIGHEST
    return text[: found.start()] + " " + text[found.end() :]
