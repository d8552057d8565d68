"""The forms of outputs: which the thin page can show, and for which an app gets Voila's page.

A bundle is looked at by its types alone. One that has something better than plain text which the thin page knows is
shown as that, whatever else is in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..visitors.protocol import Snapshot

VIEW = "application/vnd.jupyter.widget-view+json"
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp")
CHARTS = frozenset(
    (
        "application/vnd.vega.v5+json",
        "application/vnd.vegalite.v3+json",
        "application/vnd.vegalite.v4+json",
        "application/vnd.vegalite.v5+json",
    )
)
"""What Voila's page draws by itself and the thin page does not (JupyterLab's vega5-extension 4.2, in Voila 0.5)."""
UNKNOWN = "This part of the app has a form that its page cannot show."
_PLAIN = "text/plain"
_UNSEEN = re.compile(r"<(?:(?P<name>script|style)(?=[\s/>])|!--)")
_TAG = re.compile(r"<[^<>]*>")
_SEEN = re.compile(r"<(?:audio|button|hr|img|input|math|meter|picture|progress|select|svg|textarea|video)(?=[\s/>])")
_RICH = frozenset((VIEW, "text/html", "text/markdown", "image/svg+xml", "text/latex", *PICTURES)) | {
    "application/json",
    "application/javascript",
}


def unknown_forms(snapshot: Snapshot, *, extended: bool = False) -> tuple[str, ...]:
    """The types that a first run shows, for which an app gets Voila's page, by name.

    With ``extended`` an installed extension draws types of its own on Voila's page: which ones only it knows, so that
    every type counts which the thin page does not know.
    """
    found = {form for data in _bundles(snapshot) for form in _unknown(data)}
    return tuple(sorted(found if extended else found & CHARTS))


def said(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """A bundle that says so, where no page may be able to show it."""
    return {**data, _PLAIN: UNKNOWN} if _unknown(data) and _PLAIN not in data else data


def scripted(html: str) -> bool:
    """Whether HTML has a place in the page and nothing in it but what its scripts would draw there."""
    low = html.lower()
    if "<script" not in low:
        return False
    shown, at = [], 0
    while match := _UNSEEN.search(low, at):
        shown.append(low[at : match.start()])
        end = low.find(f"</{match['name']}" if match["name"] else "-->", match.end())
        at = low.find(">", end) + 1 if end >= 0 else 0
        if not at:
            break
    else:
        shown.append(low[at:])
    left = "".join(shown)
    return bool(_TAG.search(left)) and not _SEEN.search(left) and not _TAG.sub("", left).strip()


def _unknown(data: Mapping[str, Any]) -> frozenset[str]:
    forms = frozenset(map(str, data)) - {_PLAIN}
    return frozenset() if forms & _RICH else forms


def _bundles(snapshot: Snapshot) -> Iterator[Mapping[str, Any]]:
    """All that was shown, in cells and in Output widgets."""
    shown = [output for cell in snapshot.cells for output in cell.get("outputs") or ()]
    for widget in snapshot.widgets.values():
        captured = widget["state"].get("outputs") if widget["model_name"] == "OutputModel" else ()
        shown += captured if isinstance(captured, list | tuple) else ()
    for output in shown:
        if isinstance(output, Mapping) and isinstance(data := output.get("data"), Mapping):
            yield data
