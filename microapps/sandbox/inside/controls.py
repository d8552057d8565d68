"""What the owner is told of an app's controls: which were set before something failed, and where each is made.

It is read off the widgets themselves, in the process that has them. The app runs here too, so what is said is the app's
word: whoever reads it shows it, and believes no more of it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import ipywidgets  # type: ignore[import-untyped]
from ipywidgets.widgets import widget as registry  # type: ignore[import-untyped]

MOST = 40
"""Controls that are remembered as set, the last ones."""
LONGEST = 200
"""Characters of a label or a value."""
LARGEST = 1000
"""Entries of a list or dictionary that are looked through for a widget."""
_PLAIN = (str, int, float, bool, type(None), datetime.date, datetime.time)


class Controls:
    """The controls of this process's app."""

    def __init__(self) -> None:
        self._made: dict[str, int] = {}
        self._set: dict[str, None] = {}

    def made_in(self, cell: int) -> None:
        """The widgets that are new since the last time were made by this cell, counted among those that ran."""
        for model in registry._instances:
            self._made.setdefault(model, cell)

    def heard(self, message: Mapping[str, Any]) -> None:
        """A page set a control or clicked it."""
        data = message.get("data")
        if message.get("kind") == "msg" and isinstance(data, dict) and data.get("method") in ("update", "custom"):
            model = str(message.get("comm"))
            self._set.pop(model, None)
            self._set[model] = None
            while len(self._set) > MOST:
                del self._set[next(iter(self._set))]

    def inputs(self) -> dict[str, str]:
        """What the controls hold that were set, by their labels, the last one last."""
        found: dict[str, str] = {}
        for model in self._set:
            control = registry._instances.get(model)
            if control is not None:
                found[_free(_label(control), found)] = _value(control)
        return found

    def where(self, model: str, names: Mapping[str, Any]) -> dict[str, Any]:
        """The number of the cell that made a widget (-1 where none did) and the variable that holds it, or nothing."""
        control = registry._instances.get(model)
        if control is None:
            return {}
        held = next((name for name, value in _held(names) if value is control), "")
        return {"cell": self._made.get(model, -1), "variable": held[:LONGEST]}


def _label(control: Any) -> str:
    given = (getattr(control, name, "") for name in ("description", "placeholder", "tooltip"))
    return next((text for text in (*map(_plain, given), _beside(control)) if text), type(control).__name__)


def _beside(control: Any) -> str:
    """The text that stands before a control in its box."""
    for box in list(registry._instances.values()):
        children = list(box.children) if isinstance(box, ipywidgets.Box) else []
        if control in children and (place := children.index(control)) and not isinstance(control, ipywidgets.Box):
            before = children[place - 1]
            if isinstance(before, ipywidgets.Label | ipywidgets.HTML):
                return _plain(before.value)
    return ""


def _plain(text: Any) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())[:LONGEST] if isinstance(text, str) else ""


def _free(label: str, taken: Mapping[str, str]) -> str:
    named = (label if number == 1 else f"{label} ({number})" for number in range(1, MOST + 2))
    return next(name for name in named if name not in taken)


def _value(control: Any) -> str:
    if isinstance(control, ipywidgets.Password):
        return "…"
    if isinstance(control, ipywidgets.Button):
        return "clicked"
    if isinstance(control, ipywidgets.FileUpload):
        return _joined(f"{file['name']} ({file['size']} bytes)" for file in control.value)
    chosen = getattr(control, "label", None) if hasattr(control, "options") else None
    value = getattr(control, "value", getattr(control, "selected_index", None)) if chosen is None else chosen
    if isinstance(value, tuple | list):
        return _joined(map(_short, value))
    return _short(value)


def _short(value: Any) -> str:
    return str(value)[:LONGEST] if isinstance(value, _PLAIN) else type(value).__name__


def _joined(texts: Iterable[str]) -> str:
    return ", ".join(text for text, _ in zip(texts, range(MOST), strict=False))[:LONGEST]


def _held(names: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every variable of the app with what it holds, and one step into what holds several things."""
    own = [(name, value) for name, value in list(names.items()) if not name.startswith("_")]
    yield from own
    for name, value in own:
        match value:
            case ipywidgets.Widget():
                continue
            case list() | tuple():
                yield from ((f"{name}[{number}]", part) for number, part in enumerate(value[:LARGEST]))
            case dict():
                keys = [key for key in list(value)[:LARGEST] if isinstance(key, str | int)]
                yield from ((f"{name}[{key!r}]", value[key]) for key in keys)
            case _ if type(value).__module__ == "__main__" and not isinstance(value, type):
                yield from ((f"{name}.{part}", held) for part, held in list(getattr(value, "__dict__", {}).items()))
