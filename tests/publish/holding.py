"""What a page asks for, kept back, so that a test sees the page as it is before that has come."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Route

CLIENT = "**/page-*.js"
"""The script that brings the thin page to life."""
VISIT = "**/visits/*/"
"""The app's own page, in the frame."""


class Held:
    """Keeps back what a page asks for at some addresses until it is let through."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._free = asyncio.Event()

    async def back(self, addresses: str) -> None:
        """Keep back, from now on, what is asked for at addresses of this pattern."""
        await self.page.route(addresses, self._hold)

    def let_through(self) -> None:
        """All that was kept back comes, and what is asked for later comes at once."""
        self._free.set()

    async def _hold(self, route: Route) -> None:
        await self._free.wait()
        with suppress(PlaywrightError):  # of a page that was left before
            await route.continue_()
