"""Answers what a test asks of its ``app``: one JSON request each, from a kernel that may send anything.

Only the driver's own methods can be reached, with decoded plain values; nothing named by a test is opened, imported or
evaluated here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ..errors import AppFault, InvalidInput, MicroappsError
from . import raised, wire
from .app import AsyncApp
from .inside import fault_of, missing

_PROPERTIES = ("errors", "stdout", "stderr", "tree")
_READING = ("text", "value", "table", "controls")
_ACTING = ("set", "click", "choose", "submit", "set_trait", "wait", "upload", "next_change")
_LONGEST_WAIT = 60.0  # seconds; the test's own limit is shorter as a rule


class Remote:
    """One app, reached from another process.

    ``consumed`` counts the errors that the test has read.
    """

    def __init__(self, app: AsyncApp) -> None:
        self._app = app
        self.consumed = 0

    async def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to one request, ready to be sent; faults of app and test become part of it."""
        try:
            return await self._answer(request)
        except MicroappsError as error:
            fault = {"name": type(error).__name__, "what": error.what, "hint": error.hint}
            return {"fault": fault}
        except (TypeError, ValueError, KeyError, AttributeError, OverflowError, RecursionError) as error:
            # A request that makes no sense, such as too many arguments: the test is wrong, and is told so.
            return {"error": {**raised.encode_error(error), "traceback": ""}}

    async def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        do, arguments, keywords = str(request["do"]), list(request["arguments"]), dict(request["keywords"])
        if do == "call":
            return await self._call(arguments, keywords)
        if do in _PROPERTIES:
            if do == "errors":
                self.consumed = len(self._app.errors)
            return {"value": wire.encode(getattr(self._app, do))}
        values = [wire.decode(item) for item in arguments]
        named = {str(key): wire.decode(item) for key, item in keywords.items()}
        if do in _READING:
            read: Callable[..., Any] = getattr(self._app, do)
            return {"value": wire.encode(read(*values, **named))}
        if do not in _ACTING:
            raise InvalidInput(f"There is no '{do}'.")
        if do == "upload":
            _require_contents(values[1:])
        if do in ("wait", "next_change"):
            values = [min(float(value), _LONGEST_WAIT) for value in values]
        act: Callable[..., Any] = getattr(self._app, do)
        await act(*values, **named)
        return {"value": None}

    async def _call(self, arguments: list[Any], keywords: dict[str, Any]) -> dict[str, Any]:
        function = arguments[0]
        if not isinstance(function, str):
            raise InvalidInput("app.call takes the name of a function first, as text.", "app.call('total', 1, 2)")
        answer = await self._app.call_encoded(function, arguments[1:], keywords)
        if isinstance(answer, dict) and "value" in answer:
            return {"value": answer["value"]}
        if isinstance(answer, dict) and isinstance(answer.get("error"), dict):
            error = answer["error"]
            if raised.decode_error(error) is None:
                raise AppFault(**fault_of(function, error))
            return {"error": error}
        raise AppFault(**missing(function, answer))


def _require_contents(files: list[Any]) -> None:
    for file in files:
        if not (isinstance(file, tuple | list) and len(file) == 2 and isinstance(file[1], bytes)):
            raise InvalidInput("An upload takes paths, or pairs (name, bytes).")


def parsed(text: str) -> dict[str, Any]:
    """A request's text as an object; raises ValueError when it is none."""
    try:
        request = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(request, dict) or not {"do", "arguments", "keywords"} <= request.keys():
        raise ValueError("no request")
    return request
