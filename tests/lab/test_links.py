"""Links of an app from JupyterLab: who opens them, what a password does, and how they are taken back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from ..frames import AppFrame
from .conftest import Come
from .person import PATIENCE, Person
from .server import SECONDS, Lab
from .test_notebooks import until

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.sandbox]

Follow = Callable[[str], Awaitable[Page]]


@pytest.fixture
async def follow(browser: Browser) -> AsyncIterator[Follow]:
    """Somebody who has nothing but a link: a browser of their own each time."""
    async with AsyncExitStack() as stack:

        async def followed(link: str) -> Page:
            context = await browser.new_context()
            stack.push_async_callback(context.close)
            context.set_default_timeout(PATIENCE)
            page = await context.new_page()
            await page.goto(link)
            return page

        yield followed


async def published(person: Person, name: str) -> Locator:
    """The dialog of an app's links."""
    await person.run("microapps:publish", name=name)
    dialog = person.page.get_by_role("dialog")
    await expect(dialog.get_by_label("Who is it for?")).to_be_focused()
    return dialog


async def made_link(dialog: Locator, role: str, **fields: str) -> str:
    """Make a link as the dialog's form is filled in; its address."""
    await dialog.get_by_label("Who is it for?").select_option(role)
    for label, text in fields.items():
        await dialog.get_by_label(label.capitalize()).fill(text)
    async with dialog.page.expect_response(lambda answer: answer.request.method == "POST") as answering:
        await dialog.get_by_role("button", name="Make the link").click()
    url = str((await (await answering.value).json())["url"])
    await expect(dialog.get_by_role("textbox", name="Link")).to_have_value(url)
    await expect(dialog.get_by_role("status")).to_have_text("The link is made.")
    await expect(dialog.get_by_role("img", name="QR code of the link")).to_be_visible()
    return url


async def enter(page: Page, password: str) -> None:
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button").click()


async def is_shown(page: Page) -> None:
    """The app, and it works."""
    app = AppFrame(page.frame_locator("iframe"))
    await expect(app.locator("html[data-state=alive]")).to_be_attached()
    number = app.get_by_label("Number")
    await number.fill("21")
    await number.press("Tab")
    await expect(app.get_by_text("Twice that is 42")).to_be_visible()


async def gone(page: Page, address: str) -> None:
    """Nothing is there any more, within the seconds that a site takes to hear of it."""
    async with asyncio.timeout(SECONDS):
        while (answer := await page.goto(address)) is None or answer.status != 404:
            await asyncio.sleep(0.1)


@pytest.mark.long
async def test_links_open_an_app_ask_for_its_password_and_are_taken_back(
    come: Come, follow: Follow, lab: Lab, copied: Callable[[str], str]
) -> None:
    name = copied("linked")
    person = await come()
    dialog = await published(person, name)
    guests = await made_link(dialog, "guest", name="Ann")
    ann = await follow(guests)
    await is_shown(ann)

    plain = await made_link(dialog, "anyone", password="open sesame")
    stranger = await follow(plain)
    await enter(stranger, "close sesame")
    await expect(stranger.locator("body")).to_contain_text("That is not the password.")
    await enter(stranger, "open sesame")
    await is_shown(stranger)

    assert await made_link(dialog, "anyone", password="another one") == plain, "one address, another password"
    late = await follow(plain)
    await enter(late, "open sesame")
    await expect(late.locator("body")).to_contain_text("That is not the password.")
    await enter(late, "another one")
    await is_shown(late)
    assert await made_link(dialog, "anyone") == plain
    await is_shown(await follow(plain))

    rows = dialog.get_by_role("list", name="Links").get_by_role("listitem")
    await expect(rows).to_have_count(2)
    await dialog.get_by_role("button", name="Take back: Guest: Ann").click()
    await expect(dialog.get_by_role("status")).to_have_text("The link is taken back. Who came by it is out.")
    await expect(rows).to_have_count(1)
    await expect(dialog.get_by_role("button", name="Show the link: Anyone")).to_be_focused()
    await gone(ann, guests)
    await dialog.get_by_role("button", name="Close").first.click()

    await person.run("microapps:unpublish", name=name)
    await until(lambda: not lab.ask("GET", f"apps/{name}")["published"])
    await gone(stranger, plain)
    await expect(stranger.locator("body")).to_contain_text("link")
