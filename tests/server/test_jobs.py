"""Jobs over HTTP against the scripted endpoint: stream, question, stop, reconnect, queue, variants, repair, key."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from microapps.server import streaming
from microapps.server.api import studio as api
from tests.endpoint import Endpoint, call
from tests.studio.small import doubler

from .conftest import KEY, Made
from .idle_proxy import idle_proxy
from .jupyter import Jupyter, Person
from .reading import parsed

pytestmark = pytest.mark.sandbox


async def moment(ask: Person, job: str, right: Any) -> dict[str, Any]:
    """The job, once it is as it should be; the news would say so, and this asks."""
    async with asyncio.timeout(60):
        while not right(found := (await ask("GET", f"jobs/{job}")).body):
            await asyncio.sleep(0.05)
    return dict(found)


@pytest.mark.long
async def test_a_reader_that_comes_back_misses_nothing_and_sees_nothing_twice(
    ask: Person, jupyter: Jupyter, model: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind a proxy that cuts what is silent: while a person is asked a stream lives by its heartbeat alone."""
    model.answer("Which one?", call("ask_user", question="Metric?", options=["yes", "no"]))
    model.answer("Here it is.", doubler()).answer("Done.")
    job = (await ask("POST", "jobs", {"action": "make", "request": "double a number"})).body["id"]
    await moment(ask, job, lambda job: job["waiting"])
    async with idle_proxy(jupyter.port, seconds=2.0) as address:
        behind = Person(jupyter, address)
        async with behind.listening(f"jobs/{job}/events") as heard:
            await heard.until(lambda heard: '"kind":"asked"' in heard.text)
            await asyncio.wait_for(heard.ended.wait(), 60)
        assert (await ask("GET", f"jobs/{job}")).body["waiting"], "nothing was heard for two seconds, and it was cut"
        monkeypatch.setattr(streaming, "BEAT", 0.1)
        async with behind.listening(f"jobs/{job}/events?after={len(heard.events)}") as longer:
            await longer.until(lambda heard: heard.text.count(": beat") > 30)
            assert not longer.ended.is_set() and not longer.events
    before = [number for number, _, _ in heard.events if number]
    waiting = (await ask("GET", f"jobs/{job}")).body["waiting"]
    assert waiting["options"] == ["yes", "no"]
    assert (await ask("POST", f"jobs/{job}/answers", {"question": waiting["question"], "answer": "yes"})).status == 200
    after = parsed((await ask("GET", f"jobs/{job}/events", headers={"Last-Event-ID": str(before[-1])})).body.decode())
    numbers = [number for number, _, _ in after if number]
    assert before + numbers == list(range(1, numbers[-1] + 1))
    assert after[-2][2]["kind"] == "finished"
    late = await ask("POST", f"jobs/{job}/answers", {"question": waiting["question"], "answer": "no"})
    assert late.status == 400 and late.body["hint"]


async def test_changes_of_one_app_queue_up_and_stop_keeps_what_there_was(
    ask: Person, model: Endpoint, doubled: Made, forked: Any
) -> None:
    name = forked(doubled)
    model.fault("stall")
    one = (await ask("POST", "jobs", {"action": "change", "app": name, "request": "bigger"})).body
    two = (await ask("POST", "jobs", {"action": "change", "app": name, "request": "smaller"})).body
    assert not one["queued"] and two["queued"]
    assert (await ask("GET", f"apps/{name}")).body["job"] == one["id"]
    await moment(ask, one["id"], lambda job: job["last"] > 1)
    model.answer("It is fine as it is.")
    stopped = (await ask("POST", f"jobs/{one['id']}/stop")).body
    assert stopped["done"] and stopped["outcome"]["error"] == "Stopped"
    ended = await moment(ask, two["id"], lambda job: job["done"])
    assert not ended["queued"]
    turns = (await ask("GET", f"apps/{name}/conversation")).body
    assert [turn["text"] for turn in turns[1:]] == ["bigger", "smaller"]
    assert turns[1]["error"] and turns[1]["events"][-1]["kind"] == "failed"


