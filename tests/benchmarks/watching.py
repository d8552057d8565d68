"""Visits in a real Chromium: when the calculator is there, when it has answered, and what came over the network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.async_api import Browser, BrowserContext, Frame, Page, Request, WebSocket, async_playwright

from microapps.publish.browser import ARGUMENTS, chromium

_SCRIPT = Path(__file__).with_name("watching.js")
_ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""No other host is there: what a page asks of a third one fails at once, for every contender."""


SETTLED = 1.5
"""Seconds that a new window of the browser has for what it does for itself."""


@dataclass(frozen=True)
class Visit:
    """One visit, in milliseconds from the navigation, and kilobytes (1000) that came, WebSockets included."""

    visible: float
    interactive: float
    kilobytes: float


class Guest:
    """A page of one visitor. Made by :func:`guests`; the first :meth:`visit` is a first load, the next a revisit."""

    def __init__(self, page: Page, *, chart: bool) -> None:
        self.page, self._chart = page, chart
        self._told: asyncio.Future[dict[str, float]] = asyncio.get_running_loop().create_future()
        self._seen: list[float] = []
        self._bytes = 0
        self._coming: set[asyncio.Task[None]] = set()
        self._frame: Frame | None = None

    async def prepare(self) -> None:
        await self.page.expose_binding("loanTold", self._hear)
        await self.page.add_init_script(_SCRIPT.read_text().replace("CHARTED", "true" if self._chart else "false"))
        self.page.on("requestfinished", self._finished)
        self.page.on("websocket", self._connected)
        await asyncio.sleep(SETTLED)

    async def visit(self, url: str, seconds: float = 90.0) -> Visit:
        """Open an address, and wait until the calculator there has answered."""
        self._told, self._seen, self._bytes = asyncio.get_running_loop().create_future(), [], 0
        await self.page.goto(url, wait_until="commit", timeout=seconds * 1000)
        async with asyncio.timeout(seconds):
            told = await self._told
        begun = float(await self.page.evaluate("performance.timeOrigin"))
        await asyncio.sleep(1)  # what the page still loads when it already answers
        await asyncio.gather(*self._coming)
        self._frame = await self._here()
        return Visit(min(self._seen) - begun, told["interactive"] - begun, self._bytes / 1000)

    async def _here(self) -> Frame:
        """The frame in which the calculator is: what answered first may have to hand over to another yet."""
        async with asyncio.timeout(30):
            while True:
                there = [frame for frame in self.page.frames if await frame.evaluate("window.loanHere?.()")]
                if len(there) == 1:
                    return there[0]
                await asyncio.sleep(0.1)

    async def trips(self, count: int) -> list[float]:
        """Milliseconds of so many changes, each from the change to its answer on the page."""
        assert self._frame is not None
        script = f"window.loanTrip({'true' if self._chart else 'false'})"
        taken = []
        for _ in range(count):
            async with asyncio.timeout(30):
                taken.append(float(await self._frame.evaluate(script)))
            await asyncio.sleep(0.03)
        return taken

    async def leave(self) -> None:
        """Go away as a person does, so that the page can say so."""
        await self.page.goto("about:blank")

    def _hear(self, source: dict[str, Any], told: dict[str, float]) -> None:
        self._seen.append(told["visible"])
        if "interactive" in told and not self._told.done():
            self._told.set_result(told)

    def _finished(self, request: Request) -> None:
        task = asyncio.ensure_future(self._count(request))
        self._coming.add(task)
        task.add_done_callback(self._coming.discard)

    async def _count(self, request: Request) -> None:
        sizes = await request.sizes()
        self._bytes += max(0, sizes["responseBodySize"]) + max(0, sizes["responseHeadersSize"])

    def _connected(self, socket: WebSocket) -> None:
        def count(payload: str | bytes) -> None:
            self._bytes += len(payload.encode() if isinstance(payload, str) else payload)

        socket.on("framereceived", count)


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """A Chromium without any other host."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(chromium()), args=[*ARGUMENTS, _ALONE])
        yield browser
        await browser.close()


@asynccontextmanager
async def guest(browser: Browser, *, chart: bool) -> AsyncIterator[Guest]:
    """A visitor who was never there, with nothing in their browser's cache."""
    context: BrowserContext = await browser.new_context(viewport={"width": 1280, "height": 800})
    made = Guest(await context.new_page(), chart=chart)
    await made.prepare()
    try:
        yield made
        await made.leave()
    finally:
        await context.close()


def middle(values: list[float]) -> float:
    """The median; not a number for none."""
    return median(values) if values else float("nan")
