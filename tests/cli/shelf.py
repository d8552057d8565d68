"""A library with one app of two revisions, and the command line run in this process."""

from __future__ import annotations

import pytest

from microapps.cli import main
from microapps.library import Library
from microapps.notebook import Host, MicroApp, Permissions
from microapps.notebook.compose import compose

from ..telling.reports import BAD, GOOD

WANTED = Permissions(hosts=(Host(name="api.example.org"),))


def app(factor: int, permissions: Permissions | None = None) -> MicroApp:
    """A small app that multiplies."""
    return compose(
        title="두 배 계산기",
        description="Multiplies a number.",
        about="# 두 배 계산기",
        imports="import ipywidgets as widgets",
        logic=f'def times(number: float) -> float:\n    """The number, multiplied."""\n    return number * {factor}',
        ui='number = widgets.FloatText(description="Number")\napp = widgets.VBox([number])',
        tests='def test_times(app):\n    assert app.call("times", 2) > 2',
        permissions=permissions,
        name="times",
    )


def fill() -> None:
    """Put the app, two revisions of it and a failed attempt into the library of this test's home."""
    first, second = app(2), app(3, WANTED)
    good = [GOOD.model_copy(update={"digest": made.digest}) for made in (first, second)]
    with Library() as library:
        library.accept(first, name=None, action="make", request="숫자를 두 배로", report=good[0])
        library.accept(second, name="times", action="change", request="three times", report=good[1], parent=1)
        library.record_interrupted(
            "times", action="change", request="four times", report=BAD, error="It failed.", parent=2
        )


def run(*arguments: str) -> int:
    """The exit code of one command line."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)
