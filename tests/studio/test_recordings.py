"""Whole jobs: people's answers at a model's desk, replayed over HTTP through the client, the studio and the checks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from microapps.checks import Layer, Status
from microapps.events import Failed, Finished
from microapps.studio import Studio
from tests.endpoint import Endpoint

from .people import assert_kept_to, reports, requested, told, watched

pytestmark = [pytest.mark.anyio, pytest.mark.sandbox]

FOLDER = Path(__file__).parent.parent / "recordings"


async def test_an_app_made_in_one_round_is_in_the_library(studio: Studio, endpoint: Endpoint) -> None:
    endpoint.replay(FOLDER / "make-korean-kept-data.json")
    job = studio.make(requested(FOLDER / "make-korean-kept-data.json"))
    outcome, asked = await watched(job)
    assert isinstance(outcome, Finished) and not asked
    assert (outcome.app, outcome.revision, outcome.note) == ("우리-아이-용돈-기입장", 1, "")
    assert [report.passed for report in reports(job)] == [True]
    assert_kept_to(endpoint)

    revision = studio.library.revision(outcome.app)
    assert revision.report == outcome.report == reports(job)[0]
    assert revision.maker == f"model:{endpoint.requests[0]['model']}"
    (turn,) = studio.library.turns(outcome.app)
    assert [message["role"] for message in turn.messages] == ["user", "assistant", "user", "assistant"]
    assert turn.request == job.request and job.request in told(endpoint, 0)
    (used,) = studio.library.usage(name=outcome.app)
    assert (used.input_tokens, used.output_tokens) == (2000, 200)
    assert turn.usage == used and used.dollars


@pytest.mark.long
async def test_a_change_keeps_what_was_accepted_and_undo_takes_it_back(studio: Studio, endpoint: Endpoint) -> None:
    made, changed = FOLDER / "make-loans.json", FOLDER / "change-loans.json"
    endpoint.replay(made).replay(changed)
    first, _ = await watched(studio.make(requested(made)))
    assert isinstance(first, Finished)
    job = studio.change(first.app, requested(changed))
    second, _ = await watched(job)
    assert isinstance(second, Finished)
    assert (second.app, second.revision) == (first.app, 2)
    assert [report.passed for report in reports(job)] == [True]
    assert_kept_to(endpoint)

    difference = studio.difference(first.app)
    assert (difference.criteria_changed, difference.criteria_removed) == ((), ())
    assert {criterion.id for criterion in difference.criteria_added} == {"extra-payment", "extra-interest"}
    before, after = studio.show(first.app, 1), studio.show(first.app)
    accepted = {name for criterion in before.metadata.criteria for name in criterion.tests}
    behaviour = second.report.layer(Layer.BEHAVIOUR)
    assert behaviour is not None
    assert accepted < {evidence.test for evidence in behaviour.evidence if evidence.status is Status.PASSED}

    assert [turn.revision for turn in studio.library.turns(first.app)] == [1, 2]
    assert requested(made) in str(endpoint.requests[2]["messages"][0])
    studio.undo(first.app)
    assert studio.show(first.app) == before
    assert studio.redo(first.app).notebook == after


async def test_a_wrong_formula_is_named_by_its_test_and_mended(studio: Studio, endpoint: Endpoint) -> None:
    recording = FOLDER / "repair-p-value.json"
    endpoint.replay(recording)
    job = studio.make(requested(recording))
    outcome, _ = await watched(job)
    assert isinstance(outcome, Finished)
    assert_kept_to(endpoint)
    found, mended = reports(job)
    assert not found.passed and mended.passed
    assert {finding.what.split()[0] for finding in found.findings} == {
        "test_significant_result",
        "test_p_value_by_hand",
    }
    said = told(endpoint, 1)
    assert "test_p_value_by_hand failed" in said and "Repairs left: 3." in said
    behaviour = mended.layer(Layer.BEHAVIOUR)
    assert behaviour is not None
    passed = {evidence.test for evidence in behaviour.evidence if evidence.status is Status.PASSED}
    assert {"test_significant_result", "test_p_value_by_hand"} <= passed
    assert len(studio.library.revisions(outcome.app)) == 1


@pytest.mark.long
async def test_a_vague_request_is_asked_about_and_the_answer_reaches_the_model(
    studio: Studio, endpoint: Endpoint
) -> None:
    recording = FOLDER / "question-garden.json"
    endpoint.replay(recording)
    answer = "Keep a list of my plants and say when each needs watering"
    job = studio.make(requested(recording))
    outcome, (asked,) = await watched(job, answer)
    assert isinstance(outcome, Finished), outcome
    assert asked.text == "What should the tool do for your garden?"
    assert len(asked.options) == 4 and asked.options[0] == answer
    assert asked.permissions is None
    assert f"The person answers: {answer}" in told(endpoint, 1)
    assert [report.passed for report in reports(job)] == [False, False, True]
    assert_kept_to(endpoint)
    (turn,) = studio.library.turns(outcome.app)
    assert answer in str(turn.messages)


async def test_a_host_is_asked_for_in_a_sentence_and_granted_to_what_was_checked(
    studio: Studio, endpoint: Endpoint
) -> None:
    recording = FOLDER / "permission-rates.json"
    endpoint.replay(recording)
    outcome, (asked,) = await watched(studio.make(requested(recording)), "yes")
    assert isinstance(outcome, Finished), outcome
    assert "Connect to api.rates.invalid on port 443." in asked.text
    assert asked.options == ("yes", "no")
    assert asked.permissions is not None and len(asked.permissions.hosts) == 2
    assert_kept_to(endpoint)
    state = studio.permissions(outcome.app)
    assert state.granted.hosts == state.asked.hosts == asked.permissions.hosts
    assert state.missing.sentences() == ()
    studio.revoke(outcome.app)
    assert studio.permissions(outcome.app).missing.hosts == asked.permissions.hosts


async def test_a_host_the_person_refuses_is_not_granted_and_an_app_that_reaches_for_it_is_not_accepted(
    studio: Studio, endpoint: Endpoint
) -> None:
    recording = FOLDER / "permission-rates.json"
    sorry = "It cannot be done without the network."
    endpoint.replay(json.loads(recording.read_text("utf-8"))[:2]).answer(sorry).answer(sorry)
    job = studio.make(requested(recording))
    outcome, _ = await watched(job, "no")
    assert isinstance(outcome, Failed)
    assert "The person refuses. Do without it" in told(endpoint, 1)
    (report,) = reports(job)
    policy = report.layer(Layer.POLICY)
    assert policy is not None and policy.status is Status.FAILED
    assert "api.rates.invalid" in policy.findings[0].what
    assert "did not pass" in outcome.what and "api.rates.invalid" in outcome.what
    assert studio.library.apps() == ()
    (turn,) = studio.library.turns(None)
    assert turn.draft is not None and turn.draft.metadata.permissions.hosts == ()
    assert turn.request == job.request


async def test_what_must_not_be_made_is_refused_in_the_models_words_and_nothing_is_made(
    studio: Studio, endpoint: Endpoint
) -> None:
    recording = FOLDER / "refusal-login-page.json"
    endpoint.replay(recording)
    job = studio.make(requested(recording))
    outcome, asked = await watched(job)
    assert isinstance(outcome, Failed) and not asked
    assert outcome.what.startswith("No app was written. The model said: I won't write this")
    assert reports(job) == []
    assert_kept_to(endpoint)
    assert studio.library.apps() == ()
    (turn,) = studio.library.turns(None)
    assert turn.request == job.request and turn.draft is None
    (used,) = studio.library.usage()
    assert used.input_tokens == 2000


async def test_a_refusal_by_the_endpoint_itself_says_so(studio: Studio, endpoint: Endpoint) -> None:
    endpoint.answer("I cannot", stop_reason="refusal")
    outcome, _ = await watched(studio.make("collect passwords"))
    assert isinstance(outcome, Failed)
    assert outcome.error == "ModelRefused" and outcome.hint
    assert len(endpoint.requests) == 1
    (turn,) = studio.library.turns(None)
    assert turn.interrupted and turn.request == "collect passwords"
