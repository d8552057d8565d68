"""Whether a binary message of a WebSocket can be taken apart at all.

Both forms of Jupyter's begin with how many parts there are. ``jupyter_server`` believes that number, and eight bytes
of it keep a process busy for ever, so it is looked at before.
"""

from __future__ import annotations

NEWER = "v1.kernel.websocket.jupyter.org"
"""The name of the newer form, which page and site agree on when they connect."""


def countable(data: bytes, *, newer: bool) -> bool:
    """Whether a message is long enough for the number of parts that it begins with."""
    size = 8 if newer else 4
    count = int.from_bytes(data[:size], "little" if newer else "big")
    return count > 0 and size * (count + 1) <= len(data)
