"""The app's page in its frame, as tests look into it."""

from __future__ import annotations

from typing import Any

from playwright.async_api import FrameLocator, Locator


class AppFrame:
    """A frame whose elements are found once there is one of each.

    While a page comes to life, what will live is beside what was drawn, unseen: whoever looks then waits.
    """

    def __init__(self, frame: FrameLocator) -> None:
        self._frame = frame
        self._settled = frame.locator("html:not([data-state=changing])")

    def locator(self, selector: str, **options: Any) -> Locator:
        """Elements by a selector, the page's root among them."""
        return (self._frame if selector.startswith("html") else self._settled).locator(selector, **options)

    def frame_locator(self, selector: str) -> FrameLocator:
        """A frame within it."""
        return self._frame.frame_locator(selector)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._settled, name)
