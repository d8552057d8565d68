"""A control as a value: what it is called, what it holds and what it takes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import AppFault, ControlUnusable
from .kinds import BOUNDED, BUTTONS, MOMENTS, PAGES, RANGES, SELECTIONS, SINGLE, TAGS, moment
from .reading import chosen_labels, titles_of
from .tree import Seen

_DEEPEST = 50  # levels of a value that is read


@dataclass(frozen=True)
class Control:
    """One control of an app, as it is now.

    Attributes
    ----------
    label : what it is called; empty if nothing on the page says so.
    kind : its widget class, as ``"FloatSlider"``.
    value : what it holds, in Python's types; of a button ``None``.
    options : labels of a selection's options in order; ``None`` for what is no selection.
    minimum, maximum, step : of a number or a moment; ``None`` where there is none.
    visible : whether a person sees it.
    enabled : whether it takes input (a hidden control can be enabled).
    path : titles of the tabs and accordion pages it is in, outermost first.
    id : of its widget model.
    note : what keeps a person from using it; empty if nothing does.
    """

    label: str
    kind: str
    value: Any
    options: tuple[str, ...] | None
    minimum: Any
    maximum: Any
    step: Any
    visible: bool
    enabled: bool
    path: tuple[str, ...]
    id: str
    note: str = ""

    def __str__(self) -> str:
        name = f"{self.kind} '{self.label}'" if self.label else f"{self.kind} without a label"
        return f"{name} ({self.note})" if self.note else name


def control_of(seen: Seen, option_values: Sequence[Any] | None) -> Control:
    """The control that something on the page is; ``option_values`` are a selection's values in order, if known."""
    low, high = limits(seen)
    labels = seen.state.get("_options_labels")
    if seen.kind == "Combobox":
        labels = seen.state.get("options")
    return Control(
        label=seen.label,
        kind=seen.kind,
        value=None if seen.kind in BUTTONS else value_of(seen, option_values),
        options=tuple(str(label) for label in labels) if isinstance(labels, list | tuple) else None,
        minimum=low,
        maximum=high,
        step=seen.state.get("step") if not isinstance(seen.state.get("step"), str) else None,
        visible=seen.visible,
        enabled=seen.enabled,
        path=seen.path,
        id=seen.id,
        note=seen.note,
    )


_NO_NUMBERS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
"""What Jupyter's messages have for what JSON has not (``jupyter_client.jsonutil.json_clean``)."""


def limits(seen: Seen) -> tuple[Any, Any]:
    """The least and the greatest value a control takes; None for no limit."""
    low, high = seen.state.get("min"), seen.state.get("max")
    if seen.kind in MOMENTS:
        return moment(seen.kind, low), moment(seen.kind, high)
    if seen.kind == "FloatLogSlider":
        base = float(seen.state.get("base", 10))
        return base ** float(low or 0), base ** float(high or 0)
    if seen.kind not in BOUNDED | RANGES | TAGS | {"IntProgress", "FloatProgress"}:
        return None, None
    return _end(low), _end(high)


def _end(value: Any) -> Any:
    """One end of what a control takes, which the app may have set to anything."""
    return None if isinstance(value, str) and value in _NO_NUMBERS else value


def value_of(seen: Seen, option_values: Sequence[Any] | None, trait: str = "value") -> Any:
    """What a widget holds, in Python's types.

    Dates and times as such; a selection's value (its label where the kernel did not tell the values); a tuple for
    ranges and several options; the title of the page that is open for a ``Tab`` or ``Accordion``; the files' names
    for an upload; text for HTML, labels and outputs.
    """
    state, kind = seen.state, seen.kind
    if trait != "value":
        if trait not in state:
            raise ControlUnusable(
                f"{described(seen)} has no trait '{trait}'.", f"It has: {', '.join(sorted(map(str, state)))}."
            )
        return _plain(state[trait])
    if kind in SELECTIONS:
        return _selected(seen, option_values)
    value = state.get("value")
    if kind in MOMENTS:
        return moment(kind, value)
    if kind in RANGES and isinstance(value, list | tuple):
        return tuple(value)
    if kind in PAGES:
        chosen = state.get("selected_index")
        titles = titles_of(state)
        return titles[chosen] if isinstance(chosen, int) and 0 <= chosen < len(titles) else chosen
    if kind == "FileUpload":
        return tuple(str(file.get("name", "")) for file in value or () if isinstance(file, Mapping))
    if kind in ("Output", "output"):
        return seen.text
    if kind.endswith(("FloatText", "FloatProgress")) and isinstance(value, str):
        return _NO_NUMBERS.get(value, value)
    return _plain(value)


def _selected(seen: Seen, values: Sequence[Any] | None) -> Any:
    labels = chosen_labels(seen.kind, seen.state)
    index = seen.state.get("index")
    if values is not None:
        numbers = [index] if isinstance(index, int) else list(index or ())
        found: list[Any] = [values[number] for number in numbers if 0 <= number < len(values)]
    else:
        found = list(labels)
    if seen.kind in SINGLE:
        return found[0] if found else None
    return tuple(found)


def _plain(value: Any, depth: int = 0) -> Any:
    if depth > _DEEPEST:
        raise AppFault(f"A widget holds a value nested more than {_DEEPEST} levels.")
    if isinstance(value, list | tuple):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item, depth + 1) for key, item in value.items()}
    return value


def described(seen: Seen) -> str:
    """A thing on the page, for a sentence about it."""
    return f"The {seen.kind} '{seen.label}'" if seen.label else f"The {seen.kind} without a label"
