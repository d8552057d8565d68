"""Fills the date calculator: which question, which dates and how many days."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from .calendar_days import days_named, without_days
from .filling import Filling, Request
from .language import READ, normal, words
from .reading import quantities

_MODES = {
    "between": ("Days between two dates", "두 날짜 사이"),
    "countdown": ("Countdown to a day", "디데이"),
    "age": ("Age", "만 나이"),
    "shift": ("Date some days away", "며칠 뒤 날짜"),
}
_OWN_DAY = re.compile(
    r"\b(?:until|till|since|countdown (?:to|for)|before|days? left)\b\s+(?!two|a|the (?:day|date)|some)\w"
    r"|까지|지났|남았|사귄|만난"
)
_SHIFT = re.compile(r"(\d{1,6})\s*(days?|weeks?|일|주)\s*(after|from|before|later|earlier|뒤|후|전)?")
_TAKEN_OFF = re.compile(r"\b(?:subtract|minus)\b|빼기")


def fill(request: Request) -> Filling:
    """The date calculator for a request."""
    text = normal(request.description[:READ])
    named = days_named(text)
    days_said = [one.day for one in named]
    shift = _SHIFT.search(without_days(text))
    mode = _mode(text, shift, len(named))
    first, second, days = "today", "--12-25", 100
    placed = named[:2]
    if mode == "age":
        born, later = _born_first(text, days_said)
        first, second = born or "1990-01-01", later or "today"
    elif mode == "shift":
        placed = named[:1]
        first = days_said[0] if named else "today"
        if shift:
            days = _days(shift)
    elif len(named) >= 2:
        first, second = days_said[:2]
        if first.startswith("--"):  # "between March 1 and April 15" is one stretch, not two days each the next to come
            year = dt.date.today().year if second.startswith("--") else int(second[:4])
            first, second = _in_year(first, year), _in_year(second, year)
    elif named:
        first, second = (days_said[0], "today") if mode == "between" else ("today", days_said[0])
    taken = tuple(one.day.removeprefix("--") for one in placed)
    numbers = [quantity.text for one in placed for quantity in quantities(one.said)]
    if mode == "shift" and shift:
        taken = (*taken, f"{shift.group(1)} {shift.group(2)}")
        numbers.append(shift.group(1))
    return Filling(
        constants={
            "MODE": mode,
            "FIRST": first,
            "SECOND": second,
            "DAYS": days,
            "MODES": [(request.pick(*labels), name) for name, labels in _MODES.items()],
        },
        taken=taken,
        used=(*numbers, *(word for one in placed for word in words(one.said))),
        examples=() if taken or _needs_nothing(text) else (request.pick("the dates", "날짜"),),
    )


def _days(shift: re.Match[str]) -> int:
    number, unit, direction = shift.groups()
    size = 7 if unit.startswith(("week", "주")) else 1
    return (
        int(number) * size * (-1 if direction in ("before", "earlier", "전") or _TAKEN_OFF.search(shift.string) else 1)
    )


def _born_first(text: str, days: list[str]) -> tuple[str, str]:
    """The date of birth and the other day, where there are two: the one after "born" is the date of birth."""
    dated = [day for day in days if not day.startswith("--")]
    if len(dated) < 2:
        return (dated[0] if dated else ""), ""
    return min(dated[:2]), max(dated[:2])


def _in_year(day: str, year: int) -> str:
    """A day without a year in that one; 29 February becomes 1 March where there is none."""
    if not day.startswith("--"):
        return day
    exists = day != "--02-29" or calendar.isleap(year)
    return f"{year}-{day[2:]}" if exists else f"{year}-03-01"


def _needs_nothing(text: str) -> bool:
    """Whether the description asks for a calculator of dates, and not for a day of its own."""
    return not _OWN_DAY.search(text)


def _mode(text: str, shift: re.Match[str] | None, named: int) -> str:
    if re.search(r"how old|\bage\b|born|birth|나이", text):
        return "age"
    if shift and re.search(r"\b(?:add|plus|subtract|minus)\b|더하|빼기|더해", text):
        return "shift"
    if (
        shift
        and named < 2
        and (shift.group(3) or re.search(r"after|before|later|earlier|from|뒤|후|전|100일|기념일", text))
    ):
        return "shift"
    if named < 2 and re.search(r"day of the week|what day|weekday|요일", text):
        return "countdown"
    if named < 2 and re.search(
        r"until|till|\bleft\b|countdown|d-?day|디데이|남았|남은|까지|기념일|수능|since|지났", text
    ):
        return "countdown"
    return "between"
