"""The days that a description names: 2026-02-03, 3 February 2026, Feb 3rd, 2026년 2월 3일, 2월 3일, Christmas."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name} | {
    name.lower(): number for number, name in enumerate(calendar.month_abbr) if name
}
_MONTH = "|".join(sorted([*_MONTHS, "sept"], key=len, reverse=True))
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_PATTERNS = (
    re.compile(r"(?<!\d)(?P<year>\d{4})\s*[-./년]\s*(?P<month>\d{1,2})\s*[-./월]\s*(?P<day>\d{1,2})(?!\d)일?"),
    re.compile(rf"(?<![\d.]){_DAY}(?: of)? (?P<name>{_MONTH})\b\.?(?:,? (?P<year>\d{{4}})(?!\d))?"),
    re.compile(rf"\b(?P<name>{_MONTH})\b\.? (?:the )?{_DAY}(?![\d:])(?:,? (?P<year>\d{{4}})(?!\d))?"),
    re.compile(r"(?<!\d)(?P<month>\d{1,2})월 ?(?P<day>\d{1,2})일"),
)
_FEASTS = (
    ("--12-25", re.compile(r"christmas|크리스마스|성탄절")),
    ("--10-31", re.compile(r"halloween|할로윈")),
    ("--02-14", re.compile(r"valentine|발렌타인")),
    ("--01-01", re.compile(r"new year|새해|신정")),
)


@dataclass(frozen=True)
class NamedDay:
    """A day as the app takes it: ``2026-02-03``, or ``--02-03`` for the next such day, and its words."""

    day: str
    said: str
    start: int


def days_named(text: str) -> tuple[NamedDay, ...]:
    """The days of a text in normal form, in its order; impossible ones are left out."""
    found: list[NamedDay] = []
    rest = text
    for pattern in _PATTERNS:
        for match in pattern.finditer(rest):
            if day := _day(match.groupdict()):
                found.append(NamedDay(day, match.group(), match.start()))
        rest = pattern.sub(lambda said: " " * len(said.group()), rest)
    for day, feast in _FEASTS:
        if said := feast.search(text):
            found.append(NamedDay(day, said.group(), said.start()))
    return tuple(sorted(found, key=lambda named: named.start))


def without_days(text: str) -> str:
    """The text without the days that are written as dates."""
    for pattern in _PATTERNS:
        text = pattern.sub(" ", text)
    return text


def _day(parts: dict[str, str | None]) -> str:
    name, year = parts.get("name"), parts.get("year")
    month = _MONTHS[name.replace("sept", "sep") if name == "sept" else name] if name else int(parts["month"] or 0)
    try:
        day = dt.date(int(year or 2024), month, int(parts["day"] or 0))  # 2024 has a 29 February
    except ValueError:
        return ""
    return day.isoformat() if year else f"--{day:%m-%d}"
