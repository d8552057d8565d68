"""The cover: the drawn page in the frame around an app, seen and used until the app's own page is there.

The frame is a page of ours that nothing keeps from leading elsewhere, so the cover holds only what can do nothing: it
is taken apart and written anew by a library for that, with known elements and attributes, no address but that of a
picture within it, and no script. Fields and buttons that are simple are answered from here by the visitor's process,
and so is markup, which the browser's own Sanitizer takes apart by the same lists (``extensions/page/src/markup.ts``).
That, and all else that a person does to it, goes over to the app's page (``extensions/page/src/cover.ts``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import nh3

from ...testing.kinds import REFERENCE
from ..visitors.protocol import WidgetState

LONGEST = 60_000
"""Characters of a cover: a page is sent twice with one, and a large one is sooner there without."""
_BEYOND = re.compile(r"<(?:audio|canvas|dialog|form|math|svg|video|x-(?:embed|frame|iframe|object))", re.IGNORECASE)
"""Elements that a cover cannot show, and without which the page would look otherwise."""
_NAMES = """
a abbr b blockquote br button caption center cite code col colgroup datalist dd del details dfn div dl dt em figcaption
figure font h1 h2 h3 h4 h5 h6 hr i img input ins kbd label legend li mark ol option p pre q s samp section select small
span strike strong style sub summary sup table tbody td textarea tfoot th thead tr tt u ul var
"""
_FIELD = "autocomplete checked disabled max min multiple name placeholder required step type value"
_ATTRIBUTES = {
    "*": {"class", "dir", "hidden", "id", "lang", "role", "style", "tabindex", "title"},
    "button": {"disabled"},
    "col": {"span"},
    "details": {"open"},
    "font": {"color", "size"},
    "img": {"alt", "height", "src", "width"},
    "input": set(_FIELD.split()),
    "label": {"for"},
    "ol": {"start", "type"},
    "option": {"disabled", "selected", "value"},
    "select": {"autocomplete", "disabled", "multiple", "size"},
    "table": {"align", "border"},
    "td": {"align", "colspan", "rowspan"},
    "textarea": {"autocomplete", "disabled", "placeholder", "rows"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "tr": {"align"},
}
ANY = "".join(f"<{name}></{name}>" for name in _NAMES.split()) + '<p class="output prose output-stdout output-stderr">'
"""What may come into a cover whose answers are markup, as far as styles are concerned."""
AROUND = '<p class="without-scripts"><strong></strong></p>'
"""What else is in a frame with a cover (``templates/voila/pages/frame.html``), as far as styles are concerned."""
_SAID = {f"aria-{name}" for name in ("describedby", "hidden", "label", "labelledby", "live", "valuenow")}
_NUMBER = ("value", "min", "max", "continuous_update")
_SLIDERS = frozenset(("IntSliderModel", "FloatSliderModel", "IntRangeSliderModel", "FloatRangeSliderModel"))
_SIMPLE = {
    "ButtonModel": (),
    "CheckboxModel": ("value",),
    "ToggleButtonModel": ("value",),
    "ToggleButtonsModel": ("index",),
    "RadioButtonsModel": ("index",),
    **dict.fromkeys(_SLIDERS, (*_NUMBER, "step", "readout_format")),
    "DropdownModel": ("index",),
    "SelectModel": ("index",),
    "DatePickerModel": ("value",),
    "TextModel": ("value", "continuous_update"),
    "TextareaModel": ("value", "continuous_update"),
    **dict.fromkeys(("IntTextModel", "FloatTextModel", "BoundedIntTextModel", "BoundedFloatTextModel"), _NUMBER),
    **dict.fromkeys(("LabelModel", "HTMLModel", "HTMLMathModel", "OutputModel"), ()),
    "ImageModel": ("format",),
}
"""The widgets that are answered without the client (``extensions/page/src/quick.ts``), with what of them that takes."""
_MARKUP = frozenset(("HTMLModel", "HTMLMathModel", "OutputModel"))
_PICTURES = frozenset(("png", "jpeg", "gif", "webp"))
_SHOWN = frozenset((*(f"image/{name}" for name in _PICTURES), "text/html", "text/plain"))
"""What of an output is shown in a cover (``extensions/page/src/shown.ts``)."""
_FORMAT = re.compile(r",?(?:\.\d)?[df%]\Z")
"""The formats of d3 in which the cover writes a slider's value (``extensions/page/src/sliding.ts``)."""
_STILL = re.compile(r"(?:[HV]?Box|GridBox|\w*Layout|\w*Style)Model")
"""Widgets that nothing is done to."""


