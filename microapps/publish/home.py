"""The site's home: a card for each app with its picture, and a search that needs no script.

A card is a value for the page's template; pictures go into the page itself, so that they need no address of their own.
"""

from __future__ import annotations

import base64
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from .settings import PublishedApp

LARGEST_PICTURE = 200_000
"""Bytes of a picture that is shown; a larger one is left out."""
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Card:
    """An app on the home; ``picture`` is a ``data:`` address, empty where there is none."""

    title: str
    description: str
    tags: tuple[str, ...]
    link: str
    picture: str


def folded(text: str) -> str:
    """Text for comparing: composed, without case, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def matches(app: PublishedApp, search: str) -> bool:
    """Whether every word of a search is in an app's title, description or tags."""
    text = folded(" ".join((app.title, app.description, *app.tags, app.name)))
    return all(word in text for word in folded(search[:LONGEST_SEARCH]).split())


def picture(path: Path | None) -> str:
    """A PNG as a ``data:`` address; empty where it is missing, is no PNG or is too large."""
    try:
        content = path.read_bytes() if path is not None and path.stat().st_size <= LARGEST_PICTURE else b""
    except OSError:
        return ""  # an app without its picture is still an app
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        return ""
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


def cards(apps: Iterable[PublishedApp], search: str, link: Callable[[str], str]) -> list[Card]:
    """The cards of the apps that a search finds, all for an empty one; ``link`` makes a link from a name."""
    return [
        Card(app.title, app.description, app.tags, link(app.name), picture(app.thumbnail))
        for app in apps
        if matches(app, search)
    ]
