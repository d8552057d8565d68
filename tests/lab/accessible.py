"""What a screen reader, or an eye that needs contrast, would stumble over: axe-core's rules, in the page."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Locator

AXE = Path(__file__).parents[2] / "extensions/node_modules/axe-core/axe.min.js"
"""It comes with the front end's build."""
RUN = """async (element) => {
    const {violations} = await axe.run(element, {resultTypes: ['violations']});
    return violations.filter(({impact}) => impact === 'serious' || impact === 'critical').flatMap(
        ({id, nodes}) => nodes.map(({html, failureSummary}) => `${id}: ${html} ${failureSummary}`));
}"""


async def faults(part: Locator) -> list[str]:
    """The serious findings in this part of the page."""
    await part.page.evaluate("document.body.style.height = '100vh'")  # of no height, axe takes all for clipped
    if not await part.page.evaluate("'axe' in window"):
        await part.page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = await part.evaluate(RUN)
    return found
