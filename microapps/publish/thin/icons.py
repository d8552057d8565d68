"""The icons that a page draws, as rules of its style: the same as ``extensions/page/src/icons.ts`` adds later on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from .statics import Client

Drawing = tuple[int, int, str]


def icon_rules(client: Client, names: Iterable[str]) -> tuple[str, frozenset[str]]:
    """Style rules for icons, and which of the names they draw; a name that no icon has is left out."""
    rules: list[str] = []
    found: set[str] = set()
    for name in sorted({*names}):
        letter = name[:1] if "a" <= name[:1] <= "z" else "0"
        drawing = _drawings(client.folder / client.icons / f"{letter}.json").get(name)
        if drawing is not None:
            found.add(name)
            rules.append(_rule(name, drawing))
    return "\n".join(rules), frozenset(found)


@lru_cache(maxsize=32)
def _drawings(path: Path) -> dict[str, Drawing]:
    try:
        drawings: dict[str, Drawing] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return drawings


def _rule(name: str, drawing: Drawing) -> str:
    width, height, path = drawing
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}'><path d='{path}'/></svg>"
    picture = f'url("data:image/svg+xml,{quote(svg)}")'
    escaped = name if not name[:1].isdigit() else f"\\3{name[0]} {name[1:]}"
    return f".fa-{escaped}{{--icon:{picture};--icon-width:{width / height:.3f}em}}"
