"""The panel: what a person sees first, asks for, finds again, throws away and gets back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.async_api import Locator, Route, expect

from tests.endpoint import Endpoint
from tests.studio.small import doubler

from .accessible import faults
from .conftest import Come
from .person import Person
from .server import KEY, SECONDS, Lab

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.sandbox]


@pytest.fixture
def first_day(lab: Lab) -> Iterator[None]:
    """Nobody has given a key."""
    lab.forget_model()
    yield
    lab.connect_model()


def card(person: Person, title: str) -> Locator:
    return person.panel.get_by_role("list", name="My apps").get_by_role("listitem").filter(has_text=title)


async def choose(person: Person, title: str, *path: str) -> None:
    """Choose from the menu of an app's card."""
    await card(person, title).get_by_role("button", name=f"Actions for {title}").click()
    for label in path:
        await person.page.get_by_role("menuitem", name=label, exact=True).click()


async def test_the_first_day_says_what_there_is_without_a_key_and_takes_one(
    come: Come, lab: Lab, model: Endpoint, first_day: None
) -> None:
    person = await come(width=390)
    await person.run("microapps:panel")
    panel = person.panel
    field = panel.get_by_role("textbox", name="What do you need?")
    await expect(field).to_be_visible()
    box = await field.bounding_box()
    assert box is not None and box["height"] > 40  # it was drawn while nobody saw it
    await expect(panel).to_contain_text("There is no key for a model")
    await panel.get_by_text("12 starters").click()
    await expect(panel.get_by_role("button", name="Flashcards")).to_be_visible()
    assert await faults(panel) == []
    await panel.get_by_role("button", name="Add a key").click()
    keyed = panel.get_by_role("region", name="Key for the model")
    await expect(keyed.get_by_label("Key", exact=True)).to_be_focused()

    # What was asked before there was a key is answered after it, and hides nothing.
    asked, given = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        answer = await route.fetch()
        asked.set()
        await given.wait()
        await route.fulfill(response=answer)

    status = re.compile(r"/microapps/api/status\b")
    await person.intercept(status, late, times=1)
    lab.ask("PATCH", "settings", {"changes": {"base_url": model.url}})
    await person.run("microapps:refresh")
    await asyncio.wait_for(asked.wait(), SECONDS)
    await person.page.keyboard.type(KEY)
    await person.page.keyboard.press("Enter")
    await expect(keyed).to_contain_text("There is a key")
    async with person.page.expect_response(status):
        given.set()
    await expect(keyed).to_contain_text("a small fraction of a cent")
    assert KEY not in await person.page.content()
    model.answer("Hello.")
    await keyed.get_by_role("button", name="Test the key").click()
    await expect(keyed.get_by_role("status")).to_contain_text("answered")
    await keyed.get_by_role("button", name="Close").click()
    await expect(panel.get_by_role("button", name="Key for the model")).to_be_focused()
    await expect(panel.get_by_label("Speed and model")).to_contain_text("Balanced · claude-sonnet-5-5")


@pytest.mark.long
async def test_a_small_window_shows_the_panel_from_its_top_and_what_is_opened_from_it_alone(
    come: Come, copied: Callable[[str], str]
) -> None:
    name = copied("in-a-small-window")
    person = await come(width=390, height=320)
    await person.run("microapps:compose")
    await expect(person.panel.get_by_role("textbox", name="What do you need?")).to_be_focused()
    higher, scrolled = await person.panel.evaluate(
        "(panel) => [panel.scrollHeight - panel.clientHeight, panel.scrollTop]"
    )
    assert higher > 0 and scrolled == 0

    await person.open(name)
    await expect(person.panel).to_be_hidden()
    await person.run("microapps:panel")
    await expect(person.panel).to_be_visible()
    await person.run("microapps:code", name=name)
    notebook = person.page.locator(".jp-NotebookPanel:visible")
    await expect(notebook).to_contain_text("Twice a whole number.")
    await expect(person.panel).to_be_hidden()
    await person.run("application:close")
    studio = await person.open(name)
    await (await studio.tab("Code")).get_by_role("button", name="Open the notebook").click()
    await expect(notebook).to_contain_text("Twice a whole number.")
    await expect(studio.whole).to_be_hidden()


