"""What goes over from the cover to the app's page when that is there: nothing is lost, and nothing seen twice."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from ..conftest import COUNTER, Served, becomes_true, inside, published, serve
from ..holding import Held
from .covers import IN_A_BROWSER, STEPS, covered

pytestmark = IN_A_BROWSER

LEADING = """
from IPython.display import HTML, display
import ipywidgets as w
display(HTML('''<meta http-equiv="refresh" content="0;url=https://elsewhere.example/">
<base href="https://elsewhere.example/"><a href="https://elsewhere.example/">Leave</a>
<style>.marked { color: rgb(1, 2, 3); background: url(https://elsewhere.example/a.png) }</style>
<p class="marked" onclick="document.title = 'clicked'">Marked</p>
<script>document.title = 'scripted'</script><img src="x" onerror="document.title = 'failed'">'''))
kind = w.Dropdown(description="Kind", options=["Alpha", "Beta"])
agree = w.Checkbox(description="Agree")
notes = w.Textarea(description="Notes")
said = w.Label("nothing yet")
go = w.Button(description="Tell")
def tell(_):
    said.value = f"{kind.value}, {agree.value}, {notes.value!r}"
go.on_click(tell)
w.VBox([kind, agree, notes, go, said])
"""
TICKING = """
import threading, time
import ipywidgets as w
shown, go = w.HTML("<b class='bold'>0</b>"), w.Button(description="Go")
def tick():
    for number in range(1, 200):
        shown.value = f"<b class='bold'>{number}</b>"
        time.sleep(0.05)
go.on_click(lambda _: threading.Thread(target=tick, daemon=True).start())
w.VBox([go, shown])
"""
LATE = """
const around = window.parent !== window;
addEventListener('message', event => {
    const { data, source } = event;
    if (around && ['so far', 'done'].includes(data?.kind) && !data.late) {
        event.stopImmediatePropagation();
        window.told = data.kind;
        setTimeout(() => dispatchEvent(new MessageEvent('message', {data: {...data, late: true}, source})), 700);
    }
}, true);
window.samples = [];
const look = () => {
    const place = around ? document.body : document.querySelector('#cover main');
    const parts = [...place?.querySelectorAll('input, select, .bold, .output pre') ?? []];
    const held = e => e.type === 'checkbox' ? e.checked : e.value ?? e.innerText;
    const shown = place && parts.filter(e => !e.closest('.coming')).map(held);
    window.samples.push([performance.timeOrigin + performance.now(), shown && shown.join(), Math.round(scrollY)]);
    requestAnimationFrame(look);
};
look();
"""
"""What the frame hands over comes late to the app's page; and what both show is written down, frame by frame."""


@pytest.fixture(scope="module")
async def served(anyio_backend: str, folder: Path) -> AsyncIterator[Served]:
    apps = [
        published(folder, "tip", "#md # Split a bill", COUNTER, "app", title="Tip splitter"),
        published(folder, "leading", LEADING),
        published(folder, "steps", STEPS),
        published(folder, "ticking", TICKING),
    ]
    async for running in serve(apps, thin=True):
        yield running


async def test_what_is_done_to_it_is_done_to_the_page(served: Served, page: Page, held: Held) -> None:
    await covered(held, served, "tip")
    frame = await page.request.get(await served.site.link("tip"), headers={"Sec-Fetch-Dest": "document"})
    assert 'class="covered waits"' in await frame.text()
    await expect(page.locator("iframe")).to_have_attribute("loading", "eager")
    await expect(page.locator("html.waits")).to_have_count(0)
    await page.get_by_label("Bill").fill("240")
    await page.get_by_role("button", name="Calculate").click()
    await page.get_by_label("Bill").fill("36")
    await page.get_by_label("Bill").press("Enter")  # a number that is not complete is waited for
    held.let_through()
    app = inside(page)
    await expect(app.get_by_text("each pays 60.00")).to_be_visible()
    await expect(page.locator("#cover")).to_have_count(0)
    await expect(app.get_by_label("Bill")).to_have_value("36")
    await expect(app.get_by_label("Bill")).to_be_focused()
    await page.keyboard.press("End")
    await page.keyboard.type("0")
    await app.get_by_role("button", name="Calculate").click()
    await expect(app.get_by_text("each pays 90.00")).to_be_visible()


async def test_choices_and_texts_go_over_in_order_and_nothing_in_it_leads_away(
    served: Served, page: Page, held: Held
) -> None:
    came: list[str] = []
    failed: list[str | None] = []
    page.on("response", lambda response: came.append(response.url))
    page.on("requestfailed", lambda request: "elsewhere" in request.url and failed.append(request.failure))
    await covered(held, served, "leading")
    await page.get_by_label("Kind").select_option("Beta")
    await page.get_by_label("Agree").check()
    await page.get_by_label("Notes").fill("first\nsecond 가")
    await page.get_by_role("button", name="Tell").click()
    await page.get_by_text("Leave").click()
    await page.get_by_text("Marked").click()
    colour = "getComputedStyle(document.querySelector('#cover .marked')).color"
    assert await page.evaluate(colour) == "rgb(1, 2, 3)"
    assert await page.title() == "Leading"
    address = page.url
    held.let_through()
    await expect(inside(page).get_by_text(r"Beta, True, 'first\nsecond 가'")).to_be_visible()
    assert page.url == address
    assert [url for url in came if "elsewhere" in url] == []
    assert set(failed) == {"csp"}  # the picture, which the browser did not ask for


