"""What a job costs, what bounds it, and answers of the model that are not as they should be."""

from __future__ import annotations

import pytest

from microapps.errors import (
    LimitReached,
    TurnIncomplete,
)
from microapps.events import Text, Used
from microapps.generator import (
    Call,
    Limits,
    Message,
    ModelInfo,
    Retry,
    ScriptedModel,
    Task,
    Usage,
)
from microapps.generator.assembly import ContextFull, CutShort

from .jobs import DONE, Run, accepted, edit, outcome_of, write_app

pytestmark = pytest.mark.anyio


SONNET = (ModelInfo(id="claude-sonnet-5-5", line="sonnet"),)


async def test_money_is_counted_and_capped() -> None:
    model = ScriptedModel(
        [Call("read_app", {})] * 9, models=SONNET, usage=Usage(input_tokens=100_000, output_tokens=20_000)
    )
    run = Run()
    with pytest.raises(LimitReached) as raised:
        await run(model=model, limits=Limits(dollars=1.0))
    assert "money for this job ($1.00)" in raised.value.what
    assert raised.value.outcome.dollars == pytest.approx(0.8)
    assert len(model.requests) == 2
    assert [e.dollars for e in run.events if isinstance(e, Used)] == pytest.approx([0.4, 0.8])


async def test_an_answer_has_no_more_room_than_there_is_money() -> None:
    model = ScriptedModel([write_app(), DONE], models=SONNET)
    await Run()(model=model, limits=Limits(dollars=0.2))
    assert model.requests[0].max_tokens < 20_000
    assert model.requests[0].max_tokens > 2_000


async def test_the_months_money_counts_too() -> None:
    model = ScriptedModel([write_app(), DONE], models=SONNET)
    with pytest.raises(LimitReached, match="money for this month"):
        await Run()(model=model, limits=Limits(month_dollars=20, reserve=lambda model, spent, wanted: 0.0))
    assert model.requests == []


async def test_a_model_without_a_price_is_not_capped_and_shows_no_money() -> None:
    run = Run(write_app(), DONE)
    outcome = await run(limits=Limits(dollars=0.0))
    assert outcome.dollars is None
    assert [e.dollars for e in run.events if isinstance(e, Used)] == [None, None]


async def test_failed_attempts_are_paid_for() -> None:
    retry = Retry("The connection was lost.", 1.0, Usage(50, 5))
    run = Run(("Some words", retry, write_app()), DONE)
    outcome = await run()
    assert outcome.usage == Usage(250, 25)
    assert "retrying" in run.kinds()
    texts = [event for event in run.events if isinstance(event, Text)]
    assert texts[0].turn == 1
    assert texts[-1].turn == 3


async def test_an_answer_that_was_too_long_gets_more_room_once() -> None:
    run = Run(CutShort("Too long.", ""), write_app(), DONE)
    await run()
    assert [request.max_tokens for request in run.model.requests] == [32_000, 64_000, 32_000]
    await outcome_of(Run(CutShort("a"), CutShort("b")), TurnIncomplete)


async def test_a_conversation_that_is_too_long_is_trimmed_once() -> None:
    history = (Message.user("<request>\nMake it\n</request>"), Message(role="assistant", content=()))
    history = (*history[:1], Message.model_validate({"role": "assistant", "content": [{"type": "text", "text": "k"}]}))
    run = Run(ContextFull("full"), edit('"Bill"', '"Total"'), DONE)
    await run(Task("Rename it", current=accepted(), history=history))
    assert [len(request.messages) for request in run.model.requests] == [3, 1, 3]


async def test_input_against_the_schema_is_answered_and_not_used() -> None:
    run = Run(Call("write_app", {"title": 3}), write_app(), DONE)
    outcome = await run()
    assert run.results(1)[0].is_error
    assert "title: 3 is not of type 'string'" in run.told(1)
    assert outcome.checks == 1


async def test_wrong_calls_are_bounded() -> None:
    run = Run(*[Call("no_such_tool", {})] * 9)
    await outcome_of(run, TurnIncomplete)
    assert len(run.model.requests) == 4
