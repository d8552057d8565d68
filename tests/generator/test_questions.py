"""What reaches the person: questions, permissions, preferences; and what the model is shown of the page."""

from __future__ import annotations

from typing import Any

import pytest

from microapps.errors import (
    MachineFault,
)
from microapps.generator import (
    Call,
    Limits,
    Task,
)
from microapps.notebook import Permissions

from .jobs import DONE, Checks, Run, Somebody, write_app

pytestmark = pytest.mark.anyio


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
