"""Any endpoint that speaks the Messages API, through the ``anthropic`` package.

Only this file and :mod:`.anthropic_errors` import it.

A turn is always streamed. The package's own retries are off: they end where the stream starts and are invisible, so
one loop here retries both what fails before the stream and what fails inside it, and says so. An attempt that fails
leaves nothing behind but its cost; only a whole turn comes out (see :mod:`microapps.generator.assembly`).
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

import anthropic
import httpx2
from pydantic import SecretStr

from ..errors import ModelFault, ModelUnreachable
from .anthropic_errors import meaning
from .assembly import Assembly, Malformed
from .model import ModelEvent, ModelInfo, Retry, TurnRequest, Usage
from .retries import Retries, retry_after

STALL_SECONDS = 180.0
"""No event of a turn for that long (pings are none) counts as a dead stream. An endpoint may buffer the longest
argument of a tool before it sends it; a large cell takes about a minute."""

CONNECT_SECONDS = 15.0
CACHE = {"type": "ephemeral"}
LARGEST_TEXT = 600


class _Failed(Exception):
    """One attempt failed; ``usage`` is what it cost all the same."""

    def __init__(
        self, fault: ModelFault, *, again: bool, asked: float | None, usage: Usage, plain: bool = False
    ) -> None:
        super().__init__(fault.what)
        self.fault, self.again, self.asked, self.usage, self.plain = fault, again, asked, usage, plain


class AnthropicModel:
    """A model behind the Messages API.

    Parameters
    ----------
    key : the key; None for a local server that wants none.
    base_url : the endpoint; empty for Anthropic's own.
    retries : bounds of trying again.
    stall : seconds without an event after which a stream counts as dead.
    pause, chance : the clock and the dice of the delays, for tests.
    """

    def __init__(
        self,
        key: SecretStr | None = None,
        base_url: str = "",
        *,
        retries: Retries = Retries(),  # noqa: B008 (frozen)
        stall: float = STALL_SECONDS,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._key, self._base_url = key, base_url
        self._retries, self._stall, self._pause, self._chance = retries, stall, pause, chance
        self._plain: set[str] = set()
        self._client = anthropic.AsyncAnthropic(
            api_key=key.get_secret_value() if key else "none",
            base_url=base_url or "https://api.anthropic.com",
            max_retries=0,
            timeout=httpx2.Timeout(stall, connect=min(CONNECT_SECONDS, stall)),
        )

    def __repr__(self) -> str:
        return f"AnthropicModel(base_url={self._base_url!r})"

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def __aenter__(self) -> AnthropicModel:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def models(self) -> tuple[ModelInfo, ...]:
        failures = 0
        while True:
            try:
                async with asyncio.timeout(self._stall):
                    return tuple([_info(found) async for found in self._client.models.list(limit=100)])
            except anthropic.NotFoundError:
                return ()  # many local servers keep no list
            except Exception as error:
                failed = self._failed(error, Usage())
                failures += 1
                if not failed.again or failures >= self._retries.attempts:
                    raise failed.fault from error
                await self._pause(self._retries.delay(failures, failed.asked, self._chance))

    async def turn(self, request: TurnRequest) -> AsyncGenerator[ModelEvent, None]:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + request.seconds
        failures, lost = 0, Usage()
        while True:
            try:
                async with aclosing(self._attempt(request, deadline)) as events:
                    async for event in events:
                        yield event
                return
            except _Failed as failed:
                lost += failed.usage
                if failed.plain:
                    self._plain.add(request.model.id)
                    yield Retry("The endpoint takes no effort or thinking settings; asking without them.", 0.0)
                    continue
                failures += 1
                delay = self._retries.delay(failures, failed.asked, self._chance)
                in_time = loop.time() + delay < deadline
                if not failed.again or failures >= self._retries.attempts or not in_time:
                    failed.fault.usage = lost
                    raise failed.fault from failed.__cause__
                yield Retry(failed.fault.what, delay, failed.usage)
                lost = Usage()
            await self._pause(delay)

    async def _attempt(self, request: TurnRequest, deadline: float) -> AsyncGenerator[ModelEvent, None]:
        """One attempt: its pieces, then its turn; every failure leaves as :class:`_Failed`."""
        assembly = Assembly()
        plain = request.model.id in self._plain
        params = _params(request, plain=plain)
        loop = asyncio.get_running_loop()
        stream: anthropic.AsyncStream[Any] | None = None

        async def timely(step: Awaitable[Any]) -> Any:
            """A step of the stream, in time: neither a stall nor the turn's deadline is passed."""
            async with asyncio.timeout(max(0.0, min(self._stall, deadline - loop.time()))):
                return await step

        try:
            stream = await timely(self._client.messages.create(**params, stream=True))
            events = aiter(stream)
            while True:
                try:
                    raw = await timely(anext(events))
                except StopAsyncIteration:
                    break
                piece = assembly.take(_as_mapping(raw))
                if piece is not None:
                    yield piece
            turn = assembly.turn()
        except ModelFault as fault:
            again = isinstance(fault, Malformed)
            raise _Failed(fault, again=again, asked=None, usage=assembly.usage) from fault
        except Exception as error:
            rejected_extras = isinstance(error, anthropic.BadRequestError) and not plain and _extras(request)
            failed = self._failed(error, assembly.usage, plain=bool(rejected_extras))
            if loop.time() >= deadline:
                failed.fault = ModelUnreachable(
                    f"The model did not finish within {request.seconds:.0f} seconds.",
                    "Try again, or take a faster model (--speed fast).",
                )
                failed.again = False
            raise failed from error
        finally:
            if stream is not None:
                await stream.close()
        yield turn

    def _failed(self, error: Exception, usage: Usage, *, plain: bool = False) -> _Failed:
        """The error as one of ours; it propagates unchanged if it is none of the package's."""
        found = meaning(error)
        if found is None:
            raise error
        said, asked, again = "", None, found.again
        if isinstance(error, anthropic.APIStatusError):
            said = error.api_message or ""
            asked = retry_after(error.response.headers)
            wanted = error.response.headers.get("x-should-retry")
            again = {"true": True, "false": False}.get(wanted or "", again)
        what = f"{found.what} It says: “{self._clean(said)}”." if said else found.what
        if asked is not None and asked > self._retries.longest_asked:
            what += f" It asks to wait {asked:.0f} seconds."
        return _Failed(found.error(what, found.hint), again=again, asked=asked, usage=usage, plain=plain)

    def _clean(self, said: str) -> str:
        """An endpoint's words fit to be shown: bounded, printable, and without the key should it echo it."""
        text = "".join(c if c.isprintable() else " " for c in said)[:LARGEST_TEXT]
        secret = self._key.get_secret_value() if self._key else ""
        return text.replace(secret, "…") if secret else text


