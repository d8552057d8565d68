"""What a visitor has entered is kept: their connection is lost, they leave and come back, their app goes or changes."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, WebSocket, WebSocketRoute, expect
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from microapps.publish.thin import built_client

from ..conftest import COUNTER, Served, inside, published, serve
from .showing import SHOWING, opened

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.browser,
    pytest.mark.sandbox,
    pytest.mark.skipif(built_client() is None, reason="the page's client has not been built"),
]

BUSY = """
import os, time
import ipywidgets as w
name, go, said = w.Text(description="Name"), w.Button(description="Go"), w.Label("nothing yet")
def work(_):
    said.value = "working"
    while not os.path.exists(os.path.join(os.environ["MICROAPPS_DATA"], f"done-{name.value}")):
        time.sleep(0.1)
    said.value = f"done for {name.value}"
go.on_click(work)
w.VBox([name, go, said])
"""

SENT = """
import os, time, ipywidgets as w
name, go, said, file = w.Text(description="Name"), w.Button(description="Go"), w.Label("nothing yet"), w.FileUpload()
def work(_):
    said.value = "working"
    while not os.path.exists(os.path.join(os.environ["MICROAPPS_DATA"], "sent")):
        time.sleep(0.1)
def tell(_):
    said.value = f"done for {name.value}"
