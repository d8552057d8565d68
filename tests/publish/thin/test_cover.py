"""The cover: what a frame shows until the app's page is there, and when there is none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast
from urllib.parse import urljoin

import pytest
from playwright.async_api import Page, expect

from microapps.publish.thin import built_client
from microapps.publish.thin.cover import LONGEST, harmless, whole
from microapps.publish.visitors.protocol import WidgetState

from ...frames import AppFrame
from ..conftest import COUNTER, Served, inside, published, serve
from ..holding import Held
from .covers import IN_A_BROWSER, STEPS, covered
from .test_thin_page import CONTROLS, PLACES

OTHERWISE = """sheet => {
    const look = style => Array.from(style, name => style.getPropertyValue(name)).join(';');
    const shown = (e, part) => `${e.tagName} ${e.className} ${part} ${look(getComputedStyle(e, part))}`;
    const looks = e => [null, '::before', '::after'].map(part => shown(e, part));
    const all = () => [document.body, ...document.querySelectorAll(':root, #cover, #cover *')].flatMap(looks);
    const before = all();
    document.querySelector('style').textContent = sheet;
    const after = all();
    return [before.length, before.filter((look, number) => look !== after[number])];
}"""
"""How many looks the parts of the cover have, and which are others with another sheet in place of its first one."""
SLIDER = {"value": 3, "min": 0, "max": 9, "step": 0.5, "orientation": "horizontal", "readout_format": ".2f"}


@pytest.mark.parametrize(
    ("drawn", "left"),
    [
        ("<meta http-equiv=refresh content='0;url=//e'>x", "x"),
        ('<a href="https://e/" ping="//e">x</a>', "<a>x</a>"),
        ('<img src="https://e/x.png" srcset="//e"><img src="/x.png">', "<img><img>"),
        ("<b onclick=x>y</b><script>x</script>", "<b>y</b>"),
        ("<style></style/><script>x</script>", "<style></style>"),
        ("<base href=//e><link rel=stylesheet href=//e><iframe srcdoc=x></iframe>y", "y"),
        ("<button formaction=//e>x</button>", "<button>x</button>"),
        ('<div disabled="true" onclick=x>y</div>', '<div disabled="true">y</div>'),
        ("<object data=//e></object><embed src=//e>y", "y"),
        ('<img src="data:image/png;base64,AAAA">', '<img src="data:image/png;base64,AAAA">'),
        ('<input type="radio" checked data-widget="w">', '<input type="radio" checked="" data-widget="w">'),
    ],
)  # fmt: skip
def test_nothing_of_a_cover_acts_or_leads_anywhere(drawn: str, left: str) -> None:
    assert harmless(drawn) == left


@pytest.mark.parametrize("drawn", ["<svg></svg>", "<form>x</form>", "<MATH>", "<x-iframe>", "x" * (LONGEST + 1)])
def test_there_is_no_cover_where_it_would_look_otherwise_or_be_large(drawn: str) -> None:
    assert harmless(drawn) is None


@pytest.mark.parametrize(
    ("more", "waits"),
    [
        ({}, True),
        ({"model_name": "OutputModel", "state": {"outputs": []}}, True),
        ({"model_name": "OutputModel", "state": {"outputs": [{"output_type": "stream"}]}}, True),
        ({"model_name": "OutputModel", "state": {"outputs": [{"output_type": "error"}]}}, False),
        ({"model_name": "OutputModel", "state": {"outputs": [{"data": {"text/html": "", "text/plain": ""}}]}}, True),
        ({"model_name": "OutputModel", "state": {"outputs": [{"data": {"text/latex": "", "text/plain": ""}}]}}, False),
        ({"model_name": "ImageModel", "state": {"format": "png"}}, True),
        ({"model_name": "ImageModel", "state": {"format": "svg+xml"}}, False),
        ({"model_name": "FloatSliderModel", "state": SLIDER}, True),
        ({"model_name": "FloatSliderModel", "state": {**SLIDER, "step": None}}, False),
        ({"model_name": "FloatSliderModel", "state": {**SLIDER, "orientation": "vertical"}}, False),
        ({"model_name": "FloatSliderModel", "state": {**SLIDER, "readout_format": ".3s"}}, False),
        ({"model_name": "FloatLogSliderModel", "state": SLIDER}, False),
        ({"model_name": "HTMLModel", "state": {"value": "<b>3</b>"}}, True),
        ({"model_name": "FloatRangeSliderModel", "state": {**SLIDER, "value": [3, 4]}}, True),
        ({"model_name": "FloatRangeSliderModel", "state": {**SLIDER, "value": [3, 4], "behavior": "snap"}}, False),
        ({"model_name": "DatePickerModel", "state": {}}, True),
        ({"model_name": "TimePickerModel", "state": {}}, False),
        ({"model_name": "TabModel", "state": {}}, False),
    ],
)  # fmt: skip
def test_the_page_comes_after_a_cover_that_answers_everything(more: dict[str, Any], waits: bool) -> None:
    names = ("IntTextModel", "LabelModel", "ButtonModel", "VBoxModel", "LayoutModel", "DescriptionStyleModel")
    states = [*({"model_name": name, "state": {"value": 1}} for name in names), *([more] if more else [])]
    around = {"model_module": "@jupyter-widgets/controls", "model_module_version": "2.0.0"}
    widgets = {str(number): cast("WidgetState", {**state, **around}) for number, state in enumerate(states)}
    assert whole(widgets) is waits


@pytest.fixture(scope="module")
async def served(anyio_backend: str, folder: Path) -> AsyncIterator[Served]:
    apps = [
        published(folder, "tip", "#md # Split a bill", COUNTER, "app", title="Tip splitter"),
        published(folder, "controls", CONTROLS),
        published(folder, "steps", STEPS),
        published(folder, "scripted", STEPS, scripts=True),
    ]
    async for running in serve(apps, thin=True):
        yield running


class TestInABrowser:
    pytestmark = IN_A_BROWSER

    @pytest.mark.long
    @pytest.mark.parametrize("width", [1280, 390])
    async def test_every_control_is_where_it_will_be(self, served: Served, page: Page, held: Held, width: int) -> None:
        await page.set_viewport_size({"width": width, "height": 800})
        await covered(held, served, "controls")
        before = await page.evaluate(PLACES)
        assert len(before) > 50
        client = built_client()
        assert client is not None
        looks, otherwise = await page.evaluate(OTHERWISE, client.style_text)
        assert looks > 150
        assert otherwise == []
        held.let_through()
        await expect(inside(page).locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
        alive = await page.frames[1].evaluate(PLACES)
        assert [place for place in alive if place not in before] == []

    async def test_its_policy_lets_no_script_run_but_the_frame_s(self, served: Served, page: Page, held: Held) -> None:
        came: list[dict[str, str]] = []
        page.on("response", lambda each: came.append(each.headers))
        await covered(held, served, "tip")
        *_, headers = (each for each in came if "content-security-policy" in each)
        assert "cross-origin-opener-policy" not in headers  # that takes the browser a process more
        policy = headers["content-security-policy"]
        parts = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
        assert parts["default-src"] == "'none'"
        assert parts["script-src"].startswith("'sha256-")
        assert "unsafe" not in parts["script-src"]
        assert parts["img-src"] == "data:"
        assert parts["form-action"] == "'none'"
        assert "allow-same-origin" in parts["sandbox"]
        here, fetched, connected = parts["connect-src"].split()
        assert here == page.url.partition("?")[0]
        visit = await page.locator("iframe").get_attribute("src")
        assert fetched.endswith("/thin/")
        assert connected.startswith("ws://")
        assert connected.endswith(f"{visit}live")  # of this visit alone

    async def test_what_opened_the_frame_of_an_app_with_scripts_of_its_own_is_out_of_their_reach(
        self, served: Served, page: Page
    ) -> None:
        for name, reached in (("steps", True), ("scripted", False)):
            await page.goto("about:blank")
            async with page.expect_popup() as opened:
                await page.evaluate("link => { window.open(link) }", await served.site.link(name))
            app = await opened.value
            await expect(inside(app).locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
            assert await app.evaluate("window.opener !== null") is reached
            await app.close()

    async def test_it_goes_where_another_page_than_the_app_s_is_shown(
        self, served: Served, page: Page, held: Held
    ) -> None:
        await covered(held, served, "tip")
        await page.route("**/visits/*/", lambda route: route.fulfill(body="<p>Every place is taken</p>"))
        await page.goto("about:blank")
        await page.goto(await served.site.link("tip"))
        await expect(inside(page).get_by_text("Every place is taken")).to_be_visible()
        await expect(page.locator("#cover")).to_have_count(0)

    async def test_a_link_that_fills_in_has_none_and_one_without_a_header_has_one_without(
        self, served: Served, page: Page, held: Held
    ) -> None:
        await covered(held, served, "tip", "?embed=1")
        await expect(page.locator("#cover header")).to_have_count(0)
        await page.goto(await served.site.link("tip") + "?Bill=50", wait_until="commit")
        await page.locator("iframe").wait_for(state="attached")
        await expect(page.locator("#cover")).to_have_count(0)
        held.let_through()
        await expect(inside(page).get_by_label("Bill")).to_have_value("50")

    @pytest.mark.parametrize("hidden", ["visibility: hidden", "display: none"])
    async def test_a_page_that_is_not_seen_comes_to_life_all_the_same(
        self, served: Served, page: Page, held: Held, hidden: str
    ) -> None:
        """Browsers paint nothing there. JupyterLab shows a page once it says that it is ready."""
        await covered(held, served, "tip")
        held.let_through()
        link = await served.site.link("tip")
        around = urljoin(link, "/around")
        shown = f'<iframe src="{link}" style="{hidden}"></iframe>'
        await page.route(around, lambda route: route.fulfill(content_type="text/html", body=shown))
        await page.goto(around)
        app = AppFrame(page.frame_locator("iframe").frame_locator("iframe"))
        await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
