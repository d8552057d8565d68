"""The gallery's home in a browser: until its cards are there, until a search has answered, and what comes over."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from pathlib import Path

from playwright.async_api import Browser, Request

from microapps.publish import Site, SiteSettings
from microapps.publish.gallery import gallery_app, gallery_names

from .memory import rested
from .watching import SETTLED, middle

COLUMNS = ("visible ms", "search ms", "load KB", "cards")
_PAINTED = """() => new Promise((resolve) => {
  const seen = (entries) => entries.filter((e) => e.name === "first-contentful-paint").map((e) => e.startTime)[0];
  const watch = new PerformanceObserver((list) => { const at = seen(list.getEntries()); if (at) resolve(at); });
  watch.observe({ type: "paint", buffered: true });
})"""


async def measure_home(browser: Browser, rounds: int) -> dict[str, float]:
    """Medians of so many first visits to a site with all apps that ship."""
    taken: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="ma-home-") as folder:
        apps = [gallery_app(name, Path(folder)) for name in gallery_names()]
        async with Site(apps, SiteSettings(), log_file=Path(folder) / "log") as site:
            await rested(site.process_id or 0)
            for _ in range(rounds):
                context = await browser.new_context(viewport={"width": 1280, "height": 800})
                page = await context.new_page()
                done: list[Request] = []
                page.on("requestfinished", done.append)
                await page.wait_for_timeout(SETTLED * 1000)
                await page.goto(site.index_url)
                taken["visible ms"].append(float(await page.evaluate(_PAINTED)))
                sizes = [await request.sizes() for request in done]
                taken["load KB"].append(sum(max(0, each["responseBodySize"]) for each in sizes) / 1000)
                taken["cards"].append(await page.get_by_role("link").count())
                await page.get_by_role("searchbox").fill("loan")
                async with page.expect_navigation():
                    await page.get_by_role("searchbox").press("Enter")
                taken["search ms"].append(float(await page.evaluate(_PAINTED)))
                await context.close()
    return {figure: middle(values) for figure, values in taken.items()}
