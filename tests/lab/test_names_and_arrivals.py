"""What an app is called, and apps that come from elsewhere, from JupyterLab's panel."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from microapps.notebook import Host, Permissions
from microapps.publish.carrying import carried
from tests.studio.test_importing import counter

from .conftest import Come
from .server import Lab

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.sandbox]

DROPPED = """([text, name]) => {
    const files = new DataTransfer();
    files.items.add(new File([text], name));
    return files;
}"""


async def drop(page: Page, place: Locator, file: Path) -> None:
    """As by dragging it from the computer's own files."""
    held = await page.evaluate_handle(DROPPED, [file.read_text("utf-8"), file.name])
    for event in ("dragover", "drop"):
        await place.dispatch_event(event, {"dataTransfer": held})


@pytest.mark.long
async def test_an_app_is_renamed_and_one_from_elsewhere_is_taken_in(
    come: Come, lab: Lab, copied: Callable[[str], str], tmp_path: Path
) -> None:
    name = copied("called-so")
    person = await come()
    page, panel, dialog = person.page, person.panel, person.page.get_by_role("dialog")
    studio = await person.open(name)
    await person.run("microapps:panel")
    await person.run("microapps:rename", name=name)
    title = dialog.get_by_label("Its title")
    await expect(title).to_be_focused()
    await title.fill("두 배 <b>계산기</b>")
    await page.keyboard.press("Enter")
    await expect(panel.get_by_role("button", name="두 배 <b>계산기</b>", exact=True)).to_be_visible()
    await expect(page.get_by_role("tab", name="두 배 <b>계산기</b>")).to_be_visible()
    card = lab.ask("GET", f"apps/{name}")
    assert (card["title"], card["health"]) == ("두 배 <b>계산기</b>", "passed"), "no code is other than it was"
    assert card["can_undo"]
    await expect((await studio.tab("History")).get_by_role("listitem").first).to_contain_text("Renamed")

    await person.run("microapps:check", name=name)
    await expect(page.get_by_role("alert").filter(has_text="Its one criterion holds")).to_be_visible()

    # It is taken out of the trash as itself, whatever else has had its name.
    lab.ask("DELETE", f"apps/{name}")
    again = studio.button("Take it out of the trash")
    await expect(again).to_be_visible()
    other = lab.ask("POST", f"apps/{lab.first}/fork", {"name": name})
    assert (other["name"], other["id"] == card["id"]) == (name, False)
    await expect(studio.toolbar("Fork")).to_be_disabled()
    lab.ask("DELETE", f"apps/{name}")
    await again.click()
    await expect(again).to_have_count(0)
    assert lab.ask("GET", f"apps/{name}")["id"] == card["id"]
    assert [app["id"] for app in lab.ask("GET", "apps?removed=true") if app["name"] == name] == [other["id"]]

    wanted = Permissions(hosts=(Host(name="rates.invalid"),))
    file, data = tmp_path / "counter.app.ipynb", tmp_path / "sums.csv"
    file.write_text(carried(counter().with_metadata(permissions=wanted), None, []), "utf-8")
    data.write_text("a,b\n1,2\n", "utf-8")
    cards = panel.get_by_role("tabpanel")
    await drop(page, cards.get_by_role("list", name="My apps"), data)
    await expect(cards.get_by_role("status").first).to_contain_text("sums.csv is no micro-app")
    await drop(page, cards.get_by_role("list", name="My apps"), file)
    await expect(studio.log).to_contain_text("rates.invalid")
    await studio.button("Allow").click()
    await expect(studio.outcomes.first).to_be_visible()
    [arrived] = [app for app in lab.ask("GET", "apps") if app["name"].startswith("counter")]
    assert arrived["health"] == "passed"

    async with page.expect_file_chooser() as choosing:
        await panel.get_by_role("button", name="Import a micro-app…").click()
    broken = tmp_path / "broken.ipynb"
    broken.write_text(json.dumps({"cells": []}), "utf-8")
    await (await choosing.value).set_files(broken)
    await expect(studio.log).to_contain_text("notebook")