async def test_a_repair_tells_the_model_what_failed_and_a_change_what_was_pointed_at(
    ask: Person, model: Endpoint, doubled: Made, forked: Any
) -> None:
    name = forked(doubled)
    found = (await ask("POST", f"apps/{name}/pointed", {"label": "Number", "type": "BoundedIntTextModel"})).body
    assert (found["cell"], found["variable"]) == ("ui", "number")
    model.answer("It is fine.")
    failure = {"error": "ZeroDivisionError: division by zero", "traceback": "…", "inputs": {"Number": "0"}}
    wish = {"action": "repair", "app": name, "failure": failure, "references": [found]}
    job = (await ask("POST", "jobs", wish)).body
    assert (await ask.follow(job["id"]))[0]["action"] == "repair"
    told = json.dumps([request["messages"] for request in model.requests])
    assert "ZeroDivisionError" in told and "- Number: 0" in told and "variable number" in told


@pytest.mark.long
async def test_of_two_answers_one_is_kept(ask: Person, model: Endpoint) -> None:
    for _ in range(2):
        model.answer("Here it is.", doubler())
    model.answer("Done.").answer("Done.")
    group = (await ask("POST", "variants", {"request": "double a number", "count": 2})).body
    apps = [(await ask.follow(job["id"]))[-1].get("app") for job in group["jobs"]]
    shown = (await ask("GET", f"variants/{group['group']}")).body
    finished = [job for job in shown["jobs"] if job["outcome"]["kind"] == "finished"]
    assert finished, shown
    kept = (await ask("POST", f"variants/{group['group']}/keep", {"job": finished[0]["id"]})).body
    assert kept["app"] == finished[0]["app"] and set(kept["removed"]) <= set(apps)
    there = {app["name"] for app in (await ask("GET", "apps")).body}
    assert kept["app"] in there and not there & set(kept["removed"])


async def test_a_key_is_taken_up_tested_and_never_shown(
    ask: Person, endpoint_there: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await ask("GET", "status")).body["key"]["present"] is False
    answers = [await ask("PUT", "key", {"key": KEY}), await ask("PUT", "key", {"key": f"bad {KEY}"})]
    assert [answer.status for answer in answers] == [200, 400]
    assert answers[0].body["present"] and answers[0].body["removable"]
    endpoint_there.answer("yes")
    answers += [await ask("POST", "key/test"), await ask("GET", "status"), await ask("GET", "settings")]
    assert answers[2].body["ok"] and "tokens" in answers[2].body["cost"]
    answers.append(await ask("PUT", "key", {"key": [KEY]}))
    answers.append(await ask("GET", "models"))
    assert answers[-1].body[0]["id"]
    assert KEY not in json.dumps([answer.body for answer in answers])
    assert KEY not in caplog.text
    gone = await ask("DELETE", "key")
    assert gone.body["present"] is False


async def test_settings_change_together_or_not_at_all(
    ask: Person, jupyter: Jupyter, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = await ask("PATCH", "settings", {"changes": {"speed": "best", "repairs": 2}})
    assert (changed.body["speed"], changed.body["repairs"]) == ("best", 2)
    studio, write = jupyter.run(jupyter.service.studio()), api.write_setting

    def seen_meanwhile(name: str, text: str) -> None:
        """Whoever looks for changes of another process looks when one of two is written."""
        if name == "repairs":
            jupyter.run(studio.renew())
        write(name, text)

    monkeypatch.setattr(api, "write_setting", seen_meanwhile)
    refused = await ask("PATCH", "settings", {"changes": {"speed": "fast", "repairs": 99}})
    assert refused.status == 400
    assert (await ask("GET", "settings")).body["speed"] == "best"
    assert (await ask("PATCH", "settings", {"changes": {"speed": None}})).body["speed"] == "balanced"
