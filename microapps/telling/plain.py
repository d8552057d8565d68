"""Text from elsewhere, made safe to print."""

from __future__ import annotations

import re

# C0 and C1 controls but tab and newline, and the marks that turn the direction of text around.
_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """The text without anything a terminal would obey; newlines and tabs stay."""
    return _OBEYED.sub("\ufffd", text.replace("\r\n", "\n"))
