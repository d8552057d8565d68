"""The loop: what ends a job, what a write gives back, what is counted, and what is kept when it is cut off."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from pathlib import Path
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
from microapps.events import Text, Used, Wrote
from microapps.generator import (
    MESSAGES,
    Call,
    Limits,
    Message,
    ModelInfo,
    Outcome,
    Retry,
    ScriptedModel,
    Task,
    Usage,
    schema,
)
from microapps.generator.assembly import ContextFull, CutShort
from microapps.notebook import SKIP_EXECUTION, Permissions, Provenance, Role

from .jobs import Checks, Run, Somebody, accepted, write_app

pytestmark = pytest.mark.anyio

DONE = "Your app splits the bill."


def edit(old: str, new: str, cell: str = "ui", **more: Any) -> Call:
    return Call("edit_cell", {"cell": cell, "old": old, "new": new, **more})


async def outcome_of(run: Run, error: type[MicroappsError], **options: Any) -> tuple[Outcome, MicroappsError]:
    """The outcome that an error carries."""
    with pytest.raises(error) as raised:
        await run(**options)
    assert isinstance(raised.value.outcome, Outcome)
    assert_well_formed(raised.value.outcome.messages)
    return raised.value.outcome, raised.value


def assert_well_formed(messages: tuple[Message, ...]) -> None:
    """Roles alternate, every call has its result, and the whole goes through JSON."""
    for before, after in itertools.pairwise(messages):
        assert before.role != after.role
        calls = [use.id for use in before.tool_uses]
        results = [block.tool_use_id for block in after.content if block.type == "tool_result"]
        assert calls == results
    assert not messages[-1].tool_uses
    assert MESSAGES.validate_json(MESSAGES.dump_json(messages)) == messages


async def test_an_app_that_passes_ends_with_the_models_last_words() -> None:
    run = Run(("I write it.", write_app()), DONE)
    outcome = await run()
    assert outcome.app is not None
    assert outcome.report is not None
    assert outcome.report.passed
    assert outcome.report.digest == outcome.app.digest
    assert outcome.text == DONE
    assert outcome.usage == Usage(200, 20)
    assert outcome.app.metadata.provenance.maker == "model:scripted"
    assert outcome.app.metadata.provenance.request == "Split a bill"
    assert run.kinds("used", "wrote", "writing") == ["text", "text"]
    assert_well_formed(outcome.messages)


async def test_the_code_is_laid_out_by_black_before_it_is_checked() -> None:
    run = Run(write_app(logic="def share( bill,people ): return bill/people"), DONE)
    outcome = await run()
    assert outcome.app is not None
    assert outcome.app.cell("logic").source == "def share(bill, people):\n    return bill / people"
    assert run.checks.apps == [outcome.app]


async def test_the_result_of_a_write_is_the_report() -> None:
    run = Run(write_app(), edit("[bill]", "[bill, bill]"), DONE, checks=Checks("NameError: name 'x'"))
    await run()
    assert "CHECKS FAILED" in run.told(1)
    assert "[run] cell 'ui': NameError: name 'x'" in run.told(1)
    assert "Repairs left: 3" in run.told(1)
    assert "CHECKS PASSED" in run.told(2)


async def test_every_cell_that_changes_is_shown() -> None:
    run = Run(write_app(), edit("[bill]", "[bill, bill]"), DONE, checks=Checks("fault"))
    await run()
    wrote = [event for event in run.events if isinstance(event, Wrote)]
    assert [(event.cell, event.change) for event in wrote[:6]] == [
        (cell, "added") for cell in ("about", "imports", "logic", "ui", "show", "tests")
    ]
    assert [(event.cell, event.change) for event in wrote[6:]] == [("ui", "changed")]
    assert "+app = widgets.VBox([bill, bill])" in wrote[6].diff


async def test_edits_of_one_answer_are_checked_once() -> None:
    run = Run(write_app(), (edit("[bill]", "[bill, bill]"), edit('"Bill"', '"Total"')), DONE, checks=Checks("fault"))
    outcome = await run()
    assert outcome.checks == 2
    first, second = run.results(2)
    assert "last write" in first.content[0].text
    assert "CHECKS PASSED" in second.content[0].text


async def test_nothing_is_checked_when_one_edit_of_an_answer_is_refused() -> None:
    edits = (edit("[bill]", "[bill, bill]"), edit("not there", ""))
    run = Run(write_app(), edits, edit('"Bill"', '"Total"'), DONE, checks=Checks("fault"))
    outcome = await run()
    assert outcome.checks == 2
    assert "not checked" in run.told(2)
    assert outcome.app is not None
    assert "[bill, bill]" in outcome.app.cell("ui").source


async def test_an_unchanged_draft_is_not_checked_twice() -> None:
    run = Run(write_app(), write_app(), DONE, DONE, checks=Checks("fault"))
    outcome = await run()
    assert len(run.checks.apps) == 1
    assert "was not checked again" in run.told(2)
    assert outcome.app is None


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


async def test_the_deadline_waits_for_the_person() -> None:
    class Thinking(Somebody):
        async def ask(self, text: str, options: tuple[str, ...]) -> str:
            await asyncio.sleep(0.4)
            return options[0]

    ask = Call("ask_user", {"question": "Which?", "options": ["a", "b"]})
    outcome = await Run(ask, write_app(), DONE, person=Thinking())(limits=Limits(seconds=0.35))
    assert outcome.app is not None


async def test_the_turns_are_bounded() -> None:
    run = Run(*[Call("read_app", {})] * 9)
    await outcome_of(run, LimitReached, limits=Limits(turns=4))
    assert len(run.model.requests) == 4


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


async def test_two_edits_that_miss_lead_to_a_whole_write() -> None:
    run = Run(write_app(), edit("nope", "x"), edit("nope", "x"), DONE, "It stays.", checks=Checks("fault"))
    await run()
    assert "read_app shows" in run.told(2)
    assert "write_cell" in run.told(3)
    assert len(run.checks.apps) == 1


async def test_an_edit_finds_the_cell_as_the_model_wrote_it_and_as_it_is_laid_out() -> None:
    ui = "bill = widgets.FloatText( description='Bill' )\napp = widgets.VBox( [ bill ] )"
    edits = (edit("( [ bill ] )", "( [ bill, bill ] )"), edit('FloatText(description="Bill")', "FloatText()"))
    run = Run(write_app(ui=ui), *edits, DONE, checks=Checks("a", "b"))
    outcome = await run()
    assert outcome.app is not None
    assert outcome.app.cell("ui").source == "bill = widgets.FloatText()\napp = widgets.VBox([bill, bill])"


async def test_the_show_cell_is_not_the_models() -> None:
    run = Run(write_app(), Call("write_cell", {"cell": "show", "source": "print(1)"}), DONE, DONE, checks=Checks("f"))
    await run()
    assert "not yours" in run.told(2)


async def test_questions_reach_the_person_and_are_three_at_most() -> None:
    person = Somebody(["by weight", "", "c"])
    ask = Call("ask_user", {"question": "How\x1b[2J?", "options": ["evenly", "by weight"]})
    run = Run(ask, ask, ask, ask, write_app(), DONE, person=person)
    await run()
    assert "The person answers: by weight" in run.told(1)
    assert "Nobody answers" in run.told(2)
    assert "asked no more" in run.told(4)
    assert len(person.asked) == 3
    assert person.asked[0] == ("How [2J?", ("evenly", "by weight"))


PERMISSION = Call("propose_permission", {"reason": "The rates are there.", "hosts": [{"name": "api.example.org"}]})


async def test_only_the_person_grants_a_permission() -> None:
    run = Run(PERMISSION, write_app(), DONE, person=Somebody(approves=True))
    outcome = await run()
    assert [host.name for host in outcome.granted.hosts] == ["api.example.org"]
    assert outcome.app is not None
    assert outcome.app.metadata.permissions == outcome.granted
    assert run.person.wanted[0][1] == "The rates are there."


async def test_a_refused_permission_is_not_in_the_app() -> None:
    run = Run(PERMISSION, write_app(), DONE, person=Somebody())
    outcome = await run()
    assert "The person refuses" in run.told(1)
    assert outcome.granted == Permissions() == run.checks.apps[0].metadata.permissions


async def test_what_was_granted_before_is_not_asked_again() -> None:
    run = Run(PERMISSION, write_app(), DONE, person=Somebody())
    granted = Permissions.model_validate({"hosts": [{"name": "api.example.org"}]})
    outcome = await run(Task("Rates", granted=granted))
    assert run.person.wanted == []
    assert outcome.app is not None
    assert outcome.app.metadata.permissions == granted


async def test_a_permission_granted_for_a_failing_draft_gets_it_checked_again_without_a_repair() -> None:
    run = Run(write_app(), PERMISSION, DONE, checks=Checks("no permission"), person=Somebody(approves=True))
    outcome = await run(limits=Limits(repairs=1))
    assert outcome.app is not None
    assert "CHECKS PASSED" in run.told(2)


async def test_a_permission_that_makes_no_sense_asks_nobody() -> None:
    bad = Call("propose_permission", {"reason": "x", "files": [{"path": "relative/path"}]})
    run = Run(bad, write_app(), DONE)
    await run()
    assert "no absolute path" in run.told(1)
    assert run.person.wanted == []


async def test_preferences_are_remembered_and_told() -> None:
    run = Run(Call("remember_preference", {"preference": "Always in euros."}), write_app(), DONE)
    outcome = await run(Task("Split", preferences=("Large letters.",)))
    assert outcome.preferences == ("Always in euros.",)
    assert "Large letters." in run.model.requests[0].messages[0].text


async def test_the_model_can_look_at_the_app() -> None:
    async def look(app: Any) -> bytes:
        return b"\x89PNG"

    run = Run(write_app(), Call("look_at_app", {}), DONE)
    await run(look=look)
    assert run.results(2)[0].content[0].type == "image"
    assert "look_at_app" in [tool.name for tool in run.model.requests[0].tools]


async def test_no_picture_is_no_reason_to_stop() -> None:
    async def look(app: Any) -> bytes:
        raise MachineFault("No browser is installed.", "")

    run = Run(write_app(), Call("look_at_app", {}), DONE)
    outcome = await run(look=look)
    assert "No browser" in run.told(2)
    assert outcome.app is not None


async def test_looking_is_offered_only_where_it_can_be_done() -> None:
    run = Run(write_app(), DONE)
    await run()
    names = [tool.name for tool in run.model.requests[0].tools]
    assert "look_at_app" not in names
    assert "look_at_data" not in names


async def test_requests_of_a_job_share_their_prefix() -> None:
    run = Run(write_app(), edit('"Bill"', '"Total"'), DONE, checks=Checks("fault"))
    await run()
    first, second, third = run.model.requests
    assert first.system == second.system == third.system
    assert first.tools == second.tools == third.tools
    assert second.messages[: len(first.messages)] == first.messages
    assert third.messages[: len(second.messages)] == second.messages


UNTIDY = "bill = widgets.FloatText( description='Bill' )\napp = widgets.VBox( [ bill ] )"


async def test_cells_the_model_did_not_touch_stay_as_someone_wrote_them() -> None:
    current = accepted().with_cell("ui", UNTIDY)
    about = Call("write_cell", {"cell": "about", "source": "# Another"})
    outcome = await Run(about, DONE)(Task("Another title", current=current))
    assert outcome.app is not None
    assert outcome.app.cell("ui").source == UNTIDY


async def test_a_change_that_writes_nothing_makes_no_revision() -> None:
    run = Run("It is fine as it is.", "It is fine.")
    outcome = await run(Task("Is it fine?", current=accepted().with_cell("ui", UNTIDY)))
    assert (outcome.app, outcome.draft, outcome.report) == (None, None, None)
    assert run.checks.apps == []


async def test_an_adopted_app_without_tests_can_be_given_some() -> None:
    current = accepted(criteria=[])
    current = replace(current, cells=tuple(cell for cell in current.cells if cell.id != "tests"))
    current = current.with_metadata(provenance=Provenance(maker="adopted", source="/old.ipynb"))
    source = "def test_it(app):\n    assert app.text()"
    criteria = [{"id": "it", "text": "It shows.", "tests": ["test_it"]}]
    run = Run(Call("write_cell", {"cell": "tests", "source": source, "criteria": criteria}), DONE)
    outcome = await run(Task("Test it", current=current))
    assert outcome.app is not None
    assert outcome.app.of(Role.TESTS)[0].tags == (SKIP_EXECUTION,)
    assert outcome.app.metadata.criteria[0].id == "it"
    assert outcome.app.metadata.provenance.maker == "adopted"


@pytest.mark.parametrize("current", [None, accepted()])
async def test_an_attached_file_is_shown_by_its_schema_and_may_be_read(current: Any, tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    path.write_text("month,amount\n2026-01-01,3\n")
    first = write_app() if current is None else edit('"Bill"', '"Amount"')
    run = Run(first, Call("look_at_data", {"name": "sales.csv"}), DONE)
    outcome = await run(Task("Show it", current=current, data=(schema(path),)))
    assert '- "amount": whole number, from 3 to 3' in run.model.requests[0].messages[0].text
    assert "amount" in run.told(2)
    assert outcome.app is not None
    assert [str(access) for access in outcome.app.metadata.permissions.files] == [f"{path} (read)"]
    assert outcome.granted.files == outcome.app.metadata.permissions.files
    assert run.person.wanted == []


async def test_a_bad_card_is_reported_by_name(microapps_home: Path, caplog: pytest.LogCaptureFixture) -> None:
    (microapps_home / "cards").mkdir(parents=True)
    (microapps_home / "cards" / "mine.md").write_text("no front matter")
    outcome = await Run(write_app(), DONE)()
    assert outcome.app is not None
    assert "mine.md" in caplog.text
