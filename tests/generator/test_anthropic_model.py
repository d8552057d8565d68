"""The endpoint's faults, each over real HTTP through the real client: a retry, or one clear error."""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
import re

import anthropic
import httpx2
import pytest

from microapps.errors import ModelFault, ModelRefused, ModelRejected, ModelUnreachable, TurnIncomplete
from microapps.generator import (
    AnthropicModel,
    Message,
    ModelInfo,
    Retry,
    TextPiece,
    ToolPiece,
    Turn,
    TurnRequest,
    Usage,
)
from microapps.generator.anthropic_errors import ERRORS, STREAM_ERRORS, meaning
from microapps.generator.model import ModelEvent, ToolSpec
from tests.endpoint import Endpoint, call, text

from .conftest import KEY, Pauses

pytestmark = pytest.mark.anyio

SONNET = ModelInfo(id="claude-sonnet-5-5", line="sonnet")
TOOL = ToolSpec("write_app", "Write it.", {"type": "object", "properties": {"title": {"type": "string"}}})


def request(**changes: object) -> TurnRequest:
    values: dict[str, object] = {
        "model": SONNET,
        "system": ("Rules.", "Cards."),
        "tools": (TOOL,),
        "messages": (Message.user("A tip calculator"),),
        "effort": "medium",
    }
    return TurnRequest(**{**values, **changes})  # type: ignore[arg-type]


async def events_of(model: AnthropicModel, asked: TurnRequest | None = None) -> list[ModelEvent]:
    return [event async for event in model.turn(asked or request())]


async def test_a_turn_streams_its_text_and_ends_whole(model: AnthropicModel, endpoint: Endpoint) -> None:
    said = "Each of four friends pays a quarter of the bill, " * 4
    endpoint.answer(said, usage={"input_tokens": 7, "output_tokens": 9, "cache_read_input_tokens": 5})
    events = await events_of(model)
    turn = events[-1]
    assert isinstance(turn, Turn)
    assert turn.message.text == said
    assert "".join(event.text for event in events if isinstance(event, TextPiece)) == said
    assert turn.usage == Usage(7, 9, 5, 0)


async def test_a_tool_call_arrives_whole_and_its_progress_is_shown(model: AnthropicModel, endpoint: Endpoint) -> None:
    value = {"title": "더치페이", "cells": ["import ipywidgets"] * 20}
    endpoint.answer("Writing.", call("write_app", **value))
    events = await events_of(model)
    turn = events[-1]
    assert isinstance(turn, Turn)
    assert turn.stop == "tool_use"
    assert turn.message.tool_uses[0].input == value
    progress = [event.characters for event in events if isinstance(event, ToolPiece)]
    assert progress == sorted(progress)
    assert progress[-1] == len(json.dumps(value, ensure_ascii=False))


async def test_thinking_is_shown_and_kept_with_its_signature(model: AnthropicModel, endpoint: Endpoint) -> None:
    endpoint.answer({"type": "thinking", "thinking": "Let me see.", "signature": "s1"}, "Done.")
    events = await events_of(model)
    assert TextPiece("Let me see.", thought=True) in events
    turn = events[-1]
    assert isinstance(turn, Turn)
    assert turn.message.content[0].model_dump() == {
        "type": "thinking",
        "thinking": "Let me see.",
        "signature": "s1",
    }


PASSING = ["429", "500", "529", "reset", "rst", "eof", "stall", "pings", "malformed", "not-an-event", "error-event"]
PASSING += ["html", "bad-tool-json", "twice", "no-stop-reason"]


