"""What acts without any script, taken out of HTML that an app drew."""

from __future__ import annotations

import re

_ACTING = re.compile(r"<(/?)(base|embed|frame|frameset|iframe|link|meta|object)(?=[\s/>])", re.IGNORECASE)


def lifeless(html: str) -> str:
    """HTML whose elements that redirect, connect or hold other pages are unknown ones instead.

    A tag begins with these very characters, however malformed the rest is, so that none is missed.
    """
    return _ACTING.sub(r"<\1x-\2", html)
