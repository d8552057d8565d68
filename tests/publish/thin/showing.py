"""An app of several kinds of widgets whose process can die, and how its page is opened."""

from __future__ import annotations

import asyncio

from playwright.async_api import Page, expect

from ..conftest import Served, inside

SHOWING = """
import os, threading, ipywidgets as w
from IPython.display import HTML, Markdown, display
name = w.Text(description="Name")
people = w.BoundedIntText(description="People", value=2, min=1, max=9)
kind = w.Dropdown(description="Kind", options=["Alpha", "Beta"])
rows, said, out = w.VBox(), w.Label("nothing yet"), w.Output()
def button(label, act):
    made = w.Button(description=label)
    made.on_click(act)
    return made
def add(_):
    rows.children = (*rows.children, w.Text(description=f"Row {len(rows.children) + 1}"))
def show(_):
    with out:
        print("printed")
        print("10%\\r 100%\\nab\\bc")
        display(Markdown("**strong** with $a_{11}$"))
def tell(_):
    said.value = f"{name.value} and {people.value} take {kind.value}"
def fail(_):
    1 / 0
buttons = [button("Add", add), button("Show", show), button("Tell", tell), button("Fail", fail)]
dying = []
def die(_):
    if dying and name.value == "Kim":
        threading.Timer(0.1, os._exit, (3,)).start()
name.observe(die, "value")
buttons.append(button("Die", dying.append))
display(w.VBox([name, people, kind, *buttons, said, rows, out]))
display(HTML("<img src=x onerror='document.title=1'><p>an <i>html</i> output</p>"))
"""


async def opened(served: Served, page: Page, name: str, query: str = "", *, forked: bool = False) -> None:
    """Open an app's page. ``forked``: one whose process is a fork, for which the app has to be staged first."""
    while True:
        await page.goto(await served.site.link(name) + query)
        await expect(inside(page).locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
        own = "JSON.parse(document.getElementById('page').textContent).perVisitor"
        if not (forked and await page.frames[1].evaluate(own)):
            return
        await asyncio.sleep(0.5)
