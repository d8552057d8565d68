"""Apps with widgets of another library, a real extension of JupyterLab, get the page that has them by themselves."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from microapps.publish.thin import built_client

from .conftest import Served, inside, published, serve

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.browser,
    pytest.mark.sandbox,
    pytest.mark.skipif(built_client() is None, reason="the page's client has not been built"),
]

LIBRARY = "a-third-party-library"
PACKAGE = {
    "name": LIBRARY,
    "version": "1.0.0",
    "dependencies": {"@jupyter-widgets/base": "^6.0.0"},
    "jupyterlab": {"extension": True, "_build": {"load": "static/entry.js", "extension": "./extension"}},
}
ENTRY = """
let shared;
const get = async () => {
  const copies = shared['@jupyter-widgets/base']; // one for all, as bundlers have it: that in use, or the newest
  const version = Object.keys(copies).reduce((one, other) => (!copies[one].loaded && one < other ? other : one));
  const base = (await copies[version].get())();
  copies[version].loaded = 1;
  class CountModel extends base.DOMWidgetModel {}
  class CountView extends base.DOMWidgetView {
    render() {
      const button = document.createElement('button');
      const show = () => { button.textContent = `pressed ${this.model.get('count')} times`; };
      button.onclick = () => { this.model.set('count', this.model.get('count') + 1); this.touch(); };
      this.listenTo(this.model, 'change:count', show);
      show();
      this.el.append(button);
    }
  }
  const activate = (app, registry) =>
    registry.registerWidget({ name: 'LIBRARY', version: '1.0.0', exports: { CountModel, CountView } });
  const plugin = { id: 'LIBRARY:plugin', requires: [base.IJupyterWidgetRegistry], autoStart: true, activate };
  return () => ({ __esModule: true, default: plugin });
};
(window._JUPYTERLAB ??= {})['LIBRARY'] = { init: (scope) => { shared = scope; }, get };
""".replace("LIBRARY", LIBRARY)
WIDGET = """
import ipywidgets as w
from traitlets import Int, Unicode
def named(name): return Unicode(name).tag(sync=True)
class Count(w.DOMWidget):
    _model_name, _view_name = named("CountModel"), named("CountView")
    _model_module = _view_module = named("LIBRARY")
    _model_module_version = _view_module_version = named("1.0.0")
    count = Int(0).tag(sync=True)
count, said = Count(), w.Label("nothing yet")
count.observe(lambda change: setattr(said, "value", f"Python has {change['new']}"), "count")
w.VBox([w.Text(description="Name"), count, said])
"""
CHART = """
import ipywidgets as w
from IPython.display import display
bars = {"data": {"values": [{"a": "A", "b": 28}, {"a": "B", "b": 55}]}, "mark": "bar",
    "encoding": {"x": {"field": "a", "type": "nominal"}, "y": {"field": "b", "type": "quantitative"}}}
chart = {"application/vnd.vegalite.v5+json": bars, "text/plain": "a chart"}
captured = w.Output()
with captured:
    display(chart, raw=True)
display(w.Text(description="Name"), captured)
"""
SHOWN = "display(chart, raw=True)"
NOBODY = """
import ipywidgets as w
from IPython.display import display
display(w.Text(description="Name"))
display({"application/vnd.nobody+json": {}}, raw=True)
display({"application/vnd.nobody+json": {}, "text/plain": "what nobody says"}, raw=True)
"""
CANNOT = "This part of the app has a form that its page cannot show."


@pytest.fixture(scope="module")
async def served(anyio_backend: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """A site of a user who has installed that library for themselves."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("apps")
    extension: Path = home / ".local/share/jupyter/labextensions" / LIBRARY
    (extension / "static").mkdir(parents=True)
    (extension / "package.json").write_text(json.dumps(PACKAGE))
    (extension / "static" / "entry.js").write_text(ENTRY)
    apps = [
        published(folder, "there", WIDGET.replace("LIBRARY", LIBRARY)),
        published(folder, "missing", WIDGET.replace("LIBRARY", "nowhere-installed")),
        published(folder, "chart", CHART, SHOWN, scripts=True),
        published(folder, "captured", CHART, scripts=True),
        published(folder, "refused", CHART, SHOWN),
        published(folder, "nobody", NOBODY),
    ]
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("HOME", str(home))
        async for made in serve(apps, thin=True):
            yield made


@pytest.mark.long
async def test_an_app_gets_the_page_that_has_its_widgets_without_being_asked(served: Served, page: Page) -> None:
    for _ in range(2):  # before it is known what the app shows, and after
        await page.goto(await served.site.link("there"))
        app = inside(page)
        await app.get_by_role("button", name="pressed 0 times").click()
        await expect(app.get_by_role("button", name="pressed 1 times")).to_be_visible()
        await expect(app.get_by_text("Python has 1")).to_be_visible()
        await expect(app.locator("#page")).to_have_count(0)
        assert await page.frames[1].evaluate("window.origin") == "null"


@pytest.mark.long
async def test_where_a_library_is_not_installed_the_rest_is_there_and_its_place_says_which(
    served: Served, page: Page
) -> None:
    await page.goto(await served.site.link("missing"))
    app = inside(page)
    await expect(app.get_by_label("Name")).to_be_visible()
    await expect(app.get_by_text("nothing yet")).to_be_visible()
    await app.get_by_text("Click to show javascript error").click()
    await expect(app.locator("body")).to_contain_text("nowhere-installed")


@pytest.mark.long
@pytest.mark.parametrize(("name", "count"), [("chart", 2), ("captured", 1)])
async def test_a_chart_that_the_thin_page_cannot_draw_gets_the_page_that_can(
    name: str, count: int, served: Served, page: Page
) -> None:
    await page.goto(await served.site.link(name))
    app = inside(page)
    await expect(app.locator(".vega-embed canvas")).to_have_count(count)
    await expect(app.get_by_label("Name")).to_be_visible()
    await expect(app.locator("#page")).to_have_count(0)
    for told in await app.locator(".vega-embed ~ pre").all():
        await expect(told).to_be_hidden()


async def test_a_chart_without_permission_to_run_scripts_says_so_to_visitor_and_owner(
    served: Served, page: Page
) -> None:
    await page.goto(await served.site.link("refused"))
    await expect(inside(page).get_by_text("it needs a permission that the app does not have")).to_be_visible()
    assert "page:scripts" in (await served.notice("script_blocked", "refused")).detail


@pytest.mark.parametrize("query", ["", "?full=1"])
async def test_a_form_that_no_page_can_show_is_said(query: str, served: Served, page: Page) -> None:
    await page.goto(f"{await served.site.link('nobody')}{query}")
    app = inside(page)
    await expect(app.get_by_label("Name")).to_be_visible()
    await expect(app.get_by_text(CANNOT)).to_be_visible()
    await expect(app.get_by_text("what nobody says")).to_be_visible()
    await expect(app.locator("#page")).to_have_count(0 if query else 1)
