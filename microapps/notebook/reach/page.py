"""Addresses, and what a piece of HTML would make a browser run or load."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

MAX_CHARACTERS = 400_000
"""How much of one text is looked at: no longer cell is read as code."""

LIKE_HTML = "text that looks like HTML"
"""Through what a script is reached that stands in a string of the code: it may never be shown as HTML."""

PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21, "postgresql": 5432, "mysql": 3306, "redis": 6379}
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{1,20}://", re.IGNORECASE)
# Tags are at most this long here, and blanks stand in one place for one reason, so that hostile text costs linear time.
_LOADED = re.compile(
    r"<(?:img|script|link|iframe|video|audio|source|embed|object|track|input|image)\b[^>]{0,400}?"
    r"\b(?:src|href|data|srcset|poster)\s*=\s*(?:[\"']\s*)?((?:https?:)?//[^\"'\s>]{1,300})"
    r"|(?:url\(|@import)\s*(?:[\"']\s*)?((?:https?:)?//[^\"'\s)]{1,300})",
    re.IGNORECASE,
)
_SCRIPT = re.compile(
    r"<script\b|<[a-z][^>]{0,400}?\s(on[a-z]{3,24})\s*=|(?:href|src)\s*=\s*(?:[\"']\s*)?(javascript:)", re.IGNORECASE
)


def is_address(text: str) -> bool:
    """Whether text begins as a URL with a host."""
    return bool(_ADDRESS.match(text.strip()))


def host_of(text: str, *, whole: bool = True) -> tuple[str, int] | None:
    """The host and port of a URL; None if it has none, or if the text ends before its host does (not ``whole``)."""
    text = text.strip()
    if text.startswith("//"):
        text = f"https:{text}"
    if not is_address(text):
        return None
    if not whole and not re.search(r"[/?#]", text.partition("://")[2]):
        return None
    try:
        parts = urlsplit(text)
        name, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not name or name.endswith("."):
        return None
    return name, port or PORTS.get(parts.scheme.lower(), 443)


def loaded(html: str) -> Iterator[tuple[int, str]]:
    """The hosts from which HTML loads something, each with its line (from 0); links that are only followed do not."""
    for line, match in _found(_LOADED, html):
        place = host_of(match.group(1) or match.group(2), whole=True)
        if place:
            yield line, place[0]


def scripts(html: str) -> Iterator[tuple[int, str]]:
    """What HTML makes the browser run, each with its line (from 0)."""
    for line, match in _found(_SCRIPT, html):
        what = f"the attribute {match.group(1)}" if match.group(1) else "a javascript: address"
        if not match.group(1) and not match.group(2):
            what = "a <script> element"
        yield line, what


def _found(pattern: re.Pattern[str], html: str) -> Iterator[tuple[int, re.Match[str]]]:
    """Each match with its line; a line break is counted once, however many matches there are."""
    line = counted = 0
    for match in pattern.finditer(html, 0, MAX_CHARACTERS):
        line += html.count("\n", counted, match.start())
        counted = match.start()
        yield line, match
