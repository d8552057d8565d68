"""The thin page in a real browser, on a real site with forked visitors."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.async_api import Browser, Locator, Page, expect
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.websocket import websocket_connect

from microapps.publish.thin import built_client

from ..conftest import COUNTER, Served, becomes_true, inside, published, serve
from ..holding import CLIENT, Held
from .covers import before_the_client
from .showing import SHOWING, opened

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.browser,
    pytest.mark.sandbox,
    pytest.mark.skipif(built_client() is None, reason="the page's client has not been built"),
]

CONTROLS = """
import datetime as dt, ipywidgets as w
EGG = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><circle r='9'/></svg>"
items = [
    w.IntSlider(description="Int", value=30), w.FloatSlider(description="Float", value=2.5, max=10),
    w.FloatLogSlider(description="Log", value=100), w.IntRangeSlider(description="Range", value=(20, 60)),
    w.IntProgress(description="Done", value=40), w.BoundedIntText(description="Whole", value=7),
    w.FloatText(description="Real", value=1.25), w.ToggleButton(description="Toggle", icon="check"),
    w.Checkbox(description="Agree", value=True), w.Valid(description="Valid", value=True),
    w.Dropdown(description="Drop", options=["a", "b"]), w.RadioButtons(description="Radio", options=["x", "y"]),
    w.Select(description="Select", options=["l", "m"]), w.SelectionSlider(description="Slide", options=["1", "2"]),
    w.SelectionRangeSlider(description="Span", options=list("abcd"), index=(1, 2)),
    w.ToggleButtons(description="Speed", options=["Slow", "Fast"]), w.SelectMultiple(description="Many", options=["x"]),
    w.Text(description="Text"), w.Textarea(description="Area"), w.Password(description="Secret"),
    w.Combobox(description="Combo", options=["aa"]), w.Label("a label"), w.HTML("<b>bold</b>"),
    w.Button(description="Go", icon="calculator", button_style="primary"), w.Play(max=9),
    w.DatePicker(description="Day", value=dt.date(2026, 11, 21)), w.TimePicker(description="Time"),
    w.NaiveDatetimePicker(description="When", value=dt.datetime(2026, 11, 21, 8)),
    w.ColorPicker(description="Colour", value="#ff8800"), w.FileUpload(), w.TagsInput(value=["red", "blue"]),
    w.ColorsInput(value=["red"]), w.IntsInput(value=[1]), w.IntSlider(description="Up", orientation="vertical"),
    w.Accordion([w.Text(description="In")], titles=["Open"], selected_index=0),
    w.Tab([w.Text(description="One"), w.Label("two")], titles=["First", "Second"]),
    w.Stack([w.Label("s0"), w.Label("s1")], selected_index=1),
    w.GridBox([w.Button(description=str(n)) for n in range(4)], layout=w.Layout(grid_template_columns="100px 100px")),
    w.HBox([w.Label("Left"), w.Text(layout=w.Layout(width="120px"))], box_style="info"),
    w.FloatSlider(description="Part", value=0.25, max=1, readout_format=".0%"), w.Controller(),
    w.FloatSlider(description="Below", value=-3, min=-5), w.FloatsInput(value=[1.3], format=".2f"),
    w.FloatLogSlider(description="Log 2", value=8), w.IntSlider(description="Fives", value=7, step=5),
    w.Dropdown(description="Unset", options=["a"], value=None), w.ColorPicker(value="rebeccapurple"),
    w.IntSlider(description="Fixed", value=9, disabled=True), w.IntRangeSlider(description="Both", disabled=True),
    w.HBox([w.Label("Style of egg"), w.Dropdown(options=["soft"])]),
    w.Image(value=EGG, format="svg+xml", tooltip="An egg", width=9, height=9),
    w.Text(value="two\\nlines"), w.Textarea(value="\\nbelow"),
    w.TwoByTwoLayout(**{f"{y}_{x}": w.Button(description=y + x) for y in ("top", "bottom") for x in ("left", "right")}),
]
heard, told = set(), w.Label("not asked")
for item in items:
    if item.has_trait("value"):
        item.observe(lambda change: heard.add(f"{change.owner.description} is {change.new}"), "value")
