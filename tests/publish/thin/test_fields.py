"""What is written into fields on the thin page: numbers, several values, and dates, by keys."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from microapps.publish.thin import built_client

from ..conftest import Served, inside, published, serve
from ..holding import Held
from .covers import before_the_client

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.browser,
    pytest.mark.sandbox,
    pytest.mark.skipif(built_client() is None, reason="the page's client has not been built"),
]

TAGS = """
import ipywidgets as w
first, said = w.Text(description="First"), w.Label()
fruits, colours, sizes = w.TagsInput(value=["fig"]), w.ColorsInput(value=["#ff0000"]), w.FloatsInput(value=[1.5])
def tell(_):
    said.value = f"{fruits.value} {colours.value} {sizes.value}"
for field in (fruits, colours, sizes):
    field.observe(tell, "value")
w.VBox([first, fruits, colours, sizes, w.IntRangeSlider(description="Span:", value=(2, 4), max=10), said,
    w.FloatText(description="Share"), w.BoundedIntText(description="Pieces", max=9),
    w.SelectionRangeSlider(description="Month", options=["Jan", "Feb", "Mar"], index=(0, 1)),
    w.FloatLogSlider(description="Size", value=10, readout_format=".1f")])
"""
DATES = """
import datetime, ipywidgets as w
from IPython.display import display
when = w.DatePicker(description="When", min=datetime.date(2026, 5, 5), max=datetime.date(2026, 6, 20))
out = w.Output()
when.observe(lambda change: out.append_stdout(f"{change.new} "), "value")
born = w.DatePicker(description="Born")
met = w.NaiveDatetimePicker(description="Met")
for field in (born, met):
    field.observe(lambda change: out.append_stdout(f"{change.new} "), "value")
