"""One line of the table of routes: a method, an address, and the function that answers.

All else is read off the function: its docstring says what the route is for, its positional parameters stand for the
address's ``{parts}``, a parameter ``wish`` is the request's body, its keyword-only parameters are the query, and what
it returns is the answer. So the table, the checks of what comes in, and the description of the API cannot differ.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_type_hints

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
WHOLE_PATH = ("path",)
"""Parts of addresses that may hold slashes."""


@dataclass(frozen=True)
class Sent:
    """A server-sent event; ``number`` is None for one that cannot be asked for again, ``event`` empty for a message."""

    data: str
    number: int | None = None
    event: str = ""


@dataclass(frozen=True)
class Stream:
    """An answer that goes on: server-sent events, with a comment as a heartbeat while there is none."""

    events: AsyncIterator[Sent] = field(repr=False)


@dataclass(frozen=True)
class Download:
    """An answer that is a file. ``name`` makes it one to be saved; without it, it is shown.

    ``digest`` is of its content, so that a browser need not fetch it twice; ``passing`` has it removed afterwards.
    """

    path: Path
    media: str
    name: str = ""
    digest: str = ""
    passing: bool = False


@dataclass(frozen=True)
class Route:
    """One route.

    Attributes
    ----------
    path : below the API's base, with ``{parts}``.
    act : the coroutine function that answers; its first parameter is the :class:`~microapps.server.call.Call`.
    media : of an answer that is no JSON; several, where the request says which.
    status : of an answer that went well.
    raw : whether the body is a file that ``act`` is given as it was received, and not JSON.
    """

    method: Method
    path: str
    act: Callable[..., Awaitable[Any]]
    media: str | tuple[str, ...] = "application/json"
    status: int = 200
    raw: bool = False

    @property
    def key(self) -> str:
        """What the route is called: unique among all routes."""
        return f"{self.method} {self.path}"

    @property
    def medias(self) -> tuple[str, ...]:
        """Every form of the answer."""
        return (self.media,) if isinstance(self.media, str) else self.media

    @property
    def about(self) -> str:
        """What the route is for, in a paragraph."""
        return inspect.getdoc(self.act) or ""

    @cached_property
    def _hints(self) -> dict[str, Any]:
        return get_type_hints(self.act, include_extras=True)

    @cached_property
    def takes(self) -> Any:
        """The type of the body; None where there is none."""
        return self._hints.get("wish")

    @cached_property
    def answers(self) -> Any:
        """The type of the answer; None where it is no JSON."""
        kind = self._hints.get("return")
        return None if kind in (Stream, Download, type(None)) else kind

    @cached_property
    def query(self) -> Mapping[str, inspect.Parameter]:
        """The parameters of the query, with their types and defaults."""
        parameters = inspect.signature(self.act).parameters.values()
        return {
            one.name: one.replace(annotation=self._hints[one.name])
            for one in parameters
            if one.kind is inspect.Parameter.KEYWORD_ONLY
        }

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the address's parts, in order."""
        return tuple(re.findall(r"{(\w+)}", self.path))

    @property
    def pattern(self) -> str:
        """A regular expression for the address, with a group for each part."""
        return re.sub(r"{(\w+)}", lambda part: "(.*?)" if part[1] in WHOLE_PATH else "([^/]+)", self.path)
