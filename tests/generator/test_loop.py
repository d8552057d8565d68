"""What a write gives back, how edits reach their cell, and what the model is told and shown of an app."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from microapps.events import Wrote
from microapps.generator import (
    Call,
    Task,
    Usage,
    schema,
)
from microapps.notebook import SKIP_EXECUTION, Provenance, Role

from .jobs import DONE, Checks, Run, accepted, assert_well_formed, edit, write_app

pytestmark = pytest.mark.anyio


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