display(when, born, met, out)
"""


@pytest.fixture(scope="module")
async def served(anyio_backend: str, folder: Path) -> AsyncIterator[Served]:
    async for running in serve([published(folder, "tags", TAGS), published(folder, "dates", DATES)], thin=True):
        yield running


async def test_tags_are_added_and_removed_by_keys_and_all_has_a_name(served: Served, page: Page) -> None:
    await page.goto(await served.site.link("tags"))
    app = inside(page)
    await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
    focused, said = app.locator("*:focus"), app.locator("main")
    for end, value in (("minimum", "2"), ("maximum", "4")):
        handle = app.get_by_role("slider", name=f"Span: {end}", exact=True)
        await expect(handle).to_have_attribute("aria-valuetext", value)
    for slider, values in (("Month", ["Jan", "Feb"]), ("Size", ["10.0"])):
        handles = app.get_by_role("slider", name=slider)
        assert [await one.get_attribute("aria-valuetext") for one in await handles.all()] == values
        await handles.last.press("ArrowRight")
        await expect(handles.last).to_have_attribute("aria-valuetext", {"Feb": "Mar", "10.0": "12.6"}[values[-1]])
    await expect(app.get_by_role("button", name="Remove #ff0000")).to_be_attached()
    await app.get_by_label("First").focus()
    for tag, added, shown in (
        ("fig", "date", "['fig', 'date'] ['#ff0000'] [1.5]"),
        ("#ff0000", "blue", "['fig', 'date'] ['#ff0000', 'blue'] [1.5]"),
        ("1.5", "2.5", "['fig', 'date'] ['#ff0000', 'blue'] [1.5, 2.5]"),
    ):
        await page.keyboard.press("Tab")
        await expect(focused).to_have_accessible_name(f"Remove {tag}")
        await page.keyboard.press("Tab")
        await expect(focused).to_have_accessible_name("Add a value")
        await expect(focused).to_be_in_viewport()
        await page.keyboard.type(added)
        await page.keyboard.press("Enter")
        await expect(said).to_contain_text(shown)
    await page.keyboard.press("Backspace")
    await expect(said).to_contain_text("['fig', 'date'] ['#ff0000', 'blue'] [1.5]")
    await app.get_by_role("button", name="Remove fig").press("Delete")
    await expect(said).to_contain_text("['date'] ['#ff0000', 'blue'] [1.5]")
    await expect(focused).to_have_accessible_name("Add a value")
    await page.keyboard.press("Backspace")
    await expect(said).to_contain_text("[] ['#ff0000', 'blue'] [1.5]")


@pytest.mark.parametrize("in_the_cover", [True, False])
async def test_tags_that_are_added_before_the_client_is_there_are_added(
    served: Served, page: Page, held: Held, *, in_the_cover: bool
) -> None:
    app = inside(page)
    drawn = await before_the_client(held, served, "tags", in_the_cover=in_the_cover)
    await drawn.get_by_label("Pieces").wait_for()

    def box(number: int, within: Locator) -> Locator:
        return within.locator(".jupyter-widget-tagsinput").nth(number)

    for number, written in ((1, ("blue", "nocolour")), (2, ("2.5", "3,5")), (0, ("date", "lime", "lime"))):
        await box(number, drawn).click(position={"x": 200, "y": 10})
        for one in written:
            await page.keyboard.type(one)
            await page.keyboard.press("Enter")
    await page.keyboard.type("fi")
    await expect(box(0, drawn)).to_have_text(re.compile("^\\s*fig\\s*date\\s*lime\\s*lime\\s*$"))
    await expect(box(1, drawn).locator(".jupyter-widget-colortag")).to_have_count(2)
    await expect(box(2, drawn)).to_have_text(re.compile("^\\s*1.5\\s*2.5\\s*$"))
    held.let_through()
    await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
    said = app.locator("main")
    await expect(said).to_contain_text("['fig', 'date', 'lime', 'lime'] ['#ff0000', 'blue'] [1.5, 2.5]")
    field = box(0, app.locator("main")).locator("input")
    await expect(field).to_be_focused()
    await expect(field).to_have_value("fi")
    await page.keyboard.type("ve")
    await page.keyboard.press("Enter")
    await expect(said).to_contain_text("'lime', 'five'] ['#ff0000', 'blue'] [1.5, 2.5]")
    await box(2, app.locator("main")).click(position={"x": 200, "y": 10})
    await expect(app.locator("*:focus")).to_have_value("3,5")  # what was not taken stays to be mended


async def test_a_value_that_is_not_taken_is_told(served: Served, page: Page) -> None:
    """3,5 is no 3, and none that is there already comes again; what was written stays to be mended."""
    await page.goto(await served.site.link("tags"))
    app = inside(page)
    await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
    numbers = app.locator(".jupyter-widget-tagsinput").nth(2)
    await numbers.click(position={"x": 200, "y": 10})
    await page.keyboard.type("3,5")
    await page.keyboard.press("Enter")
    await expect(app.get_by_text("“3,5” was not added")).to_be_visible()
    await expect(numbers.locator("input")).to_have_value("3,5")
    await page.keyboard.press("Control+A")
    await page.keyboard.type("3.5")
    await page.keyboard.press("Enter")
    await expect(app.get_by_text(re.compile(r"\b3\.5\b")).first).to_be_visible()


async def test_a_date_is_heard_when_it_is_written_and_when_it_is_emptied(served: Served, page: Page) -> None:
    await page.goto(await served.site.link("dates"))
    app = inside(page)
    await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
    when, heard = app.get_by_label("When"), app.locator("pre")
    await when.focus()
    await page.keyboard.type("05122026", delay=250)
    await page.keyboard.press("Enter")
    await expect(heard).to_have_text("2026-05-12")
    for _ in range(3):
        await page.keyboard.press("Backspace")
        await page.keyboard.press("Shift+Tab")
    await expect(heard).to_have_text("2026-05-12 None")
    await when.focus()
    await page.keyboard.type("05132026", delay=250)
    await expect(heard).to_have_text("2026-05-12 None 2026-05-13")  # who rests has written it too
    await page.keyboard.press("ArrowUp")
    await expect(heard).to_have_text(re.compile("2026-05-13 202[67]-"))


async def test_what_else_becomes_of_a_number_that_is_written_is_told(served: Served, page: Page) -> None:
    await page.goto(await served.site.link("tags"))
    app = inside(page)
    await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
    await app.get_by_label("Share").focus()
    notice = app.get_by_text("Commas are left out of numbers here")
    for keys in ("Control+A", "2", ".", "5"):
        await page.keyboard.press(keys)
    await page.keyboard.press("Enter")
    await expect(app.get_by_label("Share")).to_have_value("2.5")
    await expect(notice).to_have_count(0)
    for keys in ("Control+A", "2", ",", "5"):
        await page.keyboard.press(keys)
    await expect(notice).to_be_visible()
    pieces = app.get_by_label("Pieces")
    await pieces.focus()
    for keys in ("Control+A", "2", ".", "5"):
        await page.keyboard.press(keys)
    await expect(app.get_by_text("This is a field for whole numbers")).to_be_visible()
    await expect(app.get_by_text("beyond")).to_have_count(0)
    await page.keyboard.press("Enter")
    await expect(app.get_by_text("“25” is beyond the limits here, and became 9.")).to_be_visible()
    await expect(pieces).to_have_value("9")


async def test_a_year_ends_with_its_fourth_digit(served: Served, page: Page) -> None:
    """20260512, where the month comes first, was the year 60512, which Python does not have."""
    await page.goto(await served.site.link("dates"))
    app = inside(page)
    await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
    heard = app.locator("pre")
    await app.get_by_label("Born").focus()
    await page.keyboard.type("20260512")
    await page.keyboard.press("Enter")
    await expect(heard).to_have_text("0512-02-02")
    await app.get_by_label("Met").focus()
    await page.keyboard.type("051220260107AM")  # a year of six digits would be 202601
    await page.keyboard.press("Enter")
    await expect(heard).to_have_text("0512-02-02 2026-05-12 01:07:00")
