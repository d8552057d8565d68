"""The thin page of an app: drawn from the snapshot of its first run, so that it is there at once.

The page is the same for every visitor but for what its link fills in, so it is drawn once for each snapshot. Its URLs
are relative to the visit's own, or of the site's statics: no secret is in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

import jinja2

from ..language import language
from ..prose import prose
from ..templates import templates_folder
from ..visitors.protocol import Cell, Mode, Snapshot, WidgetState
from .cover import ANY, AROUND, Cover, allowed, harmless, heading, layouts, marks, simple, whole
from .drawing import Drawing
from .icons import icon_rules
from .sheets import needed
from .statics import Client, bridge_text

EMBED = "embed"
FULL = "full"
"""Query parameters of the page that are no labels: whether it is shown without its header, and Voila's page instead."""
DARK = "screen and (prefers-color-scheme: dark)"
"""The media of what is for dark pages only; paper is light. The page's bridge switches it with the theme around it."""
_RESERVED = frozenset((EMBED, FULL))
_LONGEST_QUERY = 4000
_MOST_FILLED = 100


class ThinPage:
    """The page of one snapshot.

    Parameters
    ----------
    snapshot : the app after its first run.
    client, statics : the built client, and the path that the site's statics are under, with a slash at its end.
    scripts : whether the app may run scripts of its own in the page.
    handed : whether a frame around the page hands it the client's script (``templates/voila/pages/frame.js``).
    """

    def __init__(
        self,
        snapshot: Snapshot,
        *,
        title: str,
        client: Client,
        statics: str,
        scripts: bool = False,
        handed: bool = False,
    ) -> None:
        drawing = Drawing(snapshot.widgets, scripts=scripts)
        body = "\n".join(_cell(drawing, cell) for cell in snapshot.cells)
        names = drawing.icons
        rules, found = icon_rules(client, names)
        sheets = (client.style_text, ""), (_dark_style(), DARK), (rules, "")
        self._values: dict[str, Any] = {
            "title": title,
            "lang": language(title, (cell.get("source", "") for cell in snapshot.cells)),
            "client": f"{statics}thin/",
            "own": f"{statics}page/",
            "script": client.script,
            "handed": handed,
            "early": client.early_text,
            "bridge": bridge_text(),
            "sheets": tuple(sheet for sheet in sheets if sheet[0]),
            "scripts": scripts,
            "body": body,
        }
        self._data: dict[str, Any] = {
            "widgets": {model: _slim(state) for model, state in snapshot.widgets.items()},
            "living": drawing.living,
            "perVisitor": snapshot.mode is Mode.PER_VISITOR,
            "scripts": scripts,
            "icons": f"{statics}thin/{client.icons}",
            "drawnIcons": sorted(found),
            "full": f"?{FULL}=1",
            "prefill": {},
            **({"readsAddress": True} if snapshot.reads_address else {}),
        }
        self._block = _block(self._data)
        self._title = title
        self._cover = harmless(body) if handed else None
        markup = {"markup": allowed()} if marks(snapshot.widgets) else {}
        answered = {"widgets": simple(snapshot.widgets), "layouts": layouts(snapshot.widgets), **markup}
        self._sheets = self._covering(self._cover, ANY if markup else "") if self._cover is not None else ()
        self._answered = _block(answered) if self._cover is not None else ""
        self._whole = self._cover is not None and whole(snapshot.widgets)
        self._plain: dict[bool, str] = {}
        """The page as most visitors get it, with its header and without."""

    def html(self, query: str = "") -> str:
        """The page for a visit whose address has this query."""
        embedded, filled = _asked(query)
        if filled:
            return self._render(embedded, _block({**self._data, "prefill": dict(list(filled.items())[:_MOST_FILLED])}))
        if embedded not in self._plain:
            self._plain[embedded] = self._render(embedded, self._block)
        return self._plain[embedded]

    def again(self, query: str = "") -> str:
        """The page for who comes back to a process: unseen until it is in its state, and nothing is filled in."""
        return self._render(_asked(query)[0], self._block, returning=True)

    def cover(self, query: str = "") -> Cover | None:
        """What the frame shows until a visit's page is there; None where that would look otherwise."""
        embedded, filled = _asked(query)
        if self._cover is None or filled:
            return None
        above = "" if embedded else heading(self._title)
        return Cover(self._cover, above, self._sheets, self._values["lang"], embedded, self._answered, self._whole)

    def _covering(self, cover: str, later: str) -> tuple[tuple[str, str], ...]:
        """The style sheets, with only what is for this cover and what may come into it: they make most of the frame."""
        page = "".join((heading(self._title), AROUND, cover, later))
        found = ((needed(sheet, page), media) for sheet, media in self._values["sheets"])
        return tuple(sheet for sheet in found if sheet[0])

    def _render(self, embedded: bool, block: str, *, returning: bool = False) -> str:
        return _template().render(**self._values, embedded=embedded, data=block, returning=returning)


def _asked(query: str) -> tuple[bool, dict[str, str]]:
    """What an address asks for: whether there is no header, and what to fill in."""
    asked = parse_qsl(query[:_LONGEST_QUERY], keep_blank_values=True)
    embedded = any(name == EMBED and value not in ("", "0", "false") for name, value in asked)
    return embedded, {name: value for name, value in asked if name.lower() not in _RESERVED}


def _cell(drawing: Drawing, cell: Cell) -> str:
    if cell["kind"] == "markdown":
        shown = prose(drawing.markdown, cell.get("source", ""), cell.get("attachments") or {})
        return f'<section class="cell prose">{shown}</section>'
    drawn = drawing.outputs(cell.get("outputs") or ())
    return f'<section class="cell" data-cell="{cell["index"]}">{drawn}</section>' if drawn else ""


def _slim(widget: WidgetState) -> WidgetState:
    """A widget without what its layout or style leaves open: that is most of a snapshot."""
    if not widget["model_name"].endswith(("LayoutModel", "StyleModel")):
        return widget
    kept = {name: value for name, value in widget["state"].items() if value is not None}
    return {**widget, "state": kept}


def _block(data: Mapping[str, Any]) -> str:
    """JSON for a data block within HTML: nothing in it can end the block."""
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str)
    return written.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


@cache
def _template() -> jinja2.Template:
    folder = templates_folder() / "thin"
    loader = jinja2.FileSystemLoader(folder)
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.get_template("page.html")


@cache
def _dark_style() -> str:
    return (templates_folder() / "thin" / "dark.css").read_text(encoding="utf-8")


def unknown_modules(snapshot: Snapshot) -> tuple[str, ...]:
    """The widget libraries of a snapshot that the thin page cannot show, by name: of models or of views alone."""
    modules = {widget["model_module"] for widget in snapshot.widgets.values()}
    states = [widget["state"] for widget in snapshot.widgets.values()]
    views = {str(state["_view_module"]) for state in states if state.get("_view_name") and state.get("_view_module")}
    return tuple(sorted((modules | views) - KNOWN_MODULES))


KNOWN_MODULES = frozenset(
    ("@jupyter-widgets/base", "@jupyter-widgets/controls", "@jupyter-widgets/output", "anywidget")
)
"""The widget libraries that the client has (``extensions/page/src/modules.ts``)."""