ask = w.Button(description="Ask")
ask.on_click(lambda _: setattr(told, "value", f"heard: {sorted(heard) or 'nothing'}"))
w.VBox([*items, ask, told])
"""
LOWERED = """(() => {
  const [sign, index] = document.querySelector(".widget-output msub").children;
  return index.getBoundingClientRect().bottom > sign.getBoundingClientRect().bottom + 2;
})()"""
ORDER = """
import ipywidgets as w
name, kind = w.Text(description="Name"), w.RadioButtons(options=["x", "y"])
told, said = [], w.HTML("<i>nobody</i>")
def tell(_):
    told.append(name.value)
    said.value = f"<b>{name.value} has {kind.value}, {len(told)} told</b>"
go = w.Button(description="Tell")
go.on_click(tell)
w.VBox([name, kind, go, said])
"""
TABLES = """
from IPython.display import HTML, display
words = "".join(f"<td>{words}</td>" for words in ("a detective of London solves cases",) * 4)
display(HTML(f"<table class='dataframe'><tbody><tr>{words}<td>1.5</td></tr></tbody></table>"))
styled = "<style>#T_1_a { background-color: yellow }</style><table id='T_1'><tr><td id='T_1_a'>9</td></tr></table>"
cells = "<td style='background: #fffacd'>7</td><td style='background: #111; color: #eee'>8</td>"
display(HTML(styled), HTML(f"<table><tr>{cells}</tr></table>"))
"""
ASKS = """
import os, urllib.parse, ipywidgets as w
asked = urllib.parse.parse_qs(os.environ.get("QUERY_STRING", ""))
w.VBox([w.Label(f"Hello {asked.get('username')}"), w.IntText(description="Count"), w.IntText(description="Bill ($)")])
"""
WRITABLE = """() => [...document.querySelectorAll("main .widget-readout")].filter(e => e.isContentEditable)
  .map(e => e.closest("[data-widget]").dataset.widget)"""
PLACES = """() => [...document.querySelectorAll("[data-widget]")].map((e) => {
  const box = e.getBoundingClientRect();
  const says = e.matches(".widget-slider, .jupyter-widget-tagsinput, .widget-controller");
  const said = says ? e.innerText.split(/\\s+/) : [];
  const track = e.querySelector(":scope > .slider-container > .slider");
  if (track) said.push(getComputedStyle(track).opacity);
  return [e.dataset.widget, ...said, ...[box.x, box.y + scrollY, box.width, box.height].map(Math.round)].join(" ");
})"""


@pytest.fixture(scope="module")
async def served(anyio_backend: str, folder: Path) -> AsyncIterator[Served]:
    apps = [
        published(folder, "tip", "#md # Split a bill\nWith $x$ **friends**.", COUNTER, "app", title="Tip splitter"),
        published(folder, "controls", CONTROLS),
        published(folder, "order", ORDER),
        published(folder, "showing", SHOWING),
        published(folder, "tables", TABLES),
        published(folder, "asks", ASKS),
    ]
    async for running in serve(apps, thin=True):
        yield running


async def test_its_widgets_work_and_its_prose_is_set(served: Served, page: Page) -> None:
    await opened(served, page, "tip")
    app = inside(page)
    await app.get_by_label("Bill").fill("120")
    await app.get_by_role("button", name="Calculate").click()
    await expect(app.get_by_text("each pays 30.00")).to_be_visible()
    await expect(app.locator("math")).to_be_visible()
    await expect(app.locator("html")).to_have_attribute("lang", "en")


async def test_what_is_done_before_the_client_is_there_is_kept(served: Served, page: Page, held: Held) -> None:
    await held.back(CLIENT)
    await page.goto(await served.site.link("tip"), wait_until="commit")
    app = inside(page)
    await app.get_by_label("Bill").fill("240")
    await app.get_by_role("button", name="Calculate").click()
    await app.get_by_label("Bill").focus()
    await expect(app.get_by_text("each pays 60.00")).to_be_visible()
    await app.get_by_label("Bill").fill("480")
    await app.get_by_role("button", name="Calculate").click()
    await expect(app.get_by_text("each pays 120.00")).to_be_visible()
    await app.get_by_label("Bill").fill("4")
    await app.get_by_label("Bill").press("Enter")  # a number that is not complete is waited for
    await expect(app.locator("html[data-state=drawn]")).to_be_attached()
    held.let_through()
    await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
    await expect(app.get_by_text("each pays 120.00")).to_be_visible()
    await expect(app.get_by_label("Bill")).to_be_focused()
    await expect(app.get_by_label("Bill")).to_have_value("4")
    await app.get_by_role("button", name="Calculate").click()
    await expect(app.get_by_text("each pays 1.00")).to_be_visible()


async def test_the_order_of_what_is_done_stays_where_the_client_has_to_do_some_of_it(
    served: Served, page: Page, held: Held
) -> None:
    await held.back(CLIENT)
    await page.goto(await served.site.link("order"), wait_until="commit")
    app = inside(page)
    await app.get_by_label("Name").fill("Ann")
    await app.get_by_role("button", name="Tell").click()
    await expect(app.get_by_text("Ann has x, 1 told")).to_be_visible()
    await app.get_by_label("y", exact=True).click()
    await app.get_by_label("Name").fill("Bob")
    await app.get_by_role("button", name="Tell").click()
    await app.get_by_role("button", name="Tell").click()
    held.let_through()
    await expect(app.get_by_text("Bob has y, 3 told")).to_be_visible()
    await expect(app.get_by_label("Name")).to_have_value("Bob")


@pytest.mark.parametrize("width", [1280, 390])
async def test_every_control_is_drawn_as_it_will_be_and_says_nothing_by_itself(
    served: Served, page: Page, held: Held, width: int
) -> None:
    await page.set_viewport_size({"width": width, "height": 800})
    await held.back(CLIENT)
    await page.goto(await served.site.link("controls"), wait_until="commit")
    await inside(page).get_by_text("not asked").wait_for()  # the last of all
    drawn = await page.frames[1].evaluate(PLACES)
    writable = await page.frames[1].evaluate(WRITABLE)
    held.let_through()
    await expect(inside(page).locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
    alive = await page.frames[1].evaluate(PLACES)
    assert len(writable) > 5
    assert set(writable) <= set(await page.frames[1].evaluate(WRITABLE))
    assert [place for place in alive if place not in drawn] == []
    for role, name in (("button", "Play"), ("combobox", "Style of egg"), ("img", "An egg")):
        await expect(inside(page).get_by_role(role, name=name)).to_have_count(1)  # type: ignore[arg-type]
    await inside(page).get_by_role("button", name="Ask").click()
    await expect(inside(page).get_by_text("heard: nothing")).to_be_visible()
    await page.emulate_media(media="print", color_scheme="dark")
    assert await page.frames[1].evaluate("getComputedStyle(document.querySelector('main')).color") == "rgb(0, 0, 0)"


@pytest.mark.parametrize("in_the_cover", [True, False])
async def test_what_is_written_beside_a_slider_before_the_client_is_there_is_taken_when_it_is(
    served: Served, page: Page, held: Held, *, in_the_cover: bool
) -> None:
    """The client alone knows sliders that stand upright and logarithms, and what is done after they are used."""

    app = inside(page)

    def readout(name: str, within: Locator | None = None) -> Locator:
        label = f".widget-label:text-is('{name}')"
        return (within or app).locator(f".widget-slider:has(> {label}) .widget-readout")

    async def write(name: str, text: str, key: str) -> None:
        await readout(name, first).press("Control+a")
        await page.keyboard.type(text)
        await page.keyboard.press(key)

    first = await before_the_client(held, served, "controls", in_the_cover=in_the_cover)
    await first.get_by_text("not asked").wait_for()
    await write("Float", "7.26", "Enter")
    await expect(readout("Float", first)).to_have_text("7.30")
    await write("Log", "250", "Tab")
    await write("Up", "40", "Enter")
    await write("Range", "70 : 30", "Enter")
    await write("Part", "a half", "Tab")
    await write("Int", "4321", "ArrowLeft")
    held.let_through()
    await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
    assert [await readout(name).inner_text() for name in ("Range", "Part")] == ["20 – 60", "25%"]
    await expect(readout("Int")).to_be_focused()
    await expect(readout("Int")).to_have_text("4321")
    await page.keyboard.press("Delete")
    await page.keyboard.press("Backspace")
    await page.keyboard.press("Backspace")
    await page.keyboard.press("Tab")
    first, log = app.locator("main"), app.locator(".widget-slider:has(> .widget-label:text-is('Log')) .noUi-origin")
    await expect(readout("Log")).to_have_text("251")  # its steps are of the exponent, as its ends are
    assert "-400%" in str(await log.get_attribute("style"))
    for number, shown in (("99999", "1.00e+4"), ("0", "1.00"), ("1000", "1.00e+3"), ("-", "1.00e+3")):
        await write("Log", number, "Enter")
        await expect(readout("Log")).to_have_text(shown)
    await app.get_by_role("button", name="Ask").click()
    logs = "'Log is 1.0', 'Log is 1000.0', 'Log is 10000.0', 'Log is 251.18864315095797'"
    await expect(app.get_by_text(re.compile("heard"))).to_have_text(
        f"heard: ['Float is 7.3', 'Int is 4', {logs}, 'Up is 40']"
    )


async def test_a_link_fills_inputs_by_their_labels(served: Served, page: Page) -> None:
    await opened(served, page, "showing", "?name=%EA%B9%80&People=77&Kind=beta&Nothing=1&embed=1")
    app = inside(page)
    await app.get_by_role("button", name="Tell").click()
    await expect(app.get_by_text("김 and 9 take Beta")).to_be_visible()
    await expect(app.locator(".page-header")).to_have_count(0)
    limited = "“People” in the address is beyond the limits here: “77” became 9."
    said = "The address names “Nothing”, and no control here is called so."
    await expect(app.locator("#microapps-notice > span")).to_have_text(f"{limited} {said}")


async def test_what_a_link_cannot_fill_in_is_said(served: Served, page: Page) -> None:
    await opened(served, page, "showing", "?People=a%20few&Kind=Gamma&Tell=1&utm_source=x&name=Kim&_ga=1&Row%201=2")
    app, notice = inside(page), inside(page).locator("#microapps-notice")
    for said in (
        "“People” in the address is not a whole number: “a few” was not taken.",
        "“Kind” in the address is not among what can be chosen: “Gamma” was not taken.",
        "“Tell” cannot be set from the address.",
    ):
        await expect(notice).to_contain_text(said)
    await expect(notice).not_to_contain_text("utm")
    await notice.get_by_role("button", name="Close").click()
    await expect(notice).to_be_hidden()
    await expect(app.get_by_label("Name")).to_have_value("Kim")


async def test_what_an_app_reads_of_its_address_itself_needs_no_control(served: Served, page: Page) -> None:
    await opened(served, page, "asks", "?username=Anna&Count=many&bill=120")
    await expect(inside(page).get_by_label("Bill ($)")).to_have_value("120")
    await expect(inside(page).get_by_text("Hello ['Anna']")).to_be_visible()
    said = "“Count” in the address is not a whole number: “many” was not taken."
    await expect(inside(page).locator("#microapps-notice > span")).to_have_text(said)


async def test_notices_are_in_korean_for_who_reads_that(served: Served, browser: Browser) -> None:
    context = await browser.new_context(locale="ko-KR")
    page = await context.new_page()
    await opened(served, page, "showing", "?People=many")
    app, notice = inside(page), inside(page).locator("#microapps-notice[lang=ko]")
    await expect(notice).to_have_text("주소에 적힌 “People” 값(“many”)을 넣지 못했습니다. 정수여야 합니다.닫기")
    await app.get_by_role("button", name="Fail").click()
    await expect(notice).to_contain_text("앱에 오류가 발생했습니다.")
    await context.close()


async def test_tables_can_be_read_on_a_phone_and_in_the_dark(served: Served, page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 800})
    await page.emulate_media(color_scheme="dark")
    await opened(served, page, "tables")
    app = page.frames[1]
    widths = await app.evaluate("[...document.querySelectorAll('.dataframe td')].map((cell) => cell.offsetWidth)")
    assert min(widths[:4]) > 200 > 100 > widths[4]
    assert await app.evaluate("document.documentElement.scrollWidth") == 390
    colours = "[...document.querySelectorAll('#T_1 td, [style]')].map((cell) => getComputedStyle(cell).color)"
    assert await app.evaluate(colours) == ["rgb(27, 31, 36)", "rgb(27, 31, 36)", "rgb(238, 238, 238)"]


async def test_outputs_widgets_made_later_and_errors_show(served: Served, page: Page) -> None:
    fonts: list[str] = []
    page.on("request", lambda request: fonts.extend([request.url] if request.resource_type == "font" else []))
    await opened(served, page, "showing")
    app = inside(page)
    assert fonts == []
    await app.get_by_role("button", name="Add").click()
    await app.get_by_label("Row 1").fill("later")
    await app.get_by_role("button", name="Show").click()
    await expect(app.locator(".widget-output")).to_contain_text("printed 100% ac")
    await expect(app.locator(".widget-output strong")).to_have_text("strong")
    await expect(app.locator(".widget-output math")).to_be_visible()
    await becomes_true(page.frames[1], LOWERED)
    assert [url.rpartition("/")[2][:5] for url in fonts] == ["math-"]
    await expect(app.get_by_text("an html output")).to_be_visible()
    await app.get_by_role("button", name="Fail").click()
    await expect(app.locator("#microapps-notice[role=status]")).to_contain_text("ran into an error")
    assert "division by zero" in (await served.notice("callback_failed", "showing")).what
    assert await page.title() == "Showing"


async def test_the_page_can_be_read_where_its_client_does_not_load(served: Served, page: Page) -> None:
    await page.route("**/*.js", lambda route: route.abort())
    await page.goto(await served.site.link("tip"))
    app = inside(page)
    await expect(app.get_by_label("Bill")).to_have_value("100")
    await expect(app.get_by_text("nothing yet")).to_be_visible()
    assert "This is a picture of the app" in await page.frames[1].content()


async def test_the_first_load_is_small_and_from_this_site_and_the_browser_keeps_the_client(
    served: Served, page: Page
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await opened(served, page, "tip")
    sizes = "performance.getEntriesByType('resource').map((e) => [e.name, e.encodedBodySize, e.transferSize])"
    first = [entry for frame in page.frames[:2] for entry in await frame.evaluate(sizes)]
    assert sum(size for name, size, _ in first if not re.search("/(tex|math)-", name)) < 230_000  # those come later
    assert [url for url in asked if not url.startswith((served.site.url, "data:", "blob:"))] == []
    await opened(served, page, "tip")
    entries = await page.frames[0].evaluate(sizes)
    assert [sent for name, size, sent in entries if "/page-" in name and size > 100_000] == [0]
    origins = [await frame.evaluate("window.origin") for frame in page.frames[:2]]
    assert origins == [served.site.url.rstrip("/"), "null"]


async def test_what_is_no_message_ends_no_connection(served: Served) -> None:
    frame = (await AsyncHTTPClient().fetch(await served.site.link("tip"))).body.decode()
    source = re.search(r'<iframe src="([^"]+)"', frame)
    assert source is not None
    address = urljoin(served.site.url, source[1])
    await AsyncHTTPClient().fetch(HTTPRequest(address, headers={"Sec-Fetch-Dest": "iframe"}))
    socket = await websocket_connect(f"{address.replace('http', 'ws', 1)}live")
    await socket.write_message('{"type": "hello", "protocol": 1}')
    comm = '{"type": "comm", "id": "p%d", "kind": "msg", "comm": "none", "data": %s}'
    for said in ("[" * 100_000, "[]", comm % (1, "NaN"), b"\xff" * 8, comm % (2, "{}")):
        await socket.write_message(said, binary=isinstance(said, bytes))
    async with asyncio.timeout(20):
        while '"idle"' not in (answer := str(await socket.read_message())):
            assert answer != "None"
    assert '"p2"' in answer
    socket.close()


async def test_what_is_sent_is_compressed(served: Served) -> None:
    async def sent(address: str, **headers: str) -> HTTPResponse:
        request = HTTPRequest(address, headers={"Sec-Fetch-Dest": "iframe", **headers}, decompress_response=False)
        return await AsyncHTTPClient().fetch(request)

    plain = await sent(await served.site.link("tip"))
    frame = await sent(await served.site.link("tip"), **{"Accept-Encoding": "gzip, br"})
    assert frame.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
    assert plain.headers["Vary"] == "Accept-Encoding"  # by which the answer differs
    assert len(frame.body) < len(plain.body) / 2
    text = gzip.decompress(frame.body).decode()
    source = re.search(r'<iframe src="([^"]+)"', text)
    assert source is not None
    page = await sent(urljoin(served.site.url, source[1]), **{"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip" and b"Tip splitter" in gzip.decompress(page.body)
