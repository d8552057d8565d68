"""The page with all answers in it: drawn for each combination, compressed, and a script of ours that picks one.

The script is the only one that the page's policy lets run, within a frame that can do nothing else; what the app drew
is data to it.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
import zlib
from collections.abc import Mapping
from functools import cache
from html import escape
from typing import Any

from nbformat import NotebookNode

from ..lifeless import lifeless
from ..prose import prose
from ..running import Widgets
from ..snapshot import Drawing, labelled, page_around
from ..templates import templates_folder
from .computing import Answers
from .inputs import Input

LARGEST = 8 << 20
"""Bytes of the compressed answers in a page."""
LARGEST_PLAIN = 128 << 20
_KEPT = "data:,picture-"
"""What an answer has in place of a large picture, with its number: the answers share them."""
_PICTURE = re.compile(r'src="(data:image/[^"]{1000,})"')


def drawn_answers(
    title: str, description: str, notebook: NotebookNode, answers: Answers, taken: dt.datetime
) -> str | None:
    """The page's HTML; None when it would be too large."""
    bodies: dict[str, int] = {}
    pictures: dict[str, int] = {}

    def once(match: re.Match[str]) -> str:
        return f'src="{_KEPT}{pictures.setdefault(match[1], len(pictures))}"'

    places = [
        bodies.setdefault(
            _PICTURE.sub(once, _body(notebook, answers.outputs, widgets, answers.inputs)),
            len(bodies),
        )
        for widgets in answers.widgets
    ]
    if sum(map(len, bodies)) > LARGEST_PLAIN:
        return None
    sizes = [len(each.values) for each in answers.inputs]
    kept = list(pictures)
    value = json.dumps(
        {"sizes": sizes, "bodies": list(bodies), "answers": places, "pictures": kept}, ensure_ascii=False
    )
    packed = zlib.compress(value.encode(), 9)
    if len(packed) > LARGEST:
        return None
    first = list(bodies)[places[answers.first]]
    return page_around(
        re.sub(f'src="{_KEPT}([0-9]+)"', lambda match: f'src="{kept[int(match[1])]}"', first),
        title,
        description,
        taken,
        script=_script(),
        answers=base64.b64encode(packed).decode(),
        count=len(places),
        bodies=list(bodies),
    )


def _body(
    notebook: NotebookNode, outputs: list[list[dict[str, Any]]], widgets: Widgets, inputs: tuple[Input, ...]
) -> str:
    drawing = _Answering(widgets, inputs)
    shown = iter(outputs)
    parts = [
        f'<section class="prose">{prose(drawing.markdown, cell.source, cell.get("attachments"))}</section>'
        if cell.cell_type == "markdown"
        else drawing.outputs(next(shown))
        for cell in notebook.cells
        if cell.cell_type in ("markdown", "code")
    ]
    return lifeless("".join(part for part in parts if part))


class _Answering(Drawing):
    """Draws inputs as controls that can be used."""

    def __init__(self, widgets: Widgets, inputs: tuple[Input, ...]) -> None:
        super().__init__(widgets)
        self._inputs = {each.model: (number, each) for number, each in enumerate(inputs)}

    def drawn(self, model: str, kind: str, state: Mapping[str, Any]) -> str:
        if model not in self._inputs:
            return super().drawn(model, kind, state)
        number, each = self._inputs[model]
        control = _control(number, each)
        if state.get("description"):
            return labelled(state, control)
        return control.replace("data-input", f'aria-label="{escape(kind, quote=True)}" data-input', 1)


def _control(number: int, each: Input) -> str:
    if each.ticks:
        checked = " checked" if each.start else ""
        return f'<input type="checkbox" data-input="{number}"{checked}>'
    if each.slides:
        labels = escape(json.dumps(each.labels, ensure_ascii=False), quote=True)
        shown = escape(each.labels[each.start])
        return (
            f'<input type="range" data-input="{number}" min="0" max="{len(each.values) - 1}" step="1" '
            f'value="{each.start}" aria-valuetext="{shown}" data-labels="{labels}"><output>{shown}</output>'
        )
    options = "".join(
        f"<option{' selected' if place == each.start else ''}>{escape(label)}</option>"
        for place, label in enumerate(each.labels)
    )
    return f'<select data-input="{number}">{options}</select>'


@cache
def _script() -> str:
    return (templates_folder() / "answers.js").read_text(encoding="utf-8")
