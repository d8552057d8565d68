"""What a person does at JupyterLab, in words that tests read like; each waits for what it should see."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Error, Locator, Page, Response, Route, expect

from ..frames import AppFrame
from .server import SECONDS, TOKEN, Lab

PATIENCE = SECONDS * 1000
"""Milliseconds that anything may take."""

OURS = ("/extensions/jupyterlab-microapps/", "/microapps/site/")
"""Where the scripts of the extension and of apps' pages come from."""


class Studio:
    """The document of one app, as it is seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.whole = page.locator(".jp-MicroappsDocument:visible")
        self.log = self.whole.get_by_role("log")
        self.field = self.whole.locator("textarea")
        self.jobs = self.log.locator(".jp-MicroappsJob")
        self.outcomes = self.log.locator(".jp-MicroappsOutcome")

    @property
    def app(self) -> AppFrame:
        """Inside of the running app: the page frames what it was made of once more."""
        return AppFrame(self.whole.frame_locator("iframe.jp-mod-shown").frame_locator("iframe"))

    @asynccontextmanager
    async def app_renewed(self) -> AsyncIterator[None]:
        """What is done in this context has the app shown anew; looked into before, its frame would go in mid-look."""
        frame = self.whole.locator("iframe.jp-mod-shown")
        before = await frame.get_attribute("src") or ""
        yield
        await expect(frame).not_to_have_attribute("src", before)

    def button(self, name: str | re.Pattern[str], *, exact: bool = True) -> Locator:
        return self.whole.get_by_role("button", name=name, exact=exact)

    def toolbar(self, name: str) -> Locator:
        """A button of the document's own toolbar."""
        return self.page.locator(".jp-MainAreaWidget:visible > .jp-Toolbar").get_by_role("button", name=name)

    async def say(self, words: str) -> None:
        await self.field.fill(words)
        await self.field.press("Enter")

    async def tab(self, name: str) -> Locator:
        """Go to one of the tabs beside the app; gives what it shows."""
        await self.whole.get_by_role("tab", name=name).click()
        return self.whole.get_by_role("tabpanel", name=name)


class Person:
    """Somebody at one page of a Lab."""

    def __init__(self, page: Page, lab: Lab) -> None:
        self.page = page
        self.lab = lab
        self.studio = Studio(page)
        self.panel = page.get_by_role("region", name="Micro-apps")
        self.complaints: list[str] = []
        page.on("pageerror", self._note)

    def _note(self, error: Error) -> None:
        """An error that nothing caught: ours, where our code had a part in it."""
        if any(part in (error.stack or "") for part in OURS):
            self.complaints.append(str(error))

    async def sight(self) -> str:
        """What is on the screen, as a screen reader has it, and where the cursor is."""
        try:
            cursor = await self.page.evaluate("document.activeElement?.outerHTML.slice(0, 300) ?? ''")
            seen = await self.page.locator("body").aria_snapshot()
        except Error as error:
            return f"{self.page.url} does not say what is on it: {error}"
        return f"{self.page.url}\n{seen}\nThe cursor is in: {cursor}\nErrors: {self.complaints}"

    async def come(self, path: str = "lab") -> None:
        """Open JupyterLab, and wait until its micro-apps are there."""
        await self.page.goto(f"{self.lab.address}{path}?token={TOKEN}", wait_until="commit")
        await self.ready()

    async def ready(self) -> None:
        """Wait until JupyterLab has put something into its main area: its launcher takes the cursor as it comes."""
        await self.page.wait_for_function(
            "window.jupyterapp?.commands?.hasCommand('microapps:panel')", timeout=PATIENCE
        )
        await self.page.evaluate("window.jupyterapp.restored.then(() => null)")
        await self.page.wait_for_function("window.jupyterapp.shell.currentWidget", timeout=PATIENCE)

    @asynccontextmanager
    async def layout_kept(self, *names: str) -> AsyncIterator[None]:
        """JupyterLab keeps its layout a moment after it changed: wait until all that is named is in what it keeps."""

        def kept(response: Response) -> bool:
            layout = response.request.post_data or ""
            return "/api/workspaces/" in response.url and all(name in layout for name in names)

        async with self.page.expect_response(kept):
            yield

    async def intercept(
        self, url: re.Pattern[str], handler: Callable[[Route], Awaitable[None]], times: int | None = None
    ) -> None:
        """Let a handler have the requests to an address, of those too that are made at once.

        The browser says that it is done before the page's process has heard of it: a request tells when it has.
        """
        await self.page.route("**/heard-of-it", lambda route: route.fulfill(status=204))
        await self.page.route(url, handler, times=times)
        await self.page.wait_for_function("fetch('/heard-of-it').then(({ status }) => status === 204)")

    async def run(self, command: str, **arguments: Any) -> None:
        """Run a command, as the palette or a menu does."""
        await self.page.evaluate(
            "([id, args]) => { void window.jupyterapp.commands.execute(id, args) }", [command, arguments]
        )

    async def open(self, app: str) -> Studio:
        """Open the document of an app and wait until it can be used."""
        await self.run("microapps:open", name=app)
        await expect(self.studio.whole).to_be_visible()
        return self.studio

    async def theme(self, name: str) -> None:
        """JupyterLab Light or JupyterLab Dark."""
        await self.page.evaluate(
            "(theme) => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", name
        )
        await expect(self.page.locator("body")).to_have_attribute("data-jp-theme-name", name)
