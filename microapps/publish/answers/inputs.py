"""What a person can set in an app, as lists of values; and what keeps such a list from being made."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...testing.kinds import BOXES, BUTTONS, INPUTS, SINGLE, TOGGLES, children_of, is_seen, kind_of, referred

STEPS = 200
"""Positions of one slider that are tried."""
_STEPPED = frozenset(("IntSlider", "FloatSlider", "BoundedIntText", "BoundedFloatText"))
_DEEPEST = 60
States = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Input:
    """One control with few values.

    Attributes
    ----------
    model : its widget.
    trait : what is set: ``value`` or ``index``.
    values : what it can be set to; ``labels`` says each to a person.
    start : the place in ``values`` of what it begins with.
    slides : whether the values are an order, to be slid along.
    ticks : whether it is on or off.
    """

    model: str
    trait: str
    values: tuple[Any, ...]
    labels: tuple[str, ...]
    start: int
    slides: bool = False
    ticks: bool = False

    def holds(self, states: States, place: int) -> bool:
        """Whether the control is as it was set, and offers what it did."""
        state = states.get(self.model, {})
        same = state.get(self.trait) == self.values[place]
        if self.trait == "index":
            return same and tuple(map(str, state.get("_options_labels") or ())) == self.labels
        return same and (self.ticks or _grid(kind_of(state), state) == self.values)


def seen_controls(states: States, roots: list[str]) -> dict[str, str]:
    """The controls that can be used now, each with its label, in the order a person meets them."""
    return dict(_controls(states, roots, 0, set()))


def _controls(states: States, models: list[str], depth: int, met: set[str]) -> Iterator[tuple[str, str]]:
    """``met`` are those that were met before: boxes may share what is in them, and theirs share more."""
    for model in models if depth < _DEEPEST else ():
        state = states.get(model)
        if model in met or state is None or not is_seen(state) or not _shown(states, state):
            continue
        met.add(model)
        kind = kind_of(state)
        if (kind in INPUTS or kind in BUTTONS or kind == "Play") and not state.get("disabled"):
            yield model, str(state.get("description") or state.get("placeholder") or kind)
        children = children_of(kind, state)
        if kind == "Stack":
            chosen = state.get("selected_index")
            children = [children[chosen]] if isinstance(chosen, int) and 0 <= chosen < len(children) else []
        yield from _controls(states, children, depth + 1, met)
        if kind not in BOXES and kind == "Output":
            yield from _controls(states, viewed(state.get("outputs") or ()), depth + 1, met)


def viewed(outputs: Any) -> list[str]:
    """The widgets that some outputs show."""
    views = (each.get("data", {}).get("application/vnd.jupyter.widget-view+json") for each in outputs)
    return [str(view.get("model_id", "")) for view in views if isinstance(view, Mapping)]


def _shown(states: States, state: Mapping[str, Any]) -> bool:
    layout = states.get(next(iter(referred(state.get("layout"))), ""), {})
    return layout.get("display") != "none" and layout.get("visibility") not in ("hidden", "collapse")


def listed(model: str, label: str, states: States) -> Input | str:
    """A control as a list of values, or why there is none, in a sentence."""
    state = states[model]
    kind = kind_of(state)
    if kind in TOGGLES:
        value = bool(state.get("value"))
        return Input(model, "value", (False, True), ("off", "on"), int(value), ticks=True)
    if kind in SINGLE:
        labels, index = tuple(map(str, state.get("_options_labels") or ())), state.get("index")
        if not isinstance(index, int) or not 0 <= index < len(labels):
            return f"Nothing is chosen in “{label}” at first."
        return Input(model, "index", tuple(range(len(labels))), labels, index, slides=kind == "SelectionSlider")
    if kind in _STEPPED:
        values = _grid(kind, state)
        if not values:
            return f"“{label}” takes more than {STEPS} numbers."
        if state.get("value") not in values:
            return f"“{label}” begins between two of its steps."
        shown = tuple(f"{value:g}" for value in values)
        return Input(model, "value", values, shown, values.index(state["value"]), slides=kind.endswith("Slider"))
    return f"“{label}” takes whatever one enters."


def _grid(kind: str, state: Mapping[str, Any]) -> tuple[float, ...]:
    low, high, step = (state.get(name) for name in ("min", "max", "step"))
    if kind.startswith(("Int", "BoundedInt")):
        step = step or 1
    numbers = [each for each in (low, high, step) if isinstance(each, int | float)]
    if len(numbers) < 3:
        return ()
    try:
        usable = all(map(math.isfinite, numbers)) and numbers[2] > 0
        steps = (numbers[1] - numbers[0]) / numbers[2] if usable else math.inf
    except OverflowError:  # a whole number that is too large for any other
        return ()
    if not 0 <= steps < STEPS:
        return ()
    count = math.floor(steps + 1e-9) + 1
    if count > STEPS:
        return ()
    whole = kind.startswith(("Int", "BoundedInt"))
    return tuple(
        numbers[0] + place * numbers[2] if whole else round(numbers[0] + place * numbers[2], 10)
        for place in range(count)
    )
