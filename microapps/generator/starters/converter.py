"""Fills the unit converter: the kinds and units a description names, its amount, its direction."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from .filling import Filling, Request
from .language import FILLER, normal, words
from .reading import Quantity, quantities
from .units import SpokenUnit, in_one_word, kinds_said, spelled, unit_behind, units_said

_OTHERS = {
    "mm": "in",
    "cm": "in",
    "m": "ft",
    "in": "cm",
    "ft": "m",
    "yd": "m",
    "자": "cm",
    "mg": "g",
    "g": "oz",
    "t": "kg",
    "oz": "g",
    "st": "kg",
    "근": "kg",
    "ml": "tbsp",
    "l": "gal",
    "tsp": "ml",
    "tbsp": "ml",
    "fl oz": "ml",
    "pt": "ml",
    "gal": "l",
    "평": "m²",
    "ac": "m²",
    "ha": "ac",
    "cm²": "m²",
    "km²": "ha",
    "K": "°C",
    "kn": "km/h",
    "m/s": "km/h",
    "kPa": "psi",
    "atm": "bar",
    "mmHg": "kPa",
    "kWh": "kJ",
}
"""What a unit is most often converted to, where that is not in the usual pair."""
_TO = re.compile(r"\b([^\W\d_]+) (?:to|into) (?:a |an |the )?([^\W\d_]+)")
_INTO = re.compile(r"\b(?:to|into|in)\b|→|->")
_ONLY_TO = re.compile(r"([가-힣]+?)(?:으로|로)(?![가-힣])|\b(?:to|into|in) ([^\W\d_]+)")
_TO_KOREAN = re.compile(r"([가-힣a-z]+?)(?:을|를) ([가-힣a-z]+?)(?:으로|로)(?![가-힣])")
_USUAL = {
    "length": ("km", "mi"),
    "mass": ("kg", "lb"),
    "temperature": ("°C", "°F"),
    "volume": ("cup", "ml"),
    "area": ("m²", "ft²"),
    "speed": ("km/h", "mph"),
    "data": ("MB", "GB"),
    "time": ("min", "h"),
    "energy": ("kcal", "kJ"),
    "pressure": ("bar", "psi"),
}


def fill(request: Request) -> Filling:
    """The converter for a request: all kinds where it names none, else only those it names."""
    said = units_said(request.description)
    kinds = _kinds(request, said)
    first = next((u for u in said if u.kind in kinds), None)
    kind = first.kind if first else next(iter(kinds))
    source, target = _direction(request, said, kind)
    amount, text = _amount(request, source)
    units = kinds[kind]["units"]
    answer = _shown(_convert(amount, units[source], units[target]))
    back = _shown(_convert(amount, units[target], units[source]))
    taken = tuple(f"{u.symbol}" for u in said if u.kind in kinds) + ((f"{_shown(amount)} {source}",) if text else ())
    return Filling(
        constants={
            "KINDS": kinds,
            "KIND": kind,
            "AMOUNT": amount,
            "FROM": source,
            "TO": target,
            "START": (f"{_shown(amount)} {source} =", f"{answer} {target}"),
            "SWAPPED": (f"{_shown(amount)} {target} =", f"{back} {source}"),
            "CASES": _cases(kinds[kind], source, target),
            "UNITS": [(u["label"], _shown(_convert(amount, units[source], u))) for u in units.values()],
            "KIND_CASES": _kind_cases(kinds, kind, amount),
            "TOO_COLD": _too_cold(request, kinds, kind),
        },
        taken=taken,
        used=(*((text,) if text else ()), *_units_as_said(request.description)),
        another=_something_else(request.description),
    )


def _units_as_said(description: str) -> list[str]:
    """The words of a description that name units."""
    spoken = (*words(description), *words(in_one_word(description)))
    return [word for word in spoken if unit_behind(word) or word in ("square", "fluid")]


def _something_else(description: str) -> bool:
    """Whether one thing is to be turned into another and the two are no units of one kind: needle sizes, currencies."""
    spoken = in_one_word(description)
    for pattern in (_TO, _TO_KOREAN):
        for left, right in pattern.findall(spoken):
            kinds = {unit.kind for word in (left, right) for unit in units_said(word)}
            named = sum(bool(units_said(word)) for word in (left, right))
            if len(kinds) > 1 or named == 1 or (named == 0 and pattern is _TO and FILLER.isdisjoint((left, right))):
                return True
    return False


def _kinds(request: Request, said: tuple[SpokenUnit, ...]) -> dict[str, Any]:
    """The kinds to offer, with labels in the request's language."""
    named = tuple(dict.fromkeys(u.kind for u in said)) or kinds_said(request.description)
    told = request.starter.more["kinds"]
    offered: dict[str, Any] = {}
    for kind, data in request.defaults["KINDS"].items():
        if named and kind not in named:
            continue
        units = {symbol: dict(unit) for symbol, unit in data["units"].items()}
        label = data["label"]
        if request.language == "ko":
            label = told[kind]["ko"]
            for unit in told[kind]["units"]:
                symbol = unit["symbol"]
                units[symbol]["label"] = unit["ko"] if symbol == unit["ko"] else f"{unit['ko']} ({symbol})"
        offered[kind] = {"label": label, "units": units}
    return offered


