"""What a function that answers a route is given besides the request's own words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, ParamSpec, TypeVar

if TYPE_CHECKING:
    from ..studio import Studio
    from .service import Service
    from .uploads import Receiving

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Call:
    """One request.

    Attributes
    ----------
    service : what this server has.
    studio : its studio, open.
    user : who asks; empty for whoever has the server's token.
    language : what the browser prefers, ``en`` or ``ko``.
    origin : scheme, host and port of this server, as the request named it.
    last_seen : the number of the last server-sent event that the reader has; 0 for none.
    body : of a raw request: the file it was received as.
    """

    service: Service
    studio: Studio
    user: str
    language: Literal["en", "ko"] = "en"
    origin: str = ""
    last_seen: int = 0
    body: Receiving | None = None

    def with_body(self, body: Receiving | None) -> Call:
        """The same call with a file that was received."""
        return replace(self, body=body)

    async def work(self, act: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
        """Do what may take more than a few milliseconds, such as a use of the library, beside the event loop."""
        return await asyncio.to_thread(act, *args, **options)
