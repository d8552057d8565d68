"""What a person does is answered in the cover, by the process that the app's page goes on with."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from ..conftest import Served, inside, published, serve
from ..holding import Held
from .covers import ANY_SIGN, IN_A_BROWSER, SIGN, STEPS, covered

pytestmark = IN_A_BROWSER

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
w.VBox([size, people, way, loud, kind, town, told, card, w.IntSlider(description="Fixed", value=4, disabled=True)])
"""
RANGES = """
import datetime
import ipywidgets as w
day = w.DatePicker(description="Day", value=datetime.date(2024, 2, 28))
ages = w.IntRangeSlider(description="Ages", value=(20, 40), max=100, step=5)
share = w.FloatRangeSlider(description="Share", value=(0.25, 0.5), max=1, step=0.05, readout_format=".0%",
                           continuous_update=False)
told = w.Label()
def tell(_=None):
    told.value = f"{day.value} {ages.value} {share.value}"
for each in (day, ages, share):
    each.observe(tell, "value")
later, never = w.Button(description="Later"), w.Button(description="Never")
def go(_):
    ages.value = (0, 100)
    day.value += datetime.timedelta(days=1)
later.on_click(go)
never.on_click(lambda _: day.set_trait("value", None))
w.VBox([day, ages, share, told, later, never])
"""
TRACKS = """() => [...document.querySelectorAll(".noUi-origin, .noUi-connect")]
    .map(e => Object.values(e.getBoundingClientRect().toJSON()).map(Math.round).join())"""
"""Where the handles of sliders are, and what is between them."""


@pytest.fixture(scope="module")
async def served(anyio_backend: str, folder: Path) -> AsyncIterator[Served]:
    apps = [
        published(folder, "steps", STEPS),
        published(folder, "answers", ANSWERS),
        published(folder, "ranges", RANGES),
    ]
    async for running in serve(apps, thin=True):
        yield running