def _params(request: TurnRequest, *, plain: bool) -> dict[str, Any]:
    """The request as the Messages API takes it.

    The prefix (tools, system) carries one cache mark of its own; the mark that moves along with the conversation is the
    request's own field, so that the messages already sent stay the same to the byte.
    """
    system: list[dict[str, Any]] = [{"type": "text", "text": text} for text in request.system]
    if system:
        system[-1]["cache_control"] = CACHE
    params: dict[str, Any] = {
        "model": request.model.id,
        "max_tokens": request.max_tokens,
        "tools": [tool.as_param() for tool in request.tools],
        "system": system,
        "messages": [message.model_dump(mode="json") for message in request.messages],
    }
    return params if plain else {**params, **_extras(request)}


def _extras(request: TurnRequest) -> dict[str, Any]:
    """Settings not every server knows: sent where the endpoint says it takes them, or is of a known line."""
    model, extras = request.model, {}
    if model.line:
        extras["cache_control"] = CACHE
    if request.effort and (request.effort in model.efforts if model.efforts is not None else bool(model.line)):
        extras["output_config"] = {"effort": request.effort}
    if model.thinking if model.thinking is not None else bool(model.line):
        extras["thinking"] = {"type": "adaptive", "display": "summarized"}
    return extras


def _as_mapping(raw: Any) -> dict[str, Any]:
    if isinstance(raw, dict):
        return raw
    try:
        return dict(raw.to_dict())
    except AttributeError as error:
        raise Malformed("The endpoint sent an event that is not of the Messages API.") from error


def _info(found: anthropic.types.ModelInfo) -> ModelInfo:
    """A listed model; local servers leave out most of the fields, which the package then leaves unset."""

    def get(value: Any, *names: str) -> Any:
        for name in names:
            value = value.get(name) if isinstance(value, dict) else getattr(value, name, None)
        return value

    def whole(name: str) -> int | None:
        value = get(found, name)
        return value if isinstance(value, int) else None

    line, created, can = get(found, "line"), get(found, "created_at"), get(found, "capabilities")
    levels = [level for level in ("low", "medium", "high", "xhigh", "max") if get(can, "effort", level, "supported")]
    return ModelInfo(
        id=str(get(found, "id")),
        name=str(get(found, "display_name") or get(found, "id")),
        line=str((line if isinstance(line, str) else get(line, "id")) or "").lower(),
        lifecycle=str(get(found, "lifecycle") or "active"),
        created=created.isoformat() if hasattr(created, "isoformat") else str(created or ""),
        max_tokens=whole("max_tokens"),
        max_input_tokens=whole("max_input_tokens"),
        efforts=None if can is None else tuple(levels),
        thinking=None if can is None else bool(get(can, "thinking", "types", "adaptive", "supported")),
        images=None if can is None else bool(get(can, "image_input", "supported")),
    )
