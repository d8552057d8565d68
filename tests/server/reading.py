"""Server-sent events as a browser reads them."""

from __future__ import annotations

import json
from typing import Any


def parsed(text: str) -> list[tuple[int | None, str, Any]]:
    """Number, kind and value of each event of a stream."""
    found = []
    for block in text.split("\n\n"):
        lines = [line.partition(": ") for line in block.splitlines() if not line.startswith(":")]
        fields = {name: value for name, _, value in lines}
        if "data" in fields:
            number = int(fields["id"]) if "id" in fields else None
            found.append((number, fields.get("event", ""), json.loads(fields["data"])))
    return found