def _direction(request: Request, said: tuple[SpokenUnit, ...], kind: str) -> tuple[str, str]:
    named = [u.symbol for u in said if u.kind == kind]
    with_number = [u.symbol for u in (_behind(request, kind)) if u]
    usual = _USUAL[kind]
    if len(named) >= 2:
        asked_last = re.search(r"how many\b", normal(request.description)) and not with_number
        source = with_number[0] if with_number else named[-1] if asked_last else named[0]
        behind = [unit.symbol for unit in units_said(_INTO.split(spelled(request.description))[-1])]
        others = reversed(named) if with_number else named
        return source, next(s for s in (*behind, *others) if s != source and s in named)
    if named and _wanted_unit(request.description, named[0]):
        other = next(s for s in usual if s != named[0])
        return (other if named[0] in usual else _OTHERS.get(named[0], other)), named[0]
    if named:
        other = next(s for s in usual if s != named[0])
        return named[0], other if named[0] in usual else _OTHERS.get(named[0], other)
    return usual


def _wanted_unit(description: str, symbol: str) -> bool:
    """Whether the only unit named is the one to convert to, as in "38.2도를 화씨로", with a number of no unit."""
    spoken = in_one_word(description)
    found = _ONLY_TO.search(spoken)
    if not found or all(_unit_of(quantity) for quantity in quantities(description)):
        return False
    return any(unit.symbol == symbol for unit in units_said(found[1] or found[2]))


def _behind(request: Request, kind: str) -> list[SpokenUnit | None]:
    """The units that stand right behind a number: "how many pounds is 70 kg" goes from kilograms."""
    named = [_unit_of(quantity) for quantity in quantities(request.description)]
    return [u for u in named if u and u.kind == kind]


def _unit_of(quantity: Quantity) -> SpokenUnit | None:
    """The unit right behind a number, or right before it: "화씨 101도"."""
    beside = (*quantity.after[:1], *quantity.before[-1:])
    return next((unit for word in beside if (unit := unit_behind(word))), None)


def _amount(request: Request, source: str) -> tuple[float, str]:
    told = quantities(request.description)
    for quantity in told:
        unit = _unit_of(quantity)
        if unit and unit.symbol == source and abs(quantity.value) <= 1e12:
            return quantity.value, quantity.text
    if len(told) == 1 and not _unit_of(told[0]) and units_said(request.description) and abs(told[0].value) <= 1e12:
        return told[0].value, told[0].text
    return (20.0 if source in ("°C", "°F") else 1.0), ""


def _convert(amount: float, source: Mapping[str, float], target: Mapping[str, float]) -> float:
    return (amount * source["factor"] + source["offset"] - target["offset"]) / target["factor"]


def _shown(value: float) -> str:
    """As the notebook writes a number: six significant digits."""
    if value == 0:
        return "0"
    if not 1e-6 <= abs(value) < 1e12:
        return f"{value:.6g}"
    text = f"{value:,.{max(0, 5 - math.floor(math.log10(abs(value))))}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _cases(kind: Mapping[str, Any], source: str, target: str) -> list[tuple[float, str, str, str]]:
    """Conversions with their results as the page writes them; dropdowns are set by label."""
    units = kind["units"]
    symbols = list(units)
    chosen = [(0.0, source, target), (12.5, target, source), (300.0, symbols[0], symbols[-1])]
    chosen += [(47.0, symbols[-1], symbols[1]), (1234567.0, source, target)]
    return [
        (amount, units[a]["label"], units[b]["label"], f"= {_shown(_convert(amount, units[a], units[b]))} {b}")
        for amount, a, b in chosen
    ]


def _kind_cases(kinds: Mapping[str, Any], kind: str, amount: float) -> list[tuple[str, str]]:
    """For each other kind: its label, and what the page says once it is chosen."""
    cases = []
    for name, told in kinds.items():
        if len(kinds) == 1 or name == kind:
            continue
        (a, first), (b, second) = list(told["units"].items())[:2]
        cases.append((told["label"], f"{_shown(amount)} {a} = {_shown(_convert(amount, first, second))} {b}"))
    return cases


def _too_cold(request: Request, kinds: Mapping[str, Any], kind: str) -> list[tuple[list[tuple[str, str]], float, bool]]:
    if "temperature" not in kinds:
        return []
    words, told = request.words, kinds["temperature"]
    setting = [] if len(kinds) == 1 else [(words["kind"], told["label"])]
    setting.append((words["from"], told["units"]["°C"]["label"]))
    return [(setting, -273.15, False), (setting, -273.2, True)]
