"""Drawing what is chosen from: buttons, boxes to tick, lists and tags."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from .elements import element, text
from .numbers import written
from .states import State, Widgets

MANNERS = {name: f" mod-{name}" for name in ("primary", "success", "info", "warning", "danger")}
_COLOUR = re.compile(r"#?\w+|(?:rgb|hsl)a?\([\w\s.,%/+-]+\)", re.ASCII | re.IGNORECASE)
"""What may be a colour, and nothing else of a style: a name, #1a2b3c, rgb(1, 2, 3) or hsl(120 50% 20%)."""
_ZERO_WIDTH = "\u200b"


def icon(names: Any, *, alone: bool = False) -> str:
    """An icon; empty without a name."""
    wanted = str(names or "").split()
    classes = " ".join(["fa", *(f"fa-{name}" for name in wanted), *(["center"] if alone else [])])
    return element("i", classes=classes) if wanted else ""


def button(state: State) -> tuple[str, str]:
    """Classes of a button, and what is in it."""
    description = str(state.get("description") or "")
    classes = f"jupyter-widgets jupyter-button widget-button{MANNERS.get(str(state.get('button_style')), '')}"
    return classes, icon(state.get("icon"), alone=not description) + text(description)


def toggle_button(state: State) -> tuple[str, str]:
    """Classes of a toggle button, and what is in it."""
    classes = f"jupyter-widgets jupyter-button widget-toggle-button{MANNERS.get(str(state.get('button_style')), '')}"
    description = str(state.get("description") or "")
    inner = icon(state.get("icon")) + text(description) if description or state.get("icon") else "&nbsp;"
    return classes + (" mod-active" if state.get("value") else ""), inner


def upload(state: State) -> tuple[str, str]:
    """Classes of a button for files, and what is in it."""
    classes = f"jupyter-widgets widget-upload jupyter-button{MANNERS.get(str(state.get('button_style')), '')}"
    description = str(state.get("description") or "")
    return classes, icon(state.get("icon"), alone=not description) + text(
        f"{description} ({len(_list(state, 'value'))})"
    )


def checkbox(widgets: Widgets, state: State) -> tuple[str, str]:
    """Classes of a box to tick, and what is in it."""
    indent = element(
        "label", _ZERO_WIDTH, classes="widget-label", style="" if state.get("indent", True) else "display: none"
    )
    box = element(
        "input",
        type="checkbox",
        checked=bool(state.get("value")),
        disabled=bool(state.get("disabled")),
        autocomplete="off",
    )
    ticked = element("label", box, element("span", text(state.get("description"))), classes="widget-label-basic")
    return "jupyter-widgets widget-inline-hbox widget-checkbox", indent + ticked


def options(widgets: Widgets, model: str, kind: str, state: State) -> tuple[str, str]:
    """Classes of a list to choose from, and what is in it."""
    chosen = _chosen(state)
    lines = (
        element("option", text(label), value=label, selected=number in chosen)
        for number, label in enumerate(_list(state, "_options_labels"))
    )
    given: dict[str, Any] = {"id": f"field-{model}", "disabled": bool(state.get("disabled")), "autocomplete": "off"}
    label = widgets.label(state, given["id"])
    if kind == "Dropdown":
        # A browser takes the first where nothing is chosen, unless there is one that stands for nothing.
        none = "" if chosen != frozenset((None,)) else element("option", hidden=True, selected=True, value="")
        return "jupyter-widgets widget-inline-hbox widget-dropdown", label + element("select", *lines, none, **given)
    several = kind == "SelectMultiple"
    listed = element("select", *lines, multiple=several, size=state.get("rows") or 5, **given)
    classes = "jupyter-widgets widget-inline-hbox widget-select" + (" widget-select-multiple" if several else "")
    return classes, label + listed


def radio_buttons(widgets: Widgets, model: str, state: State) -> tuple[str, str]:
    """Classes of the widget, and what is in it."""
    chosen = _chosen(state)
    across = state.get("orientation") == "horizontal"
    lines = (
        element(
            "label",
            text(label),
            element(
                "input",
                type="radio",
                name=f"drawn-{model}",
                value=number,
                checked=number in chosen,
                disabled=bool(state.get("disabled")),
                autocomplete="off",
            ),
        )
        for number, label in enumerate(_list(state, "_options_labels"))
    )
    box = element("div", *lines, classes=f"widget-radio-box widget-radio-box-{'horizontal' if across else 'vertical'}")
    return "widget-radio", widgets.label(state) + box


def toggle_buttons(widgets: Widgets, state: State) -> tuple[str, str]:
    """Classes of a row of buttons of which one is down, and what is in it."""
    chosen, icons = _chosen(state), _list(state, "icons")
    manner = MANNERS.get(str(state.get("button_style")), "")
    buttons = (
        element(
            "button",
            text(label) or "&nbsp;",
            icon(icons[number] if number < len(icons) else "") or element("i"),
            type="button",
            classes=f"widget-toggle-button jupyter-button{manner}{' mod-active' if number in chosen else ''}",
            style=widgets.button_style(state),
            disabled=bool(state.get("disabled")),
        )
        for number, label in enumerate(_list(state, "_options_labels"))
    )
    return "widget-toggle-buttons", widgets.label(state) + element("div", *buttons)


def tags(kind: str, state: State) -> tuple[str, str]:
    """Classes of a list of tags, and what is in it."""
    manner = MANNERS.get(str(state.get("tag_style")), "")
    cross = element("i", classes="fa fa-times jupyter-widget-tag-close")
    values = _list(state, "value")
    drawn = [
        element("div", cross, classes="jupyter-widget-tag jupyter-widget-colortag", style=_background(tag))
        if kind == "ColorsInput"
        else element("div", text(_tag(tag, state)), cross, classes=f"jupyter-widget-tag{manner}")
        for tag in values
    ]
    field = element(
        "input",
        type="text",
        classes="jupyter-widget-tag jupyter-widget-taginput",
        size=2,
        placeholder=state.get("placeholder") or _ZERO_WIDTH,
        autocomplete="off",
        data_takes=json.dumps(_takes(kind, state, manner.strip()), ensure_ascii=False),
    )
    entry = element("div", field, classes="widget-text", style="display: none" if values else "display: inline-block")
    return "jupyter-widgets jupyter-widget-tagsinput", "".join(drawn) + entry


def _takes(kind: str, state: State, manner: str) -> dict[str, Any]:
    """What a list of tags takes before the widget library is there, as ``tagging.ts`` reads it."""
    kinds = {"ColorsInput": "color", "FloatsInput": "float", "IntsInput": "int"}
    limits = {limit: state.get(limit) for limit in ("min", "max")}
    again = state.get("allow_duplicates") is not False
    held = {"tags": _list(state, "value"), "allowed": _list(state, "allowed_tags")}
    return {"kind": kinds.get(kind, "text"), **held, "again": again, **limits, "manner": manner}


def _tag(tag: Any, state: State) -> str:
    return written(tag, state["format"]) if isinstance(state.get("format"), str) else str(tag)


def _background(colour: Any) -> str:
    written = str(colour)
    return f"background-color: {written}" if _COLOUR.fullmatch(written) else ""


def _list(state: State, trait: str) -> Sequence[Any]:
    value = state.get(trait)
    return value if isinstance(value, list | tuple) else ()


def _chosen(state: State) -> frozenset[Any]:
    index = state.get("index")
    return frozenset(index) if isinstance(index, list | tuple) else frozenset((index,))
