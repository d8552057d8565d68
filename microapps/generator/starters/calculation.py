"""The calculation of a calculator's app, and what the app's tests expect of it.

The answers are worked out here from the checked trees, not by the app's own functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .formulas import Formula

LARGEST = 1e300  # of a result, as in the notebook


@dataclass(frozen=True)
class Calculation:
    """Inputs and results as the notebook has them, and the checked formula of each result, in working order.

    ``sources`` says of a result where its numbers come from.
    """

    fields: tuple[dict[str, Any], ...]
    results: tuple[dict[str, Any], ...]
    formulas: Mapping[str, Formula]
    sources: Mapping[str, str]

    def answers(self, values: Mapping[str, float]) -> dict[str, float] | None:
        """Every result for these inputs, or None where there is no answer: the notebook's ``calculate``, over trees."""
        known = dict(values)
        for name, formula in self.formulas.items():
            try:
                known[name] = formula.evaluate(known)
            except (ArithmeticError, ValueError):
                return None
            if not abs(known[name]) <= LARGEST:
                return None
        return {result["name"]: known[result["name"]] for result in self.results}

    @property
    def example(self) -> dict[str, float]:
        """The values the app opens with."""
        return {field["name"]: float(field["value"]) for field in self.fields}


def expected(calculation: Calculation, words: Mapping[str, str]) -> dict[str, object]:
    """The values the tests expect, worked out here from the checked trees."""
    example = calculation.example
    labels = {field["name"]: field["label"] for field in calculation.fields}
    cases = [(v, a) for v in _variations(calculation) if (a := calculation.answers(v)) is not None]
    out_of_range, allowed = [], []
    for field in calculation.fields:
        if field["kind"] in ("choice", "slider"):
            continue
        limits = (
            (field["least"], -1.0, words["too_small"], field["least"] - max(1.0, abs(field["least"]) * 0.5)),
            (field["most"], 1.0, words["too_large"], field["most"] * 2 + 1),
        )
        for limit, _, message, beyond in limits:
            said = message.format(label=field["label"], limit=f"{limit:,.15g}")
            out_of_range.append((field["label"], beyond, said, field["value"]))
            allowed.append((field["label"], limit, said, field["value"]))
        if field["kind"] == "whole":
            said = words["not_whole"].format(label=field["label"])
            out_of_range.append((field["label"], field["least"] + 0.5, said, field["value"]))
    none = [
        ({labels[f["name"]]: 0.0}, words["no_answer"])
        for f in calculation.fields
        if f["kind"] != "choice"
        and f["least"] <= 0 <= f["most"]
        and calculation.answers(example | {f["name"]: 0.0}) is None
    ]
    return {
        "START": _said(calculation, calculation.answers(example) or {}),
        "CASES": [({labels[n]: v for n, v in values.items()}, _said(calculation, a)) for values, a in cases],
        "CALLS": [
            (r["name"], [values[n] for n in r["uses"]], a[r["name"]])
            for values, a in cases
            for r in calculation.results
        ],
        "OUT_OF_RANGE": out_of_range,
        "ALLOWED": allowed,
        "NO_ANSWER": none,
        "START_AGAIN": words["start_again"],
    }


def _variations(calculation: Calculation) -> list[dict[str, float]]:
    """Three other sets of inputs, each within its limits, choices gone through."""
    sets = []
    for turn, (times, plus) in enumerate(((1.5, 1.0), (0.4, 2.0), (3.0, 0.0))):
        values = {}
        for field in calculation.fields:
            if field["kind"] == "choice":
                values[field["name"]] = field["options"][(turn + 1) % len(field["options"])][1]
                continue
            value = field["value"] * times + plus
            value = float(round(value)) if field["kind"] in ("whole", "slider") else round(value, 2)
            values[field["name"]] = min(max(value, field["least"]), field["most"])
        sets.append(values)
    return sets


def _said(calculation: Calculation, answers: Mapping[str, float]) -> list[tuple[str, str]]:
    """Labels and answers as the page writes them."""
    return [(r["label"], _written(answers[r["name"]], r)) for r in calculation.results if r["name"] in answers]


def _written(answer: float, result: Mapping[str, Any]) -> str:
    rounded = abs(round(answer, result["decimals"]))
    digits = f"{rounded:,.{result['decimals']}f}"
    if rounded >= 1e15 or (rounded == 0 and abs(answer) > 1e-12):
        digits = f"{abs(answer):.6g}"
    sign = "-" if answer < 0 and digits.strip("0.,") else ""
    return f"{sign}{result['prefix']}{digits}{result['suffix']}"
