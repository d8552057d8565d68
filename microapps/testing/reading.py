"""What a person reads in a widget or an output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .faults import without_colours
from .kinds import MARKUP, MEDIA, MOMENTS, PAGES, RANGES, SELECTIONS, TAGS, moment, referred
from .markup import Table, read, text_of, tidy

State = Mapping[str, Any]
_LONGEST_LABEL = 80  # characters; what is longer is a paragraph, not a label


def label_text(value: Any) -> str:
    """A label as a person reads it: one line, without markup; empty when it is none."""
    if not isinstance(value, str) or len(value) > 10 * _LONGEST_LABEL:
        return ""
    text = " ".join(text_of(value.replace("\u200b", "")).split())
    return text if len(text) <= _LONGEST_LABEL else ""


def titles_of(state: State) -> list[str]:
    """The titles of a tab's or accordion's pages."""
    titles = state.get("titles")
    if isinstance(titles, list | tuple):
        return [label_text(title) for title in titles]
    older = state.get("_titles")
    if isinstance(older, Mapping):
        return [label_text(older.get(str(number))) for number in range(len(referred(state.get("children"))))]
    return []


def value_text(kind: str, state: State) -> str:
    """What a person reads in a widget, without its label; empty for boxes and for widgets of other libraries."""
    value = state.get("value")
    if kind in MARKUP:
        return text_of(str(value or "")) if kind != "Label" else tidy(str(value or ""))
    if kind in SELECTIONS:
        return ", ".join(chosen_labels(kind, state))
    if kind in PAGES:
        return " | ".join(title for title in titles_of(state) if title)
    if kind == "Checkbox":
        return "checked" if value else "not checked"
    if kind in MEDIA:
        return f"[{kind.lower()}]"
    if kind in MOMENTS:
        chosen = moment(kind, value)
        return "" if chosen is None else str(chosen)
    if kind in ("Button", "ToggleButton"):
        return text_of(str(state.get("description", "")))
    if kind == "Password":
        return "•" * len(str(value or ""))
    if kind == "FileUpload":
        return ", ".join(str(file.get("name", "")) for file in value or () if isinstance(file, Mapping))
    if kind == "Controller":
        return str(state.get("name") or "Connect gamepad and press any button.")
    if kind == "Valid":
        return "valid" if value else str(state.get("readout", ""))
    if kind in RANGES and isinstance(value, Sequence) and len(value) == 2:
        return f"{formatted(value[0], state)} – {formatted(value[1], state)}"
    if kind in TAGS and isinstance(value, Sequence):
        return ", ".join(str(tag) for tag in value)
    if isinstance(value, bool | int | float):
        return formatted(value, state)
    return value if isinstance(value, str) else ""


def chosen_labels(kind: str, state: State) -> list[str]:
    """The labels of what is chosen in a selection widget; of a range of options, both ends."""
    labels = [str(label) for label in state.get("_options_labels") or ()]
    index = state.get("index")
    numbers = [index] if isinstance(index, int) else list(index or ())
    return [labels[number] for number in numbers if isinstance(number, int) and 0 <= number < len(labels)]


def formatted(value: Any, state: State) -> str:
    """A number as the readout beside a slider shows it; others as they are."""
    wanted = state.get("readout_format")
    if isinstance(wanted, str) and len(wanted) < 12 and not isinstance(value, bool):
        try:
            return format(value, wanted)
        except (ValueError, TypeError):  # a d3 format that Python does not know
            return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))  # a browser writes 100, not 100.0
    return str(value)


def shown_text(output: Mapping[str, Any]) -> tuple[str, tuple[Table, ...]]:
    """What a person reads in one output of a cell or of an ``Output`` widget, and the tables in it."""
    kind = output.get("output_type")
    if kind == "stream":
        return without_colours(_joined(output.get("text"))).rstrip("\n"), ()
    if kind == "error":
        return f"{output.get('ename', '')}: {without_colours(str(output.get('evalue', '')))}", ()
    data = output.get("data")
    if not isinstance(data, Mapping):
        return "", ()
    if "text/html" in data:
        shown = read(_joined(data["text/html"]))
        if shown.text or shown.tables:
            return shown.text, shown.tables
    for mime in data:
        if mime.startswith("image/"):
            metadata = output.get("metadata")
            own = metadata.get(mime) if isinstance(metadata, Mapping) else None
            return str((own.get("alt") if isinstance(own, Mapping) else "") or "[image]"), ()
        if "plotly" in mime or "vega" in mime or "bokeh" in mime:
            return "[chart]", ()
    for mime in ("text/markdown", "text/latex", "text/plain"):
        if mime in data:
            return without_colours(_joined(data[mime])).rstrip("\n"), ()
    return "", ()


def _joined(text: Any) -> str:
    return "".join(str(part) for part in text) if isinstance(text, list | tuple) else str(text or "")
