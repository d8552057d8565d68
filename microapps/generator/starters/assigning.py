"""Which number of a description belongs to which input of a calculation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, zip_longest
from typing import Any

from .language import FILLER, lexicon, stem
from .reading import MONEY, SMALL, THOUSANDS, Quantity, is_money, is_percent, quantities
from .units import factor, unit_behind

_BETWEEN = frozenset(
    lexicon("split shared between among over with growing grows and plus borrowed invested saved loan")
)
_LEADING = ("from", "to", "of", "for", "by", "between", "among", "at")
_FIRST = 2.1
"""Points for a cue right before a number; each word between them costs some."""
_PARTICLES = frozenset(
    lexicon("과 와 이 은 는 을 를 의 씩 에 당 간 도 로 이서 에서 마다 까지 동안 정도 으로 이나 이고")
)
_EACH = ("a", "an", "per", "each", "every")


def assigned(inputs: Sequence[Mapping[str, Any]], text: str) -> dict[str, Quantity]:
    """Which number of the text belongs to which input: by its unit and by the words beside it.

    A number that nothing claims goes to the one input it can only be for: the ``main`` sum of money, or those that are
    told in order ("legs 5 and 12").
    """
    numbers = _behind_their_cues(inputs, quantities(text))
    claims = []
    for order, entry in enumerate(inputs):
        for place, number in enumerate(numbers if entry.get("kind") != "choice" else ()):
            told = _as_told(entry, number)
            quantity = _in_unit(number, told)
            claims.append((_closeness(told, quantity), -place, -order, entry["name"], quantity))
    given, used = _measured_across(inputs, numbers)
    for closeness, place, _, name, quantity in sorted(claims, key=lambda claim: claim[:3], reverse=True):
        if closeness >= 2 and name not in given and -place not in used:
            given[name] = quantity
            used.add(-place)
    free = [number for place, number in enumerate(numbers) if place not in used]
    return given | _for_nothing_else([entry for entry in inputs if entry["name"] not in given], free)


def _behind_their_cues(inputs: Sequence[Mapping[str, Any]], numbers: Sequence[Quantity]) -> Sequence[Quantity]:
    """Where every number stands right behind its name ("키 170 몸무게 65"), the next one's name is not beside it."""
    cues = [cue for entry in inputs for cue in entry.get("cues", ()) if cue not in _LEADING]
    numbers = [_without_next_name(one, later, cues) for one, later in zip_longest(numbers, numbers[1:])]
    if len(numbers) < 2 or not all(any(_before(cue, number.before) >= _FIRST for cue in cues) for number in numbers):
        return numbers

    def own(number: Quantity) -> tuple[str, ...]:
        after = number.after
        names = (at for at in range(len(after)) if any(_beside(cue, after[at:], 1.0) == 1.0 for cue in cues))
        return after[: next(names, None)]

    # Behind the last number there is no next one's name: what stands there is its own unit ("5년").
    return (*(replace(number, after=own(number)) for number in numbers[:-1]), numbers[-1])


def _without_next_name(number: Quantity, later: Quantity | None, cues: Sequence[str]) -> Quantity:
    """A number without the name of the next one behind it: "cost is 8 and price 14", "매출 100만원 원가 60만원"."""
    name = later.before[-1] if later and later.before else ""
    joined = "가" <= name[:1] <= "힣" or ("and", name) in pairwise(number.after)
    if not joined or name not in number.after[1:] or not any(_beside(c, (name,), 1.0) for c in cues):
        return number
    return replace(number, after=number.after[: number.after.index(name, 1)])


def _measured_across(
    inputs: Sequence[Mapping[str, Any]], numbers: Sequence[Quantity]
) -> tuple[dict[str, Quantity], set[int]]:
    """The length and the width of "a room 4 x 5 m", and the places of their numbers."""
    sides = [entry for entry in inputs if entry.get("ordered") and entry.get("unit")]
    for place, (one, other) in enumerate(pairwise(numbers)):
        if len(sides) > 1 and one.after[-1:] in (("x",), ("by",)) and len(one.after) < 3:
            unit = one.after[:-1] or other.after[:1]
            pair = zip(sides, (replace(one, after=unit), other), strict=False)
            return {entry["name"]: _in_unit(number, entry) for entry, number in pair}, {place, place + 1}
    return {}, set()


def _for_nothing_else(waiting: Sequence[Mapping[str, Any]], free: Sequence[Quantity]) -> dict[str, Quantity]:
    """The inputs that the numbers left over can only be for."""
    for mark in ("main", "ordered"):
        entries = [entry for entry in waiting if entry.get(mark)]
        if 0 < len(entries) == len(free) and all(map(_suits, entries, free)):
            return {entry["name"]: _in_unit(number, entry) for entry, number in zip(entries, free, strict=True)}
    return {}


