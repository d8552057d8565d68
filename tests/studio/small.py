"""A small app as a model would write it, with faults to order; its checks take a second."""

from __future__ import annotations

from typing import Any

from tests.endpoint import call

TESTS = """def test_doubles(app):
    app.set("Number", 4)
    assert "Twice that is 8" in app.text()


def test_double_of_nothing(app):
    assert app.call("double", 0) == 0
"""


def doubler(**changes: Any) -> dict[str, Any]:
    """The call that writes it, with some of its parts changed."""
    parts: dict[str, Any] = {
        "title": "Doubler",
        "description": "Doubles a number.",
        "tags": ["numbers"],
        "criteria": [{"id": "double", "text": "The double is shown.", "tests": ["test_doubles"]}],
        "about": "# Doubler\n\nDoubles a whole number.",
        "imports": "import ipywidgets as widgets\nfrom IPython.display import display",
        "logic": 'def double(number: int) -> int:\n    """Twice a whole number."""\n    return 2 * number',
        "ui": (
            'number = widgets.BoundedIntText(description="Number", min=0, max=100, value=1)\n'
            "result = widgets.HTML()\n\n\n"
            "def show(_: object = None) -> None:\n"
            '    result.value = f"<p>Twice that is {double(number.value)}</p>"\n\n\n'
            'number.observe(show, names="value")\nshow()\napp = widgets.VBox([number, result])'
        ),
        "tests": TESTS,
    }
    return call("write_app", **{**parts, **changes})


WRONG = "def double(number: int) -> int:\n    return number * number * number"
"""Logic that its test finds wrong."""
