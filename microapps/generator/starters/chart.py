"""Fills the chart maker: the kind of chart, and the labels and numbers a description lists."""

from __future__ import annotations

import re

from .filling import Filling, Request
from .language import normal
from .reading import items, quantities

_KINDS = {"bar": ("Bars", "막대"), "pie": ("Pie", "원"), "line": ("Line", "꺾은선")}
_POINT = re.compile(r"(?P<label>.+?)[\s:=]+(?P<value>[-+]?\d[\d,]*(?:\.\d+)?)\s*(?:%|[a-zA-Z]{1,3}|시간|분|원|개|명)?")
_NUMBER_FIRST = re.compile(r"(?P<value>\d[\d,]*(?:\.\d+)?)\s*%?\s+(?P<label>[^\d].*)")
_CHART = re.compile(
    r"\b(?:charts?|graphs?|plots?|diagrams?|histograms?|bars?|pies?|lines?|columns?)\b|차트|그래프|꺾은선|막대|도표|파이"
)
_VERBS = re.compile(
    r"^(?:(?:please|add|up|sum|total|show|see|tell|me|plot|draw|chart|graph|make|create|a|an|the|of|my|our|for|with|"
    r"bar|pie|line|share|shares|percent|percentage|proportion|ratio|compare|split|and)\s+)+",
    re.IGNORECASE,
)
"""What stands before the first of named numbers, and is no part of its name."""
_TAIL = re.compile(
    r"(?<=\d)\s*[%$€£₩원]?"
    r"(?:\s+(?:and |to |as )?(?:show|see|tell|what|how|which|add|total|share|in a|as a)\b|\s*[:：]\s).*"
)
_EXAMPLE = {
    "en": [("Rent", 900.0), ("Food", 400.0), ("Fun", 150.0), ("Transport", 90.0)],
    "ko": [("월세", 600000.0), ("식비", 400000.0), ("여가", 150000.0), ("교통", 90000.0)],
}


def fill(request: Request) -> Filling:
    """The chart maker for a request."""
    text = normal(request.description)
    kind = "pie" if re.search(r"\bpie\b|원 ?그래프|파이", text) else "bar"
    kind = "line" if re.search(r"\bline\b|꺾은선|선 그래프", text) else kind
    said = _points(request.description)
    points = said or _EXAMPLE[request.language]
    total = sum(value for _, value in points)
    if kind == "pie" and (total <= 0 or min(value for _, value in points) < 0):
        points = _EXAMPLE[request.language]
        total = sum(value for _, value in points)
    numbers = len(quantities(request.description))
    return Filling(
        another=numbers > 1 and not said and not _CHART.search(text),
        constants={
            "POINTS": points,
            "KIND": kind,
            "KINDS": [(request.pick(*labels), name) for name, labels in _KINDS.items()],
            "TOTALS": (_shown(total), _shown(total / len(points))),
        },
        taken=tuple(f"{label} {value:g}" for label, value in said),
        used=tuple(word for label, value in said for word in (*label.lower().split(), f"{value:g}")),
    )


def _points(description: str) -> list[tuple[str, float]]:
    """The points of "rent 900, food 400, fun 150", behind a colon or an "of", else wherever they stand."""
    tail = re.split(r"[:：]\s|\b(?:of|for|with)\b(?=[^:：]*\d)|(?:차트|그래프)\s", description, maxsplit=1)
    listed = (_listed(text) for text in (*tail[1:], description))
    return next((points for points in listed if len(points) > 1), [])


def _listed(text: str) -> list[tuple[str, float]]:
    points = []
    for item in items(text):
        item = _VERBS.sub("", _TAIL.sub("", item))
        if match := _POINT.fullmatch(item) or _NUMBER_FIRST.fullmatch(item):
            said = match.groupdict()
            value = float(said["value"].replace(",", ""))
            label = " ".join(said["label"].split()).strip(" :=,;")[:60]
            if label and abs(value) < 1e9:
                points.append((label, value))
    return points[:40]


def _shown(value: float) -> str:
    """As the notebook's ``number_text`` writes it."""
    if value == 0:
        return "0"
    return f"{value:,.{2 if abs(value) >= 1 else 4}f}".rstrip("0").rstrip(".")
