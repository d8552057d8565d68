"""What the core widgets are to a person: which take input, which hold others, which only show something."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

REFERENCE = "IPY_MODEL_"
_DEEPEST = 20  # levels of a trait in which references are looked for

BUTTONS = frozenset(("Button",))
TOGGLES = frozenset(("Checkbox", "ToggleButton"))
TEXTS = frozenset(("Text", "Textarea", "Password", "Combobox"))
NUMBERS = frozenset(("IntText", "FloatText"))
BOUNDED = frozenset(("IntSlider", "FloatSlider", "FloatLogSlider", "BoundedIntText", "BoundedFloatText", "Play"))
RANGES = frozenset(("IntRangeSlider", "FloatRangeSlider"))
SINGLE = frozenset(("Dropdown", "RadioButtons", "Select", "ToggleButtons", "SelectionSlider"))
SEVERAL = frozenset(("SelectMultiple",))
OPTION_RANGES = frozenset(("SelectionRangeSlider",))
MOMENTS = frozenset(("DatePicker", "TimePicker", "NaiveDatetimePicker", "DatetimePicker"))
TAGS = frozenset(("TagsInput", "ColorsInput", "IntsInput", "FloatsInput"))
SELECTIONS = SINGLE | SEVERAL | OPTION_RANGES
INPUTS = TOGGLES | TEXTS | NUMBERS | BOUNDED | RANGES | SELECTIONS | MOMENTS | TAGS | {"ColorPicker", "FileUpload"}
CONTROLS = INPUTS | BUTTONS
MARKUP = frozenset(("HTML", "HTMLMath", "Label"))
MEDIA = frozenset(("Image", "Audio", "Video"))
PROGRESS = frozenset(("IntProgress", "FloatProgress"))
SHOWN = MARKUP | MEDIA | PROGRESS | {"Valid", "Output", "Controller"}
PAGES = frozenset(("Tab", "Accordion"))
BOXES = frozenset(("Box", "HBox", "VBox", "GridBox", "Stack")) | PAGES
CORE = CONTROLS | SHOWN | BOXES

_RENAMED = {"DatetimeModel": "DatetimePicker", "NaiveDatetimeModel": "NaiveDatetimePicker", "TimeModel": "TimePicker"}
_UNSEEN = ("LayoutModel", "LinkModel", "DirectionalLinkModel", "ControllerAxisModel", "ControllerButtonModel")


def kind_of(state: Mapping[str, Any]) -> str:
    """A widget's class name: from its model's name, or for an anywidget from the id it carries."""
    model = str(state.get("_model_name", ""))
    if model == "AnyModel":
        return str(state.get("_anywidget_id", "AnyWidget")).rpartition(".")[2]
    return _RENAMED.get(model) or model.removesuffix("Model")


def is_seen(state: Mapping[str, Any]) -> bool:
    """Whether a model has a view at all; layouts, styles and links have none."""
    model = str(state.get("_model_name", ""))
    return model not in _UNSEEN and not model.endswith("StyleModel") and bool(state.get("_view_name"))


def referred(value: Any, depth: int = 0) -> list[str]:
    """The model ids in a serialised trait, in order."""
    if depth > _DEEPEST:
        return []
    if isinstance(value, str):
        return [value.removeprefix(REFERENCE)] if value.startswith(REFERENCE) else []
    if isinstance(value, list | tuple):
        return [model for item in value for model in referred(item, depth + 1)]
    if isinstance(value, dict):
        return [model for item in value.values() for model in referred(item, depth + 1)]
    return []


def children_of(kind: str, state: Mapping[str, Any]) -> list[str]:
    """The ids of the widgets inside another, in the order a person meets them."""
    if kind in BOXES:
        return referred(state.get("children"))
    if kind in CORE:
        return []
    # A widget of another library: whatever it refers to, but for how it looks.
    return [model for name, value in state.items() if name not in ("layout", "style") for model in referred(value)]


def moment(kind: str, value: Any) -> Any:
    """A picker's serialised value as ``date``, ``time`` or ``datetime`` (aware ones in UTC); None if none is chosen."""
    if not isinstance(value, Mapping):
        return None
    if kind == "TimePicker":
        return _clock(value)
    day = dt.date(int(value["year"]), int(value["month"]) + 1, int(value["date"]))
    if kind == "DatePicker":
        return day
    return dt.datetime.combine(day, _clock(value), dt.UTC if kind == "DatetimePicker" else None)


def _clock(value: Mapping[str, Any]) -> dt.time:
    hours, minutes, seconds = (int(value[name]) for name in ("hours", "minutes", "seconds"))
    return dt.time(hours, minutes, seconds, round(float(value["milliseconds"]) * 1000))


def serialised(kind: str, value: Any) -> Any:
    """What a picker's front end sends for a ``date``, ``time`` or ``datetime``; None stays None."""
    if value is None:
        return None
    day: dict[str, Any] = {}
    if kind == "DatetimePicker":
        value = value.astimezone(dt.UTC)
    if kind != "TimePicker":
        day = {"year": value.year, "month": value.month - 1, "date": value.day}
    if kind == "DatePicker":
        return day
    clock = {"hours": value.hour, "minutes": value.minute, "seconds": value.second}
    return {**day, **clock, "milliseconds": value.microsecond // 1000}
