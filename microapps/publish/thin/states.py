"""The widgets of a snapshot as drawing needs them: their states, and how their layouts and styles are written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from ...testing.kinds import referred
from ..visitors.protocol import WidgetState
from .elements import element, text

State = Mapping[str, Any]

_LAYOUT = frozenset(
    (
        *("align_content", "align_items", "align_self", "border_top", "border_right", "border_bottom", "border_left"),
        *("bottom", "display", "flex", "flex_flow", "height", "justify_content", "justify_items", "left", "margin"),
        *("max_height", "max_width", "min_height", "min_width", "overflow", "order", "padding", "right", "top"),
        *("visibility", "width", "object_fit", "object_position", "grid_auto_columns", "grid_auto_flow"),
        *("grid_auto_rows", "grid_gap", "grid_template_rows", "grid_template_columns", "grid_template_areas"),
        *("grid_row", "grid_column", "grid_area"),
    )
)
"""The traits of a layout that are properties of a style, as in ``@jupyter-widgets/base``."""
_TEXT_STYLE = {
    "font_family": "font-family",
    "font_size": "font-size",
    "font_style": "font-style",
    "font_variant": "font-variant",
    "font_weight": "font-weight",
    "text_color": "color",
    "text_decoration": "text-decoration",
    "background": "background",
    "button_color": "background-color",
}
_PROPERTY = re.compile(r"[^;{}<>\\\n]{1,300}\Z")
_FIELDS = frozenset(("Text", "Textarea", "Password", "Combobox"))
"""Kinds whose style is that of their field and not of the whole widget."""


class Link(NamedTuple):
    """What the browser does by itself: ``other`` of ``target`` is set to ``trait`` of ``source``, or ``both`` ways."""

    source: str
    trait: str
    target: str
    other: str
    both: bool


class Widgets:
    """The widgets of a snapshot by their model ids."""

    def __init__(self, widgets: Mapping[str, WidgetState]) -> None:
        self._widgets = widgets
        self._linked = _linked(widgets)

    def state(self, model: str) -> State | None:
        """A widget's state with its model's name in it; None for one that is not there."""
        widget = self._widgets.get(model)
        if widget is None:
            return None
        names = {"_model_name": widget["model_name"], "_model_module": widget["model_module"]}
        return {**names, **widget["state"], **self._linked.get(model, {})}

    def picture(self, model: str, trait: str) -> str:
        """A binary trait in base64; empty if it has none."""
        for buffer in self._widgets[model].get("buffers", ()):
            if buffer["path"] == [trait]:
                return buffer["data"]
        return ""

    def layout(self, state: State) -> str:
        """A widget's layout as a style."""
        return _rules({name.replace("_", "-"): value for name, value in self._part(state, "layout") if name in _LAYOUT})

    def own_style(self, kind: str, state: State) -> str:
        """The style of the whole widget."""
        return "" if kind in _FIELDS else self._text_style(state)

    def field_style(self, state: State) -> str:
        """The style of the field in a text widget."""
        return self._text_style(state)

    def handle_style(self, state: State) -> str:
        """The style of a slider's handle."""
        return _rules({"background-color": dict(self._part(state, "style")).get("handle_color")})

    def button_style(self, state: State) -> str:
        """The style of each of a group of buttons."""
        own = dict(self._part(state, "style"))
        return join(self._text_style(state), _rules({"width": own.get("button_width")}))

    def bar_style(self, state: State) -> str:
        """The colour of a progress bar."""
        return _rules({"background-color": dict(self._part(state, "style")).get("bar_color")})

    def label(self, state: State, for_: str = "") -> str:
        """The element that every described widget begins with."""
        description = str(state.get("description") or "")
        width = _rules({"width": dict(self._part(state, "style")).get("description_width")})
        style = join("" if description else "display: none", width)
        return element("label", text(plain(state, description)), classes="widget-label", style=style, for_=for_ or None)

    def _text_style(self, state: State) -> str:
        own = self._part(state, "style")
        return _rules({_TEXT_STYLE[name]: value for name, value in own if name in _TEXT_STYLE})

    def _part(self, state: State, trait: str) -> list[tuple[str, Any]]:
        part = self.state(next(iter(referred(state.get(trait))), ""))
        return list(part.items()) if part else []


def _linked(widgets: Mapping[str, WidgetState]) -> dict[str, dict[str, Any]]:
    """By the model ids of widgets: what links between them (``jslink``, ``jsdlink``) set once the page comes alive."""
    made: dict[str, dict[str, Any]] = {}
    for widget in widgets.values():
        link = link_of(widget["model_name"], widget["state"])
        if link and link.source in widgets and link.target in widgets:
            here = {**widgets[link.source]["state"], **made.get(link.source, {})}
            if link.trait in here:
                made.setdefault(link.target, {})[link.other] = here[link.trait]
    return made


def link_of(name: str, state: State) -> Link | None:
    """The link that a widget with that model's name is; None for one that is none."""
    source, target = _end(state.get("source")), _end(state.get("target"))
    return Link(*source, *target, name == "LinkModel") if name in ("LinkModel", "DirectionalLinkModel") else None


def _end(value: Any) -> tuple[str, str]:
    """The widget and the trait at one end of a link; empty for what is none."""
    if isinstance(value, list | tuple) and len(value) == 2 and isinstance(value[1], str):
        return next(iter(referred(value[0])), ""), value[1]
    return "", ""


def plain(state: State, description: str) -> str:
    """A description without its markup where markup is allowed in it."""
    return re.sub(r"<[^<>]*>", "", description) if state.get("description_allow_html") else description


def join(*styles: str) -> str:
    """Styles after one another."""
    return "; ".join(style for style in styles if style)


def _rules(values: Mapping[str, Any]) -> str:
    kept = {name: " ".join(str(value).split()) for name, value in values.items() if value is not None and value != ""}
    return "; ".join(f"{name}: {value}" for name, value in kept.items() if _PROPERTY.match(value))
