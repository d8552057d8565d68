"""A notebook's prose as HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Any
from urllib.parse import unquote

from .markdown import Markdown

_ATTACHED = re.compile(r'src="attachment:([^"]+)"')
_META = re.compile(r"<(/?)meta(?=[\s/>])", re.IGNORECASE)
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")


def prose(markdown: Markdown, source: str, attachments: Mapping[str, Any] | None = None) -> str:
    """Text as HTML; formulas stay as they are written, and the page's client sets them."""

    def picture(match: re.Match[str]) -> str:
        name = unescape(match[1])
        found = (attachments or {}).get(name, (attachments or {}).get(unquote(name)))
        bundle: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
        for mime in _PICTURES:
            if isinstance(bundle.get(mime), str):
                return f'src="data:{mime};base64,{escape("".join(bundle[mime].split()))}"'
        return 'src="data:,"'

    return staying(_ATTACHED.sub(picture, markdown.html(source)))


def staying(html: str) -> str:
    """HTML that leads its page nowhere by itself: an element that could is an unknown one."""
    return _META.sub(r"<\1x-meta", html)
