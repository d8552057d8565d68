"""A real site with a few apps, a real browser, and a listener that nothing may reach."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.async_api import Browser, Frame, Page, async_playwright, expect

from microapps.notebook import Permissions
from microapps.publish import Notice, PublishedApp, Site, SiteSettings
from microapps.publish.browser import ARGUMENTS, chromium
from microapps.sandbox import Confinement

from ..frames import AppFrame
from .holding import Held

PATIENCE = 60_000
"""Milliseconds that anything may take: a page starts a kernel, on a machine that may be busy."""

expect.set_options(timeout=PATIENCE)

COUNTER = """
import ipywidgets as w
bill = w.FloatText(description="Bill", value=100)
go = w.Button(description="Calculate")
out = w.Label("nothing yet")
def calculate(_):
    out.value = f"each pays {bill.value / 4:.2f}"  # SECRET-OF-THE-SOURCE
go.on_click(calculate)
app = w.VBox([bill, go, out])
"""


def write_notebook(path: Path, *cells: str, metadata: dict[str, Any] | None = None, tests: str = "") -> Path:
    """A notebook of these cells; one that begins with '#md' is prose."""
    made = nbformat.v4.new_notebook()
    for source in cells:
        if source.startswith("#md"):
            made.cells.append(nbformat.v4.new_markdown_cell(source.removeprefix("#md").lstrip()))
        else:
            made.cells.append(nbformat.v4.new_code_cell(source))
    if tests:
        tagged = {"tags": ["skip-execution"], "microapps": {"role": "tests"}}
        made.cells.append(nbformat.v4.new_code_cell(tests, metadata=tagged))
    made.metadata.update(metadata or {})
    nbformat.write(made, path)
    return path


def published(
    folder: Path,
    name: str,
    *cells: str,
    title: str = "",
    seconds: int = 30,
    scripts: bool = False,
    **options: Any,
) -> PublishedApp:
    """An app of these cells, as the studio would publish it."""
    path = write_notebook(folder / f"{name}.ipynb", *cells, **options)
    confinement = Confinement(name, granted=Permissions(seconds=seconds, scripts=scripts), preload=("ipywidgets",))
    return PublishedApp(name, title or name.capitalize(), path, confinement, f"What {name} is for.", ("test",))


@dataclass
class Served:
    """A running site with what it told its owner."""

    site: Site
    notices: list[Notice] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, notice: Notice) -> None:
        self.notices.append(notice)
        self.came.set()

    async def notice(self, kind: str, app: str) -> Notice:
        """The first notice of that kind about that app, awaited if it has not come."""
        async with asyncio.timeout(60):
            while True:
                for notice in self.notices:
                    if (notice.kind, notice.app) == (kind, app):
                        return notice
                self.came.clear()
                await self.came.wait()


async def serve(apps: list[PublishedApp], **settings: Any) -> AsyncIterator[Served]:
    """A site of these apps; with Voila's page, unless the test is of the thin one (``thin=True``)."""
    site = Site(apps, SiteSettings(**{"thin": False, **settings}))
    served = Served(site)
    site._on_notice = served.note
    async with site:
        yield served


ELSEWHERE = "apps.test"
"""A name of this machine that the browser takes for another one, to which it has no secure connection."""


@pytest.fixture(scope="package")
async def browser(anyio_backend: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        arguments = [*ARGUMENTS, f"--host-resolver-rules=MAP {ELSEWHERE} 127.0.0.1"]
        launched = await playwright.chromium.launch(executable_path=str(chromium()), args=arguments)
        yield launched
        await launched.close()


@pytest.fixture(scope="package")
async def bare(anyio_backend: str) -> AsyncIterator[Served]:
    """A site of Voila's pages for hostile apps: each test has it serve its own, and no other."""
    async for running in serve([], linger=0.5):
        yield running


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 1280, "height": 720})
    context.set_default_timeout(PATIENCE)
    made = await context.new_page()
    yield made
    await context.close()


@pytest.fixture
def held(page: Page) -> Held:
    return Held(page)


def inside(page: Page) -> AppFrame:
    """The app's page, in the frame it is shown in."""
    return AppFrame(page.frame_locator("iframe").first)


async def becomes_true(page: Page | Frame, script: str, given: Any = None) -> None:
    """Wait until a script says so. Playwright's own way is code that a page's policy does not let run."""
    async with asyncio.timeout(PATIENCE / 1000):
        while not await page.evaluate(script, given):
            await asyncio.sleep(0.05)


@dataclass
class Listener:
    """A hostile server on loopback that writes down everything that reaches it."""

    port: int
    heard: list[str]
    connections: list[int]
    """Where from it was connected to, whether or not anything was said."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    """A listener for as long as the block runs."""
    heard: list[str] = []
    connections: list[int] = []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(writer.get_extra_info("peername")[1])
        line = (await reader.readline()).decode(errors="replace").strip()
        if "control" not in line:
            heard.append(line or "(a connection)")
        body = json.dumps("seen").encode()
        writer.write(
            b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        )
        await writer.drain()
        writer.close()

    class Datagrams(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, addr: Any) -> None:
            heard.append(f"datagram {data[:20]!r}")

    server = await asyncio.start_server(hear, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(Datagrams, ("127.0.0.1", port))
    yield Listener(port, heard, connections)
    transport.close()
    server.close()


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    async with listening() as made:
        yield made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("apps")


Publish = Callable[..., PublishedApp]
