"""That an answer takes long is seen, from the cover on until it is there."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect

from ..conftest import Served, inside, published, serve
from ..holding import CLIENT, Held
from .covers import ANY_SIGN, IN_A_BROWSER, SIGN, STEPS, covered

pytestmark = IN_A_BROWSER

SLOW = """
import os, time
import ipywidgets as w
go, said = w.Button(description="Go"), w.Label("nothing yet")
def work(_):
    while not os.path.exists(os.path.join(os.environ["MICROAPPS_DATA"], "done")):
        time.sleep(0.1)
    said.value = "done"
go.on_click(work)
w.VBox([go, said])
"""
WATCHED = """
  window.signs = [];
  new MutationObserver(() => {
    const shown = document.documentElement.dataset.busy !== undefined;
    if (signs.at(-1) !== shown) signs.push(shown);
  }).observe(document, {subtree: true, attributeFilter: ["data-busy"]});
"""
"""Notes in each page when the sign comes, and when it goes."""
LINE = """() => {
  const { height, position, backgroundImage } = getComputedStyle(document.querySelector("main"), "::before");
  return `${height} ${position} ${backgroundImage.split("(")[0]}`;
}"""
"""How the sign is drawn."""


@pytest.fixture(scope="module")
async def served(anyio_backend: str, folder: Path) -> AsyncIterator[Served]:
    slow = published(folder, "slow", SLOW)
    (folder / "data").mkdir()
    slow = replace(slow, confinement=replace(slow.confinement, data=folder / "data"))
    own = published(folder, "own", f"import time\nbegun = time.time()\n{STEPS}")
    async for running in serve([published(folder, "steps", STEPS), slow, own], thin=True):
        yield running


async def test_that_an_answer_takes_long_is_seen_from_the_cover_on_until_it_is_there(
    served: Served, page: Page, held: Held, folder: Path
) -> None:
    client, app = Held(page), inside(page)
    await client.back(CLIENT)
    await page.add_init_script(WATCHED)
    await covered(held, served, "slow")
    await page.get_by_role("button", name="Go").click()
    await expect(page.locator(SIGN)).to_be_attached()
    assert await page.evaluate(LINE) == "3px fixed linear-gradient"
    held.let_through()
    await expect(page.locator("#cover")).to_have_count(0)
    await expect(app.locator(f"{SIGN}:is([data-state=drawn] *)")).to_be_attached()
    await page.emulate_media(reduced_motion="reduce")
    assert await page.frames[1].evaluate(LINE) == "3px fixed none"  # it stands still, in one colour
    client.let_through()
    await expect(app.locator(f"{SIGN}:is([data-state=alive] *)")).to_be_attached()
    (folder / "data/done").touch()
    await expect(app.get_by_text("done", exact=True)).to_be_visible()
    await expect(app.locator(ANY_SIGN)).to_have_count(0)
    assert [await frame.evaluate("signs") for frame in page.frames[:2]] == [[True, False]] * 2


async def test_nothing_is_said_of_what_is_answered_soon_and_what_is_left_to_the_client_is_waited_for(
    served: Served, page: Page, held: Held
) -> None:
    await covered(held, served, "steps")
    sign, name, app = page.locator(SIGN), page.get_by_label("Name"), inside(page)
    await page.clock.install()
    await page.clock.pause_at(await page.evaluate("Date.now()") + 1000)
    await page.get_by_label("Count").fill("5")
    await page.keyboard.press("Tab")
    await expect(page.locator("#cover").get_by_text("5 Alpha False in")).to_be_visible()
    await page.clock.run_for(5000)
    await expect(sign).to_have_count(0)
    await name.fill("ten")
    await name.press("Enter")
    await page.clock.run_for(490)
    await expect(sign).to_have_count(0)
    async with asyncio.timeout(60):
        while not await sign.count():  # the answer to what was filled in may come only now: it begins anew then
            await page.clock.run_for(20)
    await page.clock.resume()
    held.let_through()
    await expect(app.get_by_text("submitted ['ten']")).to_be_visible()
    await expect(app.locator(ANY_SIGN)).to_have_count(0)


async def test_a_page_that_never_comes_alive_does_not_wait_for_ever(served: Served, page: Page, held: Held) -> None:
    await page.route(CLIENT, lambda route: route.abort())
    await page.add_init_script(WATCHED)
    await covered(held, served, "steps")
    await page.get_by_label("Name").press("Enter")
    await expect(page.locator(SIGN)).to_be_attached()
    held.let_through()
    await expect(page.locator("#cover")).to_have_count(0)
    await expect(inside(page).locator("html[data-state=drawn]:not([data-busy])")).to_be_attached()
    assert [await frame.evaluate("signs") for frame in page.frames[:2]] == [[True, False]] * 2


async def test_a_page_whose_client_cannot_be_had_says_so_asks_again_and_then_does_what_was_done(
    served: Served, page: Page, held: Held
) -> None:
    await page.route(f"{CLIENT}*", lambda route: route.abort())
    await covered(held, served, "steps")
    held.let_through()
    await expect(page.locator("#cover")).to_have_count(0)
    app = inside(page)
    await expect(app.get_by_role("status").get_by_text("cannot be used yet")).to_be_visible()
    await app.get_by_label("Name").fill("ten")
    await app.get_by_label("Name").press("Enter")
    await page.unroute_all()
    await page.frames[1].evaluate("dispatchEvent(new Event('online'))")
    await expect(app.get_by_text("submitted ['ten']")).to_be_visible()
    await expect(app.get_by_text("cannot be used yet")).to_have_count(0)


@pytest.mark.parametrize("name", ["steps", "own"])
async def test_a_page_that_is_cut_off_on_its_way_comes_once_the_line_is_back(
    served: Served, page: Page, name: str
) -> None:
    """One with a cover, which stays to be seen, and one that runs for each visitor anew."""
    link, asked = await served.site.link(name), asyncio.Event()

    async def cut(route: Route) -> None:
        if route.request.method == "HEAD":
            asked.set()
        if route.request.method == "HEAD" or route.request.url != link:
            await route.abort()
        else:
            await route.continue_()

    await page.route(re.compile(re.escape(link) + r"$|/visits/[^/]+/$"), cut)
    await page.goto(link)
    await asked.wait()
    await page.unroute_all()
    await expect(inside(page).locator("html[data-state=alive]")).to_be_attached()
    await expect(inside(page).get_by_label("Name")).to_be_visible()
