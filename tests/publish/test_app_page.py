"""An app's page in a real browser: it works, and shows nothing but what it should."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from .conftest import COUNTER, Served, inside, published, serve
from .test_site import idle

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.sandbox]

HOSTILE_METADATA = {
    "kernelspec": {"name": "no-such-kernel", "display_name": "Mine", "language": "perl"},
    "voila": {"template": "reveal", "theme": "dark"},
    "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {}}},
}
MORE = """
import anywidget, traitlets, ipywidgets as w
class Counter(anywidget.AnyWidget):
    _esm = '''
    function render({model, el}) {
      const b = document.createElement("button");
      const say = () => { b.textContent = `count is ${model.get("value")}` };
      b.onclick = () => { model.set("value", model.get("value") + 1); model.save_changes(); };
      model.on("change:value", say); say(); el.append(b);
    }
    export default {render};
    '''
    value = traitlets.Int(0).tag(sync=True)
counter = Counter()
said = w.Label()
counter.observe(lambda change: setattr(said, "value", f"kernel has {change.new}"), "value")
display(counter, said)
w.interact(lambda x: print("twice is", 2 * x), x=w.IntSlider(value=3, min=0, max=9));
"""
FILES = """
import ipywidgets as w
up = w.FileUpload(description="Photo")
said = w.Label("no file")
def took(_):
    said.value = f"{up.value[0].name} has {len(up.value[0].content)} bytes"
