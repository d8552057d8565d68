"""An app whose elements have the names of those of our pages: they are the app's, and change no page of ours."""

from __future__ import annotations

from collections.abc import AsyncIterator
from html import escape
from pathlib import Path

import anyio
import pytest
from playwright.async_api import Page, expect

from ..conftest import Listener, Served, inside, published, serve
from ..holding import Held
from .covers import IN_A_BROWSER, covered

pytestmark = IN_A_BROWSER

NAMED = """
import ipywidgets as w
from IPython.display import HTML, display
display(HTML(MARKUP))
name, said = w.Text(description="Name"), w.Label("nobody")
name.observe(lambda _: setattr(said, "value", f"It is {name.value}"), "value")
w.VBox([w.HTML(MARKUP), name, said])
"""
OURS = ("visit", "cover", "simple", "page", "app", "below", "microapps-notice")
"""Ids of elements of the frame and of the app's page."""


@pytest.fixture
async def served(folder: Path, listener: Listener) -> AsyncIterator[Served]:
    away = f'<div src="/"><meta http-equiv="refresh" content="0;url={listener.url}/away"></div>'
    markup = "".join(f'<div id="{name}">{escape(away)}</div>' for name in OURS)
    async for running in serve([published(folder, "named", f"MARKUP = {markup!r}\n{NAMED}")], thin=True):
        yield running


async def test_what_an_app_calls_as_we_do_leads_nowhere(
    served: Served, page: Page, held: Held, listener: Listener
) -> None:
    await covered(held, served, "named")
    assert await page.locator("#cover #visit").count() == 2, "the cover has the app's names"
    held.let_through()
    app = inside(page)
    await expect(app.locator("html[data-state=alive]")).to_be_attached()
    await app.get_by_label("Name").fill("Kim")
    await expect(app.get_by_text("It is Kim")).to_be_visible()
    await anyio.sleep(0.5)
    assert page.url.startswith(served.site.url) and listener.heard == []