@dataclass(frozen=True)
class Cover:
    """What a frame shows first.

    Attributes
    ----------
    body : HTML that can do nothing.
    heading : what is above it, or empty.
    styles : style sheets, each with the media it is for.
    language : of the page, as BCP 47 has it.
    embedded : whether the page is one without a header.
    data : the data block from which it is answered (JSON, safe within HTML).
    whole : whether all that can be done to it is answered in it, and seen there: then the page comes after it.
    """

    body: str
    heading: str
    styles: tuple[tuple[str, str], ...]
    language: str
    embedded: bool
    data: str
    whole: bool


def harmless(drawn: str) -> str | None:
    """A drawn page as HTML that can do nothing; None where it is too long, or would look otherwise."""
    if len(drawn) > LONGEST or _BEYOND.search(drawn):
        return None
    return nh3.clean(
        drawn,
        tags=set(_NAMES.split()),
        clean_content_tags={"script", "template", "title"},
        attributes=_ATTRIBUTES,
        tag_attribute_values={"div": {"contenteditable": {"plaintext-only"}, "disabled": {"true"}}},  # of sliders
        generic_attribute_prefixes={"aria-", "data-"},
        url_schemes={"data"},
        url_relative="deny",
        link_rel=None,
    )


def heading(title: str) -> str:
    """The header of a page."""
    return f'<header class="page-header"><strong>{escape(title)}</strong></header>'


def simple(widgets: Mapping[str, WidgetState]) -> dict[str, WidgetState]:
    """The widgets that can be answered in a cover, with nothing more than that takes."""
    found: dict[str, WidgetState] = {}
    for model, widget in widgets.items():
        if (names := _SIMPLE.get(widget["model_name"])) is not None and _is_simple(widget):
            state: dict[str, Any] = {name: widget["state"].get(name) for name in names}
            found[model] = {**widget, "state": state}
    return found


def layouts(widgets: Mapping[str, WidgetState]) -> dict[str, str]:
    """Whose layout each is, with blanks between several: a layout says whether its widgets are shown at all."""
    found: dict[str, str] = {}
    for model, widget in widgets.items():
        layout = str(widget["state"].get("layout", ""))
        if layout.startswith(REFERENCE):
            place = layout.removeprefix(REFERENCE)
            found[place] = f"{found[place]} {model}" if place in found else model
    return found


def _is_simple(widget: WidgetState) -> bool:
    """Whether a widget of a simple kind is simple: a slider is that lies, has steps and writes a plain number."""
    name, state = widget["model_name"], widget["state"]
    if name == "ImageModel":
        return state.get("format") in _PICTURES
    if name == "OutputModel":
        return all(map(_is_shown, state.get("outputs") or ()))
    return name not in _SLIDERS or (
        state.get("orientation") == "horizontal"
        and state.get("behavior", "drag-tap") == "drag-tap"
        and isinstance(step := state.get("step"), int | float)
        and step > 0
        and _FORMAT.match(str(state.get("readout_format"))) is not None
    )


def _is_shown(output: Mapping[str, Any]) -> bool:
    """Whether an output like this one is shown in a cover."""
    data = output.get("data")
    return output.get("output_type") == "stream" or (isinstance(data, Mapping) and data.keys() <= _SHOWN)


def marks(widgets: Mapping[str, WidgetState]) -> bool:
    """Whether what the app answers may be markup."""
    return any(widget["model_name"] in _MARKUP for widget in widgets.values())


def allowed() -> dict[str, list[str]]:
    """What markup may be shown in a cover later on, by the names that the browser's Sanitizer has for it."""
    attributes = {name for names in _ATTRIBUTES.values() for name in names} | _SAID
    return {"elements": sorted(_NAMES.split()), "attributes": sorted(attributes)}


def whole(widgets: Mapping[str, WidgetState]) -> bool:
    """Whether all that can be done to these widgets is answered in a cover, and seen there, as far as is known now."""
    return all(
        _is_simple(widget) if widget["model_name"] in _SIMPLE else _STILL.fullmatch(widget["model_name"])
        for widget in widgets.values()
    )
