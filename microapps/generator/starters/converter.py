"""Fills the unit converter: the kinds and units a description names, its amount, its direction."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .filling import Filling, Request
from .reading import quantities
from .titles import title_from
from .units import SpokenUnit, kinds_said, unit_named, units_said

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
    taken = tuple(f"{u.symbol}" for u in said if u.kind in kinds) + ((f"amount {text}",) if text else ())
    return Filling(
        title=title_from(request.description, request.starter.title[request.language], request.language),
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
        used=(*((text,) if text else ()), *request.description.split()) if said else (),
    )


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
        source = with_number[0] if with_number else named[0]
        return source, next(s for s in named if s != source)
    if named:
        other = next(s for s in (*usual, *request.defaults["KINDS"][kind]["units"]) if s != named[0])
        return named[0], other
    return usual


def _behind(request: Request, kind: str) -> list[SpokenUnit | None]:
    """The units that stand right behind a number: "how many pounds is 70 kg" goes from kilograms."""
    named = [unit_named(q.after[0]) for q in quantities(request.description) if q.after]
    return [u for u in named if u and u.kind == kind]


def _amount(request: Request, source: str) -> tuple[float, str]:
    for quantity in quantities(request.description):
        unit = unit_named(quantity.after[0]) if quantity.after else None
        if unit and unit.symbol == source and 0 <= quantity.value <= 1e12:
            return quantity.value, quantity.text
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
