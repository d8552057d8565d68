"""What a visitor has entered is kept, and what they do meanwhile is done, where their process is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from playwright.async_api import ConsoleMessage, Page, Route, expect

from microapps.publish.thin import built_client

from ...long import long_after
from ..conftest import COUNTER, Served, inside, published, serve
from .showing import SHOWING, opened

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.browser,
    pytest.mark.sandbox,
    pytest.mark.skipif(built_client() is None, reason="the page's client has not been built"),
]

TYPED = """
import os, threading, ipywidgets as w
name, notes = w.Text(description="Name"), w.Textarea(description="Notes")
later = w.Text(description="Later", continuous_update=False)
die, said = w.Button(description="Die"), w.Label()
die.on_click(lambda _: threading.Timer(0.1, os._exit, (3,)).start())
def say(change):
    said.value = f"{change.owner.description}: {change.new}."
for each in (name, later, notes):
    each.observe(say, "value")
size = w.IntSlider(description="Size", value=50, max=10**9, step=4)
size.observe(say, "value")
w.VBox([w.Text(description="First"), name, later, notes, die, size, said])
"""

FATAL = """
import os, threading, ipywidgets as w
name, said = w.Text(description="Name"), w.Label()
def say(change):
    said.value = f"Hello {change.new}"
    if change.new == "fatal":
        threading.Timer(0.1, os._exit, (3,)).start()
name.observe(say, "value")
w.VBox([name, said])
"""

ROWS = """
import os, threading, ipywidgets as w
names, rows, log = ["a", "b", "c"], w.VBox(), w.Label("log:")
chosen = w.Dropdown(description="Chosen")
def draw():
    rows.children, chosen.options = [row(name) for name in names], names
def row(name):
    button = w.Button(description="Delete")
    def delete(_):
        names.remove(name)
        draw()
        log.value += f" {name}"
    button.on_click(delete)
    return w.HBox([w.Label(name), button])
