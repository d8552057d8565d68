"""Any endpoint that speaks the Messages API, through the ``anthropic`` package; the only file that imports it.

A turn is always streamed. The package's own retries are off: they end where the stream starts and are invisible, so
one loop here retries both what fails before the stream and what fails inside it, and says so. An attempt that fails
leaves nothing behind but its cost; only a whole turn comes out (see :mod:`microapps.generator.assembly`).
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import anthropic
import httpx2
from pydantic import SecretStr

from ..errors import ModelFault, ModelRejected, ModelUnreachable, TurnIncomplete
from .assembly import Assembly, Malformed
from .model import ModelEvent, ModelInfo, Retry, TurnRequest, Usage
from .retries import Retries, retry_after

STALL_SECONDS = 180.0
"""No event of a turn for that long (pings are none) counts as a dead stream. An endpoint may buffer the longest
argument of a tool before it sends it; a large cell takes about a minute."""

CONNECT_SECONDS = 15.0
CACHE = {"type": "ephemeral"}
LARGEST_TEXT = 600


@dataclass(frozen=True)
class _Meaning:
    """What a foreign error means here. ``again`` says whether the same request may succeed later."""

    error: type[ModelFault]
    what: str
    hint: str = ""
    again: bool = False


_BUSY = _Meaning(ModelUnreachable, "The model's endpoint is overloaded.", "Try again in a few minutes.", again=True)
_LIMITED = _Meaning(
    ModelUnreachable, "The model's endpoint takes no more requests for now.", "Try again in a few minutes.", again=True
)
_BROKEN = _Meaning(
    ModelUnreachable, "The model's endpoint has an internal error.", "Try again in a few minutes.", again=True
)
_NETWORK = _Meaning(
    ModelUnreachable,
    "The model's endpoint could not be reached.",
    "Look at the network and at the setting 'base_url' (microapps doctor).",
    again=True,
)
_SLOW = _Meaning(ModelUnreachable, "The model's endpoint did not answer in time.", _NETWORK.hint, again=True)
_CUT = _Meaning(ModelUnreachable, "The connection to the model was lost in the middle.", _NETWORK.hint, again=True)
_GARBLED = _Meaning(
    TurnIncomplete,
    "The model's endpoint sent something that is not of the Messages API.",
    "Look at the setting 'base_url'; a proxy or a sign-in page may be answering.",
    again=True,
)
_KEY = _Meaning(
    ModelRejected, "The model's endpoint does not accept the key.", "Set a valid one: microapps config key."
)
_CREDIT = _Meaning(
    ModelRejected, "The account has no credit left or reached its spending limit.", "Top it up, or raise the limit."
)
_FORBIDDEN = _Meaning(ModelRejected, "The key may not do this.", "Use another key, or another model.")
_REQUEST = _Meaning(
    ModelRejected, "The model's endpoint rejected the request.", "Look at the settings 'model' and 'base_url'."
)
_MISSING = _Meaning(
    ModelRejected,
    "The model's endpoint does not know this model or address.",
    "Look at the settings 'model' and 'base_url' (microapps doctor).",
)
_LARGE = _Meaning(ModelRejected, "The request is too large for the endpoint.", "Start from a fork, or attach less.")
_ADDRESS = _Meaning(ModelRejected, "The setting 'base_url' is no web address.", "It begins with https:// or http://.")
_ACCOUNT = _Meaning(ModelRejected, "The model's endpoint turned this account away.", "Ask whoever runs the account.")

ERRORS: dict[type[BaseException], _Meaning] = {
    anthropic.AnthropicError: _REQUEST,
    anthropic.APIError: _BROKEN,
    anthropic.APIStatusError: _REQUEST,
    anthropic.APIConnectionError: _NETWORK,
    anthropic.APITimeoutError: _SLOW,
    anthropic.APIResponseValidationError: _GARBLED,
    anthropic.APIWebhookValidationError: _REQUEST,
    anthropic.RetryableError: _NETWORK,
    anthropic.AuthenticationError: _KEY,
    anthropic.CredentialsError: _KEY,
    anthropic.IdentityTokenFileError: _KEY,
    anthropic.WorkloadIdentityError: _KEY,
    anthropic.PaymentRequiredError: _CREDIT,
    anthropic.LinkedOrganizationBillingUnavailableError: _CREDIT,
    anthropic.LinkedOrganizationSpendLimitReachedError: _CREDIT,
    anthropic.ContractSpendLimitReachedError: _CREDIT,
    anthropic.EnforcedSpendLimitReachedError: _CREDIT,
    anthropic.PermissionDeniedError: _FORBIDDEN,
    anthropic.SandboxEgressRestrictedError: _FORBIDDEN,
    anthropic.NotFoundError: _MISSING,
    anthropic.BadRequestError: _REQUEST,
    anthropic.UnprocessableEntityError: _REQUEST,
    anthropic.PreconditionFailedError: _REQUEST,
    anthropic.RequestBodyEncodingInvalidError: _REQUEST,
    anthropic.RequestBodyEncodingUnsupportedError: _REQUEST,
    anthropic.RequestHeaderFieldsTooLargeError: _REQUEST,
    anthropic.ContentTooLargeError: _LARGE,
    anthropic.RequestBodyTooLargeAfterDecodingError: _LARGE,
    anthropic.OrganizationOnHoldError: _ACCOUNT,
    anthropic.OrganizationTypeNotSupportedError: _ACCOUNT,
    anthropic.ParentOrganizationRequiredError: _ACCOUNT,
    anthropic.ClaudeCodeKeyCreatorNotMemberError: _ACCOUNT,
    anthropic.ClaudeCodeVersionTooOldError: _ACCOUNT,
    anthropic.CMEKKeyDisabledError: _ACCOUNT,
    anthropic.CMEKKeyNetworkBlockedError: _ACCOUNT,
    anthropic.CMEKContextUnavailableError: _BROKEN,
    anthropic.CMEKKeyUnreachableError: _BROKEN,
    anthropic.RequestTimeoutError: _SLOW,
    anthropic.GatewayTimeoutError: _SLOW,
    anthropic.ClientClosedRequestError: _CUT,
    anthropic.ConflictError: _BROKEN,
    anthropic.RateLimitError: _LIMITED,
    anthropic.RampLimitExceededError: _LIMITED,
    anthropic.OverloadedError: _BUSY,
    anthropic.ServiceUnavailableError: _BUSY,
    anthropic.InternalServerError: _BROKEN,
    anthropic.HTTPNotImplementedError: _MISSING,
    httpx2.HTTPError: _CUT,
    httpx2.TimeoutException: _SLOW,
    httpx2.ConnectError: _NETWORK,
    httpx2.UnsupportedProtocol: _ADDRESS,
    httpx2.StreamError: _CUT,
    httpx2.InvalidURL: _ADDRESS,
    # Raised by the package on streams that are not what they should be (measured against a faulty server):
    ValueError: _GARBLED,
    TypeError: _GARBLED,
    AttributeError: _GARBLED,
    AssertionError: _GARBLED,
    RuntimeError: _GARBLED,
    OSError: _CUT,
    TimeoutError: _SLOW,
}
"""What each error class of the package and of its transport means; the nearest base class in this table decides."""

STREAM_ERRORS: dict[str, _Meaning] = {
    "overloaded_error": _BUSY,
    "rate_limit_error": _LIMITED,
    "timeout_error": _SLOW,
    "api_error": _BROKEN,
    "conflict_error": _BROKEN,
    "authentication_error": _KEY,
    "billing_error": _CREDIT,
    "permission_error": _FORBIDDEN,
    "not_found_error": _MISSING,
    "invalid_request_error": _REQUEST,
}
"""What an error event inside a stream means, by its type; such a response has status 200, so its class says nothing."""


def meaning(error: BaseException) -> _Meaning | None:
    """What an error means here; None if it is none of the package's or its transport's."""
    if isinstance(error, anthropic.APIStatusError) and error.status_code < 400:
        return STREAM_ERRORS.get(str(error.type), _BROKEN)
    if isinstance(error.__cause__, httpx2.UnsupportedProtocol):
        error = error.__cause__  # comes wrapped as a connection error, which would be tried again
    return next((ERRORS[kind] for kind in type(error).__mro__ if kind in ERRORS), None)


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
