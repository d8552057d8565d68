"""What a description says besides its subject: numbers with their neighbours, money, lists and pairs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .language import Language, lexicon, normal, stem
from .units import factor, unit_named

MONEY = "money"
_CURRENCIES = (
    ("₩", re.compile(r"₩|\b(?:krw|korean won)\b|\d\s*(?:만\s*)?원|원으로|\bwon\b")),
    ("€", re.compile(r"€|\b(?:eur|euros?)\b|유로")),
    ("£", re.compile(r"£|\b(?:gbp|quid|pounds? sterling)\b")),
    ("¥", re.compile(r"¥|\b(?:jpy|yen)\b|엔화|\d\s*엔")),
    ("$", re.compile(r"\$|\b(?:usd|dollars?|bucks)\b|달러")),
)
_NUMBER = re.compile(r"(?<![\w.])([$€£¥₩]?)\s*(-?\d[\d,]*(?:\.\d+)?|\.\d+)\s*(천만|백만|억|만|천|k\b|m\b)?\s*")
_TIMES = {"천": 1e3, "만": 1e4, "백만": 1e6, "천만": 1e7, "억": 1e8}
_SPELLED = dict(
    zip(lexicon("two three four five six seven eight nine ten eleven twelve"), range(2, 13), strict=True)
) | dict(zip(lexicon("두 세 네 다섯 여섯 일곱 여덟 아홉 열"), range(2, 11), strict=True))
_AFTER = re.compile(r"[^\W\d_]+(?:/\w+)?|%|°")


@dataclass(frozen=True)
class Currency:
    """How money is written: before or behind the number, with how many decimals."""

    sign: str
    prefix: str = ""
    suffix: str = ""
    decimals: int = 2


@dataclass(frozen=True)
class Quantity:
    """A number in a description, with the words before and behind it."""

    value: float
    sign: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    text: str


def currency_of(text: str, language: Language) -> Currency:
    """The currency a description names; else won in Korean and dollars in English."""
    spoken = normal(text)
    sign = next((sign for sign, pattern in _CURRENCIES if pattern.search(spoken)), "₩" if language == "ko" else "$")
    if sign == "₩":
        return Currency(sign, "", "원", 0) if language == "ko" else Currency(sign, "₩", "", 0)
    return Currency(sign, sign, "", 0 if sign == "¥" else 2)


def quantities(text: str) -> tuple[Quantity, ...]:
    """The numbers of a text with their neighbours, in order; "six of us" and "네 명" count as numbers."""
    spoken = normal(text)
    for word, number in _SPELLED.items():
        spoken = re.sub(
            rf"(?<!\w){word}(?= (?:of us|people|friends|persons|guests|teams|dice|명|사람|팀|개))", str(number), spoken
        )
    spoken = re.sub(r"\b1/n", " ", spoken)
    found = []
    for match in _NUMBER.finditer(spoken):
        sign, digits, times = match.groups()
        try:
            value = float(digits.replace(",", "")) * _TIMES.get(times or "", 1.0)
        except ValueError:
            continue
        behind = spoken[match.end() :]
        after = ((times,) if times in ("k", "m") else ()) + tuple(_AFTER.findall(behind)[:3])
        before = tuple(_AFTER.findall(spoken[: match.start()])[-3:])
        if abs(value) < 1e15:
            found.append(Quantity(value, sign, before, after, match.group().strip()))
    return tuple(found)


def assigned(inputs: Sequence[Mapping[str, Any]], text: str) -> dict[str, Quantity]:
    """Which number of the text belongs to which input: by its unit and by the words beside it."""
    given: dict[str, Quantity] = {}
    numbers = quantities(text)
    ranked = sorted(
        (
            (_closeness(entry, quantity), -place, -order, entry["name"])
            for order, entry in enumerate(inputs)
            if entry.get("kind") != "choice"
            for place, quantity in enumerate(_in_unit(number, entry.get("unit", "")) for number in numbers)
        ),
        reverse=True,
    )
    used: set[int] = set()
    units = {entry["name"]: entry.get("unit", "") for entry in inputs}
    for closeness, place, _, name in ranked:
        if closeness >= 2 and name not in given and place not in used:
            given[name] = _in_unit(numbers[-place], units[name])
            used.add(place)
    return given


def _in_unit(quantity: Quantity, unit: str) -> Quantity:
    """A quantity given in another unit of the same kind ("150 lb" where kilograms are asked for), in that unit."""
    first = quantity.after[0] if quantity.after else ""
    wanted, said = unit_named(unit), unit_named(first)
    if not wanted or not said or wanted == said or wanted.kind != said.kind or wanted.kind == "temperature":
        return quantity
    value = float(f"{quantity.value * factor(said) / factor(wanted):.4g}")
    return replace(quantity, value=value, after=(unit.lower(), *quantity.after[1:]))


def _closeness(entry: Mapping[str, Any], quantity: Quantity) -> float:
    """How well a number suits an input; 2 and more is enough."""
    unit = entry.get("unit", "")
    first = quantity.after[0] if quantity.after else ""
    percent = first in ("%", "percent", "퍼센트", "프로")
    money = bool(quantity.sign) or first.startswith(
        ("원", "dollar", "euro", "pound", "won", "yen", "usd", "eur", "달러", "유로")
    )
    if (percent and unit != "%") or (unit == "%" and money) or (money and unit != MONEY):
        return 0.0
    whole = entry.get("kind") == "whole"
    if quantity.value < entry.get("least", 0) or quantity.value > entry.get("most", 1e15):
        return 0.0
    if whole and quantity.value != int(quantity.value):
        return 0.0
    score = 0.0
    if (percent and unit == "%") or (money and unit == MONEY):
        score += 2.0
    elif unit and unit != MONEY and first == unit.lower():
        score += 2.5
    for cue in entry.get("cues", ()):
        score += max(_beside(cue, quantity.after, 2.4), _beside(cue, tuple(reversed(quantity.before)), 2.1))
    return score


def _beside(cue: str, neighbours: tuple[str, ...], most: float) -> float:
    """Points for a cue among the neighbours: full beside the number, less further away."""
    parts = cue.split()
    for distance in range(len(neighbours) - len(parts) + 1):
        said = neighbours[distance : distance + len(parts)]
        if all(a == b or stem(a) == stem(b) for a, b in zip(said, parts, strict=True)):
            return most - 0.3 * distance
    return 0.0


def listed(text: str, most: int = 60) -> tuple[str, ...]:
    """The items of a list behind a colon or the word "with": "for a holiday: towel, sunscreen, passport"."""
    tail = re.split(r"[:：]\s*|\bwith (?:categories )?|\bsuch as\b|\blike\b|\bincluding\b", text, maxsplit=1)
    return items(tail[1], most) if len(tail) > 1 else ()


def items(text: str, most: int = 60) -> tuple[str, ...]:
    """A text split at commas, semicolons and line ends, and at the "and" before the last item; each once."""
    parts = re.split(r"[,;、\n•]|\s(?:and|그리고|및)\s", text)
    cleaned = (re.sub(r"^(?:and|or|the)\s+", "", p.strip(" .!?\t\"'“”()")) for p in parts)
    return tuple(dict.fromkeys(p[:80] for p in cleaned if p))[:most]


def pairs(text: str, most: int = 200) -> tuple[tuple[str, str], ...]:
    """The pairs of a text like "perro = dog; gato = cat", in order, each left side once."""
    tail = re.split(r"[:：]\s", text, maxsplit=1)[-1]
    found: dict[str, str] = {}
    separator = r"[;\n]" if ";" in tail or "\n" in tail else r"[,\n]"
    for part in re.split(separator, tail):
        left, sign, right = part.partition("=")
        left, right = left.strip(" .\"'“”"), right.strip(" .\"'“”=")
        if sign and left and right:
            found.setdefault(left[:200], right[:200])
    return tuple(found.items())[:most]
