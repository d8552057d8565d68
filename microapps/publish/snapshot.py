"""A static picture of an app as HTML: what its page shows when it has just been opened, and it says so.

Every core widget becomes a disabled HTML control with its value. Nothing of the app runs in the file: its policy lets
in no address, and no script but ours. What the app drew is in a frame that may do nothing else, so that it cannot pass
for the page around it or lead away from it, and the few elements that act without any script are made unknown ones.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from html import escape, unescape
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from ..testing.kinds import (
    BOXES,
    BUTTONS,
    MARKUP,
    PAGES,
    PROGRESS,
    SELECTIONS,
    children_of,
    is_seen,
    kind_of,
    referred,
)
from ..testing.reading import titles_of, value_text
from . import pages
from .bounds import Bounds, TooMuch
from .formulas import formula_script, has_formulas, words
from .language import language
from .lifeless import lifeless
from .markdown import Markdown
from .prose import prose
from .running import Widgets

DEEPEST = 60
"""Widgets inside one another that are still drawn."""

_VIEW = "application/vnd.jupyter.widget-view+json"
_LEFT_OUT = '<p class="left-out">This part works only in the running app.</p>'
_HEADING = re.compile(r"^\s*<section class=\"prose\">\s*(?P<heading><h1\b[^>]*>(?P<told>.{0,2000}?)</h1>)", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_PICTURE = re.compile(r'<html lang="[a-z]{2}" data-answers="0">')
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


def snapshot(
    title: str,
    description: str,
    notebook: NotebookNode,
    widgets: Widgets,
    taken: dt.datetime,
    why: Sequence[str] = (),
) -> str:
    """The HTML of a notebook that has run; nothing of its code is in it. ``why`` says why it is but a picture."""
    drawing = Drawing(widgets)
    parts = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            shown = prose(drawing.markdown, cell.source, cell.get("attachments"))
            parts.append(f'<section class="prose">{shown}</section>')
        elif cell.cell_type == "code":
            parts.append(drawing.outputs(cell.outputs))
    return page_around(lifeless("\n".join(part for part in parts if part)), title, description, taken, why=why)


def page_around(
    body: str,
    title: str,
    description: str,
    taken: dt.datetime,
    *,
    why: Sequence[str] = (),
    script: str = "",
    answers: str = "",
    count: int = 0,
    bodies: Sequence[str] = (),
) -> str:
    """The HTML of the page around what was drawn, which is in a frame of its own.

    ``script`` shows so many ``answers``, each one of the ``bodies``. It, and the one for formulas, are all that the
    page's policy lets run, in that frame.
    """
    body = _without_heading(body, title)
    text = words(body)
    lang = language(title, [description, text])
    formulas = has_formulas([text, *map(words, bodies)])
    scripts = [each for each in (formula_script() if formulas else "", script) if each]
    return pages.render(
        "snapshot.html",
        lang=lang,
        title=title,
        description=description,
        taken=taken.strftime("%Y-%m-%d %H:%M"),
        why=why,
        buttons=any("<button" in each for each in (body, *bodies)),
        as_written=formulas and not formula_script(),
        answers=count,
        scripts=" ".join(map(_source, scripts)),
        document=pages.render("drawn.html", lang=lang, body=body, answers=answers, scripts=scripts),
    )


def _source(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _without_heading(body: str, title: str) -> str:
    """What was drawn without a heading at its start that says what the page is called: the page around it says so."""
    heading = _HEADING.search(body)
    told = " ".join(unescape(_TAG.sub("", heading["told"])).replace("¶", "").split()) if heading else ""
    return body[: heading.start("heading")] + body[heading.end() :] if heading and told == title else body


def is_picture(page: Path) -> bool:
    """Whether an exported page is but a picture of the app."""
    with page.open(encoding="utf-8") as file:
        return _PICTURE.search(file.read(200)) is not None


class Drawing:
    """Draws outputs and widgets as they are at one moment."""

    def __init__(self, widgets: Widgets) -> None:
        self.states = widgets.states
        self.binaries = widgets.binaries
        self.open: set[str] = set()
        self.markdown = Markdown()
        self.bounds = Bounds()

    def outputs(self, outputs: Sequence[Mapping[str, Any]]) -> str:
        return "\n".join(self.output(output) for output in outputs)

    def output(self, output: Mapping[str, Any]) -> str:
        try:
            return self.content(output)
        except TooMuch:
            if self.open:
                raise
            return _LEFT_OUT

    def content(self, output: Mapping[str, Any]) -> str:
        if output["output_type"] == "stream":
            return "" if output["name"] == "stderr" else f"<pre>{escape(_text(output['text']))}</pre>"
        if output["output_type"] == "error":
            return '<p class="left-out">The app showed an error here.</p>'
        data: Mapping[str, Any] = output["data"]
        if _VIEW in data:
            view = data[_VIEW]
            return self.widget(str(view.get("model_id", ""))) if isinstance(view, Mapping) else _LEFT_OUT
        if "text/html" in data:
            return f'<div class="prose">{_text(data["text/html"])}</div>'
        for mime in _PICTURES:
            if mime in data:
                return f'<img alt="" src="data:{mime};base64,{escape("".join(_text(data[mime]).split()))}">'
        if "image/svg+xml" in data:
            return f'<div class="drawn">{_text(data["image/svg+xml"])}</div>'
        if "text/markdown" in data:
            return f'<div class="prose">{self.markdown.html(_text(data["text/markdown"]))}</div>'
        if "application/javascript" in data:
            return _LEFT_OUT
        if "text/latex" in data:
            return f"<div>{escape(_text(data['text/latex']))}</div>"
        if "text/plain" in data:
            return f"<pre>{escape(_text(data['text/plain']))}</pre>"
        return _LEFT_OUT

    def widget(self, model: str) -> str:
        self.bounds.begin()
        state = self.states.get(model)
        if state is None or model in self.open or len(self.open) >= DEEPEST or not is_seen(state):
            return ""
        layout = self.states.get(next(iter(referred(state.get("layout"))), ""), {})
        if layout.get("display") == "none" or layout.get("visibility") in ("hidden", "collapse"):
            return ""
        self.open.add(model)
        try:
            return self.bounds.drew(self.drawn(model, kind_of(state), state))
        except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError):
            return _LEFT_OUT  # the app may put anything into a widget's state
        finally:
            self.open.discard(model)

    def drawn(self, model: str, kind: str, state: Mapping[str, Any]) -> str:
        if kind in BOXES:
            return self.box(kind, state)
        if kind == "Output":
            return f'<div class="column">{self.outputs(state.get("outputs") or ())}</div>'
        if kind in MARKUP:
            value = str(state.get("value") or "")
            return labelled(state, f"<div>{escape(value) if kind == 'Label' else value}</div>")
        if kind == "Image":
            return self.picture(model, state)
        if kind in BUTTONS or kind == "ToggleButton":
            return f"<button disabled>{escape(str(state.get('description') or state.get('icon') or ''))}</button>"
        if kind in PROGRESS:
            low, high, done = (float(state.get(name) or 0) for name in ("min", "max", "value"))
            return labelled(state, f'<progress max="{high - low or 1}" value="{done - low}"></progress>')
        drawn = _control(kind, state)
        if drawn:
            return labelled(state, drawn)
        inside = "".join(map(self.widget, children_of(kind, state)))
        return inside or _LEFT_OUT

    def box(self, kind: str, state: Mapping[str, Any]) -> str:
        children = children_of(kind, state)
        if kind == "Stack":
            chosen = state.get("selected_index")
            children = [children[chosen]] if isinstance(chosen, int) and 0 <= chosen < len(children) else []
        if kind in PAGES:
            titles = titles_of(state)
            return "".join(
                f"<details open><summary>{escape(titles[n] if n < len(titles) else str(n + 1))}</summary>"
                f"{self.widget(child)}</details>"
                for n, child in enumerate(children)
            )
        return f'<div class="{"row" if kind == "HBox" else "column"}">{"".join(map(self.widget, children))}</div>'

    def picture(self, model: str, state: Mapping[str, Any]) -> str:
        content = self.binaries.get(model, {}).get("value")
        form = str(state.get("format") or "png").lower()
        if not content or not form.isalnum():
            return ""
        return f'<img alt="" src="data:image/{"jpeg" if form == "jpg" else form};base64,{escape(content)}">'


def _control(kind: str, state: Mapping[str, Any]) -> str:
    """The value as a disabled control; empty for a widget that is not one of the core's."""
    shown = escape(value_text(kind, state), quote=True)
    value = state.get("value")
    if kind in ("Checkbox", "Valid"):
        return f'<input type="checkbox" disabled{" checked" if value else ""}>'
    if kind == "Textarea":
        return f"<textarea disabled>{shown}</textarea>"
    if kind in SELECTIONS:
        return f"<output>{shown}</output>"
    if kind.endswith("Slider") and isinstance(value, int | float):
        bounds = " ".join(f'{name}="{escape(str(state.get(name, 0)))}"' for name in ("min", "max", "step"))
        return f'<input type="range" disabled {bounds} value="{value}"><output>{shown}</output>'
    if kind == "ColorPicker":
        return f'<input type="color" disabled value="{shown}"><output>{shown}</output>'
    if kind == "FileUpload":
        return '<input type="file" disabled>'
    if kind in ("Audio", "Video", "Play", "Controller"):
        return ""
    if "value" in state and str(state.get("_model_module")) == "@jupyter-widgets/controls":
        return f'<input disabled value="{"" if kind == "Password" else shown}">'
    return ""


def labelled(state: Mapping[str, Any], drawn: str) -> str:
    label = str(state.get("description") or "")
    return f'<label class="row"><span>{escape(label)}</span>{drawn}</label>' if label else drawn


def _text(value: Any) -> str:
    return "".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