draw()
die = w.Button(description="Die")
die.on_click(lambda _: threading.Timer(0.1, os._exit, (3,)).start())
w.VBox([rows, chosen, w.DatePicker(description="Day"), die, log])
"""

OWN = "import time\nbegun = time.time()\n"
"""What makes an app run anew for each visitor, with other widgets each time."""


@pytest.fixture(scope="module")
async def served(anyio_backend: str, folder: Path) -> AsyncIterator[Served]:
    apps = [
        published(folder, "tip", "#md # Split a bill", COUNTER, "app", title="Tip splitter"),
        published(folder, "showing", SHOWING),
        published(folder, "typed", TYPED),
        published(folder, "fatal", FATAL),
        published(folder, "rows", ROWS),
        published(folder, "own-rows", OWN + ROWS),
        published(folder, "own", OWN + SHOWING),
        published(folder, "own-typed", OWN + TYPED),
    ]
    async for running in serve(apps, thin=True):
        yield running


@pytest.mark.parametrize("name", ["showing", "own"])
async def test_a_process_that_dies_while_somebody_types_is_replaced_and_the_page_says_what_was_kept(
    served: Served, page: Page, name: str
) -> None:
    """One that was forked, and one that ran the notebook itself and so has other widgets each time."""
    await opened(served, page, name, forked=name == "showing")
    app = inside(page)
    await app.get_by_role("button", name="Die").click()
    await app.get_by_label("Name").press_sequentially("Kim")
    await expect(app.locator("#microapps-notice[role=status]")).to_contain_text("kept: Name", timeout=60_000)
    await expect(app.locator("#microapps-notice")).to_contain_text("files that were uploaded, may be gone")
    await app.get_by_role("button", name="Tell").click()
    await expect(app.get_by_text("Kim and 2 take Alpha")).to_be_visible()


HELD = """
addEventListener("message", (event) => {
  const { kind } = event.data;
  if (!event.isTrusted || !["turn", "turned"].includes(kind)) return;
  event.stopImmediatePropagation();
  const { data, source } = event;
  addEventListener("go-on", () => dispatchEvent(new MessageEvent("message", { data, source })), { once: true });
  console.log(kind);
});
"""
"""Another page takes over from the one that is written in once the test lets it, step by step."""


async def test_no_letter_is_lost_and_none_comes_twice_while_another_page_takes_the_place_of_the_one_written_in(
    served: Served, page: Page
) -> None:
    """They are typed while the other page cannot be had, while it is loaded, and once it has the focus and no field."""
    await page.add_init_script(HELD)
    await opened(served, page, "own")
    app, written, before = inside(page), list[str](), page.frames[1]
    reached = {step: asyncio.Event() for step in ("HEAD", "GET", "turn", "turned")}
    go_on = {method: asyncio.Event() for method in ("HEAD", "GET")}

    async def hold(route: Route) -> None:
        reached[route.request.method].set()
        await go_on[route.request.method].wait()
        await route.continue_()

    def heard(said: ConsoleMessage) -> None:
        if said.text in reached:
            reached[said.text].set()
        elif said.text.startswith("wrote"):
            written.append(said.text)

    page.on("console", heard)
    await before.evaluate("addEventListener('input', ({ target }) => console.log(`wrote ${target.value}`))")
    await page.route(before.url, hold)
    await app.get_by_role("button", name="Die").click()
    await app.get_by_label("Name").press_sequentially("Kim")
    for method, letters in (("HEAD", "ber"), ("GET", "ly")):
        await reached[method].wait()
        await page.keyboard.type(letters)
        go_on[method].set()
    steps = (("turn", page.main_frame, ("X", "Backspace", "Space")), ("turned", before, ("L", "e", "e")))
    for step, frame, keys in steps:
        await reached[step].wait()
        for key in keys:
            await page.keyboard.press(key)
        await frame.evaluate("dispatchEvent(new Event('go-on'))")
    await expect(app.locator("#microapps-notice[role=status]")).to_contain_text("kept: Name", timeout=60_000)
    await expect(page.locator("iframe")).to_have_count(1)
    await expect(app.get_by_label("Name")).to_have_value("Kimberly Lee")
    await page.keyboard.type("!")
    await expect(app.get_by_label("Name")).to_have_value("Kimberly Lee!")
    await expect(app.get_by_label("Name")).to_be_focused()
    assert written == [f"wrote {'Kimberly'[: end + 1]}" for end in range(len("Kimberly"))]


async def refused(page: Page) -> asyncio.Event:
    """Have the page that comes next refused, though it is said to be there; set once it was asked for."""
    tried = asyncio.Event()

    async def refuse(route: Route) -> None:
        if route.request.method == "HEAD":
            await route.continue_()
        else:
            await route.abort()
            tried.set()

    await page.route(page.frames[1].url, refuse)
    return tried


async def test_where_no_other_page_comes_what_was_entered_stays_to_be_seen_and_goes_on_when_asked_for(
    served: Served, page: Page
) -> None:
    await page.clock.install()
    await opened(served, page, "own")
    app, tried = inside(page), await refused(page)
    await app.get_by_role("button", name="Die").click()
    await app.get_by_label("Name").press_sequentially("Kim")
    await tried.wait()
    await page.keyboard.type("berly")
    await page.clock.fast_forward(31_000)
    notice = app.locator("#microapps-notice", has_text="What you entered is still on this page")
    await expect(notice).to_be_visible()
    await expect(app.get_by_label("Name")).to_have_value("Kimberly")
    await page.unroute_all()
    await notice.get_by_role("button", name="Try again").click()
    await expect(app.locator("#microapps-notice[role=status]")).to_contain_text("kept: Name", timeout=60_000)
    await expect(app.get_by_label("Name")).to_have_value("Kimberly")


@pytest.mark.parametrize("label", long_after(1, ["Name", "Later", "Notes"]))
async def test_who_types_on_while_their_process_dies_loses_no_letter_and_stays_in_the_field(
    served: Served, page: Page, label: str
) -> None:
    await opened(served, page, "typed", forked=True)
    app = inside(page)
    field = app.get_by_label(label)
    await field.click()
    await page.keyboard.type("Kim ")
    await app.get_by_role("button", name="Die").dispatch_event("click")  # which leaves the focus where it is
    written = "Kim " + "abcdefgh " * 16
    for letter in written[4:]:
        await page.keyboard.type(letter)
        await page.wait_for_timeout(20)
    await expect(app.locator("#microapps-notice", has_text="was started again")).to_be_visible(timeout=60_000)
    await page.keyboard.type("end")
    await expect(field).to_be_focused()
    await expect(field).to_have_value(f"{written}end")
    await page.keyboard.press("Tab")
    await expect(app.get_by_text(f"{label}: {written}end.", exact=True)).to_be_visible()


async def test_who_goes_on_typing_loses_nothing_however_often_their_process_dies(served: Served, page: Page) -> None:
    await opened(served, page, "typed", forked=True)
    app, written = inside(page), ""
    for number in range(4):
        await app.get_by_label("Notes").focus()
        await page.keyboard.type(f"part {number}, ")
        written += f"part {number}, "
        await expect(app.get_by_text(f"Notes: {written}.", exact=True)).to_be_visible()
        await app.get_by_role("button", name="Die").dispatch_event("click")
        await expect(app.locator("#microapps-notice", has_text="was started again")).to_be_visible(timeout=60_000)
        await app.locator("#microapps-notice").get_by_role("button", name="Close").click()
        await expect(app.get_by_label("Notes")).to_have_value(written)


async def test_what_ends_a_process_each_time_is_not_entered_for_ever_and_that_is_said(
    served: Served, page: Page
) -> None:
    await opened(served, page, "fatal", forked=True)
    app = inside(page)
    await app.get_by_label("Name").fill("fatal")
    await expect(app.locator("#microapps-notice", has_text="since it may be why")).to_be_visible(timeout=60_000)
    await app.get_by_label("Name").fill("Kim")
    await expect(app.get_by_text("Hello Kim", exact=True)).to_be_visible()


@pytest.mark.parametrize("name", ["typed", "own-typed"])
async def test_who_writes_beside_a_slider_while_their_process_dies_goes_on_writing(
    served: Served, page: Page, name: str
) -> None:
    """In the page that there is, and in another that takes its place."""
    await opened(served, page, name, forked=name == "typed")
    app = inside(page)
    readout = app.locator(".widget-readout")
    await readout.press("Control+a")
    await page.keyboard.type("1234")
    await page.keyboard.press("ArrowLeft")
    await app.get_by_role("button", name="Die").dispatch_event("click")  # which leaves the focus where it is
    await expect(app.locator("#microapps-notice", has_text="was started again")).to_be_visible(timeout=60_000)
    await expect(app.locator("body > .widget-readout")).to_have_count(0)
    await expect(readout).to_be_focused()
    await expect(readout).to_have_text("1234")
    await page.keyboard.type("0")
    await page.keyboard.press("Tab")
    await expect(app.get_by_text("Size: 12304.", exact=True)).to_be_visible()


@pytest.mark.parametrize("name", ["showing", "own"])
async def test_a_button_that_is_held_or_pressed_while_the_process_is_replaced_is_pressed_once_it_is_there(
    served: Served, page: Page, name: str
) -> None:
    """In the page that there is, and in another that takes its place."""
    await opened(served, page, name, forked=name == "showing")
    app = inside(page)
    await app.get_by_role("button", name="Die").click()
    await app.get_by_label("Name").press_sequentially("Ki")
    tell = await app.get_by_role("button", name="Tell").bounding_box()
    assert tell is not None
    await page.keyboard.type("m")
    await page.mouse.move(tell["x"] + 9, tell["y"] + 9)
    await page.mouse.down()
    await expect(app.locator("#microapps-notice", has_text="Starting it again")).to_be_visible()
    await app.get_by_role("button", name="Add").press("Enter")
    await page.mouse.up()
    await expect(app.get_by_text("Kim and 2 take Alpha", exact=True)).to_be_visible(timeout=60_000)
    await expect(app.get_by_label("Row 1")).to_be_visible()
    await expect(app.get_by_label("Row 2")).to_have_count(0)


@pytest.mark.parametrize("name", ["rows", "own-rows"])
async def test_a_button_beside_another_entry_is_not_pressed_in_its_place_and_that_is_said(
    served: Served, page: Page, name: str
) -> None:
    """The process that comes has all entries again, so its first button to delete one is that of another."""
    await opened(served, page, name, forked=name == "rows")
    app = inside(page)
    await app.get_by_role("button", name="Delete").first.click()
    await expect(app.get_by_text("log: a", exact=True)).to_be_visible()
    await app.get_by_label("Chosen").select_option("c")
    await app.get_by_label("Day").fill("2026-01-31")
    await app.get_by_role("button", name="Delete").first.hover()
    await page.mouse.down()
    await app.get_by_role("button", name="Die").dispatch_event("click")
    await expect(app.locator("#microapps-notice", has_text="Starting it again")).to_be_visible()
    await page.mouse.up()
    await expect(app.locator("#microapps-notice", has_text="may have done nothing")).to_be_visible(timeout=60_000)
    await expect(app.get_by_role("button", name="Delete")).to_have_count(3)
    await expect(app.get_by_label("Chosen").locator("option:checked")).to_have_text("c")
    await expect(app.get_by_label("Day")).to_have_value("2026-01-31")
    await app.get_by_role("button", name="Delete").last.click()
    await expect(app.get_by_text("log: c", exact=True)).to_be_visible()


async def test_who_loses_the_connection_while_another_page_comes_keeps_the_one_there_is(
    served: Served, page: Page
) -> None:
    """The part of the client that has the other page loaded cannot be had any more, or that page itself cannot."""
    await opened(served, page, "own")
    app, tried = inside(page), await refused(page)
    await app.get_by_role("button", name="Die").click()
    await app.get_by_label("Name").press_sequentially("Kim")
    await tried.wait()
    await page.unroute_all()
    await page.frames[1].evaluate("dispatchEvent(new Event('online'))")
    await expect(app.locator("#microapps-notice[role=status]")).to_contain_text("kept: Name", timeout=60_000)
    await expect(app.get_by_label("Name")).to_have_value("Kim")
    await page.route("**/beside-*", lambda route: route.abort())
    await opened(served, page, "own", "?again")
    await app.get_by_role("button", name="Die").click()
    await app.get_by_label("Name").press_sequentially("Kim")
    await expect(app.locator("#microapps-notice[role=status]")).to_contain_text("kept: Name", timeout=60_000)
    await expect(app.get_by_label("Name")).to_have_value("Kim")


@pytest.mark.parametrize("name", ["typed", "own-typed"])
async def test_a_slider_that_is_dragged_while_the_process_is_replaced_is_where_it_was_let_go(
    served: Served, page: Page, name: str
) -> None:
    await opened(served, page, name, forked=name == "typed")
    app = inside(page)
    track = await app.locator(".noUi-target").bounding_box()
    assert track is not None

    async def drag(share: float) -> None:
        await page.mouse.move(track["x"] + track["width"] * share, track["y"] + track["height"] / 2)

    await drag(0)
    await page.mouse.down()
    await drag(0.1)
    await app.get_by_role("button", name="Die").dispatch_event("click")
    await expect(app.locator("#microapps-notice", has_text="Starting it again")).to_be_visible()
    for share in (0.2, 0.3, 0.4):
        await drag(share)
        await page.wait_for_timeout(300)  # another page would have come meanwhile
    await page.mouse.up()
    await expect(app.locator("#microapps-notice", has_text="was started again")).to_be_visible(timeout=60_000)
    size = int((await app.locator(".widget-readout").text_content() or "").strip())
    assert size == pytest.approx(0.4e9, rel=0.2)
    await expect(app.get_by_text(f"Size: {size}.", exact=True)).to_be_visible()


@pytest.mark.parametrize("name", ["typed", "own-typed"])
async def test_a_syllable_that_is_composed_while_the_process_is_replaced_comes_once(
    served: Served, page: Page, name: str
) -> None:
    await opened(served, page, name, forked=name == "typed")
    app, keys = inside(page), await page.context.new_cdp_session(page)
    await app.get_by_label("Name").press_sequentially("hello")
    for syllable in ("ㅎ", "하"):
        await keys.send("Input.imeSetComposition", {"text": syllable, "selectionStart": 1, "selectionEnd": 1})
    await app.get_by_role("button", name="Die").dispatch_event("click")  # which leaves the focus where it is
    await expect(app.locator("#microapps-notice", has_text="Starting it again")).to_be_visible()
    await page.wait_for_timeout(1000)  # in which another page would have come
    await keys.send("Input.imeSetComposition", {"text": "한", "selectionStart": 1, "selectionEnd": 1})
    await keys.send("Input.insertText", {"text": "한"})
    await page.keyboard.type("!")
    await expect(app.locator("#microapps-notice", has_text="was started again")).to_be_visible(timeout=60_000)
    await expect(app.get_by_label("Name")).to_have_value("hello한!")
    await expect(app.get_by_text("Name: hello한!.", exact=True)).to_be_visible()


async def test_what_was_entered_is_kept_where_the_whole_containment_of_the_app_ends(served: Served, page: Page) -> None:
    await opened(served, page, "tip", forked=True)
    app = inside(page)
    await app.get_by_label("Bill").fill("480")
    await app.get_by_role("button", name="Calculate").click()
    await expect(app.get_by_text("each pays 120.00")).to_be_visible()
    served.notices.clear()
    for process in psutil.Process(served.site.process_id).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    await expect(app.get_by_text("What you had entered was kept: Bill")).to_be_visible()
    await expect(app.get_by_label("Bill")).to_have_value("480")
    await app.get_by_role("button", name="Calculate").click()
    await expect(app.get_by_text("each pays 120.00")).to_be_visible()
    refused = [notice for notice in served.notices if (notice.kind, notice.app) == ("kernel_missing", "tip")]
    assert len(refused) < 5, "a page does not ask again and again"
