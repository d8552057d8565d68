"""The app beside the conversation: what it shows, stores and fails at, and what is pointed at in it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.async_api import expect

from tests.endpoint import Endpoint
from tests.studio.small import doubler

from .conftest import Come
from .server import Lab

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.sandbox]

FAILS = '''def double(number: int) -> int:
    """Twice a whole number."""
    if number == 77:
        raise ValueError("77 cannot be doubled")
    return 2 * number'''
KEEPS = """number = widgets.BoundedIntText(description="Number", min=0, max=100, value=1)
keep = widgets.Button(description="Keep")
kept = widgets.HTML()
result = widgets.HTML()


def show(_: object = None) -> None:
    result.value = f"<p>Twice that is {double(number.value)}</p>"


def save(_: object = None) -> None:
    store.table("kept").add(number=number.value)
    kept.value = "<p>It is kept.</p>"


number.observe(show, names="value")
keep.on_click(save)
show()
app = widgets.VBox([number, keep, kept, result])"""
STORE = "import ipywidgets as widgets\nfrom IPython.display import display\n\nfrom microapps.runtime import store"


@pytest.mark.long
async def test_a_failure_is_mended_a_part_is_pointed_at_and_stored_data_are_shown(
    come: Come, lab: Lab, model: Endpoint, made: Callable[..., str]
) -> None:
    parts = {"title": "Running", "imports": STORE, "ui": KEEPS}
    name = made(logic=FAILS, **parts)
    person = await come()
    studio = await person.open(name)
    number = studio.app.get_by_label("Number")

    # What fails is told once, with what was typed and the trace, also to a page that is loaded anew; a model mends it,
    # and what was typed is still there.
    await number.fill("77")
    await number.press("Tab")
    trouble = studio.log.get_by_role("region", name="Something went wrong in the app")
    await expect(trouble).to_contain_text("ValueError: 77 cannot be doubled")
    await person.page.reload()
    await person.ready()
    await expect(trouble).to_have_count(1)  # it still stands, and is told once
    await trouble.locator("summary").filter(has_text="What was typed").click()
    await expect(trouble.locator("dl")).to_contain_text("77")
    model.forget()
    model.answer("I mend it.", doubler(**parts)).answer("Done.")
    await expect(number).to_be_visible()
    await number.fill("70")
    await number.press("Tab")
    await expect(studio.app.locator("main")).to_contain_text("Twice that is 140")
    async with studio.app_renewed():
        await trouble.get_by_role("button", name="Fix it").click()
    await expect(studio.app.locator("main")).to_contain_text("Twice that is 140")
    await expect(trouble).to_have_count(1)
    told = json.dumps(model.requests[0]["messages"], ensure_ascii=False)
    assert "- Number: 77" in told and "in double" in told

    # What it stores is seen, and cleared.
    await studio.app.get_by_role("button", name="Keep").click()
    await expect(studio.app.locator("main")).to_contain_text("It is kept.")
    data = await studio.tab("Data")
    await expect(data.get_by_role("row").filter(has_text="kept")).to_contain_text("1 row")
    async with person.page.expect_download() as export:
        await data.get_by_role("link", name="Export").click()
    assert (await export.value).suggested_filename.endswith(".zip")
    await data.get_by_role("button", name="Clear…").click()
    async with studio.app_renewed():
        await person.page.get_by_role("dialog").get_by_role("button", name="Clear").click()
    await expect(data).to_contain_text("It stores nothing yet.")
    await studio.tab("App")

    # It is seen as on a telephone.
    frame = studio.whole.locator("iframe.jp-mod-shown")
    for width, pixels in (("Phone", 390), ("Full", None)):
        await studio.button(width).click()
        await expect(studio.button(width)).to_have_attribute("aria-pressed", "true")
        box = await frame.bounding_box()
        assert box is not None and (box["width"] == pixels if pixels else box["width"] > 500)

    # A part of it is pointed at.
    await expect(number).to_be_visible()
    place = await number.bounding_box()
    assert place is not None
    await studio.button("Point and ask").click()
    await expect(studio.whole).to_contain_text("Click the part of the app")
    await expect(studio.app.locator("#microapps-pointing")).to_be_attached()  # the app's page has heard of it
    await person.page.mouse.click(place["x"] + 20, place["y"] + 10)
    await expect(studio.whole.get_by_role("list", name="Parts of the app")).to_contain_text("this field: Number")
    await expect(studio.field).to_be_focused()
    model.forget()
    model.fault("refusal").answer("No.")
    await studio.say("Make it larger")
    await expect(studio.outcomes).to_have_count(3)
    assert 'variable number, cell \\"ui\\"' in json.dumps(model.requests[0]["messages"])

    # What it was about is seen later as well, wherever the conversation is opened anew.
    await person.run("application:close")
    await expect(studio.whole).to_have_count(0)
    await person.open(name)
    await expect(studio.jobs.last).to_contain_text("this field: Number")

    # What was mended is no news to a page that is loaded anew.
    await person.page.reload()
    await person.ready()
    await expect(studio.jobs.last).to_contain_text("this field: Number")
    await expect(studio.app.locator("main")).to_be_visible()
    await expect(trouble).to_have_count(0)


@pytest.mark.long
async def test_an_edit_by_hand_is_a_revision_also_after_a_reload(come: Come, copied: Callable[[str], str]) -> None:
    name = copied("by-hand")
    person = await come()
    studio = await person.open(name)
    editor = person.page.locator(".jp-NotebookPanel:visible")
    async with person.layout_kept("split-area", f"notebook:microapps:{name}.ipynb"):
        await (await studio.tab("Code")).get_by_role("button", name="Open the notebook").click()
        await expect(editor).to_contain_text("Twice a whole number.")
    shown = "window.jupyterapp.shell.currentWidget"
    await person.page.wait_for_function(f"{shown}.sessionContext?.session?.kernel?.status === 'idle'")
    said = f"{shown}.sessionContext.session.kernel.info.then(() => {shown}.context.model.dirty)"
    assert await person.page.evaluate(said) is False, "a kernel that says what it speaks is no edit"
    await person.page.reload()
    await person.ready()
    text = editor.locator(".cm-line").filter(has_text="Twice a whole number.")
    await text.click()
    await person.page.keyboard.press("End")
    await person.page.keyboard.type("  # by hand")
    await person.run("docmanager:save")
    await expect(await studio.tab("Code")).to_contain_text("# by hand")
    history = await studio.tab("History")
    await expect(history.get_by_role("listitem").first).to_contain_text("Edited by hand")
    await expect(history.get_by_role("listitem").first).to_contain_text("2 tests passed")
    await expect(person.page.get_by_role("dialog")).to_have_count(0)
