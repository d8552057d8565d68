"""Apps in pages of another site: shown and usable where the owner allows it, and nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from microapps.publish import WayIn

from ..frames import AppFrame
from .conftest import COUNTER, Served, becomes_true, published, serve
from .test_doors import PASSWORD, quickly_hashed

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.sandbox]

AROUND = """<!DOCTYPE html><title>School</title><script>var heard = []; onmessage = (e) => heard.push(e.data)</script>
<iframe width="800" height="600"></iframe>"""


@pytest.fixture(scope="module")
async def port(anyio_backend: str) -> AsyncIterator[int]:
    """That of a server of another site: as 127.0.0.1 it is the apps' own site to a browser, as localhost it is not."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(AROUND)}\r\nConnection: close\r\n\r\n"
        )
        writer.write((head + AROUND).encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


@pytest.fixture(scope="module")
async def served(anyio_backend: str, folder: Path, port: int) -> AsyncIterator[Served]:
    tip = published(folder, "tip", "#md # Tips", COUNTER, "display(app)")
    secret = published(folder, "secret", COUNTER, "display(app)")
    apps = [
        replace(tip, ways=(WayIn(1, "anyone"),)),
        replace(secret, ways=(WayIn(2, "anyone", password=quickly_hashed()),)),
    ]
    async for running in serve(
        apps, thin=True, frame_ancestors=(f"http://localhost:{port}", "http://*.school.example")
    ):
        yield running


async def embed(page: Page, around: str, address: str) -> AppFrame:
    """A page of another site with that address in a frame; what is in the app's own frame there."""
    await page.goto(around)
    await page.evaluate("(url) => { document.querySelector('iframe').src = url }", address)
    return AppFrame(page.frame_locator("iframe").frame_locator("iframe"))


async def test_an_app_is_shown_and_used_in_a_page_of_a_site_that_may(served: Served, page: Page, port: int) -> None:
    app = await embed(page, f"http://localhost:{port}/", f"{served.site.url}apps/tip/?embed=1&Bill=200")
    await app.get_by_role("button", name="Calculate").click()
    await expect(app.get_by_text("each pays 50.00")).to_be_visible()
    assert await app.locator("html").evaluate("root => root.classList.contains('embedded')")
    assert await app.locator("header").count() == 0
    await becomes_true(page, "heard.some((message) => message.kind === 'height' && message.height > 50)")


async def test_a_password_is_asked_in_the_frame_and_again_when_it_is_loaded_again(
    served: Served, page: Page, port: int
) -> None:
    for _ in range(2):
        app = await embed(page, f"http://localhost:{port}/", f"{served.site.url}apps/secret/?embed=1&Bill=40")
        door = page.frame_locator("iframe")
        await expect(door.get_by_text("This app is shown inside another page, and asks again")).to_be_visible()
        await door.get_by_label("Password").fill(PASSWORD)
        await door.get_by_role("button", name="Open").click()
        await app.get_by_role("button", name="Calculate").click()
        await expect(app.get_by_text("each pays 10.00")).to_be_visible()
    assert await page.context.cookies() == []


async def test_no_other_page_shows_an_app_and_none_the_home(served: Served, page: Page, port: int) -> None:
    elsewhere, there = f"http://127.0.0.1:{port}/", f"http://localhost:{port}/"
    shown = [(elsewhere, f"{served.site.url}apps/tip/?embed=1"), (elsewhere, f"{served.site.url}apps/secret/")]
    for around, address in [*shown, (there, served.site.index_url)]:
        async with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            await embed(page, around, address)
        await page.frame_locator("iframe").locator("#main-frame-error").wait_for(state="attached")


async def test_a_page_by_itself_says_nothing_of_another_around_it(served: Served, page: Page) -> None:
    await page.goto(f"{served.site.url}apps/secret/")
    await expect(page.get_by_label("Password")).to_be_visible()
    assert await page.get_by_text("inside another page").count() == 0
