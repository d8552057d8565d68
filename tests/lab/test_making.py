"""From a sentence to an app that is used, changed by talking, taken back, copied and given to others."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.endpoint import Endpoint
from tests.studio.small import WRONG, doubler

from ..frames import AppFrame
from .conftest import Come
from .person import PATIENCE
from .server import Lab
from .test_notebooks import until

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.sandbox]


async def test_a_sentence_becomes_an_app_that_is_used_changed_undone_forked_and_published(
    come: Come, lab: Lab, model: Endpoint, browser: Browser
) -> None:
    model.answer("I write an app that **doubles** a number.", doubler(title="Twice", logic=WRONG), hold=True)
    model.answer("The function was wrong.", doubler(title="Twice")).answer("It doubles whole numbers.")
    person = await come()
    studio = person.studio
    await person.run("microapps:compose")
    wish = person.panel.get_by_role("textbox", name="What do you need?")
    await expect(wish).to_be_focused()
    await wish.fill("double a number")
    await expect(person.panel.get_by_role("button", name="Make it")).not_to_have_attribute("aria-disabled", "true")
    await wish.press("Enter")

    # It is seen being written, checked and mended.
    await expect(studio.log).to_contain_text("I write an app that doubles")
    await expect(studio.whole).to_contain_text("Your app will be here")
    await expect(studio.button("Stop")).to_be_visible()
    model.release()
    written = studio.log.locator("details").filter(has_text="Added logic")
    await written.locator("summary").click()
    await expect(written).to_contain_text("return number * number * number")
    await expect(studio.log.get_by_role("region", name="Check: 1 fault found")).to_contain_text("1 of 2 tests")
    await expect(studio.log.get_by_role("region", name="Check after repair 1: passed")).to_be_visible()
    await expect(studio.outcomes.first).to_contain_text("Twice is ready")
    await expect(studio.outcomes.first).to_contain_text("1 repair · 3,000 tokens read, 300 written · $0.0090")

    # It is used.
    number = studio.app.get_by_label("Number")
    await number.fill("21")
    await number.press("Tab")
    await expect(studio.app.locator("main")).to_contain_text("Twice that is 42")

    # It is changed by talking, and keeps what was typed.
    model.answer("Another description.", doubler(title="Twice", about="# Doubler\n\nTwice as much.")).answer("Done.")
    async with studio.app_renewed():
        await studio.say("Say it shorter")
        await expect(studio.outcomes).to_have_count(2)
    await expect(studio.app.locator("main")).to_contain_text("Twice as much.")
    await expect(number).to_have_value("21")
    await expect(studio.app.locator("main")).to_contain_text("Twice that is 42")

    # What was tried and found is there to read.
    evidence = await studio.tab("Evidence")
    await expect(evidence).to_contain_text("Its one criterion holds; 2 tests passed")
    await evidence.locator("summary").filter(has_text="The double is shown.").click()
    await expect(evidence).to_contain_text("Doubles")
    code = await studio.tab("Code")
    await expect(code.get_by_role("region", name="logic")).to_contain_text("return 2 * number")
    history = await studio.tab("History")
    await expect(history.get_by_role("listitem").filter(has_text="Revision 2")).to_contain_text("Say it shorter")
    for revision in (1, 2):
        await history.get_by_label(f"Compare revision {revision}").check()
    compared = history.get_by_role("region", name="From revision 1 to revision 2")
    await compared.locator("summary").filter(has_text="about").click()
    await expect(compared).to_contain_text("Twice as much.")
    await expect(await studio.tab("Permissions")).to_contain_text("It asks for nothing.")
    await expect(await studio.tab("Data")).to_contain_text("It stores nothing yet.")
    await studio.tab("App")

    # It is taken back, and copied.
    async with studio.app_renewed():
        await studio.toolbar("Undo").click()
        await expect(studio.outcomes.last).to_contain_text("undone")
    await expect(studio.app.locator("main")).to_contain_text("Doubles a whole number.")
    await studio.toolbar("Redo").click()
    await expect(studio.outcomes.last).not_to_contain_text("undone")
    await studio.toolbar("Undo").click()
    await studio.toolbar("Fork").click()
    await expect(studio.log).to_contain_text("Forked · A fork of twice")
    assert [app["title"] for app in lab.ask("GET", "apps")].count("Twice") == 2

    # It is given to somebody who is nobody to this server.
    await studio.toolbar("Publish").click()
    dialog = person.page.get_by_role("dialog")
    await dialog.get_by_label("Who is it for?").select_option("For anyone who has the address")
    await dialog.get_by_role("button", name="Make the link").click()
    await expect(dialog.get_by_role("img", name="QR code of the link")).to_be_visible()
    link = await dialog.get_by_role("textbox", name="Link").input_value()
    stranger = await browser.new_context()
    stranger.set_default_timeout(PATIENCE)
    page = await stranger.new_page()
    await page.goto(link)
    app = AppFrame(page.frame_locator("iframe"))
    await app.get_by_label("Number").fill("4")
    await app.get_by_label("Number").press("Tab")
    await expect(app.locator("main")).to_contain_text("Twice that is 8")
    assert await stranger.cookies() == []
    await stranger.close()


@pytest.mark.long
async def test_of_two_answers_side_by_side_one_is_kept(come: Come, lab: Lab, model: Endpoint) -> None:
    for title in ("One", "Two"):  # held until each has begun: else one may have both
        model.answer("Here it is.", doubler(title=title), hold=True)
    model.answer("Done.").answer("Done.")
    before = {app["name"] for app in lab.ask("GET", "apps")}
    group = lab.ask("POST", "variants", {"request": "double a number", "count": 2})["group"]
    await until(lambda: len(model.requests) == 2)
    model.release()
    person = await come(width=1000)
    await person.run("microapps:variants", group=group)
    shown = person.page.locator(".jp-MicroappsVariants")
    for number in (1, 2):
        answer = shown.get_by_role("region", name=f"Answer {number}")
        await expect(answer.get_by_role("button", name="Keep answer")).to_be_enabled()
        app = AppFrame(answer.frame_locator("iframe.jp-mod-shown").frame_locator("iframe"))
        await expect(app.locator("main")).to_contain_text("Twice that is 2")
    await shown.get_by_role("button", name="Keep answer 2").click()
    await expect(shown).to_have_count(0)
    await person.studio.button("Conversation").click()  # there is room for one side, and the app is shown first
    await expect(person.studio.outcomes.first).to_contain_text("is ready")
    assert len({app["name"] for app in lab.ask("GET", "apps")} - before) == 1
