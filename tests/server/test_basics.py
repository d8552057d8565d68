"""The studio over HTTP, without a model."""

from __future__ import annotations

from typing import Any

import pytest

from .reading import follow


async def test_the_status_says_what_there_is(ask: Any) -> None:
    answer = await ask("GET", "status")
    assert answer.status == 200
    assert answer.body["key"]["present"] is False and answer.body["writes"] is False
    assert len(answer.body["examples"]) == 6 and answer.body["starters"]
    assert answer.body["speed"] == "balanced"


@pytest.mark.sandbox
async def test_a_starter_becomes_an_app_that_can_be_looked_at(ask: Any, jp_fetch: Any) -> None:
    job = (await ask("POST", "jobs", {"action": "make", "request": "split the bill with a tip"})).body
    told = await follow(jp_fetch, job["id"])
    assert [event["number"] for event in told] == list(range(1, len(told) + 1))
    assert told[-1]["kind"] == "finished"
    name = told[-1]["app"]
    [card] = (await ask("GET", "apps")).body
    assert (card["name"], card["health"], card["job"]) == (name, "passed", None)
    [turn] = (await ask("GET", f"apps/{name}/conversation")).body
    assert turn["complete"] and turn["events"][-1]["kind"] == "finished" and turn["job"] == job["id"]
    found = (await ask("GET", f"apps/{name}/evidence")).body
    assert found["state"] == "passed" and all(c["state"] == "passed" for c in found["criteria"])
    [row] = (await ask("GET", f"apps/{name}/revisions")).body
    assert row["number"] == 1 and row["current"]
    assert (await ask("GET", f"apps/{name}/revisions/1")).body["notebook"]["nbformat"] == 4
    copy = (await ask("POST", f"apps/{name}/fork", {"name": "mine"})).body
    assert copy["name"] == "mine" and not copy["can_undo"]
    assert (await ask("DELETE", "apps/mine")).status == 200
    assert [app["name"] for app in (await ask("GET", "apps", params={"removed": "true"})).body] == ["mine"]
    assert (await ask("POST", "apps/mine/restore")).body["name"] == "mine"
    assert (await ask("PATCH", "apps/mine", {"name": "yours"})).body["name"] == "yours"
    assert (await ask("GET", f"apps/{name}/permissions")).status == 200
