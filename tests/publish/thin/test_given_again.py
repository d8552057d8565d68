"""What another process is given of what the lost one had: files, and what is in fields that no name tells apart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from microapps.publish.thin import built_client

from ..conftest import Served, becomes_true, inside, published, serve
from .showing import opened

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.browser,
    pytest.mark.sandbox,
    pytest.mark.skipif(built_client() is None, reason="the page's client has not been built"),
]

FILES = """
import os, threading, ipywidgets as w
file, said, die = w.FileUpload(multiple=True), w.Label("none"), w.Button(description="Die")
def tell(_):
    said.value = " ".join(f"{one.name}: {bytes(one.content).decode()}" for one in file.value) or "none"
file.observe(tell, "value")
die.on_click(lambda _: threading.Timer(0.1, os._exit, (3,)).start())
w.VBox([file, file, said, die])
"""
UNNAMED = """
import os, threading, ipywidgets as w
die = w.Button(description="Die")
die.on_click(lambda _: threading.Timer(0.1, os._exit, (3,)).start())
rows = [w.HBox([w.Checkbox(description="done", indent=False), w.IntText(value=at)]) for at in range(3)]
w.VBox([*rows, w.Text(), die])
"""
TAGS = """
import os, threading, ipywidgets as w
tags, said, die = w.TagsInput(value=["x"]), w.Label("none"), w.Button(description="Die soon")
tags.observe(lambda _: setattr(said, "value", " ".join(tags.value)), "value")
die.on_click(lambda _: threading.Timer(1.5, os._exit, (3,)).start())
w.VBox([die, tags, said])
"""
PLAYER = """
import os, threading, ipywidgets as w
play, said, die = w.Play(max=10_000, interval=50), w.Label("0"), w.Button(description="Die")
play.observe(lambda _: setattr(said, "value", str(play.value)), "value")
die.on_click(lambda _: threading.Timer(0.1, os._exit, (3,)).start())
w.VBox([play, said, die])
"""
OWN = "import time\nbegun = time.time()\n"
"""What makes an app run anew for each visitor, with other widgets each time."""


@pytest.fixture(scope="module")
async def served(anyio_backend: str, folder: Path) -> AsyncIterator[Served]:
    apps = [published(folder, "files", FILES), published(folder, "unnamed", UNNAMED), published(folder, "tags", TAGS)]
    apps.append(published(folder, "player", PLAYER))
    async for running in serve([*apps, published(folder, "own-unnamed", OWN + UNNAMED)], thin=True):
        yield running


async def test_files_that_were_chosen_are_there_again_in_another_process(served: Served, page: Page) -> None:
    await opened(served, page, "files", forked=True)
    app = inside(page)

    async def choose(*names: str) -> None:
        async with page.expect_file_chooser() as chooser:
            await app.get_by_role("button", name="Upload").first.click()
        await (await chooser.value).set_files(
            [{"name": name, "mimeType": "text/plain", "buffer": f"in {name}".encode()} for name in names]
        )

    await choose("a.txt", "b.txt")
    await expect(app.get_by_text("a.txt: in a.txt b.txt: in b.txt")).to_be_visible()
    notice = app.locator("#microapps-notice")
    await app.get_by_role("button", name="Die").click()
    await expect(notice).to_contain_text("kept: Upload", timeout=60_000)
    await expect(app.get_by_text("a.txt: in a.txt b.txt: in b.txt")).to_be_visible()
    await notice.get_by_role("button", name="Close").click()
    await choose("c.txt")
    await expect(app.get_by_text("c.txt: in c.txt")).to_be_visible()


async def test_who_chooses_files_while_the_process_is_replaced_is_heard(served: Served, page: Page) -> None:
    await opened(served, page, "files", forked=True)
    app = inside(page)
    async with page.expect_file_chooser() as chooser:
        await app.get_by_role("button", name="Upload").last.click()
    await app.get_by_role("button", name="Die").click()
    await expect(app.locator("#microapps-notice")).to_contain_text("started again", timeout=60_000)
    file = {"name": "d.txt", "mimeType": "text/plain", "buffer": b"in d.txt"}
    await (await chooser.value).set_files([file])
    await expect(app.get_by_text("d.txt: in d.txt")).to_be_visible()


@pytest.mark.parametrize("name", ["unnamed", "own-unnamed"])
async def test_fields_that_no_name_tells_apart_keep_what_was_entered(served: Served, page: Page, name: str) -> None:
    await opened(served, page, name, forked=name == "unnamed")
    app = inside(page)
    numbers, ticks = app.locator("input[type=number]"), app.get_by_label("done")
    await app.locator("input[type=text]").fill("Kim")
    await numbers.nth(1).fill("77")
    await numbers.nth(1).press("Enter")
    await ticks.nth(2).check()
    notice = app.locator("#microapps-notice")
    await app.get_by_role("button", name="Die").click()
    await expect(notice).to_contain_text("What you had entered was kept: done.", timeout=60_000)
    assert [await one.input_value() for one in await numbers.all()] == ["0", "77", "2"]
    assert [await one.is_checked() for one in await ticks.all()] == [False, False, True]
    await expect(app.locator("input[type=text]")).to_have_value("Kim")


async def test_what_was_played_plays_on_in_another_process(served: Served, page: Page) -> None:
    wrong = list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    await opened(served, page, "player", forked=True)
    app, frame = inside(page), page.frames[1]
    await app.get_by_role("button", name="Play").click()
    beyond = "least => Number(document.querySelector('main .widget-label').textContent) > least"
    await becomes_true(frame, beyond, 5)
    await app.get_by_role("button", name="Die").click()
    await expect(app.locator("#microapps-notice")).to_contain_text("started again", timeout=60_000)
    shown = int(await app.locator("main .widget-label").inner_text())
    await becomes_true(frame, beyond, max(shown, 5) + 5)
    await app.get_by_role("button", name="Pause").click()
    assert wrong == []


async def test_a_half_written_tag_is_no_tag_in_another_process(served: Served, page: Page) -> None:
    await opened(served, page, "tags", forked=True)
    app = inside(page)
    await app.get_by_role("button", name="Die soon").click()
    await app.locator(".jupyter-widget-tagsinput").click(position={"x": 150, "y": 10})
    await page.keyboard.type("hal")
    notice = app.locator("#microapps-notice")
    await expect(notice).to_contain_text("started again", timeout=60_000)
    await expect(app.locator(".jupyter-widget-tagsinput input")).to_have_value("hal")
    await page.keyboard.type("way")
    await page.keyboard.press("Enter")
    await expect(app.get_by_text("x halway", exact=True)).to_be_visible()
