"""Every control of ipywidgets: what is entered reaches the kernel as Python means it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from microapps.errors import ControlUnusable
from microapps.testing import App

from .conftest import notebook

SOURCE = """
controls = dict(
    IntText=w.IntText(), FloatText=w.FloatText(),
    BoundedIntText=w.BoundedIntText(), BoundedFloatText=w.BoundedFloatText(),
    IntSlider=w.IntSlider(), FloatSlider=w.FloatSlider(), FloatLogSlider=w.FloatLogSlider(),
    IntRangeSlider=w.IntRangeSlider(), FloatRangeSlider=w.FloatRangeSlider(min=0, max=10), Play=w.Play(),
    Checkbox=w.Checkbox(), ToggleButton=w.ToggleButton(), Valid=w.Valid(),
    Dropdown=w.Dropdown(options=[("One", 1), ("Two", 2)]), RadioButtons=w.RadioButtons(options=["x", "y"]),
    Select=w.Select(options="pqr"), SelectMultiple=w.SelectMultiple(options=[1, 2, 3]),
    SelectionSlider=w.SelectionSlider(options=["cold", "hot"]),
    SelectionRangeSlider=w.SelectionRangeSlider(options="abc"), ToggleButtons=w.ToggleButtons(options=["one", "two"]),
    Text=w.Text(), Textarea=w.Textarea(), Password=w.Password(),
    Combobox=w.Combobox(options=["z"]), Strict=w.Combobox(options=["z"], ensure_option=True),
    DatePicker=w.DatePicker(min=__import__("datetime").date(2000, 1, 1)), TimePicker=w.TimePicker(),
    NaiveDatetimePicker=w.NaiveDatetimePicker(), DatetimePicker=w.DatetimePicker(), ColorPicker=w.ColorPicker(),
    TagsInput=w.TagsInput(), Allowed=w.TagsInput(allowed_tags=["a"], allow_duplicates=False),
    ColorsInput=w.ColorsInput(), IntsInput=w.IntsInput(max=9), FloatsInput=w.FloatsInput(),
)
for name, control in controls.items():
    control.description = name
def held(name): return controls[name].value
display(*controls.values())
"""
MOMENT = dt.datetime(2024, 2, 29, 13, 30, 5)
ENTERED: list[tuple[str, Any, Any, str]] = [
    ("IntText", 10**12, 10**12, "1000000000000"),
    ("FloatText", 2.5, 2.5, "2.5"),
    ("BoundedIntText", 100, 100, "100"),
    ("BoundedFloatText", 2, 2.0, "2"),
    ("IntSlider", 4.0, 4, "4"),
    ("FloatSlider", 2.25, 2.25, "2.25"),
    ("FloatLogSlider", 100, 100.0, "100"),
    ("IntRangeSlider", (1, 5), (1, 5), "1 – 5"),
    ("FloatRangeSlider", [1.5, 2], (1.5, 2.0), "1.50 – 2.00"),
    ("Play", 5, 5, "5"),
    ("Checkbox", True, True, "checked"),
    ("ToggleButton", True, True, "ToggleButton"),
    ("Dropdown", "Two", 2, "Two"),
    ("RadioButtons", "y", "y", "y"),
    ("Select", "q", "q", "q"),
    ("SelectMultiple", [3, 1], (1, 3), "1, 3"),
    ("SelectionSlider", "hot", "hot", "hot"),
    ("SelectionRangeSlider", ("b", "c"), ("b", "c"), "b, c"),
    ("ToggleButtons", "two", "two", "two"),
    ("Text", "한글 <b>", "한글 <b>", "한글 <b>"),
    ("Textarea", "a\nb", "a\nb", "a\nb"),
    ("Password", "secret", "secret", "••••••"),
    ("Combobox", "free", "free", "free"),
    ("DatePicker", MOMENT.date(), MOMENT.date(), "2024-02-29"),
    ("TimePicker", "13:30", dt.time(13, 30), "13:30:00"),
    ("NaiveDatetimePicker", MOMENT, MOMENT, "2024-02-29 13:30:05"),
    ("DatetimePicker", MOMENT.replace(tzinfo=dt.UTC), MOMENT.replace(tzinfo=dt.UTC), "2024-02-29 13:30:05+00:00"),
    ("ColorPicker", "#1a2b3c", "#1a2b3c", "#1a2b3c"),
    ("TagsInput", ["a", "나"], ["a", "나"], "a, 나"),
    ("ColorsInput", ["red"], ["red"], "red"),
    ("IntsInput", [1, 2], [1, 2], "1, 2"),
    ("FloatsInput", [1.5], [1.5], "1.5"),
]
REFUSED: list[tuple[str, Any]] = [
    ("IntText", 1.5),
    ("IntText", "5"),
    ("FloatText", float("nan")),
    ("BoundedIntText", 101),
    ("FloatLogSlider", 0),
    ("IntRangeSlider", (5, 1)),
    ("IntRangeSlider", 5),
    ("IntRangeSlider", (-1, 5)),
    ("Checkbox", 1),
    ("Dropdown", 3),
    ("SelectMultiple", [4]),
    ("SelectionRangeSlider", ("c", "a")),
    ("Text", 5),
    ("Strict", "free"),
    ("DatePicker", dt.date(1999, 1, 1)),
    ("DatePicker", 5),
    ("TimePicker", "25:00"),
    ("ColorPicker", "no colour!"),
    ("TagsInput", "text"),
    ("TagsInput", [""]),
    ("Allowed", ["b"]),
    ("IntsInput", [10]),
    ("ColorsInput", ["#12"]),
]


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    with App.open(notebook(SOURCE)) as app:
        yield app


@pytest.mark.parametrize(("label", "entered", "held", "text"), ENTERED, ids=[entry[0] for entry in ENTERED])
def test_what_is_entered_arrives(app: App, label: str, entered: Any, held: Any, text: str) -> None:
    app.set(label, entered)
    in_kernel = app.call("held", label)
    assert (list(in_kernel) if isinstance(held, list) else in_kernel) == held
    assert app.value(label) == held
    assert app.text(label) == text
    assert app.errors == ()


@pytest.mark.parametrize(("label", "value"), REFUSED, ids=lambda value: str(value))
def test_what_cannot_be_entered_is_refused(app: App, label: str, value: Any) -> None:
    with pytest.raises(ControlUnusable):
        app.set(label, value)
    assert app.errors == ()


def test_every_control_is_listed_with_its_kind(app: App) -> None:
    kinds = {control.label: control.kind for control in app.controls()}
    assert all(kind == label for label, kind in kinds.items() if label not in ("Strict", "Allowed"))
    assert "Valid" not in kinds


def test_duplicates_are_left_out_where_they_are_not_allowed(app: App) -> None:
    app.set("Allowed", ["a", "a"])
    assert app.value("Allowed") == ["a"]


def test_a_controller_is_shown_though_none_is_plugged_in(start: Callable[..., App]) -> None:
    app = start("controller = w.Controller()\ndisplay(controller)")
    assert "Connect gamepad and press any button." in app.text()
