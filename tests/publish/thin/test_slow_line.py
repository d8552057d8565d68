"""A large page over a slow line: it is seen and used long before all of it has come."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from microapps.publish.thin import built_client

from ..conftest import Served, inside, published, serve

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.browser,
    pytest.mark.sandbox,
    pytest.mark.skipif(built_client() is None, reason="the page's client has not been built"),
]

LARGE = """
import ipywidgets as w
name, add, said = w.Text(description="Name"), w.Button(description="Add"), w.Label("nothing")
kind = w.Dropdown(options=["Whole milk", "Rye bread", " Free  range eggs"], index=1, description="Kind")
chosen = w.Label("nothing chosen")
kind.observe(lambda change: setattr(chosen, "value", f"chosen: {change.new!r}"), "value")
added = []
def put(_):
    added.append(name.value)
    said.value, name.value = f"added: {added}", ""
add.on_click(put)
plate = w.GridBox([w.FloatText(value=n) for n in range(250)], layout=w.Layout(grid_template_columns="repeat(10, 80px)"))
w.VBox([name, add, said, kind, chosen, plate])
"""
LINE = {"offline": False, "latency": 400, "downloadThroughput": 15_000, "uploadThroughput": 15_000}


@pytest.fixture(scope="module")
async def served(anyio_backend: str, folder: Path) -> AsyncIterator[Served]:
    async for running in serve([published(folder, "large", LARGE)], thin=True):
        yield running


async def test_what_is_done_while_the_page_is_on_its_way_is_done_in_order(served: Served, page: Page) -> None:
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(error.message))
    link = await served.site.link("large")
    line = await page.context.new_cdp_session(page)
    await line.send("Network.enable")
    await line.send("Network.emulateNetworkConditions", LINE)
    await page.goto(link, wait_until="commit")
    app = inside(page)
    await app.get_by_role("button", name="Add").wait_for(timeout=60_000)
    frame = page.frames[1]
    assert await frame.evaluate("document.readyState") == "loading"
    for name in ("milk", "bread", "eggs"):
        await app.get_by_label("Name").fill(name)
        await app.get_by_role("button", name="Add").click()
    await app.get_by_label("Kind").select_option(index=2)
    assert await frame.evaluate("document.readyState") == "loading", "all of that was too late"
    await line.send("Network.emulateNetworkConditions", {**LINE, "downloadThroughput": -1, "uploadThroughput": -1})
    await expect(app.get_by_text("added: ['milk', 'bread', 'eggs']", exact=True)).to_be_visible(timeout=60_000)
    await expect(app.get_by_text("chosen: ' Free range eggs'", exact=True)).to_be_visible()
    assert await app.get_by_label("Kind").evaluate("list => list.selectedIndex") == 2
    assert wrong == []
