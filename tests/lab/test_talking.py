"""A conversation that is stopped, interrupted, queued, refused, asked back, and read by two at once."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

import pytest
from playwright.async_api import Response, Route, expect

from tests.endpoint import Endpoint, call
from tests.studio.small import doubler

from .conftest import Come
from .person import Person
from .server import Lab

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.sandbox]
MANY_WORDS = " ".join(f"word{number}" for number in range(3000))


@pytest.mark.long
async def test_what_runs_can_be_stopped_joined_by_others_and_followed_after_a_reload(
    come: Come, lab: Lab, model: Endpoint, copied: Callable[[str], str]
) -> None:
    name = copied("talked-about")
    person = await come()
    studio = await person.open(name)

    arrives, arrived = asyncio.Event(), asyncio.Event()

    async def slow(route: Route) -> None:
        if route.request.method == "POST":
            await arrives.wait()
        if route.request.method == "POST" and not arrived.is_set():
            await route.abort()
        else:
            await route.continue_()

    # It stops, and what there was is kept. That sends nothing that waits for what is on its way.
    model.answer(MANY_WORDS, pace=0.02, hold=True)
    await studio.say("Talk")
    await expect(studio.jobs.last).to_contain_text("word40")
    jobs = re.compile(r"/microapps/api/jobs\b(?!/)")
    await person.intercept(jobs, slow)
    waiting = studio.log.get_by_role("button", name="Take back")
    for words in ("never", "neither"):
        await studio.say(words)
    await expect(waiting).to_have_count(1)
    await studio.button("Stop").click()
    await expect(studio.outcomes).to_have_count(1)
    await expect(studio.outcomes.last).to_contain_text("What was written so far is kept.")
    await expect(studio.field).to_be_focused()
    said = await studio.jobs.last.inner_text()
    assert "word40" in said and "word2999" not in said

    # The one before does not arrive: none is lost, and none is sent before it.
    await expect(waiting).to_have_count(1)
    arrives.set()
    await expect(studio.field).to_have_value("never\nneither")
    await expect(studio.log).not_to_contain_text("never")

    # Messages wait their turn, also while one is on its way; one that is taken back comes back into the field.
    model.forget()
    model.answer("The first of many words. " * 40, hold=True)
    arrived.set()
    arrives.clear()
    for words in ("one", "two", "세 번째"):
        await studio.say(words)
    await expect(studio.field).to_have_value("")
    await expect(waiting).to_have_count(2)
    await expect(studio.jobs).to_have_count(1)
    arrives.set()
    await expect(studio.jobs).to_contain_text(["Talk", "one", "two", "세 번째"])
    await expect(studio.jobs.filter(has_text="The first of many words.")).to_have_count(1)
    await person.page.unroute(jobs)
    await expect(waiting).to_have_count(2)
    await waiting.last.click()
    await expect(studio.field).to_have_value("세 번째")

    # A second page sees the same; the first is loaded anew and goes on from where it was.
    second = Person(await person.page.context.new_page(), lab)
    await second.come("lab/workspaces/second-page")
    beside = await second.open(name)
    await person.page.reload()
    await person.ready()
    for each in (beside, studio):
        await expect(each.jobs.filter(has_text="The first of many words.")).to_have_count(1)
        await expect(each.log).to_contain_text("Queued")
        await expect(each.button("Stop")).to_be_visible()
    await expect(studio.field).to_have_value("세 번째")
    assert said in await studio.log.inner_text()
    model.answer("There is nothing to do.").answer("Now two.", doubler(title="Two")).answer("Done.")
    model.release()
    for each in (beside, studio):
        await expect(each.outcomes.last).to_contain_text("Two is ready")
        await expect(each.jobs).to_have_count(3)
        await expect(each.whole.locator("iframe.jp-mod-shown")).to_be_visible()


@pytest.mark.long
async def test_a_document_belongs_to_the_newest_job_that_makes_its_app(come: Come, lab: Lab, model: Endpoint) -> None:
    model.answer("I had rather not.").answer("No.")
    job = lab.ask("POST", "jobs", {"action": "make", "request": "اجعل العدد ضعفين"})["id"]
    lab.follow(job)
    person = await come()
    studio = person.studio
    await person.run("microapps:open", job=job)
    await expect(studio.outcomes).to_have_count(1)
    said = studio.jobs.first.get_by_text("اجعل العدد ضعفين")
    assert await said.evaluate("element => getComputedStyle(element).direction") == "rtl"
    model.answer("Word by word. " * 40, hold=True)

    def kept(answer: Response) -> bool:
        layout = answer.request.post_data or job
        return "/api/workspaces/" in answer.url and "microapps-documents:" in layout and job not in layout

    async with person.page.expect_response(kept):
        await studio.button("Try again").click()
    await expect(studio.jobs.last).to_contain_text("Word by word.")
    await person.page.reload()
    await person.ready()
    await expect(studio.jobs).to_have_count(1)
    await expect(studio.jobs).to_contain_text("Word by word.")
    await expect(studio.button("Stop")).to_be_visible()
    model.answer("Here it is.", doubler(title="Newest")).answer("Done.")
    model.release()
    await expect(studio.outcomes.last).to_contain_text("Newest is ready")
    await expect(studio.field).to_have_value("")
    await studio.field.fill("مرحبا")
    assert await studio.field.evaluate("element => getComputedStyle(element).direction") == "rtl"


@pytest.mark.long
async def test_questions_permissions_and_refusals_are_cards_in_words(
    come: Come, lab: Lab, model: Endpoint, copied: Callable[[str], str]
) -> None:
    name = copied("asked-about")
    person = await come()
    studio = await person.open(name)
    asks = studio.log.locator(".jp-MicroappsQuestion.jp-mod-open")

    model.answer("That depends.", call("ask_user", question="Which unit?", options=["Metric", "Imperial"]))
    reads = call("propose_permission", reason="It reads exchange rates.", hosts=[{"name": "api.example.org"}])
    model.answer("It needs rates.", reads)
    model.answer("Here it is.", doubler(description="With rates.")).answer("Done.")
    await studio.say("Use units and rates")
    await expect(asks).to_contain_text("Which unit?")
    await expect(studio.log).to_contain_text("Waiting for your answer")
    await asks.get_by_role("button", name="Metric").click()
    await expect(studio.log).to_contain_text("Your answer: Metric")
    await expect(asks).to_contain_text("Connect to api.example.org on port 443.")
    await expect(asks).to_contain_text("It reads exchange rates.")
    assert (await asks.inner_text()).count("api.example.org") == 1  # nothing is said twice
    await asks.get_by_role("button", name="Allow", exact=True).click()
    await expect(studio.outcomes).to_have_count(1)
    await expect(studio.log).to_contain_text("You allowed this.")
    allowed = (await studio.tab("Permissions")).get_by_role("listitem").filter(has_text="api.example.org")
    await expect(allowed).to_contain_text("allowed")
    await allowed.get_by_role("button", name="Take back").click()
    await expect(allowed).to_contain_text("not allowed")
    await expect(studio.whole.get_by_role("tab", name="Permissions")).to_contain_text("was not given")

    model.fault("refusal").answer("I cannot do that.")
    await studio.say("Something bad")
    await expect(studio.outcomes.last).to_contain_text("The model declined this request.")
    model.forget()
    model.fault("529", times=9, retry_after="0.01")
    await studio.say("In the rush hour")
    await expect(studio.outcomes.last).to_contain_text("endpoint is overloaded")
    await expect(studio.log).to_contain_text("Trying again after 1 s.")
    model.forget()
    model.fault("eof").answer("A whole answer, not cut.").answer("There is nothing to do.")
    await studio.say("Through a bad line")
    await expect(studio.log).to_contain_text("Cut off, and begun again")
    await expect(studio.outcomes).to_have_count(4)
    await expect(studio.jobs.last).to_contain_text("A whole answer, not cut.")

    # It goes to the trash, and comes back from there.
    lab.ask("DELETE", f"apps/{name}")
    await studio.button("Take it out of the trash").click()
    await studio.tab("App")
    await expect(studio.app.get_by_label("Number")).to_be_visible()
    await expect(studio.outcomes).to_have_count(4)
