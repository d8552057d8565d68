"""The benchmark's table, its ratios and its JSON, from made-up figures: nothing is measured here."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from .contenders import OURS, PLAIN_VOILA, STATIC
from .loans import SCRIPTS, notebook, script
from .pages import ratios, report

MEDIANS = {
    OURS: {"visible ms": 100.0, "interactive ms": 300.0, "round trip ms": 2.5, "MB each of 50": 3.0},
    PLAIN_VOILA: {"visible ms": 3000.0, "interactive ms": 3200.0, "round trip ms": 6.0, "MB each of 50": 64.0},
    "shiny": {"visible ms": 600.0, "interactive ms": 500.0, "round trip ms": math.nan},
    STATIC: {"visible ms": 60.0, "interactive ms": 65.0, "round trip ms": 0.5},
}


def test_a_report_has_the_figures_the_ratios_and_what_failed() -> None:
    shown = report("Loan", {"medians": MEDIANS, "failed": {"panel": "it ended"}}, (50,))
    lines = shown.splitlines()
    assert len({len(line) for line in lines if line.startswith("|")}) == 1
    assert "- visible ms: 0.167 of shiny (aim: at most 0.200)" in lines
    assert "- interactive ms: 0.600 of shiny (aim: at most 0.500) – missed" in lines
    assert "- visible ms: 0.100 of shiny for a static page: the browser's own part" in lines
    assert "- panel could not be measured: it ended" in lines


def test_what_was_not_measured_meets_no_aim_and_is_fastest_in_nothing() -> None:
    found = {(each.figure, each.of): each for each in ratios(MEDIANS)}
    assert found["round trip ms", PLAIN_VOILA].met
    none = ratios({OURS: {}, PLAIN_VOILA: {}})
    assert [each for each in none if each.met] == [] and all("not measured" in str(each) for each in none)
    assert json.loads(json.dumps({OURS: MEDIANS[OURS]}))[OURS]["visible ms"] == 100.0


@pytest.mark.parametrize("chart", [False, True])
def test_every_contender_has_the_same_calculator(tmp_path: Path, chart: bool) -> None:
    written = [notebook(tmp_path, chart=chart), *(script(tmp_path, name, chart=chart) for name in SCRIPTS)]
    for path in written:
        text = path.read_text()
        assert "100000" in text and "You pay" in text and "#chart" not in text
        assert ("figsize" in text) is chart
        if path.suffix == ".py":
            compile(text, path.name, "exec")
