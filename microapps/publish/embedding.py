"""Which sites may show apps in a frame: what their owner wrote, as one source of ``frame-ancestors`` each.

What goes into the header is put together from parts that were recognised, never handed on: scheme, host and port. CSP
takes ``*.`` for every host below one, and ``*`` for any port; what it cannot name (an IPv6 address, a name that is not
ASCII) is refused here, where a browser would pass over it in silence.
"""

from __future__ import annotations

import re

from ..errors import InvalidSetting

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ORIGIN = re.compile(rf"(https?)://((?:\*\.(?=[^.]+\.))?{_LABEL}(?:\.{_LABEL})*)(?::(\d{{1,5}}|\*))?/?")
_USUAL = {"http": "80", "https": "443"}
LONGEST = 300


def ancestor(written: str) -> str:
    """An origin that may frame apps, as a browser writes it.

    Raises
    ------
    InvalidSetting
        It is no scheme, host and perhaps port.
    """
    found = _ORIGIN.fullmatch(written.lower()) if len(written) <= LONGEST and written.isascii() else None
    if found is None or (found[3] not in (None, "*") and not 0 < int(found[3]) < 65536):
        raise InvalidSetting(
            f"{written[:LONGEST]!r} is no origin that can show apps in a frame.",
            "Give scheme, host and perhaps a port, with nothing after them, as https://school.example; "
            "https://*.school.example stands for all hosts below it.",
        )
    scheme, host, port = found.groups()
    return f"{scheme}://{host}" if port in (None, _USUAL[scheme]) else f"{scheme}://{host}:{port.lstrip('0')}"