@pytest.mark.long
async def test_nothing_of_the_page_is_seen_as_it_was_before(served: Served, page: Page, held: Held) -> None:
    """It shows what was answered and written in the cover before that goes, and is where it was scrolled to."""
    await page.set_viewport_size({"width": 700, "height": 200})
    await page.add_init_script(LATE)
    await covered(held, served, "steps")
    await page.get_by_label("Count").fill("5")
    await page.keyboard.press("Tab")
    await expect(page.locator("#cover b.bold")).to_have_text("5")
    await page.get_by_label("Agree").check()
    await page.get_by_label("Kind").select_option("Beta")
    await expect(page.locator("#cover").get_by_text("5 Beta True in")).to_be_visible()
    await page.get_by_label("Name").fill("Ada")
    await page.evaluate("scrollTo(0, 60)")
    held.let_through()
    await expect(page.locator("#cover")).to_have_count(0)
    app = inside(page)
    await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
    samples = await page.evaluate("samples")
    *_, (_, last, scrolled) = (sample for sample in samples if sample[1])
    assert scrolled == 60
    gone = next(time for time, shown, _ in reversed(samples) if shown)
    seen = {(shown, at) for time, shown, at in await page.frames[1].evaluate("samples") if time > gone}
    assert seen == {(last, 60)}


@pytest.mark.long
async def test_what_an_app_tells_by_itself_never_goes_back(served: Served, page: Page, held: Held) -> None:
    await page.add_init_script(LATE)
    await covered(held, served, "ticking")
    await page.get_by_role("button", name="Go").click()
    await expect(page.locator("#cover .bold")).to_have_text(re.compile(r"\d\d"))
    held.let_through()
    await expect(page.locator("#cover")).to_have_count(0)
    app = inside(page)
    await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
    last, gone = next((int(shown), time) for time, shown, _ in reversed(await page.evaluate("samples")) if shown)
    assert last >= 10
    seen = [int(shown) for time, shown, _ in await page.frames[1].evaluate("samples") if time > gone]
    assert seen == sorted(seen)
    assert seen[0] == last
    await expect(app.locator(".bold")).to_have_text("199")


async def test_what_is_written_while_it_goes_is_written_in_the_page(served: Served, page: Page, held: Held) -> None:
    await page.add_init_script(LATE)
    await covered(held, served, "steps")
    await page.get_by_label("Name").press_sequentially("Gr")
    held.let_through()
    app = inside(page)
    await expect(app.locator("#page")).to_be_attached()
    await becomes_true(page.frames[1], "window.told === 'so far'")
    await page.keyboard.type("ac")
    await expect(page.locator("#cover").get_by_label("Name")).to_have_value("Grac")
    await becomes_true(page, "!document.getElementById('cover')")
    await page.keyboard.type("e")
    await expect(app.get_by_label("Name")).to_be_focused()
    await page.keyboard.type(" H.")
    await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
    await expect(app.get_by_label("Name")).to_have_value("Grace H.")
    await page.keyboard.press("Enter")
    await expect(app.get_by_text("submitted ['Grace H.']", exact=True)).to_be_visible()


@pytest.mark.long
async def test_a_number_is_written_to_its_end_in_it_and_what_is_selected_goes_over(
    served: Served, page: Page, held: Held
) -> None:
    """A browser tells neither where the cursor is in a number nor what "27." is: no key may come elsewhere."""
    await covered(held, served, "steps")
    count, app = page.get_by_label("Count"), inside(page)
    await count.press("Control+a")
    await page.keyboard.type("27")
    held.let_through()
    await expect(app.locator("#page")).to_be_attached()
    await asyncio.sleep(2)  # the page is there, and waits
    await page.keyboard.type("3")
    await expect(page.locator("#cover").get_by_label("Count")).to_have_value("273")
    await page.keyboard.press("Enter")
    await expect(page.locator("#cover")).to_have_count(0)
    await expect(app.get_by_label("Count")).to_be_focused()
    await page.keyboard.type("4")
    await expect(app.get_by_label("Count")).to_have_value("2734")
    await page.keyboard.press("Enter")
    await expect(app.get_by_text("2734 Alpha False in")).to_be_visible()


async def test_a_number_that_was_selected_is_overwritten(served: Served, page: Page, held: Held) -> None:
    await covered(held, served, "steps")
    await page.get_by_label("Count").press("Control+a")
    held.let_through()
    app = inside(page)
    await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
    await expect(app.get_by_label("Count")).to_be_focused()
    await page.keyboard.type("5")
    await expect(app.get_by_label("Count")).to_have_value("5")


async def test_an_input_method_s_enter_submits_nothing(served: Served, page: Page, held: Held) -> None:
    await covered(held, served, "steps")
    name = page.get_by_label("Name")
    await name.fill("가나")
    for code in ("isComposing: true", "keyCode: 229"):
        await name.evaluate(
            f"e => e.dispatchEvent(new KeyboardEvent('keydown', {{key: 'Enter', {code}, bubbles: true}}))"
        )
    await page.get_by_label("Agree").check()
    held.let_through()
    app = inside(page)
    await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
    await app.get_by_role("button", name="More").click()
    await expect(app.get_by_text("1 Alpha True in")).to_be_visible()
    await app.get_by_label("Name").press("Enter")
    await expect(app.get_by_text("submitted ['가나']", exact=True)).to_be_visible()
