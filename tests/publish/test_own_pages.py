"""The site's own pages in a browser: the index, what is said when an app fails, behind a proxy, and pictures."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import tornado.httpserver
import tornado.netutil
import tornado.web
import tornado.websocket
from playwright.async_api import Page, expect
from tornado.httpclient import AsyncHTTPClient, HTTPRequest

from microapps.publish import PublishedApp
from microapps.publish.browser import screenshot

from .conftest import COUNTER, ELSEWHERE, Served, becomes_true, inside, published, serve
from .pngs import noise

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.sandbox]

TALL = """
import ipywidgets as w
lines = "".join(f"<p style='height: 100px; margin: 0'>line {n}</p>" for n in range(25))
w.VBox([w.Text(description="Name"), w.HTML(lines)])
"""
WIDE = "HTML('<div style=\"width: 900px\">wide</div>')"


def large(folder: Path, app: PublishedApp) -> PublishedApp:
    """An app with a large picture and a description with marks."""
    noise(folder / "wide.png", 900, 900)
    about = "**Wide**, as $\\frac{900}{390}$ <b onclick=alert(1)>is</b> <img src=x>"
    return replace(app, thumbnail=folder / "wide.png", description=about)


@pytest.fixture(scope="module")
async def served(anyio_backend: str, folder: Path) -> AsyncIterator[Served]:
    apps = [
        published(folder, "tip", "#md # Tip splitter", COUNTER, "display(app)", title="Tip splitter"),
        published(folder, "failing", "1 / 0", title="Loan planner"),
        published(folder, "tall", TALL),
        large(folder, published(folder, "wide", "from IPython.display import HTML", WIDE, title="Loan planner")),
    ]
    async for running in serve(apps, linger=0.5, thin=True):
        yield running


async def test_the_index_is_cards_without_scripts(served: Served, page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    await page.goto(served.site.index_url)
    assert await page.locator("script").count() == 0
    assert await page.get_by_role("heading", level=1).inner_text() == "Apps"
    assert await page.get_by_role("listitem").filter(has_text="Tip splitter").is_visible()
    wide = page.get_by_role("listitem").filter(has_text="Wide")
    assert await wide.get_by_role("link").inner_text() == "Loan planner\nwide"
    assert await wide.get_by_role("paragraph").inner_text() == "Wide, as 900/390 is <img src=x>"
    assert await wide.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 800
    assert complaints == []
    for part in (page.get_by_role("searchbox"), page.get_by_role("button"), page.get_by_role("link").first):
        await page.keyboard.press("Tab")
        await expect(part).to_be_focused()
    await page.keyboard.press("Enter")
    await inside(page).get_by_role("button", name="Calculate").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_index_fits_a_phone_and_follows_the_scheme(served: Served, page: Page, scheme: str) -> None:
    await page.emulate_media(color_scheme=scheme)
    await page.set_viewport_size({"width": 390, "height": 700})
    await page.goto(served.site.index_url)
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (int(ground[4:].split(",")[0]) < 100) is (scheme == "dark")


async def test_a_failing_app_can_be_tried_again(served: Served, page: Page, folder: Path) -> None:
    await page.goto(await served.site.link("failing"))
    await expect(inside(page).get_by_role("heading", name="Loan planner could not start")).to_be_visible()
    mended = published(folder, "mended", COUNTER, "display(app)")
    (folder / "failing.ipynb").write_text(mended.notebook.read_text())
    await inside(page).get_by_role("link", name="Try again").click()
    await expect(inside(page).get_by_role("button", name="Calculate")).to_be_visible()


@pytest.mark.parametrize(("name", "query", "pages"), [("tip", "", 1), ("tall", "", 3), ("tall", "?full=1", 3)])
async def test_all_of_an_app_is_printed_and_no_page_too_many(
    served: Served, page: Page, name: str, query: str, pages: int
) -> None:
    await page.goto(await served.site.link(name) + query)
    await expect(inside(page).locator(".jupyter-widgets input")).to_be_visible()
    await expect(inside(page).locator("html[data-state=alive], body.jp-Notebook")).to_be_attached()
    app = page.frames[1]
    reach = "document.body.getBoundingClientRect().height"
    told = "parseFloat(document.documentElement.style.getPropertyValue('--tall'))"
    if name == "tall":
        await becomes_true(app, f"{reach} > 2500")
        await becomes_true(page, f"{told} > 2500")
    printed = await page.pdf(width="1000px", height="1000px")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == pages
    await page.emulate_media(media="print")
    await becomes_true(app, f"{reach} <= innerHeight")
    if not query:  # a chart may be made of backgrounds, which browsers leave out on paper
        ink = "getComputedStyle(document.querySelector('main .jupyter-widgets')).printColorAdjust"
        assert await app.evaluate(ink) == "exact"
    # The page of the app answers with its real height right away: what was told is kept for the look at it.
    await page.evaluate(
        f"() => new MutationObserver(() => {{ window.tallest = Math.max(window.tallest ?? 0, {told}); }})"
        ".observe(document.documentElement, {attributes: true})"
    )
    await app.evaluate("parent.postMessage({microapps: 1, kind: 'height', height: 1, content: 1e12}, '*')")
    await becomes_true(page, "window.tallest === 200_000")


async def test_pictures_show_the_app_at_each_width(served: Served) -> None:
    wide, narrow = await screenshot(await served.site.link("tip"))
    assert (wide.width, narrow.width) == (1280, 390)
    assert wide.png.startswith(b"\x89PNG")
    assert wide.shown and narrow.shown
    assert wide.title == "Tip splitter" and "nothing yet" in wide.text
    assert wide.controls == 2
    assert not narrow.scrolls_sideways
    assert wide.console_errors == ()


@pytest.mark.long
async def test_pictures_tell_what_is_wrong(served: Served) -> None:
    (wide,) = await screenshot(await served.site.link("wide"), widths=(390,))
    assert wide.scrolls_sideways
    (gone,) = await screenshot(f"{served.site.url}apps/x/~{'x' * 32}/", widths=(390,))
    assert not gone.shown and "Nothing is here" in gone.text


@pytest.mark.long
@pytest.mark.parametrize(("host", "thin"), [("localhost", False), (ELSEWHERE, True), (ELSEWHERE, False)])
async def test_an_app_works_behind_a_proxy(folder: Path, page: Page, host: str, thin: bool) -> None:
    """The proxy has another host and port, and passes neither on. Beyond this machine a browser lets pages do less."""
    sockets = tornado.netutil.bind_sockets(0, "127.0.0.1")
    public = f"http://{host}:{sockets[0].getsockname()[1]}"
    apps = [published(folder, "tip", COUNTER, "display(app)")]
    async for running in serve(apps, base_url="/hub/apps/", public_url=f"{public}/hub/apps/", thin=thin):
        inner = running.site._process
        assert inner
        link = await running.site.link("tip")
        assert link.startswith(f"{public}/hub/apps/apps/tip/~")
        server = tornado.httpserver.HTTPServer(proxy(running.site.address))
        server.add_sockets(sockets)
        await page.goto(link)
        assert await page.evaluate("isSecureContext") is (host == "localhost")
        await inside(page).get_by_role("button", name="Calculate").click()
        await expect(inside(page).get_by_text("each pays 25.00")).to_be_visible()
        server.stop()


def proxy(address: str) -> tornado.web.Application:
    """A reverse proxy for pages and WebSockets that keeps the visitors' Host to itself."""

    class Pages(tornado.web.RequestHandler):
        async def get(self) -> None:
            request = HTTPRequest(address + self.request.uri, follow_redirects=False, request_timeout=30)
            answer = await AsyncHTTPClient().fetch(request, raise_error=False)
            self.set_status(answer.code)
            for name, value in answer.headers.get_all():
                if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                    self.set_header(name, value)
            self.finish(answer.body)

    class Sockets(tornado.websocket.WebSocketHandler):
        def check_origin(self, origin: str) -> bool:
            return True

        def select_subprotocol(self, subprotocols: list[str]) -> str | None:
            return subprotocols[0] if subprotocols else None

        async def open(self) -> None:
            headers = {"Origin": self.request.headers["Origin"]}
            url = address.replace("http", "ws", 1) + self.request.uri
            self.inner = await tornado.websocket.websocket_connect(
                HTTPRequest(url, headers=headers),
                on_message_callback=self.pass_back,
                subprotocols=[self.selected_subprotocol] if self.selected_subprotocol else None,
            )

        def pass_back(self, message: str | bytes | None) -> None:
            if message is None:
                self.close()
            else:
                self.write_message(message, binary=isinstance(message, bytes))

        async def on_message(self, message: str | bytes) -> None:
            await self.inner.write_message(message, binary=isinstance(message, bytes))

        def on_close(self) -> None:
            self.inner.close()

    return tornado.web.Application([(r".*/(?:channels|live)", Sockets), (r".*", Pages)])
