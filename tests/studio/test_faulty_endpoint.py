"""An endpoint that fails, through the whole studio: nothing is made twice, one clear message, and nothing is lost."""

from __future__ import annotations

import asyncio

import pytest
from pydantic import SecretStr

from microapps.events import Checking, Failed, Finished, Retrying, Text, Writing
from microapps.generator import AnthropicModel, Retries
from microapps.studio import Job, Studio
from tests.endpoint import Endpoint

from .people import watched
from .small import WRONG, doubler

pytestmark = [pytest.mark.anyio, pytest.mark.sandbox]

WANTED = "double a number"
SAID = "It doubles whole numbers. " * 20  # long enough to be cut in its middle


def kinds(job: Job, kind: type) -> int:
    return sum(isinstance(event, kind) for event in job.events_so_far)


def assert_kept(studio: Studio, job: Job, outcome: Failed) -> None:
    """A job that failed has ended with its one message, made nothing, and its turn is in the library."""
    assert outcome.what and outcome.hint and outcome is job.events_so_far[-1]
    assert kinds(job, Failed) == 1
    assert studio.library.apps() == ()
    (turn,) = studio.library.turns(None)
    assert turn.interrupted and turn.request == WANTED
    assert outcome.what in turn.error


@pytest.mark.parametrize("fault", ["529", "eof", "rst"])
async def test_a_fault_that_passes_shows_as_a_retry_and_the_app_is_made_once(
    endpoint: Endpoint, key: str, fault: str
) -> None:
    endpoint.answer(SAID, doubler()).answer(SAID).fault(fault).delay_faults(1).fault(fault)
    quick = Retries(first=0.01)
    async with AnthropicModel(SecretStr(key), endpoint.url, retries=quick) as model, Studio.open(model=model) as studio:
        job = studio.make(WANTED)
        outcome, _ = await watched(job)
        assert isinstance(outcome, Finished), outcome
        assert len(endpoint.requests) == 4 and endpoint.left == 0
        assert kinds(job, Retrying) == 2
        assert kinds(job, Checking) == 1
        assert [app.name for app in studio.library.apps()] == ["doubler"]
        (turn,) = studio.library.turns("doubler")
        assert len(turn.messages) == 4
        assert studio.library.turns(None) == ()


async def test_a_key_that_is_refused_is_said_once_and_what_mends_it(studio: Studio, endpoint: Endpoint) -> None:
    endpoint.fault("401")
    job = studio.make(WANTED)
    outcome, _ = await watched(job)
    assert isinstance(outcome, Failed)
    assert outcome.error == "ModelRejected" and "key" in outcome.what
    assert outcome.hint == "Set a valid one, in JupyterLab's panel or with 'microapps config key'."
    assert len(endpoint.requests) == 1 and kinds(job, Retrying) == 0
    assert_kept(studio, job, outcome)


async def test_a_sign_in_page_instead_of_the_endpoint_is_named_as_such(endpoint: Endpoint, key: str) -> None:
    quick = Retries(attempts=2, first=0.01)
    endpoint.fault("html", times=2)
    async with AnthropicModel(SecretStr(key), endpoint.url, retries=quick) as model, Studio.open(model=model) as studio:
        job = studio.make(WANTED)
        outcome, _ = await watched(job)
        assert isinstance(outcome, Failed)
        assert "sign-in page" in outcome.hint
        assert "<html>" not in outcome.what
        assert_kept(studio, job, outcome)


async def test_a_draft_whose_repair_is_cut_off_is_kept_with_its_report(studio: Studio, endpoint: Endpoint) -> None:
    endpoint.answer(doubler(logic=WRONG)).delay_faults(1).fault("402")
    job = studio.make(WANTED)
    outcome, _ = await watched(job)
    assert isinstance(outcome, Failed) and "credit" in outcome.what
    assert_kept(studio, job, outcome)
    (turn,) = studio.library.turns(None)
    assert turn.draft is not None and turn.draft.metadata.title == "Doubler"
    assert turn.report is not None and not turn.report.passed
    assert turn.usage is not None and turn.usage.input_tokens == 1000
    assert [message["role"] for message in turn.messages][:3] == ["user", "assistant", "user"]


async def test_a_good_draft_is_accepted_though_the_closing_words_never_come(studio: Studio, endpoint: Endpoint) -> None:
    endpoint.answer(doubler()).delay_faults(1).fault("402")
    outcome, _ = await watched(studio.make(WANTED))
    assert isinstance(outcome, Finished)
    assert "closing words" in outcome.note and "credit" in outcome.note
    assert [app.name for app in studio.library.apps()] == ["doubler"]


async def test_a_failed_change_leaves_the_app_as_it_was(studio: Studio, endpoint: Endpoint) -> None:
    endpoint.answer(doubler()).answer("It doubles.").delay_faults(2).fault("401")
    await watched(studio.make(WANTED))
    before = studio.show("doubler")
    outcome, _ = await watched(studio.change("doubler", "triple it"))
    assert isinstance(outcome, Failed) and outcome.app == "doubler"
    assert studio.show("doubler") == before
    assert [(turn.request, turn.interrupted) for turn in studio.library.turns("doubler")] == [
        (WANTED, False),
        ("triple it", True),
    ]


async def test_stop_while_the_endpoint_is_silent_ends_the_job_at_once(studio: Studio, endpoint: Endpoint) -> None:
    endpoint.answer(SAID, doubler()).answer("It doubles.").fault("stall")
    job = studio.make(WANTED)
    async for event in job.events():
        if isinstance(event, Text | Writing):
            break
    job.stop()
    outcome = await asyncio.wait_for(job.wait(), endpoint.stall / 2)
    assert isinstance(outcome, Failed) and outcome.error == "Stopped"
    assert_kept(studio, job, outcome)
    again, _ = await watched(studio.make(WANTED))
    assert isinstance(again, Finished)
    assert len(studio.library.apps()) == 1
