"""A notebook's prose as HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Any
from urllib.parse import unquote

from .contained import contained
from .markdown import Markdown

_ATTACHED = re.compile(r"""(<img\s(?:[^<>]{0,2000}?\s)?)src=(["'])attachment:([^"'<>]+)\2""", re.IGNORECASE)
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")


def prose(markdown: Markdown, source: str, attachments: Mapping[str, Any] | None = None) -> str:
    """Text as HTML; formulas stay as they are written, and the page's client sets them."""
    return contained(attached(markdown.html(source), attachments))


def attached(html: str, attachments: Mapping[str, Any] | None) -> str:
    """Rendered text in which each picture that is attached to its cell is there, as an image: in that nothing acts."""

    def picture(match: re.Match[str]) -> str:
        name = unescape(match[3])
        found = (attachments or {}).get(name, (attachments or {}).get(unquote(name)))
        bundle: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
        for mime in _PICTURES:
            if isinstance(bundle.get(mime), str):
                return f'{match[1]}src="data:{mime};base64,{escape("".join(bundle[mime].split()))}"'
        return f'{match[1]}src="data:,"'

    return _ATTACHED.sub(picture, html)


def attachments_shown(markdown: Markdown, source: str) -> set[str]:
    """The names of the attachments that a text shows as pictures."""
    return {unescape(match[3]) for match in _ATTACHED.finditer(markdown.html(source))}
