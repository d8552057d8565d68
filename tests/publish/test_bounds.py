"""An app whose boxes share what is in them, and an app with many widgets, keep nobody waiting."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import AsyncHTTPClient

from microapps.publish import snapshot
from microapps.publish.answers.inputs import seen_controls
from microapps.publish.bounds import Bounds, TooMuch
from microapps.publish.running import Widgets
from microapps.publish.thin import Client, ThinPage, built_client
from microapps.publish.visitors.protocol import Mode, Snapshot, WidgetState
from microapps.publish.visitors.staging import comparable
from microapps.sandbox.apps import Ran

from .conftest import published, serve

VIEW = "application/vnd.jupyter.widget-view+json"
LEVELS = 40


def model(number: int) -> str:
    return f"{number:032x}"


def widget(name: str, **state: Any) -> WidgetState:
    seen = {"_model_name": f"{name}Model", "_view_name": f"{name}View", **state}
    module = "@jupyter-widgets/controls"
    return {"model_name": f"{name}Model", "model_module": module, "model_module_version": "2.0.0", "state": seen}


@pytest.fixture
def shared() -> dict[str, WidgetState]:
    """Boxes that each hold the next one twice, and a slider in the last: drawn out, 2 to the power of 40 sliders."""
    boxes = {
        model(n): widget("VBox", children=[f"IPY_MODEL_{model(n + 1)}"] * 2, _model_module="@jupyter-widgets/controls")
        for n in range(LEVELS)
    }
    return {**boxes, model(LEVELS): widget("IntSlider", value=3, min=0, max=9, description="Deep")}


def showing(root: str) -> dict[str, Any]:
    return {"output_type": "display_data", "data": {VIEW: {"model_id": root}}, "metadata": {}}


def test_a_page_leaves_to_the_client_what_is_too_much_to_draw(shared: dict[str, WidgetState], tmp_path: Path) -> None:
    for name in ("page.css", "early.js"):
        (tmp_path / name).write_text("")
    outputs = [showing(model(LEVELS)), showing(model(0)), showing(model(LEVELS))]
    app = Snapshot(({"index": 0, "kind": "code", "outputs": outputs},), shared, Mode.FORKED)
    client = Client(tmp_path, "page.js", "page.css", "early.js", "cover.js", "exported.js", "icons/")
    page = ThinPage(app, title="T", client=client, statics="/s/").html("")
    drawn = page.partition('id="page"')[0]
    assert "Deep" in drawn and drawn.count("being prepared") == 2
    assert [f'data-living="{n}"' in drawn for n in range(3)] == [True] * 3


def test_a_picture_says_that_it_leaves_something_out(shared: dict[str, WidgetState]) -> None:
    drawing = snapshot.Drawing(Widgets({key: each["state"] for key, each in shared.items()}, {}))
    assert "Deep" in drawing.output(showing(model(LEVELS)))
    assert "works only in the running app" in drawing.output(showing(model(0)))


def test_what_is_drawn_again_and_again_is_bounded_by_its_size() -> None:
    bounds = Bounds(characters=1_000)
    bounds.drew("x" * 900)
    with pytest.raises(TooMuch):
        bounds.drew("x" * 200)
    with pytest.raises(TooMuch):
        bounds.begin()


def test_a_control_in_shared_boxes_is_met_once(shared: dict[str, WidgetState]) -> None:
    states = {key: each["state"] for key, each in shared.items()}
    assert seen_controls(states, [model(0)]) == {model(LEVELS): "Deep"}


def test_two_runs_show_the_same_when_only_the_names_of_widgets_differ() -> None:
    def ran(first: int, count: int = 10_000) -> Ran:
        ids = [model((first + n) * 7919) for n in range(count)]
        boxes = {each: {"state": {"value": "x" * 100, "layout": f"IPY_MODEL_{each}"}} for each in ids}
        shown = [[{"output_type": "display_data", "data": {VIEW: {"model_id": ids[-1]}}}]]
        return Ran(shown, boxes, 0.0, (), False, {}, frozenset(), ())

    assert comparable(ran(1)) == comparable(ran(1_000_000))
    assert comparable(ran(1)) != comparable(ran(1, 9_999))


@pytest.mark.long
@pytest.mark.anyio
@pytest.mark.sandbox
@pytest.mark.skipif(built_client() is None, reason="the page's client has not been built")
async def test_a_site_goes_on_while_such_an_app_is_opened(tmp_path: Path) -> None:
    boxes = f"""
import ipywidgets as w
app = w.Label("deep")
for _ in range({LEVELS}): app = w.VBox([app, app])
from IPython.display import Markdown, display as show
show({{"{VIEW}": {{"version_major": 2, "version_minor": 0, "model_id": app.model_id}}}}, raw=True)
show(Markdown(r"\\begin{{a}}" * 20_000))
"""
    async for running in serve([published(tmp_path, "hostile", "#md " + r"\begin{a}" * 20_000, boxes)], thin=True):
        client = AsyncHTTPClient()
        frame = (await client.fetch(await running.site.link("hostile"))).body.decode()
        path = re.search(r'"([^"]*/visits/[^"/]+/)"', frame)
        assert path
        opening = asyncio.ensure_future(client.fetch(f"{running.site.url.rstrip('/')}{path[1]}", request_timeout=60))
        async with asyncio.timeout(60):
            while not opening.done():
                assert (await client.fetch(f"{running.site.url}healthz", request_timeout=20)).code == 200
        page = (await opening).body.decode()
        assert "being prepared" in page and page.count(r"\begin{a}" * 20_000) >= 2
        full = await client.fetch(f"{running.site.url.rstrip('/')}{path[1]}?full=1", request_timeout=60)
        assert r"\begin{a}" * 20_000 in full.body.decode()
