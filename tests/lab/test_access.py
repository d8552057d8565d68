"""The studio for whoever has no mouse, reads by ear, writes Korean, works in the dark or on a telephone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.async_api import CDPSession, Route, expect

import microapps
from tests.endpoint import Endpoint, call

from .accessible import faults
from .conftest import Come
from .person import Person
from .server import Lab

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.sandbox]
CATALOGUE = Path(microapps.__file__).parent / "locale/ko_KR/LC_MESSAGES/jupyterlab_microapps.json"
TABS = ("App", "Evidence", "Code", "History", "Permissions", "Data")


async def go(person: Person, wanted: str, key: str = "Tab", most: int = 40) -> None:
    """Press a key until what is wanted has the focus."""
    name = "document.activeElement?.ariaLabel || document.activeElement?.textContent || ''"
    seen = []
    for _ in range(most):
        await person.page.keyboard.press(key)
        seen.append((await person.page.evaluate(name))[:40])
        if seen[-1].startswith(wanted):
            return
    raise AssertionError(f"{wanted!r} cannot be reached with {key}: {seen}")


async def compose(keyboard: CDPSession, text: str) -> None:
    """What an input method shows before it is confirmed."""
    wish = {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
    await keyboard.send("Input.imeSetComposition", wish)


@pytest.mark.long
async def test_all_is_done_by_keyboard_and_an_input_methods_enter_sends_nothing(
    come: Come, lab: Lab, model: Endpoint, copied: Callable[[str], str]
) -> None:
    name = copied("by-keys")
    person = await come()
    studio = await person.open(name)
    await expect(studio.app.get_by_label("Number")).to_be_visible()
    keyboard = person.page.keyboard
    await expect(studio.field).to_be_focused()

    # Enter sends, but not the one that confirms a word; Shift+Enter breaks the line.
    model.answer("그럴게요.", call("ask_user", question="어느 쪽?", options=["왼쪽", "오른쪽"]))
    device = await person.page.context.new_cdp_session(person.page)
    await compose(device, "한")
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    await device.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    await device.send("Input.insertText", {"text": "한"})
    await keyboard.press("Shift+Enter")
    await keyboard.type("line two")
    await expect(studio.field).to_have_value("한\nline two")
    assert await studio.jobs.count() == 0
    await keyboard.press("Enter")
    await expect(studio.jobs).to_have_count(1)
    await expect(studio.field).to_have_value("")
    await expect(studio.field).to_be_focused()

    # What is heard is each step, not each word.
    await expect(studio.whole.get_by_role("status").filter(has_text="어느 쪽?")).to_be_attached()
    await go(person, "왼쪽", "Shift+Tab")
    await keyboard.press("Tab")
    model.answer("좋아요.").answer("Nothing to do.")
    await keyboard.press("Enter")
    await expect(studio.log).to_contain_text("Your answer: 오른쪽")
    await expect(studio.outcomes).to_have_count(1)
    words = await studio.outcomes.first.locator("strong").inner_text()
    await expect(studio.whole.get_by_role("status").filter(has_text=words)).to_be_attached()

    # From the conversation over the line between to the tabs, and through them.
    await studio.field.focus()
    await go(person, "Width of the conversation")
    line = studio.whole.get_by_role("separator")
    before = await line.get_attribute("aria-valuenow")
    await keyboard.press("ArrowRight")
    await expect(line).not_to_have_attribute("aria-valuenow", before or "")
    await go(person, "App")
    for tab in TABS[1:]:
        await keyboard.press("ArrowRight")
        await expect(studio.whole.get_by_role("tab", name=tab)).to_be_focused()
        await expect(studio.whole.get_by_role("tabpanel", name=tab)).to_be_visible()
    await keyboard.press("Home")
    await expect(studio.whole.get_by_role("tab", name="App")).to_be_focused()


@pytest.mark.long
async def test_no_serious_finding_in_both_themes_and_on_a_telephone(
    come: Come, lab: Lab, model: Endpoint, copied: Callable[[str], str]
) -> None:
    name = copied("looked-at")
    person = await come()
    studio = await person.open(name)
    model.fault("refusal").answer("No.")
    await studio.say("Something bad")
    await expect(studio.outcomes).to_have_count(1)
    model.forget()
    model.answer("Hm.", call("ask_user", question="Which unit?", options=["Metric", "Imperial"]))
    await studio.say("Use units")
    await expect(studio.log.get_by_role("button", name="Metric")).to_be_visible()
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        await person.theme(theme)
        for tab in TABS:
            shown = await studio.tab(tab)
            await expect(shown.get_by_text("Reading", exact=False).and_(shown.get_by_role("status"))).to_have_count(0)
            assert await faults(studio.whole) == [], (theme, tab)
        await studio.tab("App")
        expected = re.compile(rf"\btheme-{theme.split()[1].lower()}\b")
        await expect(studio.app.locator("body")).to_have_class(expected)

    await person.page.set_viewport_size({"width": 390, "height": 800})
    await person.run("application:toggle-left-area")
    switch = studio.whole.get_by_role("group", name="Show", exact=True)
    for side in ("Conversation", "App"):
        await switch.get_by_role("button", name=side).click()
        assert await faults(studio.whole) == [], side
        wide = "(e) => [e.scrollWidth, e.clientWidth]"
        needed, there = await studio.whole.evaluate(wide)
        assert needed <= there, side
    await expect(studio.app.get_by_label("Number")).to_be_visible()


@pytest.mark.long
async def test_a_voice_is_told_what_is_korean_and_what_is_not(come: Come, copied: Callable[[str], str]) -> None:
    name = copied("in-korean")

    async def korean(route: Route) -> None:  # as the server answers where the language's pack is installed
        await route.fulfill(
            json={"data": {"jupyterlab_microapps": json.loads(CATALOGUE.read_text("utf-8"))}, "message": ""}
        )

    person = await come()
    await expect(person.page.locator(".jp-MicroappsPanel")).to_have_attribute("lang", "en")
    await person.page.route("**/lab/api/translations/*", korean)
    await person.come("lab/workspaces/in-korean")
    await expect(person.page.locator(".jp-MicroappsPanel")).to_have_attribute("lang", "ko-KR")
    studio = await person.open(name)
    await expect(studio.whole).to_have_attribute("lang", "ko-KR")
    evidence = await studio.tab("근거")
    await evidence.locator(".jp-MicroappsCriteria summary").first.click()
    await expect(evidence.locator(".jp-MicroappsTests [title^=test_]").first).to_have_attribute("lang", "en")
    assert await faults(studio.whole) == []
