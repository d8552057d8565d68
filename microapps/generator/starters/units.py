"""Which units of the converter a description names, in its order."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from .catalogue import catalogue
from .language import normal, stem
from .parameters import constants

_JOINED = (
    (re.compile(r"sq(?:uare|\.)?\s*(?:metre|meter)s?|제곱\s*미터|평방\s*미터"), " sqm "),
    (re.compile(r"sq(?:uare|\.)?\s*(?:feet|foot|ft)"), " sqft "),
    (re.compile(r"fl(?:uid)?\.?\s*(?:oz|ounces?)"), " floz "),
    (re.compile(r"(?:km|kilomet(?:re|er)s?)\s*(?:/|per)\s*h(?:our)?"), " kph "),
    (re.compile(r"miles?\s*(?:/|per)\s*h(?:our)?"), " mph "),
    (re.compile(r"m(?:et(?:re|er)s?)?\s*(?:/|per)\s*s(?:econd)?\b"), " mps "),
)
_WORDS = re.compile(r"[^\W\d_]+[²³23]?|°[cf]")
_CLOCK = "time"  # hours and minutes are in many a request that converts nothing


@dataclass(frozen=True)
class SpokenUnit:
    """A unit named in a description: its kind ("length") and its symbol in the converter's notebook."""

    kind: str
    symbol: str


def units_said(text: str) -> tuple[SpokenUnit, ...]:
    """The units named in a text, each once, in order."""
    spoken = normal(text)
    for pattern, put in _JOINED:
        spoken = pattern.sub(put, spoken)
    found = []
    for word in _WORDS.findall(spoken):
        unit = unit_named(word)
        if unit:
            found.append(unit)
    return tuple(dict.fromkeys(found))


def unit_named(word: str) -> SpokenUnit | None:
    """The unit one word stands for, if it is one."""
    word = word.lower()
    return _names().get(word) or _names().get(stem(word)) or _names().get(word.removesuffix("s"))


def factor(unit: SpokenUnit) -> float:
    """How many of its kind's base unit (metre, kilogram …) one of this unit is; from the converter's notebook."""
    units = constants(catalogue().starter("converter").notebook)["KINDS"][unit.kind]["units"]
    return float(units[unit.symbol]["factor"])


def kinds_said(text: str) -> tuple[str, ...]:
    """The kinds ("length", "temperature") a text names itself."""
    stems = {stem(word) for word in _WORDS.findall(normal(text))}
    packed = normal(text).replace(" ", "")
    kinds = catalogue().starter("converter").more["kinds"]
    return tuple(
        kind for kind, told in kinds.items() if stems & {stem(w) for w in told["said"]} or told["ko"] in packed
    )


def names_two_units(text: str) -> bool:
    """Whether two units of one kind are named: enough to say that one is converted into the other."""
    kinds = [unit.kind for unit in units_said(text) if unit.kind != _CLOCK]
    return any(kinds.count(kind) > 1 for kind in kinds)


@functools.cache
def _names() -> dict[str, SpokenUnit]:
    kinds = catalogue().starter("converter").more["kinds"]
    names: dict[str, SpokenUnit] = {}
    for kind, told in kinds.items():
        for unit in told["units"]:
            for said in unit["said"]:
                names.setdefault(said, SpokenUnit(kind, unit["symbol"]))
    return names
