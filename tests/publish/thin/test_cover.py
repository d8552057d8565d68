"""The cover: what a frame shows, and what may be done to it, until the app's page is there."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast
from urllib.parse import urljoin

import pytest
from playwright.async_api import Page, expect

from microapps.publish.thin import built_client
from microapps.publish.thin.cover import LONGEST, harmless, whole
from microapps.publish.visitors.protocol import WidgetState

from ...frames import AppFrame
from ..conftest import COUNTER, Served, becomes_true, inside, published, serve
from ..holding import VISIT, Held
from .test_thin_page import CONTROLS, PLACES

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
ANSWERS = """
import ipywidgets as w
size = w.FloatSlider(description="Size", value=2.5, min=-10, max=10, step=0.5)
people = w.IntSlider(description="People", value=1000, max=5000, step=100, readout_format=",d", continuous_update=False)
way = w.ToggleButtons(description="Way", options=["In", "Out"])
loud = w.ToggleButton(description="Loud")
kind = w.RadioButtons(description="Kind", options=["Alpha", "Beta"])
town = w.Dropdown(description="Town", options=["Berlin", "Seoul"])
told = w.HTML()
said = []
def tell(_=None):
    values = [each.value for each in (size, people, way, loud, kind, town)]
    said.append(values)
    told.value = f"<table><tr><td class='all' style='color: red'>{values}</td></tr></table><p>after {len(said)}</p>"
for each in (size, people, way, loud, kind, town):
    each.observe(tell, "value")
def turn(change):
    if change["new"] == "Out":
        town.options = ["Paris", "Berlin", "Seoul"]
way.observe(turn, "value")
more = w.Button(description="More", disabled=True)
card = w.VBox([w.Label("a card"), more], layout=w.Layout(display="none"))
def unlock(change):
    more.disabled = not change["new"]
    card.layout.display = None if change["new"] else "none"
