"""Small micro-apps and reports to keep in a library."""

from __future__ import annotations

from typing import Any

from microapps.checks.report import Layer, LayerResult, Report, Status
from microapps.library import Library, Revision
from microapps.notebook import MicroApp, compose


def tip(value: int = 1, **changes: Any) -> MicroApp:
    """A tip splitter whose logic tells which one it is."""
    said: dict[str, Any] = {
        "title": "Tip splitter",
        "description": "Splits a bill.",
        "tags": ("money",),
        "about": "# Tip splitter",
        "imports": "import ipywidgets as widgets",
        "logic": f"VALUE = {value}",
        "ui": "app = widgets.Label(str(VALUE))",
        "tests": "def test_shows(app):\n    assert app.text()",
    }
    return compose(**{**said, **changes})


def value(app: MicroApp) -> int:
    """Which one it is."""
    return int(app.cell("logic").source.split("=")[1])


def report(app: MicroApp, status: Status = Status.PASSED) -> Report:
    """A report of one layer."""
    return Report(digest=app.digest, layers=(LayerResult(layer=Layer.RUN, status=status),))


def make(library: Library, app: MicroApp | None = None, **details: Any) -> Revision:
    """A new app in a library."""
    app = app or tip()
    return library.accept(app, name=None, action="make", request="split a bill", report=report(app), **details)


def change(library: Library, name: str, value: int, **details: Any) -> Revision:
    """Another revision of an app."""
    app = tip(value)
    request = f"make it {value}"
    return library.accept(app, name=name, action="change", request=request, report=report(app), **details)


def edit(library: Library, name: str, old: str, new: str) -> None:
    """Edit an app's file by hand."""
    path = library.app(name).path
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
