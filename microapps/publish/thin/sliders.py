"""Drawing sliders, progress bars and the player."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ...testing.reading import chosen_labels
from .choices import icon
from .elements import element, text
from .numbers import written
from .states import State, Widgets, join

_ENDS = ("minimum", "maximum")
_WRITTEN = "plaintext-only"
"""How the number beside a slider can be written in: nothing but text comes in where it is pasted."""
_BARS = {"success": "success", "info": "info", "warning": "warning", "danger": "danger"}


def slider(widgets: Widgets, kind: str, state: State) -> tuple[str, str]:
    """Classes of a slider, and what is in it."""
    upright = state.get("orientation") == "vertical"
    ends, shares = _positions(kind, state)
    own = "" if kind.startswith("Selection") else "jupyter-widgets "
    classes = f"{own}widget-slider widget-{'v' if upright else 'h'}slider widget-inline-{'v' if upright else 'h'}box"
    readout = element(
        "div",
        text(_readout(kind, state)),
        classes="widget-readout",
        contenteditable=_WRITTEN if _takes_numbers(kind, state) else "false",
        style="" if state.get("readout", True) else "display: none",
    )
    said = chosen_labels(kind, state) if kind.startswith("Selection") else ends
    if kind == "FloatLogSlider":
        said = [_readout(kind, state)]
    said = said if len(said) == len(ends) else ends
    track = _track(widgets, state, list(zip(ends, said, shares, strict=True)), upright)
    return classes, widgets.label(state) + element("div", track, classes="slider-container") + readout


def _track(widgets: Widgets, state: State, handles: Sequence[tuple[Any, Any, float]], upright: bool) -> str:
    """The track with its handles: where each stands, what is said of that, and how far along it is, in percent."""
    shares = [share for _, _, share in handles]
    connect = ""
    if len(shares) == 2:
        span = max(shares[1] - shares[0], 0.0)
        moved = f"translate(0px, {_percent(100 - shares[1])})" if upright else f"translate({_percent(shares[0])}, 0px)"
        scaled = f"scale(1, {span / 100:g})" if upright else f"scale({span / 100:g}, 1)"
        connect = element("div", classes="noUi-connect noUi-draggable", style=f"transform: {moved} {scaled}")
    origins = []
    for number, (end, said, share) in enumerate(handles):
        which = _ENDS[number] if len(shares) == 2 else ""
        away = f"-{_percent((100 - share) * 10)}" if share < 100 else "0%"
        moved = f"translate(0px, {_percent((100 - share) * 10)})" if upright else f"translate({away}, 0px)"
        handle = element(
            "div",
            element("div", classes="noUi-touch-area"),
            classes=f"noUi-handle noUi-handle-{'upper' if number else 'lower'}",
            style=widgets.handle_style(state),
            tabindex=0,
            role="slider",
            aria_label=" ".join(filter(None, (state.get("description"), which))) or None,
            aria_valuenow=end,
            aria_valuetext=said,
        )
        origins.append(
            element("div", handle, classes="noUi-origin", style=f"transform: {moved}; z-index: {5 - number}")
        )
    base = element("div", element("div", connect, classes="noUi-connects"), *origins, classes="noUi-base")
    way = "noUi-rtl noUi-vertical" if upright else "noUi-ltr noUi-horizontal"
    disabled = "true" if state.get("disabled") else None
    return element("div", base, classes=f"slider noUi-target {way} noUi-txt-dir-ltr", disabled=disabled)


def _positions(kind: str, state: State) -> tuple[Sequence[Any], list[float]]:
    """What the handles stand at, and where on the track that is, in percent."""
    if kind.startswith("Selection"):
        index = state.get("index")
        ends = list(index) if isinstance(index, list | tuple) else [index or 0]
        low, high = 0.0, float(max(len(state.get("_options_labels") or ()) - 1, 0))
    else:
        value = state.get("value")
        ends = list(value) if isinstance(value, list | tuple) else [value or 0]
        low, high = float(state.get("min") or 0), float(state.get("max") or 0)
    places = [float(end) for end in ends]
    if kind == "FloatLogSlider":
        base = float(state.get("base") or 10)
        places = [math.log(place, base) if place > 0 else low for place in places]
    width = high - low
    return ends, [min(max((place - low) / width * 100, 0.0), 100.0) if width > 0 else 0.0 for place in places]


def _takes_numbers(kind: str, state: State) -> bool:
    """Whether what is written beside a slider sets it (``extensions/page/src/readouts.ts``)."""
    return not (kind.startswith("Selection") or state.get("disabled"))


def _readout(kind: str, state: State) -> str:
    if kind == "SelectionRangeSlider":
        return "-".join(chosen_labels(kind, state))
    if kind == "SelectionSlider":
        return "".join(chosen_labels(kind, state))
    value = state.get("value")
    ends = value if isinstance(value, list | tuple) else [value]
    return " – ".join(written(end, state.get("readout_format")) for end in ends)


def progress(widgets: Widgets, state: State) -> tuple[str, str]:
    """Classes of a progress bar, and what is in it."""
    upright = state.get("orientation") == "vertical"
    low, high = float(state.get("min") or 0), float(state.get("max") or 0)
    done = float(state.get("value") or 0)
    share = _percent(100 * (done - low) / (high - low) if high > low else 0.0)
    size = f"width: 100%; height: {share}" if upright else f"width: {share}; height: 100%"
    manner = _BARS.get(str(state.get("bar_style")))
    bar = element(
        "div",
        classes="progress-bar" + (f" progress-bar-{manner}" if manner else ""),
        style=join("position: absolute; bottom: 0px; left: 0px", size, widgets.bar_style(state)),
    )
    way = "v" if upright else "h"
    inner = element("div", bar, classes="progress", style="position: relative")
    return f"jupyter-widgets widget-{way}progress widget-inline-{way}box", widgets.label(state) + inner


def player(state: State) -> tuple[str, str]:
    """Classes of the player, and what is in it."""
    disabled = bool(state.get("disabled"))
    names = {"pause": "Pause"} if state.get("playing") else {"play": "Play"}
    names |= {"stop": "Stop"} | ({"retweet": "Repeat"} if state.get("show_repeat", True) else {})
    repeats = " mod-active" if state.get("repeat") else ""
    buttons = (
        element(
            "button",
            icon(name),
            classes="jupyter-button" + (repeats if name == "retweet" else ""),
            disabled=disabled,
            aria_label=said,
        )
        for name, said in names.items()
    )
    return "jupyter-widgets widget-inline-hbox widget-play", "".join(buttons)


def _percent(share: float) -> str:
    return f"{share:g}%"