async def test_what_is_simple_is_answered_in_it_and_the_page_goes_on_with_the_same_process(
    served: Served, page: Page, held: Held
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


async def test_a_process_that_ends_meanwhile_is_replaced_and_what_was_entered_kept(
    served: Served, page: Page, held: Held
) -> None:
    await covered(held, served, "steps")
    await page.get_by_label("Count").fill("5")
    await page.keyboard.press("Tab")
    await expect(page.locator("#cover").get_by_text("5 Alpha False in")).to_be_visible()
    async with page.expect_websocket() as joined:
        await page.get_by_role("button", name="End").click()
        await served.notice("kernel_lost", "steps")
        await expect(page.locator(SIGN)).to_be_attached()
        held.let_through()
    assert (await joined.value).url.endswith("/live")
    app = inside(page)
    await expect(app.get_by_text("What you had entered was kept: Count.")).to_be_visible(timeout=60_000)
    await expect(app.locator(ANY_SIGN)).to_have_count(0)
    await expect(app.get_by_label("Count")).to_have_value("5")
    await app.get_by_role("button", name="More").click()
    await expect(app.get_by_text("6 Alpha False in")).to_be_visible()


async def test_one_that_ends_after_much_was_answered_in_it_is_replaced_by_one_that_is_heard(
    served: Served, page: Page, held: Held
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


async def test_sliders_choices_and_markup_are_answered_in_it(served: Served, page: Page, held: Held) -> None:
    await covered(held, served, "answers")
    cover = page.locator("#cover")
    told = cover.locator("td.all")
    await cover.get_by_role("slider", name="Fixed").press("ArrowRight")
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
    assert await app.locator(".widget-readout").all_inner_texts() == ["−9.50", "5,000", "4"]
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


async def test_numbers_written_beside_sliders_are_answered_in_it_and_go_over(
    served: Served, page: Page, held: Held
) -> None:
    await covered(held, served, "answers")
    told, readouts, app = page.locator("#cover td.all"), page.locator("#cover .widget-readout"), inside(page)
    for number, key, shown, value in (
        ("4.3", "Enter", "4.50", "4.5"),
        ("junk", "Tab", "4.50", "4.5"),
        ("99", "Enter", "10.00", "10.0"),
        ("-7x", "Tab", "−7.00", "-7.0"),
    ):
        await readouts.first.press("Control+a")
        await page.keyboard.type(number)
        await expect(readouts.first).to_have_text(number)
        await page.keyboard.press(key)
        await expect(readouts.first).to_have_text(shown)
        await expect(told).to_contain_text(f"[{value}, 1000, ")
    await readouts.nth(1).click()
    await page.keyboard.press("End")
    for key in ("ArrowLeft", "ArrowLeft", "Backspace", "5", "Enter"):
        await page.keyboard.press(key)
    await expect(readouts.nth(1)).to_have_text("1,500")
    await expect(told).to_contain_text("[-7.0, 1500, ")
    await readouts.first.press("End")
    for key in ("Backspace", "Backspace", "5", "Tab"):
        await page.keyboard.press(key)
    await expect(told).to_contain_text("[-7.5, 1500, ")
    await readouts.first.press("Control+a")
    await page.keyboard.type("3")
    await page.keyboard.press("Escape")
    await expect(readouts.first).to_have_text("−7.50")
    await page.keyboard.press("Tab")
    await readouts.nth(1).press("Control+a")
    await page.keyboard.type("253")
    await page.keyboard.press("ArrowLeft")
    held.let_through()
    await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
    await expect(app.locator("td.all")).to_contain_text("[-7.5, 1500, ")
    await expect(app.locator(".widget-readout").nth(1)).to_be_focused()
    await page.keyboard.type("0")
    await expect(app.locator(".widget-readout").nth(1)).to_have_text("2503")
    await page.keyboard.press("Tab")
    await expect(app.locator("td.all")).to_contain_text("[-7.5, 2500, ")  # as every way of setting it, on a step
    await expect(app.locator(".widget-readout").nth(1)).to_have_text("2,500")
    await app.locator(".widget-readout").nth(1).press("End")
    for key in ("Backspace", "Backspace", "Backspace", "6", "6", "0", "Enter"):
        await page.keyboard.press(key)
    await expect(app.locator("td.all")).to_contain_text("[-7.5, 2700, ")
    await expect(app.locator(".widget-readout").nth(1)).to_have_text("2,700")


async def test_dates_and_ranges_are_answered_in_it(served: Served, page: Page, held: Held) -> None:
    await covered(held, served, "ranges")
    cover, day = page.locator("#cover"), page.get_by_label("Day")
    told, readouts = cover.locator(".widget-label").last, cover.locator(".widget-readout")
    await day.fill("2024-12-31")
    await expect(told).to_have_text("2024-12-31 (20, 40) (0.25, 0.5)")
    ages = cover.get_by_role("slider", name="Ages")
    steps = [
        (0, "ArrowRight", 25, 40),
        (0, "End", 40, 40),
        (1, "PageUp", 40, 65),
        (1, "Home", 40, 40),
        (1, "End", 40, 100),
    ]
    for handle, key, low, high in steps:
        await ages.nth(handle).press(key)
        await expect(readouts.first).to_have_text(f"{low} – {high}")
        await expect(told).to_contain_text(f"({low}, {high})")
    await readouts.first.press("Control+a")
    await page.keyboard.type("105 - 7")  # none: the one is above the other
    await page.keyboard.press("Enter")
    await expect(readouts.first).to_have_text("40 – 100")
    await readouts.first.press("Control+a")
    await page.keyboard.type("35:105")
    await page.keyboard.press("Enter")
    await expect(readouts.first).to_have_text("35 – 100")
    await expect(told).to_contain_text("(35, 100)")
    track = await cover.locator(".noUi-base").last.bounding_box()
    assert track is not None
    left, width, middle = track["x"], track["width"], track["y"] + track["height"] / 2
    await page.mouse.move(left + width * 0.375, middle)
    await page.mouse.down()  # between the handles
    await page.mouse.move(left + width * 0.575, middle)
    await expect(readouts.last).to_have_text("45% – 70%")
    await page.mouse.move(left + width * 2, middle)
    await expect(readouts.last).to_have_text("75% – 100%")
    await page.mouse.move(left + width * 0.575, middle)
    await expect(told).to_contain_text("(0.25, 0.5)")
    await page.mouse.up()
    await expect(told).to_contain_text("(0.45, 0.7)")
    await page.mouse.click(left + width * 0.9, middle)
    await expect(told).to_contain_text("(0.45, 0.9)")
    await page.mouse.move(left + width * 0.45, middle)
    await page.mouse.down()
    await page.mouse.move(left + width * 0.99, middle)  # not beyond the other handle
    await page.mouse.up()
    await expect(told).to_contain_text("(0.9, 0.9)")
    await page.mouse.click(left + width * 0.2, middle)
    await expect(told).to_contain_text("(0.2, 0.9)")
    for low, high in ((30, 75), (20, 90)):
        await readouts.last.press("Control+a")
        await page.keyboard.type(f"{low}% - {high}%")
        await page.keyboard.press("Enter")
        await expect(told).to_contain_text(f"({low / 100}, {high / 100})")
    await page.get_by_role("button", name="Later").click()
    await expect(told).to_have_text("2025-01-01 (0, 100) (0.2, 0.9)")
    await expect(day).to_have_value("2025-01-01")
    assert await readouts.all_inner_texts() == ["0 – 100", "20% – 90%"]
    tracks = await page.evaluate(TRACKS)
    held.let_through()
    app = inside(page)
    await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
    await expect(app.get_by_label("Day")).to_have_value("2025-01-01")
    assert await app.locator(".widget-readout").all_inner_texts() == ["0 – 100", "20% – 90%"]
    assert await page.frames[1].evaluate(TRACKS) == tracks
    await app.get_by_role("slider", name="Ages").last.press("ArrowLeft")
    await expect(app.get_by_text("2025-01-01 (0, 95) (0.2, 0.9)")).to_be_visible()
    await app.get_by_role("button", name="Never").click()
    await expect(app.get_by_text("None (0, 95) (0.2, 0.9)")).to_be_visible()


async def test_a_date_is_written_to_its_end_in_it(served: Served, page: Page, held: Held) -> None:
    await covered(held, served, "ranges")
    cover, day, app = page.locator("#cover"), page.get_by_label("Day"), inside(page)
    await page.get_by_role("button", name="Never").click()
    await expect(day).to_have_value("")
    await day.focus()
    await page.keyboard.type("0703")
    held.let_through()
    await expect(app.locator("#page")).to_be_attached()
    await asyncio.sleep(2)  # the page is there, and waits
    await page.keyboard.type("2025")
    await expect(day).to_have_value("2025-07-03")
    await expect(cover.get_by_text("2025-07-03 (20, 40)")).to_be_visible()
    await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
    await expect(app.get_by_label("Day")).to_have_value("2025-07-03")
    await expect(app.get_by_text("2025-07-03 (20, 40)")).to_be_visible()
