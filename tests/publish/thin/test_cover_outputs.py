"""What an app prints, draws and marks up is shown in the cover, as far as that can do nothing there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from ..conftest import Served, inside, published, serve
from ..holding import Held
from .covers import IN_A_BROWSER, covered
from .test_thin_page import PLACES

pytestmark = IN_A_BROWSER

OUTPUTS = """
import struct, zlib
import ipywidgets as w
from IPython.display import HTML, Image, Latex, clear_output, display
def picture(red):
    def part(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", red, 1, 8, 2, 0, 0, 0)
    rows = bytes([0]) + bytes([red, 0, 0]) * red
    return b"\\x89PNG\\r\\n\\x1a\\n" + part(b"IHDR", header) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")
drawn = w.Image(value=picture(3), format="png")
out = w.Output()
def shown(many):
    print("many", many)
    print("lines")
    display(HTML(f"<table class='rows'><tr><td>{many}</td></tr></table>"))
    display(Image(picture(many)))
    drawn.value = picture(many * 2)

    if many >= 9:
        display(Latex("$x^2$"))
def tell(change):
    with out:
        clear_output(wait=True)
        shown(change["new"])
many = w.IntText(description="Many", value=1)
many.observe(tell, "value")
def about(size):
    return size * 2
display(w.VBox([many, drawn, out]))
w.interact(about, size=(0, 10))
"""
HOSTILE = """
import ipywidgets as w
which = w.Dropdown(description="Which", options=[
    "<b>fine</b>",
    "<i id='seen'>sent away</i><meta http-equiv='refresh' content='0;url=https://elsewhere.example/'>",
    "<i>drawn</i><svg onload='document.title=1'></svg>",
    "<a id='simple' href='https://elsewhere.example/' onclick='document.title=1'>link</a>"
    "<img src='https://elsewhere.example/x.png' onerror='document.title=1'><input formaction='//elsewhere.example'>",
])
told = w.HTML("<script type='application/json' id='simple'>{}</script><p id='simple'>{}</p><b>nothing</b>")
def tell(change):
    told.value = change["new"]
which.observe(tell, "value")
w.VBox([which, told])
"""
WATCH = """
window.outputs = [];
const look = () => {
    const drawn = [...document.querySelectorAll('.widget-output')].filter(e => !e.closest('.coming'));
    const widths = e => [...e.querySelectorAll('img')].map(i => i.naturalWidth);
    const shown = drawn.map(e => e.innerText.trim() + widths(e)).join('|');
    const { state } = document.documentElement?.dataset ?? {};
    if (state && state !== 'drawn' && shown !== window.outputs.at(-1)) window.outputs.push(shown);
    requestAnimationFrame(look);
};
look();
"""
"""Writes down what Output widgets show while a page comes to life."""


@pytest.fixture(scope="module")
async def served(anyio_backend: str, folder: Path) -> AsyncIterator[Served]:
    apps = [
        published(folder, "outputs", OUTPUTS),
        published(folder, "hostile", HOSTILE),
    ]
    async for running in serve(apps, thin=True):
        yield running


async def test_what_is_printed_and_drawn_is_answered_in_it(served: Served, page: Page, held: Held) -> None:
    await page.add_init_script(WATCH)
    await covered(held, served, "outputs")
    cover = page.locator("#cover")
    out, about = cover.locator(".widget-output").first, cover.locator(".widget-output").last
    for number in (4, 5):
        await page.get_by_label("Many").fill(str(number))
        await page.keyboard.press("Tab")
        await expect(out.locator("td")).to_have_text(str(number))
        await expect(out.locator("pre")).to_have_text(f"many {number}\nlines\n")
        await expect(out.locator("img")).to_have_count(1)
        await expect(out.locator("img")).to_have_js_property("naturalWidth", number)
        await expect(cover.locator("img.widget-image")).to_have_js_property("naturalWidth", number * 2)
    await cover.get_by_role("slider", name="size").press("Home")
    await expect(about).to_have_text("0")
    await cover.get_by_role("slider", name="size").press("End")
    await expect(about).to_have_text("20")
    seen = await cover.locator(".output").all_inner_texts()
    places = await page.evaluate(PLACES)
    held.let_through()
    app = inside(page)
    await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
    assert await app.locator(".output").all_inner_texts() == seen
    alive = await page.frames[1].evaluate(PLACES)
    assert [place for place in alive if place not in places] == []
    shown = await page.frames[1].evaluate("outputs")
    assert len(shown) == 1, shown  # nothing was seen as it was before
    await app.get_by_label("Many").fill("9")
    await app.get_by_label("Many").press("Enter")
    await expect(app.locator(".widget-output").first.locator("math, mjx-container, .katex").first).to_be_visible()


async def test_markup_that_could_act_or_lead_elsewhere_is_not_shown_in_it(
    served: Served, page: Page, held: Held
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await covered(held, served, "hostile")
    address, cover, which = page.url, page.locator("#cover"), page.get_by_label("Which")
    content = cover.locator(".widget-html-content")
    await which.select_option(index=0)
    await which.select_option(index=3)
    await expect(content.locator("a")).to_have_text("link")
    shown = await content.inner_html()
    assert "href" not in shown and "onclick" not in shown and "onerror" not in shown and "formaction" not in shown
    for number in (1, 2):
        await which.select_option(index=number)
        await asyncio.sleep(0.5)
        assert await content.inner_html() == shown
    assert page.url == address and await page.title() == "Hostile"
    assert [url for url in asked if "elsewhere" in url and not url.endswith("x.png")] == []
    held.let_through()
    await expect(inside(page).locator(".widget-html-content i")).to_have_text("drawn")
    assert page.url == address