up.observe(took, "value")
link = w.HTML('<a id="down" download="result.txt" href="data:text/plain,hello%20there">Save</a>')
math = w.HTMLMath(r"so $\\frac{1}{2}$ it is")
display(w.VBox([up, said, link, math]))
"""


@pytest.fixture(scope="module")
async def served(anyio_backend: str, folder: Path) -> AsyncIterator[Served]:
    apps = [
        published(
            folder,
            "tip",
            "#md # Split a bill\nWith **friends**.",
            COUNTER,
            "display(app)",
            title="Tip splitter",
            metadata=HOSTILE_METADATA,
            tests="raise SystemError('THE-TESTS-RAN')",
        ),
        published(folder, "files", FILES),
        published(folder, "more", MORE, scripts=True),
        published(
            folder,
            "query",
            "import os, ipywidgets as w",
            "w.Label('told ' + os.environ.get('QUERY_STRING', 'nothing'))",
        ),
        published(
            folder,
            "callback",
            "import ipywidgets as w",
            "b = w.Button(description='Go')",
            "b.on_click(lambda _: 1 / 0)",
            "b",
        ),
        published(
            folder,
            "dying",
            "import ipywidgets as w, os",
            "b = w.Button(description='Go')",
            "b.on_click(lambda _: os._exit(3))",
            "b",
        ),
    ]
    async for running in serve(apps, linger=1.0, connect_within=20.0):  # a busy browser takes its time
        yield running


async def test_its_widgets_work_and_it_shows_nothing_but_what_it_should(served: Served, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(await served.site.link("tip"))
    app = inside(page)
    await app.get_by_role("button", name="Calculate").wait_for()
    origins = [await frame.evaluate("window.origin") for frame in page.frames]
    assert origins == ["null", "null"], "neither the app nor the page of ours around it has one that others share"
    holds_no_sources_tests_or_wishes(await page.frames[1].content())
    is_told_of_no_other_extension(await app.locator("#jupyter-config-data").text_content() or "")
    await app.get_by_label("Bill").fill("120")
    await app.get_by_label("Bill").press("Tab")
    await app.get_by_role("button", name="Calculate").click()
    await expect(app.get_by_text("each pays 30.00")).to_be_visible()
    assert await page.title() == "Tip splitter"
    elsewhere = [url for url in asked if not url.startswith((served.site.url, "data:", "blob:"))]
    assert asked and elsewhere == []


def holds_no_sources_tests_or_wishes(html: str) -> None:
    for absent in ("SECRET-OF-THE-SOURCE", "THE-TESTS-RAN", "reveal", "no-such-kernel", "Mine"):
        assert absent not in html
    assert "theme-light" in html


def is_told_of_no_other_extension(configuration: str) -> None:
    extensions = {extension["name"] for extension in json.loads(configuration)["federated_extensions"]}
    assert {"@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager"} <= extensions
    assert "nbdime-jupyterlab" not in configuration


@pytest.mark.long
async def test_files_go_up_and_come_down_and_formulas_show(served: Served, page: Page) -> None:
    await page.goto(await served.site.link("files"))
    app = inside(page)
    await app.get_by_role("button", name="Photo").wait_for()
    async with page.expect_file_chooser() as chooser:
        await app.get_by_role("button", name="Photo").click()
    await (await chooser.value).set_files({"name": "cat.png", "mimeType": "image/png", "buffer": b"x" * 70_000})
    await expect(app.get_by_text("cat.png has 70000 bytes")).to_be_visible()
    async with page.expect_download() as download:
        await app.get_by_text("Save").click()
    saved = await (await download.value).path()
    assert Path(saved).read_text() == "hello there"
    await expect(app.locator("mjx-container")).to_be_visible()


async def test_its_query_reaches_it_without_secrets(served: Served, page: Page) -> None:
    link = await served.site.link("query")
    await page.goto(f"{link}?Bill=120&token=CANARY&name=a%26b")
    await expect(inside(page).get_by_text("told Bill=120&name=a%26b")).to_be_visible()


async def test_an_error_in_a_callback_is_told_without_its_trace(served: Served, page: Page) -> None:
    frames: list[bytes | str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(frame)))
    await page.goto(await served.site.link("callback"))
    await inside(page).get_by_role("button", name="Go").click()
    await expect(inside(page).get_by_text("The app ran into an error.")).to_be_visible()
    notice = await served.notice("callback_failed", "callback")
    assert "division by zero" in notice.what and "1 / 0" in notice.detail
    assert not any("division by zero" in str(frame) or "1 / 0" in str(frame) for frame in frames)


@pytest.mark.long
async def test_a_kernel_that_dies_is_told_and_can_be_started_again(served: Served, page: Page) -> None:
    await page.goto(await served.site.link("dying"))
    await inside(page).get_by_role("button", name="Go").click()
    await expect(inside(page).get_by_text("The app has stopped")).to_be_visible()
    await served.notice("kernel_lost", "dying")
    await inside(page).get_by_role("link", name="Start again").click()
    await expect(inside(page).get_by_text("The app has stopped")).to_be_hidden()
    await expect(inside(page).get_by_role("button", name="Go")).to_be_visible()


@pytest.mark.long
async def test_a_kernel_ends_when_its_page_has_gone(served: Served, page: Page) -> None:
    await idle(served)
    await page.goto(await served.site.link("tip"))
    await inside(page).get_by_role("button", name="Calculate").wait_for()
    assert await served.site.visits() == 1
    await page.close()
    await idle(served)


async def test_a_page_whose_link_is_revoked_is_told(served: Served, page: Page) -> None:
    await page.goto(await served.site.link("query"))
    await inside(page).get_by_text("told").wait_for()
    await served.site.revoke("query")
    await expect(inside(page).get_by_text("The app was ended by its owner.")).to_be_visible()
    await inside(page).get_by_role("link", name="Start again").click()
    await expect(inside(page).get_by_text("This visit has ended")).to_be_visible()


@pytest.mark.long
async def test_anywidget_and_interact_work(served: Served, page: Page) -> None:
    await page.goto(await served.site.link("more"))
    app = inside(page)
    await app.get_by_role("button", name="count is 0").click()
    await expect(app.get_by_role("button", name="count is 1")).to_be_visible()
    await expect(app.get_by_text("kernel has 1")).to_be_visible()
    await expect(app.get_by_text("twice is 6")).to_be_visible()
    await app.get_by_role("slider").press("ArrowRight")
    await expect(app.get_by_text("twice is 8")).to_be_visible()
