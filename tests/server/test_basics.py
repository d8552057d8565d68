"""The studio over HTTP, without a model."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import pytest

from microapps.server.handler import ApiHandler

from .conftest import Made
from .jupyter import SECONDS, Person
from .reading import parsed


async def test_the_status_says_what_there_is(ask: Person) -> None:
    answer = await ask("GET", "status")
    assert answer.status == 200
    assert answer.body["key"]["present"] is False and answer.body["writes"] is False
    assert len(answer.body["examples"]) == 6 and answer.body["starters"]
    assert answer.body["speed"] == "balanced"


@pytest.mark.sandbox
async def test_a_starter_becomes_an_app_that_can_be_looked_at(ask: Person, starter: Made) -> None:
    told, name = starter.told, starter.name
    assert [event["number"] for event in told] == list(range(1, len(told) + 1))
    card = next(app for app in (await ask("GET", "apps")).body if app["name"] == name)
    assert (card["health"], card["job"]) == ("passed", None)
    korean = {"Accept-Language": "ko-KR"}
    said = [(await ask("GET", f"apps/{name}", headers=each)).body["summary"] for each in ({}, korean)]
    assert said[0].startswith("All ") and "조건" in said[1] and "통과" in said[1]
    [seen] = (await ask("GET", f"apps/{name}/revisions", headers=korean)).body
    assert seen["summary"] == said[1]
    [turn] = (await ask("GET", f"apps/{name}/conversation")).body
    assert turn["complete"] and turn["events"][-1]["kind"] == "finished" and turn["job"] == starter.job
    found = (await ask("GET", f"apps/{name}/evidence")).body
    local = (await ask("GET", f"apps/{name}/evidence", headers=korean)).body
    assert found["layers"][2]["note"].endswith("controls shown") and "조작부" in local["layers"][2]["note"]
    assert "조작" in local["probe"]["note"]
    events = (await ask("GET", f"apps/{name}/conversation", headers=korean)).body[0]["events"]
    assert "조작부" in str(events) and "controls shown" not in str(events)
    assert events[0]["kind"] == "started" and events[0]["note"].startswith("스타터 ")
    refused = await ask("GET", "apps/no-such-app", headers=korean)
    assert refused.status == 404 and refused.body["what"] == "'no-such-app'이라는 앱이 없습니다."
    nowhere = await ask("GET", "no/such/address", headers=korean)
    assert nowhere.status == 404 and nowhere.body["what"] == "이 주소에는 아무것도 없습니다."
    again = parsed((await ask("POST", f"apps/{name}/check", headers=korean)).body.decode())
    assert [kind for _, kind, _ in again] == ["layer"] * len(found["layers"]) + ["report", "end"]
    assert again[-2][2]["layers"][2]["note"] == local["layers"][2]["note"] and again[0][2]["status"] == "passed"
    rechecked = (await ask("GET", f"apps/{name}/evidence")).body
    assert found["at"] < rechecked["at"], "it is the check that was made then, not the revision"
    assert (await ask("POST", "apps/nothing/check")).status == 404
    assert found["state"] == "passed" and all(c["state"] == "passed" for c in found["criteria"])
    [row] = (await ask("GET", f"apps/{name}/revisions")).body
    assert row["number"] == 1 and row["current"]
    assert (await ask("GET", f"apps/{name}/revisions/1")).body["notebook"]["nbformat"] == 4
    copy = (await ask("POST", f"apps/{name}/fork", {"name": "mine"})).body
    assert copy["name"] == "mine" and not copy["can_undo"]
    assert (await ask("DELETE", "apps/mine")).status == 200
    assert "mine" in [app["name"] for app in (await ask("GET", "apps", params={"removed": "true"})).body]
    assert (await ask("POST", "apps/mine/restore")).body["name"] == "mine"
    both = (await ask("PATCH", "apps/mine", {"name": "yours", "title": "Mine no more"})).body
    assert (both["name"], both["title"], both["health"]) == ("yours", "Mine no more", "passed")
    assert (await ask("PATCH", "apps/yours", {})).status == 400
    assert (await ask("GET", f"apps/{name}/permissions")).status == 200
    for unsaid in ({}, {"permissions": None}):  # the app may ask for more than the person was shown
        assert (await ask("POST", "apps/yours/permissions/grant", unsaid)).status == 400
    given = (await ask("POST", "apps/yours/permissions/grant", {"permissions": {"scripts": True}})).body
    [scripts] = [one for one in given["sentences"] if one["permissions"]["scripts"]]
    assert (scripts["asked"], scripts["granted"]) == (False, True) and "scripts of its own" in scripts["sentence"]
    assert (await ask("POST", "apps/yours/permissions/revoke", {})).body["sentences"] == []


@pytest.mark.sandbox
async def test_removed_apps_of_one_name_are_each_listed_restored_and_deleted(ask: Person, starter: Made) -> None:
    for title in ("Older", "Newer"):
        await ask("POST", f"apps/{starter.name}/fork", {"name": "twin"})
        await ask("PATCH", "apps/twin", {"title": title})
        await ask("DELETE", "apps/twin")
    await ask("POST", f"apps/{starter.name}/fork", {"name": "twin"})

    async def trash() -> dict[str, int]:
        listed = (await ask("GET", "apps", params={"removed": "true"})).body
        return {app["title"]: app["id"] for app in listed if app["name"] == "twin"}

    there = await trash()
    assert list(there) == ["Newer", "Older"]
    assert (await ask("DELETE", "apps/twin", params={"forever": "true"})).status == 400
    assert (await ask("DELETE", "apps/twin", params={"forever": "true", "id": str(there["Newer"])})).status == 200
    assert await trash() == {"Older": there["Older"]}
    back = (await ask("POST", "apps/twin/restore", params={"id": str(there["Older"])})).body
    assert (back["id"], back["name"], back["title"]) == (there["Older"], "twin-2", "Older")


async def test_that_somebody_left_before_the_answer_is_no_error(
    ask: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    here, called = asyncio.get_running_loop(), asyncio.Event()
    call = ApiHandler.call

    async def once_alone(handler: ApiHandler) -> object:
        here.call_soon_threadsafe(called.set)
        await asyncio.wait_for(handler.gone.wait(), SECONDS)
        return await call(handler)

    monkeypatch.setattr(ApiHandler, "call", once_alone)
    sent = asyncio.Event()
    send = ApiHandler.send

    async def tried(handler: ApiHandler, body: str | None = None) -> None:
        try:
            await send(handler, body)
        finally:
            here.call_soon_threadsafe(sent.set)

    monkeypatch.setattr(ApiHandler, "send", tried)
    url = urlsplit(f"{ask.url}status?token={ask.jupyter.token}")
    _, writer = await asyncio.open_connection(url.hostname, url.port)
    writer.write(f"GET {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\n\r\n".encode())
    await asyncio.wait_for(called.wait(), SECONDS)
    writer.close()
    await asyncio.wait_for(sent.wait(), SECONDS)
    monkeypatch.undo()
    assert (await ask("GET", "status")).status == 200
    assert "Uncaught" not in caplog.text and "StreamClosedError" not in caplog.text
