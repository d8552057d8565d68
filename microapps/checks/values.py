"""What the probe tries on each kind of control: extremes, empties and ordinary values a person can really enter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from ..testing import Control

MOST_OPTIONS = 12  # of a long list: the first and last half of these
LONG_TEXT = 2000  # characters
LARGE = 10**12
TEXTS = (
    "",
    " ",
    "abc",
    "0",
    "-1.5",
    "한국어 텍스트",
    "🙂 e\u0301 <b>&amp;\"'\\",
    "line\nline",
    "=1+1",
    "x" * LONG_TEXT,
)
FILES = (
    ("empty.csv", b""),
    ("table.csv", b"name,value\na,1\nb,2.5\n\xea\xb0\x80,\n"),
    ("header.csv", b"name,value\n"),
    ("broken.bin", bytes(range(256))),
)
DATES = (None, dt.date(1900, 1, 1), dt.date(2024, 2, 29), dt.date(2999, 12, 31))


def candidates(control: Control) -> tuple[Any, ...]:
    """Values to set one after another; empty for a control that takes none (a button, a picture)."""
    kind = control.kind
    if control.options is not None:
        return _selection(control)
    if kind in _BY_KIND:
        values: tuple[Any, ...] = _BY_KIND[kind](control)
        return values
    return ()


def _selection(control: Control) -> tuple[Any, ...]:
    options = list(control.options or ())
    if len(options) > MOST_OPTIONS:
        options = options[: MOST_OPTIONS // 2] + options[-MOST_OPTIONS // 2 :]
    if control.kind == "SelectMultiple":
        return ((), tuple(options), *((option,) for option in options))
    if control.kind == "SelectionRangeSlider":
        return ((options[0], options[-1]), (options[0], options[0])) if options else ()
    if control.kind == "Combobox":
        return (*options[:3], *TEXTS)
    return tuple(options)


def _bounded(control: Control) -> tuple[Any, ...]:
    low, high = control.minimum, control.maximum
    if low is None or high is None:
        return tuple(n for n in _numbers(control) if (low is None or n >= low) and (high is None or n <= high))
    if low > high:
        return ()
    whole = control.kind.startswith(("Int", "BoundedInt", "Play"))
    middle = (low + high) // 2 if whole else (low + high) / 2
    within = [low, high, middle]
    if low < 0 < high:
        within.append(0)
    return tuple(dict.fromkeys(within))


def _numbers(control: Control) -> tuple[Any, ...]:
    whole = control.kind.startswith("Int")  # IntText, IntsInput
    return (0, 1, -1, LARGE, -LARGE) if whole else (0.0, 1.0, -1.5, 1e-9, float(LARGE), 1e300)


def _ranges(control: Control) -> tuple[Any, ...]:
    low, high = control.minimum, control.maximum
    return ((low, high), (low, low), (high, high)) if low is not None and high is not None else ()


def _always(*values: Any) -> Any:
    return lambda control: values


_BY_KIND: dict[str, Any] = {
    **dict.fromkeys(
        ("IntSlider", "FloatSlider", "FloatLogSlider", "BoundedIntText", "BoundedFloatText", "Play"), _bounded
    ),
    **dict.fromkeys(("IntText", "FloatText"), _numbers),
    **dict.fromkeys(("IntRangeSlider", "FloatRangeSlider"), _ranges),
    **dict.fromkeys(("Text", "Textarea", "Password", "Combobox"), _always(*TEXTS)),
    **dict.fromkeys(("Checkbox", "ToggleButton"), _always(True, False)),
    "DatePicker": _always(*DATES),
    "TimePicker": _always(None, dt.time(0, 0), dt.time(23, 59, 59)),
    "NaiveDatetimePicker": _always(None, dt.datetime(2024, 2, 29, 12, 0)),
    "DatetimePicker": _always(None, dt.datetime(2024, 2, 29, 12, 0, tzinfo=dt.UTC)),
    "ColorPicker": _always("#000000", "#ffffff"),
    "TagsInput": _always((), ("a", "나")),
    "ColorsInput": _always((), ("#000000", "teal")),
    **dict.fromkeys(("IntsInput", "FloatsInput"), lambda control: ((), *((number,) for number in _bounded(control)))),
    "FileUpload": _always(*((file,) for file in FILES)),
}


def spelled(value: Any) -> str:
    """A value for a finding's text, cut to a readable length."""
    if isinstance(value, Sequence) and not isinstance(value, str | bytes) and value and isinstance(value[0], tuple):
        return f"the file {value[0][0]}"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:40]}… ({len(text)} characters)"
