"""The harness's end of the comm to :mod:`.kernel_side`: functions called, option values, and a wait for all is said."""

from __future__ import annotations

import asyncio
import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import uuid4

from ..errors import AppFault, InvalidInput
from . import raised, wire
from .channels import Message
from .kernel_side import TARGET
from .sent import VALUES, source
from .session import Exchange, Session


@cache
def prelude() -> str:
    """The code that puts the kernel's side into a kernel; it leaves no name in the app's namespace."""
    side, values = source("kernel_side"), source(*VALUES)
    return (
        "def _(names):\n"
        f"    exec(compile({side!r}, 'microapps_kernel_side.py', 'exec'), names)\n"
        f"    names['KernelSide'](get_ipython(), {values!r})\n"
        "_({'__name__': 'microapps_kernel_side'})\n"
        "del _\n"
    )


class Inside:
    """Asks the driver's part in the kernel. Whatever comes back is checked before it is believed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._comm = uuid4().hex
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._count = 0
        session.private[self._comm] = self._heard

    async def install(self) -> None:
        """Put the kernel's side in place, before anything of the app runs.

        Raises :class:`~microapps.errors.MachineFault` when the kernel does not take it.
        """
        session = self._session
        content = {"code": prelude(), "silent": True, "store_history": False, "user_expressions": {}}
        session.send("execute_request", {**content, "allow_stdin": False}, Exchange("preparing the kernel"))
        opening = {"comm_id": self._comm, "target_name": TARGET, "data": {}}
        exchange = Exchange("preparing the kernel")
        session.send("comm_open", opening, exchange)
        await session.prepared(exchange)

    async def ask(self, do: str, exchange: Exchange, seconds: float | None = None, **request: Any) -> Any:
        """Send a request and return its answer, parsed but not yet believed."""
        self._count += 1
        number = self._count
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        text = wire.dumps({"do": do, "id": number, **request})
        self._session.begin(exchange)
        self._session.send("comm_msg", {"comm_id": self._comm, "data": {"request": text}}, exchange)
        try:
            await self._session.finish(exchange, seconds, also=future)
        finally:
            self._waiting.pop(number, None)
        return future.result()

    def _heard(self, message: Message) -> None:
        data = message["content"].get("data") or {}
        future = self._waiting.get(data.get("id", 0))
        if message["msg_type"] == "comm_close":
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(AppFault("The app's kernel has no part for the driver to call."))
        elif future is not None and not future.done():
            try:
                future.set_result(json.loads(data["answer"]))
            except (ValueError, TypeError, KeyError, RecursionError) as error:
                future.set_exception(AppFault(f"The app's kernel gave an answer that cannot be read ({error})."))

    async def settle(self, exchange: Exchange) -> None:
        """Return when everything the app has said so far is read."""
        await self.ask("settle", exchange)

    async def cells(self) -> dict[str, int]:
        """Execution counts of the cells by the file name that tracebacks give."""
        answer = await self.ask("cells", Exchange("asking for the cells"))
        if not isinstance(answer, Mapping):
            return {}
        return {str(name): count for name, count in answer.items() if isinstance(count, int)}

    async def options(self, models: Iterable[str]) -> dict[str, Sequence[Any] | None]:
        """The values behind the labels of selection widgets, by model id; None where they are not known."""
        wanted = list(models)
        answer = await self.ask("options", Exchange("asking for the options"), models=wanted)
        return {model: _decoded(answer.get(model)) if isinstance(answer, Mapping) else None for model in wanted}

    async def call(self, function: str, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> Any:
        """Call a function; arguments and answer (``{"value"}``, ``{"error"}`` or ``{"missing"}``) are encoded."""
        return await self.ask(
            "call",
            Exchange(f"calling {function}()", control=f"{function}()"),
            function=function,
            arguments=list(arguments),
            keywords=dict(keywords),
        )


def _decoded(values: Any) -> Sequence[Any] | None:
    if not isinstance(values, list):
        return None
    try:
        return [wire.decode(value) for value in values]
    except Exception:  # a hostile or unknown value: the labels are enough
        return None


def encoded(function: str, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """Arguments of a call as JSON-able data; raises :class:`~microapps.errors.InvalidInput` if one does not travel."""
    try:
        return [wire.encode(item) for item in arguments], {key: wire.encode(item) for key, item in keywords.items()}
    except ValueError as error:
        raise InvalidInput(f"{function}() was not called: {error}.", "Pass plain values.") from error


def outcome(function: str, answer: Any) -> Any:
    """What a call returned, decoded; or raises what it raised (see :meth:`microapps.testing.AsyncApp.call`)."""
    try:
        if "value" in answer:
            return wire.decode(answer["value"])
        if "error" in answer:
            error = raised.decode_error(answer["error"])
            if error is None:
                raise AppFault(**fault_of(function, answer["error"]))
            raise error
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        if "error" in answer and isinstance(answer["error"], Mapping):
            raise
        raise AppFault(f"{function}() answered with something that cannot be read ({error}).") from error
    raise AppFault(**missing(function, answer))


def fault_of(function: str, error: Mapping[str, Any]) -> dict[str, str]:
    """What and hint of the fault for an exception that is no builtin's."""
    what = f"{function}() raised {error.get('name', 'an exception')}: {error.get('message', '')}"
    return {"what": what, "hint": str(error.get("traceback", ""))[-2000:]}


def missing(function: str, answer: Any) -> dict[str, str]:
    """What and hint of the fault for a function that the app does not have."""
    names = [str(name)[:80] for name in answer.get("names", ())][:200] if isinstance(answer, Mapping) else []
    near = difflib.get_close_matches(function[:80], names, n=1)
    said = str(answer.get("missing", "no answer")) if isinstance(answer, Mapping) else "no answer"
    hint = f"Did you mean {near[0]!r}? " if near else ""
    return {"what": f"{said[:1].upper()}{said[1:]}.", "hint": f"{hint}Its functions: {', '.join(names) or 'none'}."}