async def test_an_app_is_made_found_forked_removed_brought_back_and_deleted(
    come: Come, lab: Lab, model: Endpoint, made: Callable[..., str]
) -> None:
    made(title="회의 시간 찾기")
    made(title="Tea timer", description="For green tea.")
    person = await come()
    await person.run("microapps:panel")
    search = person.panel.get_by_role("searchbox", name="Search my apps")
    await search.fill("green TEA")
    await expect(card(person, "Tea timer")).to_contain_text("checks passed")
    await expect(card(person, "회의 시간 찾기")).to_have_count(0)
    await search.fill("no such thing")
    await expect(person.panel.get_by_role("status").last).to_contain_text("No app has “no such thing”")
    await search.fill("회의")
    await expect(card(person, "회의 시간 찾기")).to_be_visible()
    await search.fill("")
    await person.panel.get_by_label("Order").select_option("By name")

    await choose(person, "Tea timer", "Remove")
    await expect(card(person, "Tea timer")).to_have_count(0)
    await person.page.get_by_role("button", name="Undo", exact=True).click()
    await expect(card(person, "Tea timer")).to_be_visible()

    await choose(person, "Tea timer", "Fork")
    await expect(person.studio.whole).to_be_visible()
    await expect(card(person, "Tea timer")).to_have_count(2)
    await card(person, "Tea timer").first.get_by_role("button", name="Actions for Tea timer").click()
    await person.page.get_by_role("menuitem", name="Remove", exact=True).click()
    await expect(card(person, "Tea timer")).to_have_count(1)
    await person.panel.get_by_text("Trash").first.click()
    trash = person.panel.get_by_role("list", name="Trash")
    gone = trash.get_by_role("listitem").filter(has_text="Tea timer")
    await gone.get_by_role("button", name="Restore Tea timer").click()
    await expect(card(person, "Tea timer")).to_have_count(2)
    await card(person, "Tea timer").first.get_by_role("button", name="Actions for Tea timer").click()
    await person.page.get_by_role("menuitem", name="Remove", exact=True).click()
    await gone.get_by_role("button", name="Delete Tea timer for good").click()
    asked = person.page.get_by_role("dialog")
    await expect(asked).to_contain_text("cannot be undone")
    await asked.get_by_role("button", name="Delete").click()
    await expect(gone).to_have_count(0)
    assert len([app for app in lab.ask("GET", "apps") if app["title"] == "Tea timer"]) == 1


@pytest.mark.long
async def test_what_runs_is_listed_led_to_and_stopped(
    come: Come, lab: Lab, model: Endpoint, made: Callable[..., str]
) -> None:
    name = made(title="Slow one")
    model.answer("It takes its time.", hold=True)
    job = lab.ask("POST", "jobs", {"action": "change", "app": name, "request": "make it larger"})
    person = await come()
    await person.run("microapps:jobs")
    running = person.panel.get_by_role("list", name="Jobs").get_by_role("listitem").filter(has_text="make it larger")
    await expect(running).to_contain_text("being worked on")
    await expect(running).to_contain_text("Slow one")
    await expect(person.panel.get_by_role("tab", name=re.compile(r"Jobs \(\d+\)"))).to_be_visible()
    async with person.layout_kept(f"microapps-documents:{name}"):
        await running.get_by_role("button", name="make it larger", exact=True).click()
        await expect(person.studio.whole).to_be_visible()
    await running.get_by_role("button", name="Stop: make it larger").click()
    await expect(running).to_contain_text("stopped")
    assert lab.ask("GET", f"jobs/{job['id']}")["done"]
    await person.page.reload()
    await person.ready()
    await expect(person.panel).to_be_visible()
    await expect(person.studio.whole).to_be_visible()


