"""The site's home: a card for each app with its picture, and a search that needs no script.

A card is a value for the page's template; pictures go into the page itself, so that they need no address of their own.
"""

from __future__ import annotations

import base64
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .plain import plain_words
from .settings import PublishedApp
from .thumbnails import small

LARGEST_PICTURE = 200_000
"""Bytes of a picture that is put into the page; a larger one is made smaller."""
LARGEST_SHARED = 2_000_000
"""Bytes of a picture that is sent by itself; a larger one is made smaller."""
PICTURE = "picture.png"
"""Where an app's picture is, below its link."""
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Card:
    """An app on the home.

    ``picture`` is a ``data:`` address, empty where there is none; ``name`` is there where others have the same title,
    and tells it from them.
    """

    title: str
    description: str
    tags: tuple[str, ...]
    link: str
    picture: str
    name: str = ""


@dataclass(frozen=True)
class Social:
    """What a link shows of itself where it is sent to somebody; ``image`` is a whole address, or empty."""

    title: str
    description: str
    image: str = ""
    alt: str = ""


def folded(text: str) -> str:
    """Text for comparing: composed, without case, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def matches(app: PublishedApp, search: str) -> bool:
    """Whether every word of a search is in an app's title, description or tags."""
    text = folded(" ".join((app.title, app.description, *app.tags, app.name)))
    return all(word in text for word in folded(search[:LONGEST_SEARCH]).split())


def picture(path: Path | None) -> str:
    """A PNG as a ``data:`` address, made smaller where it is large; empty where it is missing or is no PNG."""
    content, kind = drawn(path, LARGEST_PICTURE)
    return f"data:{kind};base64,{base64.b64encode(content).decode()}" if content else ""


def drawn(path: Path | None, largest: int = LARGEST_SHARED) -> tuple[bytes, str]:
    """A picture of at most so many bytes, and its kind: the PNG itself or a smaller JPEG; empty where there is none."""
    content = png(path, largest)
    if content or path is None:
        return content, "image/png"
    return small(path, min(largest, LARGEST_PICTURE)), "image/jpeg"


def pictures(apps: Iterable[PublishedApp]) -> dict[str, str]:
    """The pictures of apps by their names, as ``data:`` addresses; takes a while where large ones are new."""
    return {app.name: picture(app.thumbnail) for app in apps}


def png(path: Path | None, largest: int) -> bytes:
    """The bytes of a PNG; none where it is missing, is no PNG or is too large."""
    try:
        content = path.read_bytes() if path is not None and path.stat().st_size <= largest else b""
    except OSError:
        return b""  # an app without its picture is still an app
    return content if content.startswith(b"\x89PNG\r\n\x1a\n") else b""


def cards(
    apps: Iterable[PublishedApp], search: str, link: Callable[[str], str], pictured: Mapping[str, str]
) -> list[Card]:
    """The cards of the apps that a search finds, all for an empty one.

    ``link`` makes a link from a name; ``pictured`` has the :func:`pictures`.
    """
    there = list(apps)
    titles = Counter(folded(app.title) for app in there)
    return [
        Card(
            app.title,
            plain_words(app.description),
            app.tags,
            link(app.name),
            pictured.get(app.name, ""),
            app.name if titles[folded(app.title)] > 1 else "",
        )
        for app in there
        if matches(app, search)
    ]
