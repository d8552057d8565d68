"""The description of the API itself."""

from __future__ import annotations

from typing import Any

from ..call import Call
from ..route import Route


async def describe(call: Call) -> dict[str, Any]:
    """This API as OpenAPI 3.1."""
    from ..openapi import document
    from ..routes import ROUTES as EVERY

    return document(EVERY)


ROUTES = (Route("GET", "openapi.json", describe),)
