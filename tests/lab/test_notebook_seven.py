"""Notebook 7, whose pages show one thing each: the panel beside it, documents as tabs of the page of the files."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.endpoint import Endpoint
from tests.studio.small import doubler

from ..frames import AppFrame
from .server import TOKEN, Lab

pytest.importorskip("notebook")
pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.sandbox]


@pytest.fixture(scope="module")
def seven(model_endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("seven")
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o755)
    served = Lab(
        folder,
        model_endpoint.url,
        command=(sys.executable, "-m", "notebook", "--JupyterNotebookApp.expose_app_in_browser=True"),
    )
    served.start()
    yield served
    served.stop()


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(120_000)
    yield await context.new_page()
    await context.close()


async def run(page: Page, command: str, **arguments: str) -> None:
    await page.wait_for_function(f"window.jupyterapp?.commands?.hasCommand('{command}')")
    await page.evaluate(
        "([id, args]) => { void window.jupyterapp.restored.then(() => window.jupyterapp.commands.execute(id, args)) }",
        [command, arguments],
    )


@pytest.mark.long
async def test_an_app_is_asked_for_beside_the_files_and_opened_from_a_notebook(
    seven: Lab, model: Endpoint, page: Page
) -> None:
    model.answer("Here it is.", doubler(title="In seven")).answer("Done.")
    await page.goto(f"{seven.address}tree?token={TOKEN}")
    await run(page, "microapps:compose")
    field = page.get_by_role("region", name="Micro-apps").get_by_role("textbox", name="What do you need?")
    await expect(field).to_be_focused()
    await page.keyboard.type("double a number")
    await page.keyboard.press("Enter")
    document = page.locator(".jp-MicroappsDocument:visible")
    await expect(document.get_by_role("log")).to_contain_text("In seven is ready")
    app = AppFrame(document.frame_locator("iframe.jp-mod-shown").frame_locator("iframe"))
    await expect(app.get_by_label("Number")).to_be_visible()

    [made] = seven.ask("GET", "apps")
    content = seven.ask("GET", f"contents/{made['name']}.ipynb")["content"]
    (seven.root / "copy.ipynb").write_text(json.dumps(content), "utf-8")
    await page.goto(f"{seven.address}notebooks/copy.ipynb")
    await expect(page.get_by_role("button", name="Open in studio")).to_be_visible()
    async with page.context.expect_page() as opening:
        await run(page, "microapps:open", name=made["name"])
    other = await opening.value
    await expect(other.locator(".jp-MicroappsDocument:visible").get_by_role("log")).to_contain_text("In seven is ready")
