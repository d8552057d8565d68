"""Drawing what is typed into: texts, numbers, dates, times and colours."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ...testing.kinds import moment
from .elements import element, text
from .states import State, Widgets

_ZERO_WIDTH = "\u200b"
_COLOURS = {
    "black": "#000000",
    "blue": "#0000ff",
    "gray": "#808080",
    "green": "#008000",
    "grey": "#808080",
    "orange": "#ffa500",
    "pink": "#ffc0cb",
    "purple": "#800080",
    "red": "#ff0000",
    "teal": "#008080",
    "white": "#ffffff",
    "yellow": "#ffff00",
}


def text_field(widgets: Widgets, model: str, kind: str, state: State) -> tuple[str, str]:
    """Classes of the widget, and what is in it."""
    given: dict[str, Any] = {
        "id": f"field-{model}",
        "classes": "widget-input",
        "placeholder": state.get("placeholder") or _ZERO_WIDTH,
        "style": widgets.field_style(state),
        "disabled": bool(state.get("disabled")),
        "autocomplete": "off",
    }
    value = str(state.get("value") or "")
    label = widgets.label(state, given["id"])
    if kind == "Textarea":
        area = element("textarea", text(f"\n{value}"), rows=state.get("rows") or "", **given)
        return "jupyter-widgets widget-inline-hbox widget-textarea", label + area
    form = "password" if kind == "Password" else "text"
    field = element("input", type=form, value="" if kind == "Password" else value, **given)
    if kind == "Combobox":
        options = (element("option", value=option) for option in state.get("options") or ())
        field += element("datalist", *options)
    return "jupyter-widgets widget-inline-hbox widget-text", label + field


def number_field(widgets: Widgets, model: str, kind: str, state: State) -> tuple[str, str]:
    """Classes of the widget, and what is in it."""
    step = state.get("step")
    field = element(
        "input",
        type="number",
        required=True,
        id=f"field-{model}",
        value=_written(state.get("value")),
        min=_written(state.get("min")),
        max=_written(state.get("max")),
        step=_written(step) if step is not None else "any" if "Float" in kind else "1",
        disabled=bool(state.get("disabled")),
        autocomplete="off",
    )
    return "jupyter-widgets widget-inline-hbox widget-text", widgets.label(state, f"field-{model}") + field


def moment_field(widgets: Widgets, model: str, kind: str, state: State) -> tuple[str, str]:
    """Classes of the widget, and what is in it; a moment with a time zone is left to the browser."""
    chosen = moment(kind, state.get("value"))
    form, name, last = {
        "DatePicker": ("date", "widget-datepicker", f"{dt.MAXYEAR}-12-31"),
        "TimePicker": ("time", "widget-timepicker", None),
    }.get(kind, ("datetime-local", "widget-datetimepicker", f"{dt.MAXYEAR}-12-31T23:59"))
    value = "" if chosen is None or kind == "DatetimePicker" else _clock(chosen)
    field = element(
        "input",
        type=form,
        id=f"field-{model}",
        value=value,
        max=last,
        disabled=bool(state.get("disabled")),
        autocomplete="off",
    )
    return f"jupyter-widgets widget-inline-hbox {name}", widgets.label(state, f"field-{model}") + field


def colour_field(widgets: Widgets, model: str, state: State) -> tuple[str, str]:
    """Classes of the widget, and what is in it."""
    value = str(state.get("value") or "")
    concise = bool(state.get("concise"))
    disabled = bool(state.get("disabled"))
    written = element(
        "input",
        type="text",
        id=f"field-{model}",
        value=value,
        disabled=disabled,
        autocomplete="off",
        style="display: none" if concise else "",
    )
    picked = element("input", type="color", value=_six_digits(value), disabled=disabled, autocomplete="off")
    inner = element("div", written, picked, classes="widget-inline-hbox widget-colorpicker-input")
    classes = "jupyter-widgets widget-inline-hbox widget-colorpicker" + (" concise" if concise else "")
    return classes, widgets.label(state, f"field-{model}") + inner


def _six_digits(colour: str) -> str:
    if len(colour) == 4 and colour.startswith("#"):
        return "#" + "".join(digit * 2 for digit in colour[1:])
    return _COLOURS.get(colour.lower(), colour)


def _clock(chosen: dt.date | dt.time | dt.datetime) -> str:
    if isinstance(chosen, dt.time):
        return chosen.isoformat(timespec="seconds" if chosen.second else "minutes")
    return chosen.isoformat(timespec="minutes") if isinstance(chosen, dt.datetime) else chosen.isoformat()


def _written(value: Any) -> str | None:
    """A number as a browser writes it."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return None if value is None else str(value)
