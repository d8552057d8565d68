"""Which units of the converter a description names, in its order."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from .catalogue import catalogue
from .language import READ, normal, stem
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
_FEET_AND_INCHES = re.compile(
    r"(\d)\s*(?:ft\b|feet\b|foot\b|['′])\s*(\d+(?:\.\d+)?)\s*(?:in\b|inch(?:es)?\b|[\"″]|''|(?=\s*(?:$|[,.)?]|and\b|to\b|tall\b)))"
)
_PER_HUNDRED = re.compile(r"(?:/|\bper)\s*100\s*k(?:m|ilomet(?:re|er)s?)\b|100\s*km\s*당")
_INCHES = re.compile(r"(\d)\s*(?:[\"″]|in\b(?=\s*(?:$|[,.)?]|to\b|as\b|tall\b|long\b|wide\b)))")
_DEGREES = re.compile(r"\b([cf])\s*(?:to|in|into|->|→)\s*([cf])\b")
_DEGREES_BEHIND = re.compile(r"(\d)\s*(?:°|degrees?)?\s*([cf])\b")
_DEGREES_NAMED = {"c": " celsius ", "f": " fahrenheit "}
_PER_GALLON = re.compile(r"\bmi(?:les?)?\s*(?:/|per|to the|a)\s*(?:(?:us|uk|imperial)\s+)?gal(?:lon)?\b")
_PER_HOUR = re.compile(r"시속 ?(\d[\d.,]*) ?(km|킬로미터|킬로|마일)")
_AFTER_NUMBER = re.compile(r"(\d)\s*(m|g|l|h)(?![a-z\d_]|\s*[²³/^])")
_SHORT = {
    "m": "metre",
    "g": "gram",
    "l": "litre",
    "h": "hour",
}  # a unit where a number stands before it, else just a letter
_CLOCK = "time"  # hours and minutes are in many a request that converts nothing


@dataclass(frozen=True)
class SpokenUnit:
    """A unit named in a description: its kind ("length") and its symbol in the converter's notebook."""

    kind: str
    symbol: str


def spelled(text: str) -> str:
    """A text in normal form with its heights and degrees written out: 5'11" is 5 ft 11 inches, 350 F is fahrenheit."""
    spoken = _PER_HUNDRED.sub(" hundredkm ", normal(text[:READ]))
    spoken = _PER_GALLON.sub("mpg", spoken)
    spoken = _PER_HOUR.sub(lambda said: f"{said[1]} {'mph' if said[2] == '마일' else 'kph'} ", spoken)
    spoken = _FEET_AND_INCHES.sub(r"\1 ft \2 inches ", spoken)
    spoken = _INCHES.sub(r"\1 inches ", spoken)
    spoken = _DEGREES.sub(lambda said: f"{_DEGREES_NAMED[said[1]]}to{_DEGREES_NAMED[said[2]]}", spoken)
    return _DEGREES_BEHIND.sub(lambda said: f"{said[1]}{_DEGREES_NAMED[said[2]]}", spoken)


def in_one_word(text: str) -> str:
    """A text whose units are one word each: square metres, kilometres per hour, the m of 5 m."""
    spoken = _AFTER_NUMBER.sub(lambda said: f"{said[1]} {_SHORT[said[2]]} ", spelled(text))
    for pattern, put in _JOINED:
        spoken = pattern.sub(put, spoken)
    return " ".join(spoken.split())


def units_said(text: str) -> tuple[SpokenUnit, ...]:
    """The units named in a text, each once, in order."""
    found = []
    for word in _WORDS.findall(in_one_word(text)):
        unit = unit_named(word)
        if unit:
            found.append(unit)
    return tuple(dict.fromkeys(found))


def unit_named(word: str) -> SpokenUnit | None:
    """The unit one word stands for, if it is one."""
    word = word.lower()
    return _names().get(word) or _names().get(stem(word)) or _names().get(word.removesuffix("s"))


def unit_behind(word: str) -> SpokenUnit | None:
    """The unit a word stands for right behind a number, where single letters are units too."""
    return unit_named(_SHORT.get(stem(word), word))


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