loud.observe(unlock, "value")
tell()
w.VBox([size, people, way, loud, kind, town, told, card])
"""
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
LOOKS = """sheet => {
    if (sheet) document.querySelector('style').textContent = sheet;
    const look = (e, part) => [...getComputedStyle(e, part)].map(name => getComputedStyle(e, part)[name]).join(';');
    const shown = (e, part) => `${e.tagName} ${e.className} ${part} ${look(e, part)}`;
    const looks = e => [null, '::before', '::after'].map(part => shown(e, part));
    return [document.body, ...document.querySelectorAll(':root, #cover, #cover *')].flatMap(looks);
}"""
"""How every part of the cover looks, with another sheet in place of its first one."""
SLIDER = {"value": 3, "min": 0, "max": 9, "step": 0.5, "orientation": "horizontal", "readout_format": ".2f"}
browser = [
    pytest.mark.anyio,
    pytest.mark.browser,
    pytest.mark.sandbox,
    pytest.mark.skipif(built_client() is None, reason="the page's client has not been built"),
]


@pytest.mark.parametrize(
    ("drawn", "left"),
    [
        ("<meta http-equiv=refresh content='0;url=//e'>x", "x"),
        ('<a href="https://e/" ping="//e">x</a>', "<a>x</a>"),
        ('<img src="https://e/x.png" srcset="//e"><img src="/x.png">', "<img><img>"),
        ("<b onclick=x>y</b><script>x</script>", "<b>y</b>"),
        ("<style></style/><script>x</script>", "<style></style>"),
        ("<base href=//e><link rel=stylesheet href=//e><iframe srcdoc=x></iframe>y", "y"),
        ("<button formaction=//e>x</button>", "<button>x</button>"),
        ("<object data=//e></object><embed src=//e>y", "y"),
        ('<img src="data:image/png;base64,AAAA">', '<img src="data:image/png;base64,AAAA">'),
        ('<input type="radio" checked data-widget="w">', '<input type="radio" checked="" data-widget="w">'),
    ],
)  # fmt: skip
def test_nothing_of_a_cover_acts_or_leads_anywhere(drawn: str, left: str) -> None:
    assert harmless(drawn) == left


@pytest.mark.parametrize("drawn", ["<svg></svg>", "<form>x</form>", "<MATH>", "<x-iframe>", "x" * (LONGEST + 1)])
def test_there_is_no_cover_where_it_would_look_otherwise_or_be_large(drawn: str) -> None:
    assert harmless(drawn) is None


@pytest.mark.parametrize(
    ("more", "waits"),
    [
        ({}, True),
        ({"model_name": "OutputModel", "state": {"outputs": []}}, True),
        ({"model_name": "OutputModel", "state": {"outputs": [{"output_type": "stream"}]}}, True),
        ({"model_name": "OutputModel", "state": {"outputs": [{"output_type": "error"}]}}, False),
        ({"model_name": "OutputModel", "state": {"outputs": [{"data": {"text/html": "", "text/plain": ""}}]}}, True),
        ({"model_name": "OutputModel", "state": {"outputs": [{"data": {"text/latex": "", "text/plain": ""}}]}}, False),
        ({"model_name": "ImageModel", "state": {"format": "png"}}, True),
        ({"model_name": "ImageModel", "state": {"format": "svg+xml"}}, False),
        ({"model_name": "FloatSliderModel", "state": SLIDER}, True),
        ({"model_name": "FloatSliderModel", "state": {**SLIDER, "step": None}}, False),
        ({"model_name": "FloatSliderModel", "state": {**SLIDER, "orientation": "vertical"}}, False),
        ({"model_name": "FloatSliderModel", "state": {**SLIDER, "readout_format": ".3s"}}, False),
        ({"model_name": "FloatLogSliderModel", "state": SLIDER}, False),
        ({"model_name": "HTMLModel", "state": {"value": "<b>3</b>"}}, True),
        ({"model_name": "DatePickerModel", "state": {}}, False),
        ({"model_name": "TabModel", "state": {}}, False),
    ],
)  # fmt: skip
def test_the_page_comes_after_a_cover_that_answers_everything(more: dict[str, Any], waits: bool) -> None:
    names = ("IntTextModel", "LabelModel", "ButtonModel", "VBoxModel", "LayoutModel", "DescriptionStyleModel")
    states = [*({"model_name": name, "state": {"value": 1}} for name in names), *([more] if more else [])]
    around = {"model_module": "@jupyter-widgets/controls", "model_module_version": "2.0.0"}
    widgets = {str(number): cast("WidgetState", {**state, **around}) for number, state in enumerate(states)}
    assert whole(widgets) is waits


@pytest.fixture(scope="module")
async def served(anyio_backend: str, folder: Path) -> AsyncIterator[Served]:
    apps = [
        published(folder, "tip", "#md # Split a bill", COUNTER, "app", title="Tip splitter"),
        published(folder, "leading", LEADING),
        published(folder, "controls", CONTROLS),
        published(folder, "steps", STEPS),
        published(folder, "answers", ANSWERS),
        published(folder, "outputs", OUTPUTS),
        published(folder, "hostile", HOSTILE),
        published(folder, "scripted", STEPS, scripts=True),
    ]
    async for running in serve(apps, thin=True):
        yield running


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


class TestInABrowser:
    pytestmark = browser

    async def test_what_is_done_to_it_is_done_to_the_page(self, served: Served, page: Page, held: Held) -> None:
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
        self, served: Served, page: Page, held: Held
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

    async def test_what_is_simple_is_answered_in_it_and_the_page_goes_on_with_the_same_process(
        self, served: Served, page: Page, held: Held
    ) -> None:
        await covered(held, served, "steps")
        cover = page.locator("#cover")
        await page.get_by_label("Count").fill("5")
        await page.keyboard.press("Tab")
        await expect(cover.get_by_text("5 Alpha False in")).to_be_visible()
        await page.get_by_role("button", name="More").click()
        await expect(page.get_by_label("Count")).to_have_value("6")
        await page.get_by_label("Kind").select_option("Beta")
        await page.get_by_label("Agree").check()
        await page.get_by_label("Count").fill("10")
        await page.keyboard.press("Tab")
        told = cover.get_by_text("10 Beta True in")
        await expect(told).to_be_visible()
        answer = await told.inner_text()
        await expect(cover.locator("b.bold")).to_have_text("10")
        await page.get_by_label("Name").fill("a name that is being writ")
        held.let_through()
        app = inside(page)
        await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
        await expect(app.get_by_text(answer, exact=True)).to_be_visible()
        await expect(app.locator("b.bold")).to_have_text("10")
        await expect(app.get_by_label("Count")).to_have_value("10")
        await expect(app.get_by_label("Kind")).to_have_value("Beta")
        await expect(app.get_by_label("Agree")).to_be_checked()
        await expect(app.get_by_label("Name")).to_be_focused()
        await page.keyboard.type("ten")
        await expect(app.get_by_label("Name")).to_have_value("a name that is being written")
        await app.get_by_role("button", name="More").click()
        await expect(app.get_by_text(answer.replace("10", "11", 1), exact=True)).to_be_visible()

    async def test_nothing_of_the_page_is_seen_as_it_was_before(self, served: Served, page: Page, held: Held) -> None:
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

    async def test_what_is_written_while_it_goes_is_written_in_the_page(
        self, served: Served, page: Page, held: Held
    ) -> None:
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

    async def test_a_process_that_ends_meanwhile_is_replaced_and_what_was_entered_kept(
        self, served: Served, page: Page, held: Held
    ) -> None:
        await covered(held, served, "steps")
        await page.get_by_label("Count").fill("5")
        await page.keyboard.press("Tab")
        await expect(page.locator("#cover").get_by_text("5 Alpha False in")).to_be_visible()
        async with page.expect_websocket() as joined:
            await page.get_by_role("button", name="End").click()
            await served.notice("kernel_lost", "steps")
            held.let_through()
        assert (await joined.value).url.endswith("/live")
        app = inside(page)
        await expect(app.get_by_text("What you had entered was kept: Count.")).to_be_visible(timeout=60_000)
        await expect(app.get_by_label("Count")).to_have_value("5")
        await app.get_by_role("button", name="More").click()
        await expect(app.get_by_text("6 Alpha False in")).to_be_visible()

    async def test_one_that_ends_after_much_was_answered_in_it_is_replaced_by_one_that_is_heard(
        self, served: Served, page: Page, held: Held
    ) -> None:
        """Another process counts its messages anew: none of them is taken for one of before."""
        await covered(held, served, "steps")
        for number in ("5", "6", "7"):
            await page.get_by_label("Count").fill(number)
            await page.keyboard.press("Tab")
            await expect(page.locator("#cover").get_by_text(f"{number} Alpha False in")).to_be_visible()
        held.let_through()
        app = inside(page)
        await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
        await app.get_by_role("button", name="End").click()
        await expect(app.get_by_text("What you had entered was kept: Count.")).to_be_visible(timeout=60_000)
        await app.get_by_label("Agree").check()
        await expect(app.get_by_text("7 Alpha True in")).to_be_visible()

    async def test_a_number_is_written_to_its_end_in_it_and_what_is_selected_goes_over(
        self, served: Served, page: Page, held: Held
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

    async def test_a_number_that_was_selected_is_overwritten(self, served: Served, page: Page, held: Held) -> None:
        await covered(held, served, "steps")
        await page.get_by_label("Count").press("Control+a")
        held.let_through()
        app = inside(page)
        await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
        await expect(app.get_by_label("Count")).to_be_focused()
        await page.keyboard.type("5")
        await expect(app.get_by_label("Count")).to_have_value("5")

    async def test_an_input_method_s_enter_submits_nothing(self, served: Served, page: Page, held: Held) -> None:
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

    @pytest.mark.parametrize("width", [1280, 390])
    async def test_every_control_is_where_it_will_be(self, served: Served, page: Page, held: Held, width: int) -> None:
        await page.set_viewport_size({"width": width, "height": 800})
        await covered(held, served, "controls")
        before = await page.evaluate(PLACES)
        assert len(before) > 50
        looks, client = await page.evaluate(LOOKS, ""), built_client()
        assert client is not None
        assert await page.evaluate(LOOKS, client.style_text) == looks
        held.let_through()
        await expect(inside(page).locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
        alive = await page.frames[1].evaluate(PLACES)
        assert [place for place in alive if place not in before] == []

    async def test_its_policy_lets_no_script_run_but_the_frame_s(self, served: Served, page: Page, held: Held) -> None:
        came: list[dict[str, str]] = []
        page.on("response", lambda each: came.append(each.headers))
        await covered(held, served, "leading")
        *_, headers = (each for each in came if "content-security-policy" in each)
        assert "cross-origin-opener-policy" not in headers  # that takes the browser a process more
        policy = headers["content-security-policy"]
        parts = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
        assert parts["default-src"] == "'none'"
        assert parts["script-src"].startswith("'sha256-")
        assert "unsafe" not in parts["script-src"]
        assert parts["img-src"] == "data:"
        assert parts["form-action"] == "'none'"
        assert "allow-same-origin" in parts["sandbox"]
        fetched, connected = parts["connect-src"].split()
        visit = await page.locator("iframe").get_attribute("src")
        assert fetched.endswith("/thin/")
        assert connected.startswith("ws://")
        assert connected.endswith(f"{visit}live")  # of this visit alone

    async def test_what_opened_the_frame_of_an_app_with_scripts_of_its_own_is_out_of_their_reach(
        self, served: Served, page: Page
    ) -> None:
        for name, reached in (("steps", True), ("scripted", False)):
            await page.goto("about:blank")
            async with page.expect_popup() as opened:
                await page.evaluate("link => { window.open(link) }", await served.site.link(name))
            app = await opened.value
            await expect(inside(app).locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
            assert await app.evaluate("window.opener !== null") is reached
            await app.close()

    async def test_sliders_choices_and_markup_are_answered_in_it(self, served: Served, page: Page, held: Held) -> None:
        await covered(held, served, "answers")
        cover = page.locator("#cover")
        told = cover.locator("td.all")
        await cover.get_by_role("slider", name="Size").focus()
        await page.keyboard.press("ArrowRight")
        await expect(told).to_have_text("[3.0, 1000, 'In', False, 'Alpha', 'Berlin']")
        assert await told.evaluate("e => getComputedStyle(e).color") == "rgb(255, 0, 0)"
        for key, shown in (("PageUp", "5.50"), ("Home", "−10.00"), ("ArrowLeft", "−10.00"), ("ArrowUp", "−9.50")):
            await page.keyboard.press(key)
            await expect(cover.locator(".widget-readout").first).to_have_text(shown)
        await expect(told).to_have_text("[-9.5, 1000, 'In', False, 'Alpha', 'Berlin']")
        await expect(cover.get_by_text("a card")).to_be_hidden()
        await page.get_by_role("button", name="Loud").click()
        await expect(told).to_contain_text("'In', True, 'Alpha'")
        await expect(cover.get_by_text("a card")).to_be_visible()
        await expect(cover.get_by_role("button", name="More")).to_be_enabled()
        await page.get_by_label("Beta").check()
        await expect(told).to_contain_text("True, 'Beta', 'Berlin'")
        await expect(page.get_by_role("button", name="Loud")).to_have_class(re.compile("mod-active"))
        track = await cover.locator(".noUi-base").nth(1).bounding_box()
        assert track is not None
        middle = track["y"] + track["height"] / 2
        handle = await cover.get_by_role("slider", name="People").bounding_box()
        assert handle is not None
        await page.mouse.move(handle["x"] + 3, middle)
        await page.mouse.down()  # beside the middle of the handle: it stays where it is
        await page.mouse.up()
        await expect(told).to_contain_text(", 1000, 'In'")
        await page.mouse.move(track["x"] + track["width"] * 0.5, middle)
        await page.mouse.down()
        await expect(cover.locator(".widget-readout").nth(1)).to_have_text("2,500")
        await page.mouse.move(track["x"] + track["width"] * 2, middle)
        await expect(cover.locator(".widget-readout").nth(1)).to_have_text("5,000")
        await expect(told).to_contain_text(", 1000, 'In'")  # it is set when it is let go
        await page.mouse.up()
        await expect(told).to_have_text("[-9.5, 5000, 'In', True, 'Beta', 'Berlin']")
        await page.get_by_role("button", name="Out").click()
        await expect(told).to_have_text("[-9.5, 5000, 'Out', True, 'Beta', 'Paris']")
        await page.get_by_label("Town").select_option("Seoul")  # of the list that was there before
        held.let_through()
        app = inside(page)
        await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
        await expect(app.locator("td.all")).to_have_text("[-9.5, 5000, 'Out', True, 'Beta', 'Seoul']")
        assert await app.get_by_label("Town").locator("option").all_inner_texts() == ["Paris", "Berlin", "Seoul"]
        assert await app.locator(".widget-readout").all_inner_texts() == ["−9.50", "5,000"]
        await expect(app.get_by_text("a card")).to_be_visible()
        await expect(app.get_by_role("button", name="More")).to_be_enabled()
        await app.get_by_role("button", name="Loud").click()
        await expect(app.get_by_text("a card")).to_be_hidden()
        await app.get_by_role("button", name="Loud").click()
        await expect(app.get_by_role("button", name="Loud")).to_have_class(re.compile("mod-active"))
        await expect(app.get_by_role("button", name="Out")).to_have_class(re.compile("mod-active"))
        await expect(app.get_by_label("Beta")).to_be_checked()
        await app.get_by_role("slider", name="Size").press("ArrowRight")
        await expect(app.locator("td.all")).to_contain_text("[-9.0, 5000")

    async def test_what_is_printed_and_drawn_is_answered_in_it(self, served: Served, page: Page, held: Held) -> None:
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
        self, served: Served, page: Page, held: Held
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

    async def test_it_goes_where_another_page_than_the_app_s_is_shown(
        self, served: Served, page: Page, held: Held
    ) -> None:
        await covered(held, served, "tip")
        await page.route("**/visits/*/", lambda route: route.fulfill(body="<p>Every place is taken</p>"))
        await page.goto("about:blank")
        await page.goto(await served.site.link("tip"))
        await expect(inside(page).get_by_text("Every place is taken")).to_be_visible()
        await expect(page.locator("#cover")).to_have_count(0)

    async def test_a_link_that_fills_in_has_none_and_one_without_a_header_has_one_without(
        self, served: Served, page: Page, held: Held
    ) -> None:
        await covered(held, served, "tip", "?embed=1")
        await expect(page.locator("#cover header")).to_have_count(0)
        await page.goto(await served.site.link("tip") + "?Bill=50", wait_until="commit")
        await page.locator("iframe").wait_for(state="attached")
        await expect(page.locator("#cover")).to_have_count(0)
        held.let_through()
        await expect(inside(page).get_by_label("Bill")).to_have_value("50")

    @pytest.mark.parametrize("hidden", ["visibility: hidden", "display: none"])
    async def test_a_page_that_is_not_seen_comes_to_life_all_the_same(
        self, served: Served, page: Page, held: Held, hidden: str
    ) -> None:
        """Browsers paint nothing there. JupyterLab shows a page once it says that it is ready."""
        await covered(held, served, "tip")
        held.let_through()
        link = await served.site.link("tip")
        around = urljoin(link, "/around")
        shown = f'<iframe src="{link}" style="{hidden}"></iframe>'
        await page.route(around, lambda route: route.fulfill(content_type="text/html", body=shown))
        await page.goto(around)
        app = AppFrame(page.frame_locator("iframe").frame_locator("iframe"))
        await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
