"""A small sound app, and the notebooks that people might have written."""

from __future__ import annotations

from pathlib import Path

import pytest

from microapps.notebook import Criterion, MicroApp, compose

CORPUS = Path(__file__).parent / "corpus"


@pytest.fixture
def app() -> MicroApp:
    return compose(
        title="Tip splitter",
        description="Splits a bill.",
        tags=("money",),
        criteria=(Criterion(id="split", text="Splits the bill evenly.", tests=("test_split",)),),
        about="# Tip splitter\n\n나누기",
        imports="import ipywidgets as widgets",
        logic='def share(total: float, people: int) -> float:\n    """One part."""\n    return total / people',
        ui='total = widgets.FloatText(description="Bill")\napp = widgets.VBox([total])',
        tests='def test_split(app):\n    assert app.call("share", 10, 2) == 5',
    )
