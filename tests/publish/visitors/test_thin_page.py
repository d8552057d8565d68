"""A site shows the thin page where the app's widgets allow it, joined to a visitor's process, and Voila's otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import nbformat
import pytest
from playwright.async_api import Page, async_playwright, expect

from microapps.publish.browser import ARGUMENTS, chromium
from microapps.publish.thin import built_client

from ..conftest import COUNTER, PATIENCE, Served, inside, published, serve
from ..test_site import get, visit_url

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.browser,
    pytest.mark.sandbox,
    pytest.mark.skipif(built_client() is None, reason="the page's client has not been built"),
]


@pytest.fixture(scope="module")
async def served(anyio_backend: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    folder: Path = tmp_path_factory.mktemp("thin")
    apps = [
        published(folder, "counter", "#md # Counter", COUNTER, "display(app)"),
        published(folder, "failing", "import ipywidgets as w\ngo = w.Button(description='go')\n"
                  "go.on_click(lambda _: __import__('nothing_here'))\ngo"),
        published(folder, "printing", "import ipywidgets as w\nout = w.Output()\ngo = w.Button(description='go')\n"
                  "@out.capture()\ndef lines(_):\n  for i in range(5000): print('line', i, 'y' * 100)\n"
                  "go.on_click(lines)\nw.VBox([go, out])"),
        published(folder, "pictured", "#md ![dot](attachment:dot.png)", COUNTER, "display(app)"),
    ]  # fmt: skip
    async for made in serve(apps, thin=True):
        yield made


@pytest.fixture(scope="module")
async def page(anyio_backend: str) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(chromium()), args=list(ARGUMENTS))
        made = await browser.new_page()
        made.set_default_timeout(PATIENCE)
        yield made
        await browser.close()


async def calculates(page: Page) -> None:
    frame = inside(page)
    await frame.get_by_role("button", name="Calculate").click()
    await expect(frame.get_by_text("each pays 25.00")).to_be_visible(timeout=60_000)


@pytest.mark.long
async def test_another_picture_in_the_text_is_shown_to_who_comes_then(served: Served) -> None:
    path = served.site.apps[-1].notebook
    notebook = nbformat.read(path, 4)
    for picture in ("Zmlyc3Q=", "c2Vjb25k"):
        notebook.cells[0].attachments = {"dot.png": {"image/png": picture}}
        nbformat.write(notebook, path)
        page = '"perVisitor":true'
        async with asyncio.timeout(60):
            while '"perVisitor":true' in page:  # until what the app's own run showed is kept
                page = (await get(await visit_url(served, "pictured"))).body.decode()
        assert f"data:image/png;base64,{picture}" in page


async def test_the_page_is_thin_and_works_before_and_after_the_app_is_staged(served: Served, page: Page) -> None:
    for _ in range(2):
        await page.goto(await served.site.link("counter"))
        await expect(inside(page).locator("#page")).to_have_count(1)
        await calculates(page)
        await asyncio.sleep(1.5)


async def test_the_full_page_is_there_for_the_asking(served: Served, page: Page) -> None:
    await page.goto(await served.site.link("counter") + "?full=1")
    await calculates(page)
    await expect(inside(page).locator("#page")).to_have_count(0)


async def test_the_owner_hears_of_a_callback_that_fails(served: Served, page: Page) -> None:
    await page.goto(await served.site.link("failing"))
    await inside(page).get_by_role("button", name="go").click()
    notice = await served.notice("callback_failed", "failing")
    assert "ModuleNotFoundError" in notice.what and notice.what.endswith("'pip install nothing_here'.")


async def test_of_much_that_is_printed_the_end_is_shown_and_that_there_is_more(served: Served, page: Page) -> None:
    await page.goto(await served.site.link("printing"))
    await expect(inside(page).locator("html[data-state=alive]")).to_be_attached()
    await inside(page).get_by_role("button", name="go").click()
    shown = inside(page).locator("pre")
    await expect(shown).to_contain_text("line 4999 ")
    await expect(inside(page).get_by_text("Earlier lines are not shown.")).to_be_visible()
    text = await shown.inner_text()
    assert text.startswith("line 3") and 150_000 < len(text) <= 200_000


async def test_a_page_whose_connection_is_cut_joins_the_same_process(served: Served, page: Page) -> None:
    await page.goto(await served.site.link("counter"))
    await expect(inside(page).locator("html[data-state=alive]")).to_be_attached()
    await inside(page).get_by_label("Bill").fill("80")
    await inside(page).get_by_label("Bill").press("Enter")
    await page.context.set_offline(True)
    await asyncio.sleep(0.5)
    await page.context.set_offline(False)
    await inside(page).get_by_role("button", name="Calculate").click()
    await expect(inside(page).get_by_text("each pays 20.00")).to_be_visible(timeout=60_000)
