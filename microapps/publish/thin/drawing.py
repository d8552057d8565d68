"""Drawing the outputs of a snapshot as HTML, with the same elements as the client will put in their place.

A drawn widget carries its model's id as ``data-widget``, an output that comes alive its place among those as
``data-living``: by both the client finds what belongs together, and takes over what was typed and clicked meanwhile.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from ...testing.kinds import BOUNDED, BOXES, MEDIA, MOMENTS, NUMBERS, PROGRESS, RANGES, TAGS, is_seen, kind_of, referred
from ...testing.reading import titles_of
from ..bounds import Bounds, TooMuch
from ..contained import contained
from ..markdown import Markdown
from ..prose import prose
from ..visitors.protocol import WidgetState
from .choices import (
    MANNERS,
    button,
    checkbox,
    options,
    radio_buttons,
    tags,
    toggle_button,
    toggle_buttons,
    upload,
)
from .elements import element, text
from .fields import colour_field, moment_field, number_field, text_field
from .forms import PICTURES, UNKNOWN, VIEW, scripted
from .sliders import player, progress, slider
from .states import State, Widgets, join
from .terminal import printed

DEEPEST = 60
"""Widgets inside one another that are still drawn."""
_NO_SCRIPTS = (
    "This part of the app needs permission to run scripts of its own in this page. "
    "Its owner can allow it: page:scripts."
)
_CLOSED = "This part of the app is no longer there."
_BUTTONS = frozenset(("Button", "ToggleButton", "FileUpload"))
_BOX_CLASSES = {"HBox": "widget-box widget-hbox", "VBox": "widget-box widget-vbox", "GridBox": "widget-gridbox"}


class Drawing:
    """Draws outputs; afterwards ``living`` are those that come alive and ``icons`` the names of the icons drawn."""

    def __init__(self, widgets: Mapping[str, WidgetState], *, scripts: bool) -> None:
        self.widgets = Widgets(widgets)
        self.scripts = scripts
        self.markdown = Markdown()
        self.bounds = Bounds()
        self.living: list[Mapping[str, Any]] = []
        self.icons: set[str] = set()
        self._open: set[str] = set()

    def outputs(self, outputs: Sequence[Mapping[str, Any]], *, living: bool = True) -> str:
        """Outputs one after another; those within a widget come alive with it."""
        return "".join(self._output(output, living) for output in outputs)

    def _output(self, output: Mapping[str, Any], living: bool) -> str:
        data = output.get("data")
        try:
            drawn, prosaic = self._content(output, data if isinstance(data, Mapping) else {})
        except TooMuch:
            if self._open:
                raise
            drawn, prosaic = _left_out(), False  # the client draws it
        place: dict[str, Any] = {}
        if living and isinstance(data, Mapping) and self._comes_alive(data):
            place["data_living"] = len(self.living)
            self.living.append(output)
            drawn = element("div", drawn, classes="output prose" if prosaic else "output")
            prosaic = False
        shown = output.get("metadata")
        display = shown.get("display_id") if isinstance(shown, Mapping) else None
        return element("div", drawn, classes="output prose" if prosaic else "output", data_display=display, **place)

    def _comes_alive(self, data: Mapping[str, Any]) -> bool:
        scripted = "application/javascript" in data or "<script" in _joined(data.get("text/html", "")).lower()
        return VIEW in data or (self.scripts and scripted)

    def _content(self, output: Mapping[str, Any], data: Mapping[str, Any]) -> tuple[str, bool]:
        """What an output shows, and whether that is prose."""
        if output.get("output_type") == "stream":
            classes = "output-stderr" if output.get("name") == "stderr" else "output-stdout"
            return element("pre", printed(_joined(output.get("text", ""))), classes=classes), False
        if output.get("output_type") == "error":
            return element(
                "div", "The app ran into an error. Its owner sees the details.", classes="output-error"
            ), False
        if VIEW in data:
            view = data[VIEW]
            model = str(view.get("model_id", "")) if isinstance(view, Mapping) else ""
            return (_left_out(_CLOSED) if self.widgets.state(model) is None else self.widget(model)), False
        if "text/html" in data:
            drawn = contained(_joined(data["text/html"]))
            if not self.scripts and scripted(_joined(data["text/html"])):
                # It stays, unseen: what the browser keeps from running there, it reports to the owner.
                return _left_out(_NO_SCRIPTS) + element("div", drawn, hidden=True), False
            return drawn, True
        if "text/markdown" in data:
            return prose(self.markdown, _joined(data["text/markdown"])), True
        if "image/svg+xml" in data:
            return _image("image/svg+xml;charset=utf-8", quote(_named(_joined(data["image/svg+xml"]))), output), False
        if "text/latex" in data:
            return text(_joined(data["text/latex"])), False
        for mime in PICTURES:
            if mime in data:
                return _image(f"{mime};base64", "".join(_joined(data[mime]).split()), output, mime), False
        if "application/json" in data:
            return element("pre", text(json.dumps(data["application/json"], indent=2, ensure_ascii=False))), False
        if "application/javascript" in data:
            return (_left_out() if self.scripts else _left_out(_NO_SCRIPTS)), False
        if "text/plain" in data:
            return element("pre", printed(_joined(data["text/plain"]))), False
        return _left_out(UNKNOWN), False

    def widget(self, model: str) -> str:
        """One widget with all that is in it; empty for one that is not there or has no view."""
        self.bounds.begin()
        state = self.widgets.state(model)
        if state is None or model in self._open or len(self._open) >= DEEPEST or not is_seen(state):
            return ""
        self._open.add(model)
        try:
            return self.bounds.drew(self._drawn(model, kind_of(state), state))
        except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError):
            return _left_out()  # the app may put anything into a widget's state; the client shows what it makes of it
        finally:
            self._open.discard(model)

    def _drawn(self, model: str, kind: str, state: State) -> str:
        if state.get("_model_module") == "anywidget":
            return element("div", classes="lm-Widget jupyter-widgets", data_widget=model)
        if kind in BOXES:
            classes, inner = self._box(kind, state)
        elif kind == "Output":
            shown = _together(state.get("outputs") or ())
            classes, inner = "jupyter-widgets widget-output", self.outputs(shown, living=False)
        elif kind in MEDIA:
            return self._media(model, kind, state)
        else:
            classes, inner = self._control(model, kind, state)
        self._note_icons(kind, state)
        named = [str(name) for name in state.get("_dom_classes") or ()]
        tooltip = state.get("tooltip")
        return element(
            "button" if kind in _BUTTONS else "div",
            inner,
            classes=" ".join(["lm-Widget", classes, *named]),
            style=join(self.widgets.layout(state), self.widgets.own_style(kind, state)),
            title=tooltip or (state.get("description") if kind == "Button" else None) or None,
            disabled=kind in _BUTTONS and bool(state.get("disabled")),
            data_widget=model,
        )

    def _control(self, model: str, kind: str, state: State) -> tuple[str, str]:
        widgets = self.widgets
        if kind in ("Text", "Textarea", "Password", "Combobox"):
            return text_field(widgets, model, kind, state)
        if kind in NUMBERS or kind in ("BoundedIntText", "BoundedFloatText"):
            return number_field(widgets, model, kind, state)
        if kind == "Play":
            return player(state)
        if kind in BOUNDED or kind in RANGES or kind in ("SelectionSlider", "SelectionRangeSlider"):
            return slider(widgets, kind, state)
        if kind in PROGRESS:
            return progress(widgets, state)
        if kind in MOMENTS:
            return moment_field(widgets, model, kind, state)
        if kind in ("Dropdown", "Select", "SelectMultiple"):
            return options(widgets, model, kind, state)
        if kind in TAGS:
            return tags(kind, state)
        match kind:
            case "Button":
                return button(state)
            case "ToggleButton":
                return toggle_button(state)
            case "FileUpload":
                return upload(state)
            case "Checkbox":
                return checkbox(widgets, state)
            case "RadioButtons":
                return radio_buttons(widgets, model, state)
            case "ToggleButtons":
                return toggle_buttons(widgets, state)
            case "ColorPicker":
                return colour_field(widgets, model, state)
            case "Label":
                return "jupyter-widgets widget-inline-hbox widget-label", text(state.get("value"))
            case "HTML" | "HTMLMath":
                name = f"widget-{kind.lower()}"
                content = element("div", contained(str(state.get("value") or "")), classes=f"{name}-content")
                return f"jupyter-widgets widget-inline-hbox {name}", widgets.label(state) + content
            case "Valid":
                return self._valid(state)
            case "Controller":
                said = text(state.get("name") or "Connect gamepad and press any button.")
                return "lm-Panel jupyter-widgets widget-controller", element("div", said)
        return "jupyter-widgets", ""

    def _valid(self, state: State) -> tuple[str, str]:
        good = bool(state.get("value"))
        mark = element("i", classes=f"fa fa-fw fa-{'check' if good else 'times'}")
        readout = element("span", text(state.get("readout")), classes="widget-valid-readout widget-readout")
        classes = f"jupyter-widgets widget-valid widget-inline-hbox mod-{'valid' if good else 'invalid'}"
        return classes, self.widgets.label(state) + mark + readout

    def _box(self, kind: str, state: State) -> tuple[str, str]:
        children = referred(state.get("children"))
        chosen = state.get("selected_index")
        if kind == "Tab":
            return self._tab(children, titles_of(state), chosen)
        if kind == "Accordion":
            return self._accordion(children, titles_of(state), chosen)
        if kind == "Stack":
            children = [children[chosen]] if isinstance(chosen, int) and 0 <= chosen < len(children) else []
        manner = str(state.get("box_style") or "")
        alert = f" alert alert-{manner}" if manner in MANNERS and manner != "primary" else ""
        own = _BOX_CLASSES.get(kind, "widget-box")
        classes = f"lm-Panel jupyter-widgets widget-container {own}{alert}"
        return classes, "".join(self.widget(child) for child in children)

    def _tab(self, children: Sequence[str], titles: Sequence[str], chosen: Any) -> tuple[str, str]:
        heads = (
            element(
                "li",
                element("div", classes="lm-TabBar-tabIcon"),
                element("div", text(titles[n] if n < len(titles) else ""), classes="lm-TabBar-tabLabel"),
                role="tab",
                aria_selected="true" if n == chosen else "false",
                tabindex=0 if n == chosen else -1,
                classes="lm-TabBar-tab" + (" lm-mod-current" if n == chosen else ""),
            )
            for n in range(len(children))
        )
        bar = element("ul", *heads, role="tablist", classes="lm-TabBar-content")
        more = element("div", classes="lm-TabBar-addButton lm-mod-hidden")
        head = element(
            "div",
            bar,
            more,
            classes="lm-Widget lm-TabBar jupyter-widget-TabPanel-tabBar widget-tab-bar",
            data_orientation="horizontal",
        )
        pages = (self._page(child, n == chosen) for n, child in enumerate(children))
        contents = "lm-Widget lm-Panel jupyter-widget-TabPanel-tabContents widget-tab-contents"
        classes = "jupyter-widget-TabPanel jupyter-widgets widget-container jupyter-widget-tab widget-tab"
        return classes, head + element("div", *pages, classes=contents)

    def _page(self, child: str, shown: bool) -> str:
        drawn = self.widget(child)
        return drawn if shown else drawn.replace('class="lm-Widget ', 'class="lm-Widget lm-mod-hidden ', 1)

    def _accordion(self, children: Sequence[str], titles: Sequence[str], chosen: Any) -> tuple[str, str]:
        self.icons.update(("caret-down", "caret-right"))
        parts = []
        for n, child in enumerate(children):
            shown = n == chosen
            caret = element("i", classes=f"fa fa-fw fa-caret-{'down' if shown else 'right'}")
            title = element("span", text(titles[n] if n < len(titles) else ""))
            header = element("div", caret, title, classes="lm-Widget jupyter-widget-Collapse-header")
            hidden = "" if shown else " lm-mod-hidden"
            contents = f"lm-Widget lm-Panel jupyter-widget-Collapse-contents{hidden}"
            open_ = " jupyter-widget-Collapse-open jupyter-widget-Accordion-child-active" if shown else ""
            classes = f"lm-Widget jupyter-widget-Collapse jupyter-widget-Accordion-child{open_}"
            parts.append(element("div", header, element("div", self.widget(child), classes=contents), classes=classes))
        outer = "lm-Panel jupyter-widget-Accordion jupyter-widgets widget-accordion widget-container"
        return outer, "".join(parts)

    def _media(self, model: str, kind: str, state: State) -> str:
        classes = "lm-Widget jupyter-widgets" + ("" if kind == "Audio" else " widget-image")
        given: dict[str, Any] = {"classes": classes, "style": self.widgets.layout(state), "data_widget": model}
        size = {name: str(state[name]) for name in ("width", "height") if state.get(name)}
        if kind != "Image":
            return element(kind.lower(), controls=bool(state.get("controls", True)), **given, **size)
        form = str(state.get("format") or "png").lower()
        content = self.widgets.picture(model, "value")
        alt = str(state.get("tooltip") or "Image")
        if not content or not form.removesuffix("+xml").isalnum():
            return element("img", alt=alt, **given, **size)
        mime = {"jpg": "jpeg", "svg": "svg+xml"}.get(form, form)
        return element("img", alt=alt, src=f"data:image/{mime};base64,{content}", **given, **size)

    def _note_icons(self, kind: str, state: State) -> None:
        """Write down which icons a widget names."""
        named = [state.get("icon"), *(state.get("icons") or ())] if kind in _BUTTONS | {"ToggleButtons"} else []
        self.icons.update(part for names in named if names for part in str(names).split())


def _image(head: str, content: str, output: Mapping[str, Any], mime: str = "") -> str:
    metadata = output.get("metadata")
    whole = metadata if isinstance(metadata, Mapping) else {}
    own = whole.get(mime, whole)
    size = own if isinstance(own, Mapping) else {}
    numbers = {name: size[name] for name in ("width", "height") if isinstance(size.get(name), int | float)}
    plain = _joined(output["data"].get("text/plain", "")).strip()
    alt = size.get("alt") if isinstance(size.get("alt"), str) else plain.removeprefix("<").removesuffix(">")
    return element("img", alt=alt, src=f"data:{head},{content}", **numbers)


def _named(svg: str) -> str:
    """An SVG that says it is one: within a page it need not, as an image it must."""
    begun = re.search(r"<svg(?=[\s>/])[^>]*", svg)
    if begun is None or re.search(r"\sxmlns\s*=", begun[0]):
        return svg
    return svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)


def _together(outputs: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Outputs as the client shows them: texts of one stream that follow each other are one."""
    made: list[Mapping[str, Any]] = []
    for output in outputs:
        last: Mapping[str, Any] = made[-1] if made else {}
        if output.get("output_type") == last.get("output_type") == "stream" and output.get("name") == last.get("name"):
            made[-1] = {**last, "text": _joined(last.get("text", "")) + _joined(output.get("text", ""))}
        else:
            made.append(output)
    return made


def _left_out(sentence: str = "This part of the app is being prepared…") -> str:
    return element("p", sentence, classes="left-out")


def _joined(value: Any) -> str:
    return "".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
