"""How the cover of an app is opened, and an app that most can be done to in it."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Locator

from microapps.publish.thin import built_client

from ..conftest import Served, inside
from ..holding import CLIENT, VISIT, Held

SIGN = "html[data-busy] main[aria-busy=true]"
ANY_SIGN = "html:is([data-busy], :has([aria-busy=true]))"
"""The sign that an answer takes long, and any part of it."""
STEPS = """
import os
import ipywidgets as w
count = w.IntText(description="Count")
name = w.Text(description="Name")
more, end = w.Button(description="More"), w.Button(description="End")
kind = w.Dropdown(description="Kind", options=["Alpha", "Beta"])
agree = w.Checkbox(description="Agree", indent=False)
said, marked = w.Label("nothing yet"), w.HTML("<i>nothing</i>")
mine = []
def show(_):
    mine[:] = mine or [os.urandom(4).hex()]
    said.value = f"{count.value} {kind.value} {agree.value} in {mine[0]}"
    marked.value = f"<b class='bold'>{count.value}</b>"
for each in (count, kind, agree):
    each.observe(show, "value")
def grow(_):
    count.value += 1
more.on_click(grow)
end.on_click(lambda _: os._exit(1))
sent = []
def submit(_):
    sent.append(name.value)
    said.value = f"submitted {sent}"
name.on_submit(submit)
w.VBox([count, name, more, end, kind, agree, said, marked])
"""
IN_A_BROWSER = [
    pytest.mark.anyio,
    pytest.mark.browser,
    pytest.mark.sandbox,
    pytest.mark.skipif(built_client() is None, reason="the page's client has not been built"),
]


async def covered(held: Held, served: Served, name: str, query: str = "") -> None:
    """Open the app with a cover: its process has to be staged, and the page drawn once."""
    await held.back(VISIT)
    async with asyncio.timeout(60):
        while True:
            await held.page.goto(await served.site.link(name) + query, wait_until="commit")
            await held.page.locator("iframe").wait_for(state="attached")
            if await held.page.locator("#cover").count():
                return
            await asyncio.sleep(0.3)


async def before_the_client(held: Held, served: Served, name: str, *, in_the_cover: bool) -> Locator:
    """What is drawn of the app when it is opened, by its cover or by its page, while its client is held back."""
    if in_the_cover:
        await covered(held, served, name)
        return held.page.locator("#cover")
    await held.back(CLIENT)
    await held.page.goto(await served.site.link(name), wait_until="commit")
    return inside(held.page).locator("main")
