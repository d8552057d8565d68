"""The example every model is shown, and what the cards advise: all must pass the checks that they prepare for."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from microapps.checks import check
from microapps.generator.conversation import prompt
from microapps.generator.reporting import for_model
from microapps.notebook import Criterion, MicroApp
from microapps.notebook.compose import compose
from microapps.sandbox import Sandbox

pytestmark = [pytest.mark.anyio, pytest.mark.sandbox]

CHARTS = {
    "imports": """
import io

import ipywidgets as widgets
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
""",
    "logic": '''
def path(steps: int, seed: int) -> list[float]:
    """A random walk of that many steps."""
    return np.random.default_rng(seed).normal(0.0, 1.0, steps).cumsum().tolist()


def read(content: bytes) -> pd.DataFrame:
    """A CSV file's table. Raises ValueError for what is none."""
    try:
        return pd.read_csv(io.BytesIO(content), nrows=1000)
    except (ValueError, UnicodeDecodeError) as error:
        raise ValueError("That file is no CSV table.") from error
''',
    "ui": """
steps = widgets.IntSlider(description="Steps", min=1, max=2000, value=50)
upload = widgets.FileUpload(description="Table", accept=".csv")
picture = widgets.Image(format="png", layout=widgets.Layout(width="100%", max_width="640px"))
said = widgets.HTML()


def draw(_=None) -> None:
    values = path(steps.value, 1)
    figure = Figure(figsize=(5, 3), layout="constrained")
    axes = figure.subplots()
    axes.plot(values)
    axes.set_xlabel("Step")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    picture.value = buffer.getvalue()
    said.value = f"<p>After {steps.value} steps: {values[-1]:.2f}</p>"


def on_upload(_=None) -> None:
    for item in upload.value:
        try:
            said.value = read(bytes(item["content"])).head(5).to_html(index=False, border=0)
        except ValueError as error:
            said.value = f"<p>{error}</p>"


steps.observe(draw, names="value")
upload.observe(on_upload, names="value")
draw()
app = widgets.VBox([steps, upload, picture, said])
""",
    "tests": """
import pytest


def test_more_steps(app):
    app.set("Steps", 3)
    assert "After 3 steps" in app.text()
    assert app.call("path", 3, 1) == app.call("path", 3, 1)


def test_a_table(app):
    app.upload("Table", ("a.csv", b"x,y\\n1,2\\n"))
    assert app.table() == [{"x": "1", "y": "2"}]


def test_no_table(app):
    app.upload("Table", ("a.csv", b""))
    assert "no CSV table" in app.text()
    with pytest.raises(ValueError):
        app.call("read", b"")
""",
}


@pytest.fixture(scope="module")
async def sandbox(anyio_backend: str) -> AsyncIterator[Sandbox]:
    async with Sandbox() as made:
        yield made


def example() -> MicroApp:
    """The app of the prompt's example, read from its text."""
    shown = prompt("example")
    cells = dict(re.findall(r"^(about|imports|logic|ui|tests):\n\n```\w+\n(.*?)\n```", shown, re.DOTALL | re.MULTILINE))
    criteria = [
        Criterion(id=name, text=said, tests=tuple(re.findall(r"`(\w+)`", tests)))
        for name, said, tests in re.findall(r"^- `([\w-]+)`: (.*?) \((.*?)\)$", shown, re.MULTILINE)
    ]
    return compose(title="Study hours", criteria=criteria, **cells)


async def test_the_example_passes_the_checks_without_a_warning(sandbox: Sandbox) -> None:
    found = await check(example(), sandbox=sandbox)
    assert found.passed, for_model(found)
    assert found.findings == (), for_model(found)


async def test_what_the_cards_advise_passes_the_checks(sandbox: Sandbox) -> None:
    tests = re.findall(r"def (test_\w+)", CHARTS["tests"])
    criteria = [Criterion(id="all", text="It draws and reads.", tests=tuple(tests))]
    app = compose(title="Charts", criteria=criteria, about="# Charts", **CHARTS)
    found = await check(app, sandbox=sandbox)
    assert found.passed, for_model(found)
