"""The loop through the real client over real HTTP: the prefix, faults in the middle of a job, changes of model."""

from __future__ import annotations

import json
from typing import Any

import pytest

from microapps.errors import ModelRefused, ModelUnreachable, TurnIncomplete
from microapps.generator import AnthropicModel, Outcome, Speed, Task
from tests.endpoint import STREAM_FAULTS, Endpoint, call, text

from .jobs import SOURCES, Checks, Run, accepted

pytestmark = pytest.mark.anyio

EDIT = call("edit_cell", cell="ui", old='"Bill"', new='"Total"')
DONE = "It splits the bill."


def make(endpoint: Endpoint) -> None:
    """Answers for: an app that fails its checks, one repair, last words."""
    thought = {"type": "thinking", "thinking": "Shares first.", "signature": "s1"}
    endpoint.answer(thought, "I write it.", call("write_app", **SOURCES)).answer(EDIT).answer(DONE)


async def test_a_job_over_http(model: AnthropicModel, endpoint: Endpoint) -> None:
    make(endpoint)
    run = Run(checks=Checks("NameError"))
    outcome = await run(model=model)
    assert outcome.app is not None
    assert outcome.text == DONE
    assert outcome.model == "claude-sonnet-5-5"
    assert outcome.dollars == pytest.approx(3 * (1000 * 2 + 100 * 10) / 1e6)
    assert next(event.thought for event in run.events if event.kind == "text")
    assert endpoint.left == 0


async def test_requests_share_their_prefix_to_the_byte(model: AnthropicModel, endpoint: Endpoint) -> None:
    make(endpoint)
    await Run(checks=Checks("NameError"))(model=model)
    first, second, third = (prefix_of(request) for request in endpoint.requests)
    assert second.startswith(first)
    assert third.startswith(second)


async def test_jobs_share_tools_and_system_text_to_the_byte(model: AnthropicModel, endpoint: Endpoint) -> None:
    endpoint.answer(call("write_app", **SOURCES)).answer(DONE).answer(EDIT).answer(DONE)
    await Run()(model=model)
    await Run()(Task("Rename it", current=accepted(), preferences=("Short.",)), model=model)
    heads = {json.dumps([request["tools"], request["system"]]) for request in endpoint.requests}
    assert len(heads) == 1


def prefix_of(request: dict[str, Any]) -> str:
    """A request's tools, system text and messages in the order in which an endpoint caches them."""
    messages = json.dumps(request["messages"], ensure_ascii=False)
    return json.dumps(request["tools"]) + json.dumps(request["system"], ensure_ascii=False) + messages.rstrip("]")


PASSING = sorted({"429", "529", "500", *STREAM_FAULTS} - {"max-tokens", "refusal", "context"})


EVERYWHERE = [("rst", 0), ("eof", 0), ("529", 0), ("rst", 2), ("eof", 2), ("529", 2)]


@pytest.mark.parametrize(("fault", "where"), [*((fault, 1) for fault in PASSING), *EVERYWHERE])
async def test_a_fault_in_any_turn_makes_nothing_twice(
    fault: str, where: int, model: AnthropicModel, endpoint: Endpoint
) -> None:
    make(endpoint)
    endpoint.delay_faults(where).fault(fault)
    run = Run(checks=Checks("NameError"))
    outcome = await run(model=model)
    assert outcome.app is not None
    assert len(run.checks.apps) == 2
    assert [event.kind for event in run.events].count("retrying") == 1
    assert len(outcome.messages) == 6
    assert len(endpoint.requests) == 4
    assert endpoint.requests[where] == endpoint.requests[where + 1]


@pytest.mark.parametrize(
    ("fault", "error"), [("rst", ModelUnreachable), ("refusal", ModelRefused), ("max-tokens", TurnIncomplete)]
)
async def test_what_was_written_outlives_the_endpoint(
    fault: str, error: type[Exception], model: AnthropicModel, endpoint: Endpoint
) -> None:
    make(endpoint)
    endpoint.delay_faults(1).fault(fault, times=9)
    run = Run(checks=Checks("NameError"))
    with pytest.raises(error) as raised:
        await run(model=model)
    outcome = raised.value.outcome  # type: ignore[attr-defined]
    assert isinstance(outcome, Outcome)
    assert outcome.draft == run.checks.apps[0]
    assert outcome.usage.output_tokens >= 100


async def test_input_cut_by_max_tokens_is_never_used(model: AnthropicModel, endpoint: Endpoint) -> None:
    make(endpoint)
    endpoint.fault("max-tokens")
    run = Run(checks=Checks("NameError"))
    outcome = await run(model=model)
    assert outcome.app is not None
    assert len(run.checks.apps) == 2
    assert [request["max_tokens"] for request in endpoint.requests] == [32_000, 64_000, 32_000, 32_000]


async def test_another_model_gets_no_thinking_of_the_first(model: AnthropicModel, endpoint: Endpoint) -> None:
    make(endpoint)
    first = await Run(checks=Checks("NameError"))(model=model)
    assert "thinking" in json.dumps([message.model_dump(mode="json") for message in first.messages])
    endpoint.answer(call("edit_cell", cell="ui", old='"Total"', new='"Sum"')).answer(DONE)
    again = Task("Rename it", current=first.app, history=first.messages, speed=Speed.BEST)
    await Run()(again, model=model)
    sent = endpoint.requests[-1]
    assert sent["model"] == "claude-opus-5-5"
    assert "signature" not in json.dumps(sent["messages"])
    assert sent["output_config"] == {"effort": "high"}


async def test_a_recording_is_replayed_and_its_expectations_held(model: AnthropicModel, endpoint: Endpoint) -> None:
    endpoint.replay(
        [
            {"request": {"tools": ["write_app"], "messages": 1}, "answer": {"content": [call("write_app", **SOURCES)]}},
            {"request": {"contains": ["CHECKS PASSED"], "messages": 3}, "answer": {"content": [text(DONE)]}},
        ]
    )
    outcome = await Run()(model=model)
    assert outcome.app is not None
    assert endpoint.mismatches == []
    endpoint.replay(
        [{"request": {"contains": ["nothing like it"], "model": "x"}, "answer": {"content": [text("No.")]}}]
    )
    endpoint.answer("No.")
    await Run()(model=model)
    assert len(endpoint.mismatches) == 2