def _suits(entry: Mapping[str, Any], quantity: Quantity) -> bool:
    """Whether a number may be this input's though no word says so: within its limits, and counting nothing else."""
    first = quantity.after[0] if quantity.after else ""
    if (first in _EACH and len(quantity.after) > 1) or _is_never(entry, quantity):
        return False
    alone = not first or is_money(quantity) or first in FILLER | SMALL | _BETWEEN or first in THOUSANDS
    return alone and not is_percent(first) and entry.get("least", 0) <= quantity.value <= entry.get("most", 1e15)


def _as_told(entry: Mapping[str, Any], quantity: Quantity) -> Mapping[str, Any]:
    """The input as its number is told: in its own way, or in one to be converted ("diameter" for a radius)."""
    if any(_beside(cue, quantity.after[:1], 2.4) for cue in entry.get("cues", ())):
        return entry  # "300 a month for 2 years": the years are years
    alternatives = () if quantity.after and quantity.after[0] in _EACH else entry.get("instead", ())
    for other in alternatives:
        if any(_beside(cue, quantity.after, 2.4) or _before(cue, quantity.before) for cue in other["cues"]):
            return {**entry, **other}
    return entry


def _in_unit(quantity: Quantity, entry: Mapping[str, Any]) -> Quantity:
    """A quantity given in another unit of the same kind ("150 lb" where kilograms are asked for), in that unit."""
    unit, first = entry.get("unit", ""), quantity.after[0] if quantity.after else ""
    if times := entry.get("times"):
        own = _in_unit(quantity, {"unit": unit})
        return replace(own, value=float(f"{own.value * times:.10g}"))
    if unit == MONEY and first in THOUSANDS:
        return replace(quantity, value=quantity.value * THOUSANDS[first], after=quantity.after[1:])
    wanted, said = unit_behind(unit.lower()), unit_behind(first)
    if not wanted or not said or wanted == said or wanted.kind != said.kind or wanted.kind == "temperature":
        return quantity
    value = float(f"{quantity.value * factor(said) / factor(wanted):.4g}")
    return replace(quantity, value=value, after=(unit.lower(), *quantity.after[1:]))


def _closeness(entry: Mapping[str, Any], quantity: Quantity) -> float:
    """How well a number suits an input; 2 and more is enough."""
    unit = entry.get("unit", "")
    first = quantity.after[0] if quantity.after else ""
    percent, money = is_percent(first), is_money(quantity)
    if (percent and unit != "%") or (unit == "%" and money) or (money and unit != MONEY and not entry.get("any_money")):
        return 0.0
    whole = entry.get("kind") == "whole"
    if quantity.value < entry.get("least", 0) or quantity.value > entry.get("most", 1e15):
        return 0.0
    if whole and quantity.value != int(quantity.value):
        return 0.0
    counted = unit_behind(first)
    if _is_never(entry, quantity) or (counted and entry.get("counted", counted.kind) != counted.kind):
        return 0.0
    score = 0.0
    if (percent and unit == "%") or (money and unit == MONEY):
        score += 2.0
    elif unit and unit != MONEY and (first == unit.lower() or _is_unit(first, unit)):
        score += 2.5
    return score + max((_told(cue, quantity) for cue in entry.get("cues", ())), default=0.0)


def _is_unit(said: str, unit: str) -> bool:
    """Whether a word is a unit written in another way: minutes for min."""
    named = unit_behind(said)
    return named is not None and named == unit_behind(unit.lower())


def _is_never(entry: Mapping[str, Any], quantity: Quantity) -> bool:
    """Whether a word beside the number says that it is not this input's."""
    near = quantity.after[:2], quantity.before[-1:]
    return any(_beside(cue, words, 1.0) for cue in entry.get("never", ()) for words in near)


def _told(cue: str, quantity: Quantity) -> float:
    """Points for a cue beside a number; a preposition belongs to the number behind it only."""
    return max(0.0 if cue in _LEADING else _beside(cue, quantity.after, 2.4), _before(cue, quantity.before))


def _before(cue: str, before: tuple[str, ...]) -> float:
    """Points for a cue before a number, small words between them passed over: "price of 50", "mortgage is 900"."""
    last = tuple(reversed(before))
    plain = tuple(word for word in last if word not in SMALL or word in cue.split())
    backwards = " ".join(reversed(cue.split()))
    return max(_beside(backwards, last, _FIRST), _beside(backwards, plain, _FIRST))


def _beside(cue: str, neighbours: tuple[str, ...], most: float) -> float:
    """Points for a cue among the neighbours: full beside the number, less further away."""
    parts = cue.split()
    for distance in range(len(neighbours) - len(parts) + 1):
        said = neighbours[distance : distance + len(parts)]
        if all(a == b or stem(a) == stem(b) or _counts(a, b) for a, b in zip(said, parts, strict=True)):
            return most - 0.3 * distance
    return 0.0


def _counts(said: str, cue: str) -> bool:
    """Whether a word is what is counted with a particle behind it: 명과, 명이서; 월급 is no month."""
    return len(cue) == 1 and "가" <= cue <= "힣" and said.startswith(cue) and said[1:] in _PARTICLES