go.on_click(work)
name.observe(tell, "value")
file.observe(lambda change: setattr(said, "value", f"{change.new[0].size} bytes"), "value")
w.VBox([name, go, said, file])
"""

@pytest.fixture(scope="module")
async def served(anyio_backend: str, folder: Path) -> AsyncIterator[Served]:
    waiting = [published(folder, name, cells) for name, cells in (("busy", BUSY), ("sent", SENT))]
    (folder / "data").mkdir()
    apps = [
        published(folder, "tip", "#md # Split a bill", COUNTER, "app", title="Tip splitter"),
        published(folder, "showing", SHOWING),
        *(replace(each, confinement=replace(each.confinement, data=folder / "data")) for each in waiting),
        published(folder, "mixed", "import ipywidgets as w\nw.VBox([w.Text(description='Name'), w.FloatLogSlider()])"),
        published(folder, "own", "import time\nbegun = time.time()\n" + SHOWING),
    ]
    async for running in serve(apps, thin=True):
        yield running


async def test_a_lost_connection_comes_back_with_what_was_typed(served: Served, page: Page) -> None:
    await opened(served, page, "showing")
    app = inside(page)
    await app.get_by_label("Name").fill("before")
    await page.context.set_offline(True)
    await page.frames[1].evaluate("dispatchEvent(new Event('offline'))")
    await app.get_by_label("Name").fill("meanwhile")
    await app.get_by_role("button", name="Tell").click()
    await page.context.set_offline(False)
    await expect(app.get_by_text("meanwhile and 2 take Alpha")).to_be_visible(timeout=60_000)


async def test_the_sign_of_work_goes_with_the_connection_and_is_there_again_with_it(
    served: Served, page: Page, folder: Path
) -> None:
    app, sockets, passes = inside(page), list[WebSocketRoute](), asyncio.Event()

    async def pass_on(socket: WebSocketRoute) -> None:
        if passes.is_set():
            socket.connect_to_server()
            sockets.append(socket)
        else:
            await socket.close()

    passes.set()
    await page.route_web_socket("**/live*", pass_on)
    await opened(served, page, "busy", forked=True)
    await app.get_by_label("Name").fill("Ada")
    await app.get_by_role("button", name="Go").click()
    await expect(app.locator("html[data-busy]")).to_be_attached()
    passes.clear()
    await sockets[-1].close()
    await expect(app.locator("#microapps-notice", has_text="The connection was lost")).to_be_visible()
    await expect(app.locator("html[data-busy]")).to_have_count(0)
    passes.set()
    await page.frames[1].evaluate("dispatchEvent(new Event('online'))")
    await expect(app.locator("html[data-busy]")).to_be_attached()
    (folder / "data/done-Ada").touch()
    await expect(app.get_by_text("done for Ada", exact=True)).to_be_visible()
    await expect(app.locator("html[data-busy]")).to_have_count(0)


@pytest.mark.long
async def test_what_the_browser_tells_while_a_page_comes_to_life_opens_no_other_connection(
    served: Served, page: Page
) -> None:
    """A second one would be the one that the process speaks to, and the page would hear the first."""
    sockets = list[str]()
    page.on("websocket", lambda socket: sockets.append(socket.url))
    await page.add_init_script(
        """new MutationObserver(() => document.documentElement.dataset.state === "changing"
             && dispatchEvent(new Event("online")))
             .observe(document, {subtree: true, attributeFilter: ["data-state"]})"""
    )
    await opened(served, page, "own")
    await inside(page).get_by_role("button", name="Tell").click()
    await expect(inside(page).get_by_text("and 2 take Alpha")).to_be_visible()
    assert len(sockets) == 1


@pytest.mark.long
async def test_who_comes_back_to_the_page_joins_the_same_process_and_another_tab_does_not(
    served: Served, page: Page
) -> None:
    async def back_in(there: Page) -> None:
        alive = inside(there).locator("html[data-state=alive]:not([data-returning])")
        await expect(alive).to_be_attached(timeout=60_000)

    await opened(served, page, "showing")
    app = inside(page)
    await app.get_by_label("Name").fill("Kim")
    await app.get_by_role("button", name="Tell").click()
    await expect(app.get_by_text("Kim and 2 take Alpha")).to_be_visible()
    for leave_and_return in ("link", "back and forward", "loaded again"):
        if leave_and_return == "link":
            await page.goto("about:blank")
            assert await page.evaluate("window.name") == ""  # which every page after this one can read
            await page.go_back()
        elif leave_and_return == "loaded again":
            await page.reload()
        else:
            await page.go_back()
            await page.go_forward()
        await back_in(page)
        await expect(app.get_by_label("Name")).to_have_value("Kim")
        await expect(app.get_by_text("Kim and 2 take Alpha")).to_be_visible()
    other = await page.context.new_page()
    await other.goto(page.url)
    await back_in(other)
    state = await page.evaluate("history.state")
    await other.evaluate("state => history.replaceState(state, '')", state)  # a copy of the tab
    await other.goto("about:blank")
    await other.go_back()
    await back_in(other)
    await expect(inside(other).get_by_label("Name")).not_to_have_value("Kim")
    await app.get_by_label("Name").fill("Lee")
    await app.get_by_role("button", name="Tell").click()
    await expect(app.get_by_text("Lee and 2 take Alpha")).to_be_visible()
    await other.close()
    session = await page.context.new_cdp_session(page)
    await session.send("Page.reload", {"ignoreCache": True})  # as with the Shift key: all of it anew
    await expect(app.get_by_label("Name")).to_have_value("")
    await back_in(page)
    await expect(app.get_by_label("Name")).to_have_value("")


async def test_no_other_visit_begins_beside_the_one_that_a_page_comes_back_to(served: Served, page: Page) -> None:
    await opened(served, page, "mixed")
    assert await page.locator("iframe:not([loading])").count() == 1, "this frame is for those that are loaded at once"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/visits/" in request.url else None)
    visit = await page.evaluate("history.state.visit")
    await page.reload()
    await expect(inside(page).locator("html[data-state=alive]:not([data-returning])")).to_be_attached(timeout=60_000)
    assert all(visit in url for url in asked) and f"{visit}?instead=" in asked[0]
    assert await page.evaluate("history.state.visit") == visit


@dataclass
class Line:
    """A line to the site; so many seconds pass before each piece of what a browser sends is passed on."""

    port: int = 0
    seconds: float = 0.0
    passed: int = 0


@asynccontextmanager
async def slow_line(site: str) -> AsyncIterator[Line]:
    line, passing = Line(), list[asyncio.Task[None]]()

    async def passed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, held: bool) -> None:
        with suppress(ConnectionError):
            while piece := await reader.read(1 << 16):
                begun = asyncio.get_running_loop().time()
                while held and asyncio.get_running_loop().time() < begun + line.seconds:
                    await asyncio.sleep(0.05)
                line.passed += len(piece) if held else 0
                writer.write(piece)
                await writer.drain()
        writer.close()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, here = await asyncio.open_connection(*site.split(":"))
        passing.append(asyncio.ensure_future(passed(reader, here, held=True)))
        await passed(there, writer, held=False)

    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)  # on this machine a line would hold megabytes
    door.bind(("127.0.0.1", 0))
    server = await asyncio.start_server(talk, sock=door, limit=1 << 16)
    line.port = door.getsockname()[1]
    try:
        yield line
    finally:
        server.close()
        for task in passing:
            task.cancel()


async def left(served: Served, page: Page) -> str:
    """The address of a visit that somebody has left, after they had entered a name."""
    await opened(served, page, "showing")
    await inside(page).get_by_label("Name").fill("Kim")
    await inside(page).get_by_role("button", name="Tell").click()
    await expect(inside(page).get_by_text("Kim and 2 take Alpha")).to_be_visible()
    address = served.site.url.rstrip("/") + await page.evaluate("history.state.visit")
    await page.goto("about:blank")
    return address


async def joined(address: str, **known: object) -> tuple[WebSocketClientConnection, dict[str, Any]]:
    """A connection to a visit, and what it was welcomed with."""
    socket = await websocket_connect(
        HTTPRequest(f"{address.replace('http', 'ws', 1)}live", headers={"Origin": "null"})
    )
    await socket.write_message(json.dumps({"type": "hello", "protocol": 1, **known}))
    return socket, await until(socket, lambda said: said["type"] == "welcome")


async def until(socket: WebSocketClientConnection, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """What is heard first of what is waited for."""
    async with asyncio.timeout(60):
        while not fits(said := json.loads(await socket.read_message() or "null")):
            pass
    return dict(said)


async def test_who_loads_a_page_again_before_it_was_there_finds_it_as_it_was(served: Served, page: Page) -> None:
    address = await left(served, page)
    for _ in range(2):
        assert (await AsyncHTTPClient().fetch(address)).code == 200
    for _ in range(2):  # the page that was left may be the later one to connect, or the sooner
        socket, _ = await joined(address)
        state = await until(socket, lambda said: said["type"] == "state")
        assert "Kim" in [widget["state"].get("value") for widget in state["widgets"].values()]
        socket.close()


async def test_what_comes_late_on_a_connection_that_was_given_up_is_not_done_twice(served: Served, page: Page) -> None:
    address = await left(served, page)
    assert (await AsyncHTTPClient().fetch(address)).code == 200
    stalled, welcome = await joined(address)
    socket, _ = await joined(address, visitor=welcome["visitor"], seen=welcome["seq"])
    for number, connection in enumerate((stalled, socket)):
        said = {"type": "comm", "id": f"p{number}", "kind": "msg", "comm": "none", "data": {}}
        await connection.write_message(json.dumps(said))
        await asyncio.sleep(0.2 * (1 - number))  # so that the late one would be heard first, were it heard
    first = await until(socket, lambda said: said["type"] == "status" and said["parent"].startswith("p"))
    assert first["parent"] == "p1"


@pytest.mark.long
async def test_who_comes_back_while_the_app_is_busy_is_told_so_and_may_start_over(
    served: Served, page: Page, folder: Path
) -> None:
    await opened(served, page, "busy", forked=True)
    app = inside(page)
    notice = app.locator("#microapps-notice", has_text="The app is still busy")
    for name in ("Kim", "Lee"):
        await app.get_by_label("Name").fill(name)
        await app.get_by_role("button", name="Go").click()
        await expect(app.get_by_text("working", exact=True)).to_be_visible()
        await page.reload()
        await expect(notice).to_be_visible()
        await expect(app.get_by_label("Name")).to_be_hidden()  # it would be as it was at first
        if name == "Kim":
            (folder / "data/done-Kim").touch()
            await expect(app.get_by_text("done for Kim", exact=True)).to_be_visible()
            await expect(app.get_by_label("Name")).to_have_value("Kim")
            await expect(notice).to_be_hidden()
    await notice.get_by_role("button", name="Start over").click()
    await expect(app.get_by_text("nothing yet", exact=True)).to_be_visible()
    await expect(app.get_by_label("Name")).to_have_value("")


@pytest.mark.long
async def test_a_connection_is_not_lost_while_the_app_works_or_a_file_is_on_its_way_only_where_nothing_passes(
    served: Served, page: Page, folder: Path
) -> None:
    site = f"127.0.0.1:{urlsplit(served.site.url).port}"
    async with slow_line(site) as line:
        sockets, notices = list[WebSocket](), list[str]()
        page.on("websocket", lambda opened: sockets.append(opened))
        page.on("console", lambda said: notices.append(said.text) if said.text.startswith("notice") else None)
        await page.clock.install()
        await page.goto((await served.site.link("sent")).replace(site, f"127.0.0.1:{line.port}"))
        app = inside(page)
        await app.get_by_role("button", name="Go").click()
        await expect(app.get_by_text("working", exact=True)).to_be_visible()
        await page.frames[1].evaluate(
            """const notice = document.getElementById("microapps-notice");
               new MutationObserver(() => console.log("notice", notice.textContent))
                 .observe(notice, {childList: true})"""
        )
        before = len(sockets)
        await app.get_by_label("Name").fill("Lee")
        for _ in range(2):
            async with sockets[-1].expect_event("framereceived", lambda frame: frame == '{"type":"here"}'):
                await page.clock.fast_forward(5_100)
        (folder / "data/sent").touch()
        await expect(app.get_by_text("done for Lee", exact=True)).to_be_visible()
        line.seconds = 0.05
        file = {"name": "a.bin", "mimeType": "application/octet-stream", "buffer": bytes(8 << 20)}
        async with page.expect_file_chooser() as chooser:
            await app.get_by_role("button", name="Upload").click()
        await (await chooser.value).set_files([file])
        for _ in range(4):
            passed = line.passed
            while line.passed < passed + (1 << 20):
                await asyncio.sleep(0.05)
            await page.clock.fast_forward(5_100)
        line.seconds = 0
        await expect(app.get_by_text("8388608 bytes", exact=True)).to_be_visible()
        assert len(sockets) == before and notices == []
        line.seconds = 60
        await page.clock.pause_at(await page.evaluate("Date.now()") + 1000)
        await app.get_by_label("Name").fill("Kim")
        for _ in range(3):
            await page.clock.fast_forward(5_100)
        await expect(app.locator("#microapps-notice", has_text="The connection was lost")).to_be_visible()


async def test_who_is_there_when_all_links_to_an_app_end_is_told_who_ended_it(served: Served, page: Page) -> None:
    await opened(served, page, "tip")
    await inside(page).get_by_role("button", name="Calculate").click()
    await expect(inside(page).get_by_text("each pays 25.00")).to_be_visible()  # its process has joined
    await served.site.revoke("tip")
    await expect(inside(page).get_by_text("The app was ended by its owner.")).to_be_visible()


async def test_a_new_revision_is_offered_and_takes_along_what_was_typed(
    served: Served, page: Page, folder: Path
) -> None:
    await opened(served, page, "tip")
    app = inside(page)
    await app.get_by_role("button", name="Calculate").click()
    await expect(app.get_by_text("each pays 25.00")).to_be_visible()  # its process has joined
    await app.get_by_label("Bill").fill("80")
    before = served.site.apps
    changed = published(folder, "tip-2", "#md # Second", COUNTER.replace("pays", "owes"), "app", title="Tip splitter")
    newer = replace(before[0], notebook=changed.notebook, digest="second")
    await served.site.serve([newer, *before[1:]])
    try:
        await app.locator("#microapps-notice", has_text="newer version").get_by_role("button", name="Load it").click()
        await expect(app.get_by_role("heading", name="Second")).to_be_visible(timeout=60_000)
        await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
        await app.get_by_role("button", name="Calculate").click()
        await expect(app.get_by_text("each owes 20.00")).to_be_visible()
    finally:
        await served.site.serve(before)


