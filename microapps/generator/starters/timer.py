"""Fills the timer: its kind and its times from the description."""

from __future__ import annotations

import re

from .filling import Filling, Request
from .language import normal
from .reading import Quantity, quantities

_SECONDS = (
    ("second", 1),
    ("sec", 1),
    ("초", 1),
    ("minute", 60),
    ("min", 60),
    ("분", 60),
    ("hour", 3600),
    ("hr", 3600),
    ("시간", 3600),
)
_ROUNDS = re.compile(r"pomodoro|interval|rounds?\b|sets?\b|rest\b|break|tabata|뽀모도로|인터벌|휴식|세트|타바타")
_STOPWATCH = re.compile(r"stopwatch|count up|스톱워치|초시계")
_OF_THE_DAY = "".join(rf"(?<!\b{word} )" for word in ("at", "by", "to", "until", "till"))
_CLOCK = re.compile(rf"(?<![\d:]){_OF_THE_DAY}(\d{{1,2}}):(\d{{2}})(?::(\d{{2}}))?(?![\d:])(?! ?[ap]\.?m)")
_WORK_AND_REST = re.compile(r"(?<![\d/])(\d{1,3}) ?/ ?(\d{1,3})(?![\d/])")
DAY = 24 * 60 * 60


def fill(request: Request) -> Filling:
    """The timer for a request."""
    text, parts = _written_out(normal(request.description))
    times = [(seconds, q) for q in quantities(text) if (seconds := _seconds(q))]
    mode = "stopwatch" if _STOPWATCH.search(text) else "rounds" if _ROUNDS.search(text) else "countdown"
    working = 0
    work, rest, rounds = (1500, 300, 4) if mode == "rounds" else (300, 60, 4)
    taken: list[str] = []
    counted: list[str] = []
    resting = next((q for _, q in times if _beside(q, ("rest", "break", "휴식"))), None)
    for seconds, quantity in times:
        if mode == "rounds" and quantity is resting and seconds <= 3600:
            rest = seconds
        elif 1 <= seconds <= DAY and quantity is not resting and not working:
            work = working = seconds
        else:
            continue
        taken.append(f"{quantity.text} {quantity.after[0]}")
        counted += (quantity.text, *quantity.after[:2])
    for quantity in quantities(text):
        if mode == "rounds" and quantity.after[:1] in (("rounds",), ("sets",), ("세트",), ("회",), ("라운드",)):
            rounds = int(min(max(quantity.value, 1), 50))
            taken.append(f"{rounds} {quantity.after[0]}")
            counted.append(quantity.text)
    modes = [(request.pick(*names), name) for name, names in _NAMES.items()]
    return Filling(
        constants={"MODE": mode, "WORK": work, "REST": rest, "ROUNDS": rounds, "MODES": modes},
        taken=tuple(taken),
        used=(*counted, *parts),
    )


def _written_out(text: str) -> tuple[str, tuple[str, ...]]:
    """A text with its 1:30 as seconds and the 50/10 of a pomodoro as minutes, and the numbers these were made of."""
    parts: list[str] = []

    def seconds(said: re.Match[str]) -> str:
        told = [part for part in said.groups() if part]
        parts.extend(told)
        return f"{sum(int(part) * 60**place for place, part in enumerate(reversed(told)))} seconds"

    def minutes(said: re.Match[str]) -> str:
        parts.extend(said.groups())
        return f"{said[1]} minutes work {said[2]} minutes rest"

    text = _CLOCK.sub(seconds, text)
    if _ROUNDS.search(text):
        text = _WORK_AND_REST.sub(minutes, text, count=1)
    return text, tuple(parts)


_NAMES = {
    "countdown": ("Countdown", "카운트다운"),
    "rounds": ("Work and rest", "집중과 휴식"),
    "stopwatch": ("Stopwatch", "스톱워치"),
}


def _seconds(quantity: Quantity) -> int:
    first = quantity.after[0] if quantity.after else ""
    unit = next((size for name, size in _SECONDS if first.startswith(name)), 0)
    return int(quantity.value * unit)


def _beside(quantity: Quantity, names: tuple[str, ...]) -> bool:
    near = (*quantity.after[1:2], *quantity.before[-1:])
    return any(word.startswith(names) for word in near)
