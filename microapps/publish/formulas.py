"""Formulas in exported pages: a script of ours sets them there, as the page's client does on a site."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from .thin.statics import built_client

_TAG = re.compile(r"<[^>]*>")
_CODE = re.compile(r"<(pre|code|textarea|select|script|style)\b[^<]*(?:<(?!/?\1\b)[^<]*)*", re.IGNORECASE)
_FORMULA = re.compile(
    r"\$\$.{1,2000}?\$\$|\\\[.{1,2000}?\\\]|\\\(.{1,2000}?\\\)|\\begin\{[a-zA-Z]+\*?\}"
    r"|(?<![\\$\w])\$(?!\s)(?:\\.|[^$\\]){1,2000}(?<!\s)\$(?![\d$])"
    r"|(?<![\\$\w])\$\s+[A-Za-z\\({|][^$\n]{0,2000}?[\\^_=<>]",
    re.DOTALL,
)
"""As ``extensions/page/src/formulas.ts`` has them, or a little more: it decides whether the script comes along."""
_LOOKED_AT = 400_000
"""Characters of all texts together."""


def words(html: str) -> str:
    """The text of a page without its tags and without what is code."""
    return _TAG.sub(" ", _CODE.sub(" ", html))


def has_formulas(texts: Iterable[str]) -> bool:
    """Whether one of these texts of pages (see :func:`words`) seems to have a formula."""
    left = _LOOKED_AT
    for text in texts:
        if _FORMULA.search(text[:left]):
            return True
        left -= len(text)
        if left <= 0:
            break
    return False


@cache
def formula_script() -> str:
    """The script that sets the formulas of a page's ``main``; empty where the client has not been built."""
    client = built_client()
    return (client.folder / client.exported).read_text(encoding="utf-8") if client else ""
