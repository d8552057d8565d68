"""Giving an app to others from JupyterLab: a link with its QR code, made and copied by keyboard."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

import pytest
from playwright.async_api import Route, expect

from .accessible import faults
from .conftest import Come
from .server import Lab

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.sandbox]


async def test_a_guest_is_given_a_link(come: Come, lab: Lab, made: Callable[..., str]) -> None:
    person = await come(permissions=["clipboard-read", "clipboard-write"])
    page = person.page
    await person.run("microapps:panel")
    name = made(title="Given away")
    await person.run("microapps:publish", name=name)  # of which the page may not have heard yet
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Publish Given away")
    told = asyncio.Event()

    async def late(route: Route) -> None:
        if route.request.method == "GET":
            await told.wait()
        await route.continue_()

    await person.intercept(re.compile(r"/microapps/api/apps/[^/]+/publish\b"), late)
    await dialog.get_by_label("Who is it for?").select_option("guest")
    await dialog.get_by_label("Name of the guest").fill("Ann")
    await dialog.get_by_label("How long is it good?").select_option("7 days")
    await dialog.get_by_role("button", name="Make the link").press("Enter")  # as on any page
    await expect(dialog.get_by_role("img", name="QR code of the link")).to_be_visible()
    copy = dialog.get_by_role("button", name="Copy the link")
    await expect(copy).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_role("status")).to_have_text("The link is copied.")
    told.set()
    link = str(await page.evaluate("navigator.clipboard.readText()"))
    assert link == await dialog.get_by_role("textbox", name="Link").input_value()
    assert link.startswith(lab.address) and "~" in link
    row = dialog.get_by_role("list", name="Links").get_by_role("listitem")
    await expect(row).to_contain_text("Guest: Ann")
    await expect(dialog.get_by_role("status")).to_have_text("The link is copied.")
    await expect(row).to_contain_text("until")
    assert await faults(dialog) == []