@pytest.mark.parametrize("fault", PASSING)
async def test_a_fault_that_passes_is_retried(
    fault: str, model: AnthropicModel, endpoint: Endpoint, pauses: Pauses
) -> None:
    endpoint.fault(fault).answer("Some words first.", call("write_app", title="Tip"))
    events = await events_of(model)
    retries = [event for event in events if isinstance(event, Retry)]
    assert len(retries) == 1 == len(pauses.delays)
    assert retries[0].what
    assert sum(isinstance(event, Turn) for event in events) == 1
    assert events[-1].message.tool_uses[0].input == {"title": "Tip"}  # type: ignore[union-attr]
    assert len(endpoint.requests) == 2
    assert endpoint.requests[0] == endpoint.requests[1]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("429", ModelUnreachable),
        ("529", ModelUnreachable),
        ("reset", ModelUnreachable),
        ("rst", ModelUnreachable),
        ("stall", ModelUnreachable),
        ("eof", TurnIncomplete),
        ("malformed", TurnIncomplete),
        ("html", TurnIncomplete),
        ("bad-tool-json", TurnIncomplete),
    ],
)
async def test_a_fault_that_stays_ends_in_one_clear_error(
    fault: str, error: type[ModelFault], model: AnthropicModel, endpoint: Endpoint
) -> None:
    endpoint.fault(fault, times=9).answer("Words.", call("write_app", title="Tip"))
    with pytest.raises(error) as raised:
        await events_of(model)
    assert raised.value.what
    assert len(endpoint.requests) == 3


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("401", ModelRejected),
        ("402", ModelRejected),
        ("403", ModelRejected),
        ("404", ModelRejected),
        ("413", ModelRejected),
        ("refusal", ModelRefused),
        ("max-tokens", TurnIncomplete),
        ("context", TurnIncomplete),
    ],
)
async def test_what_would_fail_again_is_not_retried(
    fault: str, error: type[ModelFault], model: AnthropicModel, endpoint: Endpoint
) -> None:
    endpoint.fault(fault, times=9).answer("Words.", call("write_app", title="A longer title than one piece" * 9))
    with pytest.raises(error) as raised:
        await events_of(model)
    assert raised.value.hint
    assert len(endpoint.requests) == 1


async def test_failed_attempts_are_paid_for(model: AnthropicModel, endpoint: Endpoint) -> None:
    endpoint.fault("rst").answer("Words.", usage={"input_tokens": 50, "output_tokens": 8})
    events = await events_of(model)
    assert [event.usage.input_tokens for event in events if isinstance(event, Retry)] == [50]


async def test_the_error_says_what_all_attempts_cost(model: AnthropicModel, endpoint: Endpoint) -> None:
    endpoint.fault("max-tokens").answer("Words.", usage={"input_tokens": 50, "output_tokens": 8})
    with pytest.raises(TurnIncomplete) as raised:
        await events_of(model)
    assert raised.value.usage == Usage(50, 8)


async def test_retry_after_is_honoured_up_to_a_limit(model: AnthropicModel, endpoint: Endpoint, pauses: Pauses) -> None:
    endpoint.fault("429", retry_after="7").fault("429", retry_after="600").answer("Done.")
    events = await events_of(model)
    assert pauses.delays == [7.0, 30.0]
    assert "asks to wait 600 seconds" in next(e.what for e in events if isinstance(e, Retry) and e.delay == 30.0)


async def test_delays_grow_when_the_server_names_none(
    model: AnthropicModel, endpoint: Endpoint, pauses: Pauses
) -> None:
    endpoint.fault("529", times=2).answer("Done.")
    await events_of(model)
    assert pauses.delays == [1.0, 2.0]


async def test_the_server_may_say_not_to_retry(model: AnthropicModel, endpoint: Endpoint) -> None:
    endpoint.fault("500", times=3, x_should_retry="false")
    with pytest.raises(ModelUnreachable):
        await events_of(model)
    assert len(endpoint.requests) == 1


async def test_pings_keep_no_turn_alive_beyond_its_deadline(endpoint: Endpoint) -> None:
    endpoint.fault("pings", times=9).answer("Words.")
    began = asyncio.get_running_loop().time()
    async with AnthropicModel(None, endpoint.url, stall=20) as model:
        with pytest.raises(ModelUnreachable, match="did not finish within 1 seconds"):
            await events_of(model, request(seconds=1.0))
    assert asyncio.get_running_loop().time() - began < 10


async def test_nobody_listens() -> None:
    async with AnthropicModel(None, "http://127.0.0.1:9", pause=Pauses()) as model:
        with pytest.raises(ModelUnreachable, match="could not be reached"):
            await events_of(model)


async def test_an_address_that_is_none() -> None:
    async with AnthropicModel(None, "ftp://127.0.0.1:9", pause=Pauses()) as model:
        with pytest.raises(ModelRejected, match="no web address"):
            await events_of(model)


async def test_a_cancelled_turn_leaves_no_connection(endpoint: Endpoint) -> None:
    endpoint.fault("stall").answer("Words.")
    async with AnthropicModel(None, endpoint.url, stall=20) as model:
        task = asyncio.create_task(events_of(model))
        while not endpoint.requests:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_the_key_never_shows(endpoint: Endpoint, model: AnthropicModel, caplog: pytest.LogCaptureFixture) -> None:
    endpoint._answers.append({"answer": {"content": [text("x")]}})
    endpoint.rejects = {"system"}
    caplog.set_level(logging.DEBUG)
    with pytest.raises(ModelRejected) as raised:
        await events_of(model)
    assert KEY in endpoint.headers[0]["authorization"]
    assert KEY not in repr(model) + str(raised.value) + caplog.text


