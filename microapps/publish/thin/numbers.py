"""Numbers as the client writes them: by the formats of d3, which are almost those of Python."""

from __future__ import annotations

import re
from typing import Any

_LIKE_PYTHON = re.compile(r"(?P<money>\$?)(?P<format>0?\d{0,3}(?P<thousands>,?)(?:\.\d{1,2})?[bcdeEfgnorxX%])\Z")
_EXPONENT = re.compile(r"(?<=e[+-])0(?=\d)")
_MINUS = "\u2212"


def written(value: Any, form: Any) -> str:
    """A number by a format of d3; as it is where the format is one that Python lacks."""
    found = _LIKE_PYTHON.match(form) if isinstance(form, str) else None
    if found is None or isinstance(value, bool) or not isinstance(value, int | float):
        return _plain(value)
    wanted = found["format"]
    if wanted.endswith("g"):
        wanted = f"#{wanted}"  # d3 keeps the zeros at the end
    try:
        shown = format(abs(value), wanted).removesuffix(".")
    except (ValueError, OverflowError):  # an integer's format for a number that is none
        return _plain(value)
    return f"{_MINUS if value < 0 else ''}{found['money']}{_EXPONENT.sub('', shown)}"


def _plain(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))  # a browser writes 100, not 100.0
    return str(value)