@pytest.mark.long
async def test_data_is_attached_by_picking_dragging_and_dropping(
    come: Come, lab: Lab, model: Endpoint, made: Callable[..., str]
) -> None:
    (lab.root / "expenses.csv").write_text("what,amount\ntea,3\n", "utf-8")
    (lab.root / "rain.csv").write_text("day,mm\n1,3\n", "utf-8")
    person = await come()
    page = person.page
    await person.run("microapps:panel")
    attached = person.panel.get_by_role("list", name="Attached files")
    async with page.expect_file_chooser() as choosing:
        await person.panel.get_by_role("button", name="Attach a data file").click()
    await (await choosing.value).set_files({"name": "sent.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"})
    await expect(attached).to_contain_text("sent.csv")

    await person.panel.get_by_role("button", name="Attach a file of this folder").click()
    dialog = page.get_by_role("dialog")
    await dialog.locator(".jp-DirListing-item", has_text="expenses.csv").click()
    await dialog.get_by_role("button", name="Select").click()
    await expect(attached).to_contain_text("expenses.csv")

    sent = asyncio.Event()

    async def slow(route: Route) -> None:
        await sent.wait()
        await route.continue_()

    await person.intercept(re.compile(r"/microapps/api/uploads\?name=dropped"), slow)
    await person.panel.evaluate(
        """(panel) => {
            const data = new DataTransfer();
            data.items.add(new File(['x,y\\n1,2\\n'], 'dropped.csv', {type: 'text/csv'}));
            panel.querySelector('.jp-MicroappsComposer').dispatchEvent(
                new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}));
        }"""
    )
    await expect(attached).to_contain_text("dropped.csv")

    await page.evaluate(
        """() => {  // the panel beside the file browser
            const app = window.jupyterapp;
            const [panel] = [...app.shell.widgets('left')].filter(widget => widget.id === 'jp-microapps-panel');
            app.shell.add(panel, 'right', {rank: 1});
            app.shell.activateById('filebrowser');
            app.shell.activateById(panel.id);
        }"""
    )
    item = page.locator("#filebrowser .jp-DirListing-item", has_text="rain.csv")
    await item.hover()
    await page.mouse.down()
    target = await person.panel.locator("textarea").bounding_box()
    assert target is not None
    await page.mouse.move(target["x"] + 30, target["y"] + 10, steps=8)
    await page.mouse.up()
    await expect(attached).to_contain_text("rain.csv")
    await expect(attached.get_by_text("being sent")).to_have_count(1)
    names = await attached.locator(".jp-MicroappsChip-text").all_text_contents()
    assert names == ["sent.csv", "expenses.csv", "dropped.csv", "rain.csv"]
    model.answer("Here it is.", doubler(title="With data")).answer("Done.")
    field = person.panel.get_by_role("textbox", name="What do you need?")
    await field.fill("double what I spend")
    await page.keyboard.press("Enter")  # it is sent when the last file is there
    await expect(field).to_have_value("double what I spend")
    sent.set()
    await expect(person.studio.whole).to_be_visible()
    await expect(card(person, "With data")).to_be_visible()
    told = str(model.requests[0]["messages"])
    assert all(column in told for column in ("amount", "mm", "sent.csv", "dropped.csv"))


@pytest.mark.long
async def test_the_panel_is_used_by_keyboard_alone_in_both_themes(
    come: Come, lab: Lab, made: Callable[..., str]
) -> None:
    made(title="Keys only")
    person = await come()
    page = person.page
    await person.run("microapps:compose", request="A thing")
    field = person.panel.get_by_role("textbox", name="What do you need?")
    await expect(field).to_be_focused()
    await expect(field).to_have_value("A thing")

    # What is asked for while another is on its way is not lost.
    arrives = asyncio.Event()

    async def lost(route: Route) -> None:
        await arrives.wait()
        await route.abort()

    jobs = re.compile(r"/microapps/api/jobs\b(?!/)")
    await person.intercept(jobs, lost)
    await page.keyboard.press("Enter")
    await page.keyboard.type("Another")
    await page.keyboard.press("Enter")
    await expect(field).to_have_value("")
    arrives.set()
    await expect(field).to_have_value("A thing\nAnother")
    await page.unroute(jobs)
    await field.fill("")
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement?.getAttribute('aria-label')") == "Actions for Keys only":
            break
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menu")).to_be_visible()
    await page.keyboard.press("r")  # the first of two that begin so
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_contain_text("Rename Keys only")
    await page.keyboard.press("Control+A")
    await page.keyboard.type("only keys")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(person.panel.get_by_role("button", name="only keys", exact=True)).to_be_visible()
    await person.run("microapps:open", name="keys-only")
    await expect(person.studio.whole).to_be_visible()
    assert "only keys" in [app["title"] for app in lab.ask("GET", "apps")]
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        await person.theme(theme)
        assert await faults(person.panel) == []
    await person.panel.get_by_role("tab", name="My apps").focus()
    await page.keyboard.press("ArrowRight")
    await expect(person.panel.get_by_role("tab", name="Jobs")).to_be_focused()
    assert await faults(person.panel) == []
