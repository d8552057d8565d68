"""Seeing an app as a person does: pictures of its page in a real browser, and what the browser complained of.

It uses a Chromium that is there, or one that is named by ``MICROAPPS_CHROMIUM``; it never downloads one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import MachineFault

if TYPE_CHECKING:
    from playwright.async_api import Browser, ConsoleMessage, Frame, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_OF_THE_ADDRESS_BAR = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
"""What drops down from an address bar that nobody sees: a page of its own, half of what each window costs."""
_AS_PLAYWRIGHT = (
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
"""What Playwright disables too: Chromium heeds only the last list of features it is given."""
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=" + ",".join((*_AS_PLAYWRIGHT, *_OF_THE_ADDRESS_BAR)),
)
WIDTHS = (1280, 390)
HEIGHT = 800
TALLEST = 6000
_NO_FAULT = ("Unsatisfied version", "No satisfying version")
"""What Voila's own client prints on every page."""


@dataclass(frozen=True)
class Screenshot:
    """An app's page at one width.

    Attributes
    ----------
    width, height : CSS pixels of the picture.
    png : the picture.
    title : the page's title.
    text : the words a person sees.
    controls : how many fields, buttons and the like are visible.
    scrolls_sideways : whether the page, or a part of it, is wider than there is room for and has to be scrolled.
    shown : whether the app's own page came up, and not one of the site's that says why it did not.
    console_errors : errors the browser noted, exceptions of scripts among them.
    """

    width: int
    height: int
    png: bytes
    title: str
    text: str
    controls: int
    scrolls_sideways: bool
    shown: bool
    console_errors: tuple[str, ...]


def chromium() -> Path:
    """The Chromium to use.

    Raises
    ------
    MachineFault
        None is installed.
    """
    named = os.environ.get("MICROAPPS_CHROMIUM")
    found = [named] if named else [path for name in NAMES if (path := shutil.which(name))]
    if not found or not Path(found[0]).exists():
        raise MachineFault(
            "There is no Chromium on this computer.",
            "Install one (on Debian and Ubuntu: 'apt install chromium'), or name it in MICROAPPS_CHROMIUM.",
        )
    return Path(found[0])


async def screenshot(
    app_url: str, widths: Sequence[int] = WIDTHS, *, seconds: float = 60.0, settled: float = 0.3
) -> list[Screenshot]:
    """Open an app's link once for each width, wait until its widgets are there, and take a picture of all of it.

    Parameters
    ----------
    app_url : a link as :meth:`microapps.publish.Site.link` gives it.
    widths : CSS pixels.
    seconds : how long the page may take to come up; then the picture shows what is there.
    settled : seconds without a change of the page that count as finished.

    Raises
    ------
    MachineFault
        No Chromium, or it cannot be started or reach the page.
    """
    from playwright.async_api import Error, async_playwright  # a quarter of a second, which most processes never need

    path = chromium()
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=str(path), args=list(ARGUMENTS))
            try:
                return [await _picture(browser, app_url, width, seconds, settled) for width in widths]
            finally:
                await browser.close()
    except Error as error:
        raise MachineFault(
            f"Chromium could not show the page: {error.message.splitlines()[0]}.",
            "'microapps doctor' tries it by itself.",
        ) from error


async def _picture(browser: Browser, url: str, width: int, seconds: float, settled: float) -> Screenshot:
    context = await browser.new_context(viewport={"width": width, "height": HEIGHT}, reduced_motion="reduce")
    try:
        page = await context.new_page()
        errors: list[str] = []
        page.on("console", lambda message: _note(message, errors))
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(url, timeout=seconds * 1000)
        frame = await _app_frame(page, seconds)
        shown = await _wait_until_still(frame, seconds, settled)
        tall = await frame.evaluate("document.documentElement.scrollHeight")
        height = min(max(int(tall), HEIGHT), TALLEST)
        await page.set_viewport_size({"width": width, "height": height})
        seen = await frame.evaluate(_LOOK)
        picture = await page.screenshot()
        title = await page.title()
    finally:
        await context.close()
    return Screenshot(
        width, height, picture, title, seen["text"], seen["controls"], seen["sideways"], shown, tuple(errors)
    )


def _note(message: ConsoleMessage, errors: list[str]) -> None:
    if message.type == "error" and not any(known in message.text for known in _NO_FAULT):
        errors.append(message.text)


async def _app_frame(page: Page, seconds: float) -> Frame:
    """The frame of the app; the page itself when it is one of the site's that frames nothing."""
    handle = await page.query_selector("iframe")
    frame = await handle.content_frame() if handle is not None else None
    if frame is None:
        return page.main_frame
    await frame.wait_for_load_state("load", timeout=seconds * 1000)
    return frame


async def _wait_until_still(frame: Frame, seconds: float, settled: float) -> bool:
    """Wait for the widgets' client and then for a pause in its changes; whether it is the app's page at all."""
    if not await frame.evaluate("document.body.dataset.voila === 'voila'"):
        return False
    await frame.evaluate(_STILL, {"limit": seconds * 1000, "settled": settled * 1000})
    return True


_STILL = """
({limit, settled}) => new Promise((resolve) => {
  let quiet;
  const done = () => { watch.disconnect(); clearTimeout(latest); resolve(); };
  const wanted = () => document.querySelector('script[type="application/vnd.voila.cell-output+json"]') ||
    [...document.querySelectorAll('.jp-OutputArea-output')].some((e) => e.textContent.startsWith('Loading widget'));
  const again = () => { clearTimeout(quiet); if (!wanted()) quiet = setTimeout(done, settled); };
  const watch = new MutationObserver(again);
  const latest = setTimeout(done, limit);
  watch.observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
  again();
})
"""
_LOOK = """
() => {
  const visible = (e) => e.getClientRects().length > 0;
  const all = [...document.querySelectorAll('input, select, textarea, button, [role=slider], [role=tab], canvas')];
  return {
    text: document.body.innerText,
    controls: all.filter(visible).length,
    sideways: [document.documentElement, ...document.querySelectorAll('main, main div')].some((e) =>
      e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 &&
      (e === document.documentElement || ['auto', 'scroll'].includes(getComputedStyle(e).overflowX))),
  };
}
"""