async def test_a_key_that_the_endpoint_echoes_is_left_out(model: AnthropicModel) -> None:
    assert KEY not in model._clean(f"the key {KEY} is not valid\x1b[31m")
    assert "\x1b" not in model._clean("\x1b[31mred")


async def test_settings_a_server_rejects_are_left_out_once_and_for_good(
    model: AnthropicModel, endpoint: Endpoint, pauses: Pauses
) -> None:
    endpoint.rejects = {"output_config", "thinking"}
    endpoint.answer("One.").answer("Two.")
    await events_of(model)
    await events_of(model)
    assert [sorted({"output_config", "thinking"} & set(r)) for r in endpoint.requests] == [
        ["output_config", "thinking"],
        [],
        [],
    ]
    assert pauses.delays == []


async def test_settings_are_sent_only_where_supported(model: AnthropicModel, endpoint: Endpoint) -> None:
    endpoint.answer("One.").answer("Two.").answer("Three.")
    await events_of(model)
    await events_of(model, request(model=ModelInfo(id="qwen3-coder:30b")))
    await events_of(model, request(model=ModelInfo(id="x", line="opus", efforts=("low",), thinking=False)))
    known, local, limited = endpoint.requests
    assert known["output_config"] == {"effort": "medium"}
    assert known["thinking"] == {"type": "adaptive", "display": "summarized"}
    for sent in (local, limited):
        assert not {"output_config", "thinking"} & set(sent)
    for sent in endpoint.requests:
        assert sent["stream"] is True
        assert not {"temperature", "top_p", "top_k", "tool_choice"} & set(sent)


async def test_the_prefix_is_marked_for_the_cache(model: AnthropicModel, endpoint: Endpoint) -> None:
    endpoint.answer("One.")
    await events_of(model)
    sent = endpoint.requests[0]
    assert [block.get("cache_control") for block in sent["system"]] == [None, {"type": "ephemeral"}]
    assert sent["cache_control"] == {"type": "ephemeral"}
    assert "cache_control" not in json.dumps(sent["messages"])


async def test_the_list_of_models(model: AnthropicModel) -> None:
    opus = next(found for found in await model.models() if found.line == "opus")
    assert opus.id == "claude-opus-5-5"
    assert opus.efforts == ("low", "medium", "high")
    assert opus.thinking is True
    assert opus.max_tokens == 64_000


async def test_a_local_servers_list() -> None:
    listed = [{"id": "qwen3-coder:30b", "object": "model", "created": 1, "owned_by": "library"}]
    with Endpoint(models=listed) as endpoint:
        async with AnthropicModel(None, endpoint.url) as model:
            found = await model.models()
    assert found == (ModelInfo(id="qwen3-coder:30b", name="qwen3-coder:30b"),)


async def test_a_server_without_a_list() -> None:
    with Endpoint(models=[]) as endpoint:
        async with AnthropicModel(None, endpoint.url) as model:
            assert await model.models() == ()


def test_every_error_of_the_client_means_something_of_its_own() -> None:
    """One that a newer release brings means what the nearest known one does, which must not be the mother of all."""
    public = {value for value in vars(anthropic).values() if _is_error(value, anthropic.AnthropicError)}
    of_all = {anthropic.AnthropicError, anthropic.APIError, anthropic.APIStatusError}
    nearest = {kind: next(base for base in kind.__mro__ if base in ERRORS) for kind in public}
    assert {kind.__name__ for kind, base in nearest.items() if base in of_all and kind is not base} == set()


def test_every_error_of_the_transport_means_something() -> None:
    public = {getattr(httpx2, name) for name in httpx2.__all__ if _is_error(getattr(httpx2, name, None), Exception)}
    unrelated = {httpx2.CookieConflict} | {kind for kind in public if issubclass(kind, Warning)}
    assert {kind.__name__ for kind in public - unrelated if meaning(kind.__new__(kind)) is None} == set()


def test_every_type_of_error_event_is_in_the_table() -> None:
    from anthropic.types.shared.error_type import ErrorType

    known = set(ErrorType.__args__)  # type: ignore[attr-defined]
    of_other_services = {"memory_precondition_failed_error", "memory_path_conflict_error"}
    assert known - of_other_services - set(STREAM_ERRORS) == set()


def _is_error(value: object, base: type[BaseException]) -> bool:
    return inspect.isclass(value) and issubclass(value, base)


def test_no_hint_names_a_command_that_is_not_there() -> None:
    hints = " ".join(each.hint for each in ERRORS.values())
    assert set(re.findall(r"microapps (\w+)", hints)) <= {"config", "doctor"}
    assert "config models" not in hints
