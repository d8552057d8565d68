"""What ends a job, and what is kept when it is cut off."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from microapps.errors import (
    LimitReached,
    MachineFault,
    MicroappsError,
    ModelRefused,
    ModelUnreachable,
    Stopped,
    TurnIncomplete,
)
from microapps.generator import (
    Call,
    Limits,
    ScriptedModel,
    Usage,
)

from .jobs import DONE, Checks, Run, Somebody, assert_well_formed, edit, outcome_of, write_app

pytestmark = pytest.mark.anyio


async def test_three_repairs_and_no_more() -> None:
    edits = [edit(f'"Bill{n or ""}"', f'"Bill{n + 1}"') for n in range(5)]
    run = Run(write_app(), *edits, checks=Checks(*(f"fault {word}" for word in "abcdef")))
    outcome, error = await outcome_of(run, LimitReached)
    assert len(run.checks.apps) == 4
    assert "after 3 repairs" in error.what
    assert outcome.app is None
    assert outcome.draft == run.checks.apps[-1]
    assert outcome.report is not None
    assert "fault d" in outcome.report.findings[0].what


async def test_the_same_fault_a_third_time_ends_the_job() -> None:
    edits = [edit(f'"Bill{n or ""}"', f'"Bill{n + 1}"') for n in range(5)]
    run = Run(write_app(), *edits, checks=Checks(*["the same at 0x7f00aa"] * 6))
    _, error = await outcome_of(run, LimitReached, limits=Limits(repairs=9))
    assert len(run.checks.apps) == 3
    assert "same fault" in error.what
    assert "came back" in run.told(2)


async def test_the_same_draft_a_third_time_ends_the_job() -> None:
    run = Run(*[write_app()] * 5, checks=Checks("fault"))
    await outcome_of(run, LimitReached)
    assert len(run.checks.apps) == 1


async def test_a_fault_of_the_machine_ends_the_job_and_costs_no_repair() -> None:
    fault = MachineFault("The kernel was lost.", "Try again.")
    outcome, error = await outcome_of(Run(write_app(), checks=Checks(fault)), MachineFault)
    assert error is fault
    assert outcome.draft is not None
    assert outcome.report is None
    assert outcome.app is None


async def test_a_model_that_stops_without_an_app_is_told_once() -> None:
    run = Run("I could write that.", write_app(), DONE)
    outcome = await run()
    assert outcome.app is not None
    assert "No app was written" in run.told(1)


async def test_a_model_that_declines_ends_without_an_app() -> None:
    run = Run("No.", "I do not write that: it would spy on people.")
    outcome = await run()
    assert outcome.app is None
    assert outcome.draft is None
    assert outcome.report is None
    assert "spy" in outcome.text


async def test_a_model_that_gives_up_on_a_failing_app_is_told_once() -> None:
    run = Run(write_app(), "Finished!", "It cannot be done.", checks=Checks("fault"))
    outcome = await run()
    assert "does not pass" in run.told(2)
    assert outcome.app is None
    assert outcome.draft is not None
    assert outcome.report is not None
    assert not outcome.report.passed


async def test_a_draft_that_was_never_checked_is_checked_at_the_end() -> None:
    run = Run(write_app(), (edit("[bill]", "[bill, bill]"), edit("not there", "")), DONE, checks=Checks("fault"))
    outcome = await run()
    assert outcome.checks == 2
    assert outcome.app is not None


async def test_last_edits_that_fail_are_left_out_when_an_earlier_draft_passed() -> None:
    run = Run(write_app(), edit('"Bill"', '"Total"'), "Done.", "Done.", checks=Checks("", "fault"))
    outcome = await run()
    assert outcome.app == run.checks.apps[0]
    assert outcome.report is not None
    assert outcome.report.passed
    assert "left out" in outcome.note


async def test_an_app_that_passed_is_not_lost_with_the_endpoint() -> None:
    run = Run(write_app(), ModelUnreachable("Gone.", "Wait."))
    outcome = await run()
    assert outcome.app is not None
    assert "Gone." in outcome.note


@pytest.mark.parametrize("fault", [ModelUnreachable("a", "b"), ModelRefused("a", "b"), TurnIncomplete("a", "b")])
async def test_a_fault_of_the_model_carries_what_was_done(fault: MicroappsError) -> None:
    fault.usage = Usage(5, 1)  # type: ignore[attr-defined]
    run = Run(write_app(), fault, checks=Checks("fault"))  # type: ignore[arg-type]
    outcome, error = await outcome_of(run, type(fault))
    assert error is fault
    assert outcome.draft == run.checks.apps[0]
    assert outcome.usage == Usage(105, 11)


async def test_a_stopped_job_says_what_was_kept() -> None:
    begun = asyncio.Event()

    class Forever(ScriptedModel):
        async def turn(self, request: Any) -> Any:
            if self.requests:
                begun.set()
                await asyncio.Event().wait()
            async for event in super().turn(request):
                yield event

    run = Run(checks=Checks("fault"))
    task = asyncio.create_task(run(model=Forever([write_app()])))
    await begun.wait()
    task.cancel()
    with pytest.raises(Stopped) as raised:
        await task
    outcome = raised.value.outcome
    assert outcome.draft == run.checks.apps[0]
    assert outcome.usage == Usage(100, 10)
    assert_well_formed(outcome.messages)


async def test_a_job_stopped_in_a_check_has_a_conversation_that_can_go_on() -> None:
    begun = asyncio.Event()

    class Slow(Checks):
        async def __call__(self, app: Any) -> Any:
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(Run(write_app(), checks=Slow())())
    await begun.wait()
    task.cancel()
    with pytest.raises(Stopped) as raised:
        await task
    assert_well_formed(raised.value.outcome.messages)
    assert raised.value.outcome.draft is not None


async def test_the_deadline_ends_the_job() -> None:
    class Slow(Checks):
        async def __call__(self, app: Any) -> Any:
            await asyncio.Event().wait()

    _, error = await outcome_of(Run(write_app(), checks=Slow()), LimitReached, limits=Limits(seconds=0.2))
    assert "longer than" in error.what


async def test_the_deadline_waits_for_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    clock, thought = loop.time, 0.0
    monkeypatch.setattr(loop, "time", lambda: clock() + thought)

    class Thinking(Somebody):
        async def ask(self, text: str, options: tuple[str, ...]) -> str:
            nonlocal thought
            thought = 1000.0
            await asyncio.sleep(0.01)
            return options[0]

    ask = Call("ask_user", {"question": "Which?", "options": ["a", "b"]})
    outcome = await Run(ask, write_app(), DONE, person=Thinking())(limits=Limits(seconds=900))
    assert thought and outcome.app is not None


async def test_the_turns_are_bounded() -> None:
    run = Run(*[Call("read_app", {})] * 9)
    await outcome_of(run, LimitReached, limits=Limits(turns=4))
    assert len(run.model.requests) == 4
