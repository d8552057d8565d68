"""Apps for the checks: one that is right, and ways to plant a fault in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from microapps.notebook import Criterion, MicroApp
from microapps.notebook.compose import compose
from microapps.sandbox import Sandbox

IMPORTS = "import ipywidgets as widgets"
LOGIC = '''
def share(bill: float, tip_percent: float, people: int) -> float:
    """What each of ``people`` pays of ``bill`` with a tip of ``tip_percent``."""
    if people < 1:
        raise ValueError("At least one person pays.")
    return round(bill * (1 + tip_percent / 100) / people, 2)
'''
UI = """
bill = widgets.BoundedFloatText(value=100, min=0, max=1_000_000, description="Bill")
tip = widgets.IntSlider(value=10, min=0, max=50, description="Tip %")
people = widgets.BoundedIntText(value=2, min=1, max=100, description="People")
result = widgets.HTML()


def update(_=None):
    result.value = f"Each pays <b>{share(bill.value, tip.value, people.value):.2f}</b>"


for control in (bill, tip, people):
    control.observe(update, "value")
clear = widgets.Button(description="Clear")


def reset(_):
    bill.value, tip.value, people.value = 0, 0, 1


clear.on_click(reset)
update()
app = widgets.VBox([bill, tip, people, clear, result])
"""
TESTS = """
def test_each_pays_an_equal_share(app):
    app.set("Bill", 90)
    app.set("Tip %", 0)
    app.set("People", 3)
    assert "30.00" in app.text()


def test_nobody_is_refused(app):
    try:
        app.call("share", 10, 0, 0)
    except ValueError:
        return
    raise AssertionError("zero people were accepted")
"""
CRITERIA = (
    Criterion(id="equal", text="Everyone pays the same share.", tests=("test_each_pays_an_equal_share",)),
    Criterion(id="nobody", text="Zero people are refused.", tests=("test_nobody_is_refused",)),
)


@pytest.fixture
def splitter() -> Callable[..., MicroApp]:
    """A maker of the bill splitter; keyword arguments replace one of its parts."""

    def make(**parts: object) -> MicroApp:
        sources = {
            "title": "Bill splitter",
            "description": "Splits a bill.",
            "tags": ("money",),
            "criteria": CRITERIA,
            "about": "# Bill splitter\n\nSplits a bill.",
            "imports": IMPORTS,
            "logic": LOGIC,
            "ui": UI,
            "tests": TESTS,
        }
        return compose(**{**sources, **parts})  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="module")
async def sandbox(anyio_backend: str) -> AsyncIterator[Sandbox]:
    async with Sandbox() as box:
        yield box
