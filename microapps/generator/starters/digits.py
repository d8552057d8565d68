"""Numbers as people write them: 1,250.50 and 1.250,50, 21.40 and 21,40, 1 1/2 and ½.

A comma stands between thousands where three digits follow it, and before decimals elsewhere. A single dot with three
digits behind it is read as decimals, except of euros: a rent of "1.250 €" is no rent of 1.25.
"""

from __future__ import annotations

import re

from .units import unit_behind

_COMMAS = r"[1-9]\d{0,2}(?:,\d{3})+(?![\d,])(?:\.\d+)?"  # 1,250.50
_DECIMAL_COMMA = r"(?<!\d,)\d+,\d+(?![\d,])"  # 21,40; not 4,8,15
_DOTS = r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?(?![\d,.]*\d)"  # 1.250,50
DIGITS = rf"-?(?:{_DOTS}|{_COMMAS}|{_DECIMAL_COMMA}|\d+(?:\.\d+)?)|\.\d+"
"""A pattern for the digits of one number, which :func:`value_of` reads."""
TIMES = {"백": 1e2, "천": 1e3, "만": 1e4, "백만": 1e6, "천만": 1e7, "억": 1e8}
"""Korean words of what a number counts."""
_PART = r"(\d[\d,.]*)\s*(천만|백만|억|만|천|백)?"
_PARTS = re.compile(r"(?<![\w.])(?:\d[\d,.]*\s*(?:천만|백만|억|만|천|백)\s*)+(?:\d[\d,]*\s*)?(?=원)")
_SIGNS = {"¼": " 1/4", "½": " 1/2", "¾": " 3/4", "⅓": " 1/3", "⅔": " 2/3", "⅛": " 1/8"}
_FRACTION = re.compile(r"(?<![\w./])(?:(\d+)\s+)?([1-9])\s?/\s?([1-9]\d?)(?![\d/])(?=\s*([^\W\d_]+))")
_HOURS = re.compile(r"(?<![\w.])(\d+)h(\d{2})(?!\w)", re.IGNORECASE)  # 7h30
_HALF = re.compile(r"\bhalf (?:an? )?(?=([a-z]+))", re.IGNORECASE)


def value_of(digits: str, euros: bool) -> float:
    """The number that digits say; ``euros`` are written with a dot between thousands."""
    plain = digits.removeprefix("-")
    if re.fullmatch(_DOTS, plain) and (plain.count(".") > 1 or "," in plain or euros):
        return float(digits.replace(".", "").replace(",", "."))
    return float(digits.replace(",", "" if re.fullmatch(_COMMAS, plain) else "."))


def with_won_in_digits(text: str) -> str:
    """A text with sums of won that are said in parts in digits alone: "7만5천원" is 75000원."""

    def won(said: re.Match[str]) -> str:
        parts = re.findall(_PART, said[0])
        if len(parts) < 2:
            return said[0]
        return f"{sum(value_of(digits.strip(','), euros=False) * TIMES.get(times, 1.0) for digits, times in parts):.0f}"

    return _PARTS.sub(won, text)


def with_fractions_written_out(text: str) -> str:
    """A text with the fractions of its units in decimals: "1 1/2 cups", "half a cup", "7h30"; no day of a year."""
    for sign, written in _SIGNS.items():
        text = text.replace(sign, written)

    def fraction(said: re.Match[str]) -> str:
        whole, upper, lower, unit = said.groups()
        return f"{int(whole or 0) + int(upper) / int(lower):.4g}" if unit_behind(unit.lower()) else said[0]

    text = _FRACTION.sub(fraction, text)
    text = _HOURS.sub(lambda said: f"{int(said[1]) + int(said[2]) / 60:.6g} h", text)
    return _HALF.sub(lambda said: "0.5 " if unit_behind(said[1].lower()) else said[0], text)
