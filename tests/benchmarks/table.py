"""A table of measured figures with their ratios to two of its rows: to the fastest peer, and to plain Voila."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Figures = Mapping[str, float]


@dataclass(frozen=True)
class Ratio:
    """What our figure is of another's, where it is to be at most ``aim`` of it."""

    figure: str
    of: str
    ratio: float
    aim: float

    @property
    def met(self) -> bool:
        """Whether the aim is met; not where either was not measured."""
        return self.ratio <= self.aim

    def __str__(self) -> str:
        if math.isnan(self.ratio):
            return f"{self.figure}: not measured (aim: at most {self.aim:.3f} of {self.of})"
        missed = "" if self.met else " – missed"
        return f"{self.figure}: {self.ratio:.3f} of {self.of} (aim: at most {self.aim:.3f}){missed}"


def least(rows: Mapping[str, Figures], figure: str, among: Sequence[str]) -> str:
    """Who of these has the smallest of that figure; empty where none was measured."""
    there = {name: rows[name][figure] for name in among if not math.isnan(rows.get(name, {}).get(figure, math.nan))}
    return min(there, key=lambda name: there[name]) if there else ""


def ratio(rows: Mapping[str, Figures], ours: str, other: str, figure: str, aim: float) -> Ratio:
    """Our figure as a part of another's."""
    mine = rows.get(ours, {}).get(figure, math.nan)
    theirs = rows.get(other, {}).get(figure, math.nan)
    return Ratio(figure, other, mine / theirs if theirs else math.nan, aim)


def drawn(rows: Mapping[str, Figures], columns: Sequence[str]) -> str:
    """The figures as a table of Markdown, a row for each name."""
    head = ["", *columns]
    body = [[name, *(_number(figures.get(column, math.nan)) for column in columns)] for name, figures in rows.items()]
    widths = [max(len(line[place]) for line in [head, *body]) for place in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        first, *rest = zip(cells, widths, strict=True)
        return f"| {first[0]:<{first[1]}} | " + " | ".join(f"{cell:>{width}}" for cell, width in rest) + " |"

    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([line(head), rule, *map(line, body)])


def _number(value: float) -> str:
    if math.isnan(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"
