"""Fills the date calculator: which question, which dates and how many days."""

from __future__ import annotations

import datetime as dt
import re

from .filling import Filling, Request
from .language import normal
from .titles import title_from

_MODES = {
    "between": ("Days between two dates", "두 날짜 사이"),
    "countdown": ("Countdown to a day", "디데이"),
    "age": ("Age", "만 나이"),
    "shift": ("Date some days away", "며칠 뒤 날짜"),
}
_DAYS_OF_YEAR = (
    ("--12-25", r"christmas|크리스마스|성탄절"),
    ("--10-31", r"halloween|할로윈"),
    ("--02-14", r"valentine|발렌타인"),
    ("--01-01", r"new year|새해|신정"),
)
_ISO = re.compile(r"(\d{4})[-./년]\s*(\d{1,2})[-./월]\s*(\d{1,2})일?")
_SHIFT = re.compile(r"(\d{1,6})\s*(?:days?|일)\s*(after|from|before|later|earlier|뒤|후|전)?")


def fill(request: Request) -> Filling:
    """The date calculator for a request."""
    text = normal(request.description)
    dates = _dates(text)
    yearly = next((day for day, pattern in _DAYS_OF_YEAR if re.search(pattern, text)), "")
    shift = _SHIFT.search(_ISO.sub(" ", text))
    mode = _mode(text, bool(shift))
    first, second, days = "today", yearly or "--12-25", 100
    if mode == "age":
        first, second = (dates[0] if dates else "1990-01-01"), "today"
    elif mode == "shift":
        first = dates[0] if dates else "today"
        if shift:
            days = int(shift.group(1)) * (-1 if shift.group(2) in ("before", "earlier", "전") else 1)
    elif len(dates) >= 2:
        first, second = dates[:2]
    elif dates:
        second = dates[0]
    taken = (*dates, *((yearly.removeprefix("--"),) if yearly else ()))
    if mode == "shift" and shift:
        taken = (*taken, f"{days} days")
    return Filling(
        title=title_from(request.description, request.starter.title[request.language], request.language),
        constants={
            "MODE": mode,
            "FIRST": first,
            "SECOND": second,
            "DAYS": days,
            "MODES": [(request.pick(*labels), name) for name, labels in _MODES.items()],
        },
        taken=taken,
        used=tuple(text.split()) if taken else (),
    )


def _mode(text: str, shift: bool) -> str:
    if re.search(r"how old|\bage\b|born|birth|나이", text):
        return "age"
    if shift and re.search(r"after|before|later|earlier|from|뒤|후|전|100일|기념일", text):
        return "shift"
    if re.search(r"until|till|\bleft\b|countdown|d-?day|디데이|남았|남은|까지|기념일|수능|since|지났", text):
        return "countdown"
    return "between"


def _dates(text: str) -> tuple[str, ...]:
    """The dates written in full, as ISO text; impossible ones are left out."""
    found = []
    for year, month, day in _ISO.findall(text):
        try:
            found.append(dt.date(int(year), int(month), int(day)).isoformat())
        except ValueError:
            continue
    return tuple(found)
