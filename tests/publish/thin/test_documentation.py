"""What the documentation of ipywidgets and Voila shows in its notebooks, on the thin page."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, FrameLocator, Page, expect

from microapps.publish.thin import built_client

from ..conftest import Served, becomes_true, inside, published, serve

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.browser,
    pytest.mark.sandbox,
    pytest.mark.skipif(built_client() is None, reason="the page's client has not been built"),
]

EVENTS = """
import asyncio, threading, ipywidgets as w, traitlets
from IPython.display import HTML, JSON, Math, clear_output, display
from ipywidgets import interact
def wait_for_change(widget, trait):
    future = asyncio.Future()
    def heard(change):
        future.set_result(change.new)
        widget.unobserve(heard, trait)
    widget.observe(heard, trait)
    return future
steps, told = w.IntSlider(description="Steps"), w.Output()
async def follow():
    while True:
        told.append_stdout(f"continued with {await wait_for_change(steps, 'value')}\\n")
task = asyncio.ensure_future(follow())
w.VBox([steps, told])
"""
LINKS = """
one, two, three = (w.IntText(description=name) for name in ("First", "Second", "Third"))
w.jslink((one, "value"), (two, "value"))
traitlets.dlink((two, "value"), (three, "value"), lambda value: value * 10)
stack = w.Stack([w.Button(description="A button"), w.Label("a label")], selected_index=0)
chosen = w.Dropdown(options=["button", "label"], description="Shown")
w.jslink((chosen, "index"), (stack, "selected_index"))
play, slider = w.Play(interval=20, max=3, description="Play"), w.IntSlider(max=3, description="Played")
w.jslink((play, "value"), (slider, "value"))
typed, submitted = w.Text(description="Typed"), w.Label()
typed.on_submit(lambda sender: setattr(submitted, "value", f"submitted {sender.value}"))
w.VBox([one, two, three, chosen, stack, w.HBox([play, slider]), typed, submitted])
"""
INTERACT = """
@interact(count=(0, 9), kind=["apples", "pears"], exact=True)
def shown(count=2, kind="pears", exact=False):
    print(f"{count} {kind} {exact}")
interact(lambda x: x, x=w.FloatSlider(value=5, min=0.5, max=10, step=0.05));
part, whole = w.FloatSlider(description="Part", max=5), w.IntSlider(description="Whole", value=5, max=10)
span = w.IntRangeSlider(description="Span", value=(2, 4), max=10, continuous_update=False)
whole.observe(lambda change: (setattr(part, "max", 2 * change.new), setattr(span, "max", 3 * change.new)), "value")
@interact(part=part, whole=whole, span=span)
def of_whole(part, whole, span):
    print(f"{part} of {whole} within {span}")
"""
OUTPUTS = """
out = w.Output()
@out.capture(clear_output=True, wait=True)
def work(_):
    print("captured")
    display(HTML("<em>html</em>"), Math("x^2"), JSON({"a": 1}))
    threading.Thread(target=lambda: out.append_stdout("from a thread\\n")).start()
@out.capture()
def fail(_):
    raise ValueError("as does this")
buttons = [w.Button(description=label) for label in ("Work", "Fail")]
buttons[0].on_click(work), buttons[1].on_click(fail)
center = w.AppLayout(left_sidebar=buttons[0], center=out, right_sidebar=buttons[1])
w.VBox([w.Label("The $m$ in $E$:"), w.Valid(description="Sound"), center])
"""

LAYOUTS = """
import ipywidgets as w
from IPython.display import SVG, display
grid = w.GridspecLayout(1, 6)
grid[0, 0], grid[0, 4] = w.Dropdown(options=[1, 2]), w.BoundedIntText(value=12)
for column in (1, 2, 3):
    grid[0, column] = w.Button(description=f"1{column}", layout=w.Layout(height="auto", width="auto"))
grid[0, 5] = w.Valid(description="Right")
column = w.VBox([w.Button(description=f"Row {n}") for n in range(9)], layout=w.Layout(height="90px"))
row = w.HBox([w.Button(description=str(100 + n)) for n in range(20)])
label = w.Label("Of the captain of the ship, the age")
form = w.Box([label, w.IntSlider()], layout=w.Layout(width="400px", border="solid"))
logs = w.Output(layout=w.Layout(width="100%", height="90px", border="1px solid"))
for n in range(9):
    logs.append_stdout(f"line {n}\\n")
player, linked = w.Play(value=5), w.IntSlider(description="Linked")
w.jslink((player, "value"), (linked, "value"))
unsaid = w.Combobox(description="Who", options=["Ann"], ensure_option=True, placeholder="Somebody")
topping = w.RadioButtons(description="Pizza topping:", options=["cheese", "ham"])
tags = w.TagsInput(value=["pizza", "burger", "fries", "nuggets", "potatoes", "tomatoes", "ketchup"])
spaced = w.VBox([w.Label("$ y < a, x > a$"), w.Label("Ann has $ 5, and Bob $ 6 > 5")])
display(w.VBox([grid, row, column, form, logs, w.HBox([player, linked]), unsaid, topping, tags, spaced]))
display(SVG("<svg width='60' height='30'><rect width='50' height='20'/></svg>"))
display(w.Video.from_url("https://films.invalid/a.webm"), w.HTML("<img src='pictures/b.png' alt='A bee'>"))
"""
MISSING = r"""#md ![The flow](images/flow.png)

\begin{align} p &= q \\ r &= s \tag{seven} \end{align}"""
FITS = """() => {
  const box = chosen => document.querySelector(chosen).getBoundingClientRect();
  const cut = each => each.innerText && (each.scrollWidth > each.clientWidth || each.clientHeight < 20);
  const logs = document.querySelector(".widget-output");
  return {
    cut: [...document.querySelectorAll("button, .widget-label")].filter(cut).map(each => each.innerText),
    grid: Math.ceil(Math.max(...[...document.querySelectorAll(".widget-gridbox > *")].map(each =>
      each.getBoundingClientRect().right)) - box("main .cell").right),
    right: Math.ceil(box(".widget-output").right - box("main .cell").right),
    logs: [logs.scrollHeight > logs.clientHeight, getComputedStyle(logs).overflowY,
      logs.querySelectorAll("pre").length],
    svg: document.querySelector("img[src^=data]").naturalWidth,
    unsaid: getComputedStyle(document.querySelector("input[list]")).borderColor ===
      getComputedStyle(document.querySelector("input[type=number]")).borderColor,
  };
}"""


ANYWIDGET = """
import anywidget, traitlets, ipywidgets as w
class Counter(anywidget.AnyWidget):
    _esm = '''
    function render({ model, el }) {
      const button = document.createElement("button");
      const show = () => { button.textContent = `count is ${model.get("value")}`; };
      button.addEventListener("click", () => { model.set("value", model.get("value") + 1); model.save_changes(); });
      model.on("change:value", show);
      show();
      const raw = document.createElement("p");
      const all = view => [...new Uint8Array(view.buffer)].join();
      model.on("change:data", () => { raw.textContent = `data ${all(model.get("data"))}`; });
      model.on("msg:custom", (said, buffers) => { el.append(`sent ${all(buffers[0])}`); });
      el.append(button, raw);
    }
    export default { render };
    '''
    value = traitlets.Int(3).tag(sync=True)
    data = traitlets.Bytes(b"abc").tag(sync=True)
counter, heard = Counter(), w.Label()
def hear(change):
    heard.value = f"heard {change.new}"
    counter.data = bytes([2, change.new])
    counter.send({}, [bytes([5, 6])])
counter.observe(hear, "value")
w.VBox([counter, heard])
"""


PLOTTED = """
from IPython.display import HTML, display
import ipywidgets as w
def plot(name):  # as plotly does it, which asks another host for MathJax first
    return HTML(f'''<div style="height: 99px"><script src="https://elsewhere.invalid/MathJax.js"></script>
      <style>#{name} {{ color: green }}</style><div id="{name}" style="width: 100%"></div>
      <script>document.getElementById("{name}").textContent = "{name} is drawn";</script></div>''')
out = w.Output()
display(HTML("<script>window.PlotlyConfig = 1</script>"), plot("first"), out)
with out:
    display(plot("second"))
later, shown = w.Button(description="Draw"), w.Output()
@shown.capture(clear_output=True)
def draw(_):
    display(plot("third"))
later.on_click(draw)
w.VBox([later, shown])
"""
ENDLESS = """
import ipywidgets as w
rate, named = w.FloatSlider(description="Rate", max=float("inf")), w.Text(description="Name")
link = w.jslink((named, "value"), (said := w.Label(), "value"))
w.VBox([rate, named, said, w.HTML("<img src='bee.jpg' alt='A bee'>")])
"""


@pytest.fixture(scope="module")
async def served(anyio_backend: str, folder: Path) -> AsyncIterator[Served]:
    doc = published(folder, "doc", EVENTS, LINKS, INTERACT, OUTPUTS)
    apps = [doc, published(folder, "any", ANYWIDGET, scripts=True), published(folder, "layouts", MISSING, LAYOUTS)]
    apps += [published(folder, "unplotted", PLOTTED), published(folder, "plotted", PLOTTED, scripts=True)]
    apps.append(published(folder, "endless", ENDLESS))
    async for running in serve(apps, thin=True):
        yield running


async def put(app: FrameLocator, label: str, value: str) -> None:
    await app.get_by_label(label, exact=True).fill(value)
    await app.get_by_label(label, exact=True).press("Enter")


async def step(app: FrameLocator, label: str, key: str) -> None:
    await app.locator(".widget-slider", has_text=label).get_by_role("slider").press(key)


async def test_notebooks_of_the_documentation_work(served: Served, page: Page) -> None:
    await page.goto(await served.site.link("doc"))
    app = inside(page)
    await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
    said = app.locator("main")
    await expect(said).to_contain_text("5.0")
    await expect(said).not_to_contain_text("4.99")
    await expect(said).not_to_contain_text("<function")
    await expect(said).to_contain_text("2 pears True")
    await step(app, "count", "ArrowRight")
    await expect(said).to_contain_text("3 pears True")
    await app.get_by_label("kind").select_option("apples")
    await expect(said).to_contain_text("3 apples True")

    await step(app, "Whole", "End")
    await expect(said).to_contain_text("0.0 of 10 within (2, 4)")
    await step(app, "Part", "End")
    await expect(said).to_contain_text("20.0 of 10 within (2, 4)")
    await app.locator(".widget-slider", has_text="Span").get_by_role("slider").last.press("End")
    await expect(said).to_contain_text("20.0 of 10 within (2, 30)")
    await step(app, "Part", "Home")
    await expect(said).to_contain_text("0.0 of 10 within (2, 30)")

    await step(app, "Steps", "ArrowRight")
    await expect(said).to_contain_text("continued with 1")
    await step(app, "Steps", "ArrowRight")
    await expect(said).to_contain_text("continued with 2")

    await put(app, "First", "4")
    await expect(app.get_by_label("Second")).to_have_value("4")
    await expect(app.get_by_label("Third")).to_have_value("40")
    await expect(app.get_by_role("button", name="A button")).to_be_visible()
    await app.get_by_label("Shown").select_option("label")
    await expect(app.get_by_text("a label")).to_be_visible()
    await expect(app.get_by_role("button", name="A button")).to_be_hidden()
    await app.locator(".widget-play button").first.click()
    await expect(app.locator(".widget-slider", has_text="Played")).to_contain_text("3")
    await put(app, "Typed", "김")
    await expect(said).to_contain_text("submitted 김")

    await app.get_by_role("button", name="Work").click()
    out = app.locator(".widget-output", has_text="captured")
    await expect(out.locator("em")).to_have_text("html")
    await expect(out.locator("math")).to_be_visible()
    await expect(out).to_contain_text('"a": 1')
    await expect(out).to_contain_text("from a thread")
    await app.get_by_role("button", name="Fail").click()
    await expect(app.get_by_role("alert")).to_contain_text("as does this")
    await expect(app.get_by_role("alert")).not_to_contain_text("Traceback")
    icon = await app.locator(".widget-valid i").bounding_box()
    assert icon is not None and icon["width"] > 10
    assert (await app.locator(".widget-label", has_text="The").first.inner_text()).startswith("The ")


async def test_a_widget_that_brings_its_own_script_works_where_it_may(served: Served, page: Page) -> None:
    await page.goto(await served.site.link("any"))
    app = inside(page)
    await app.get_by_role("button", name="count is 3").click(timeout=60_000)
    await expect(app.get_by_role("button", name="count is 4")).to_be_visible()
    await expect(app.get_by_text("heard 4")).to_be_visible()
    await expect(app.get_by_text("data 2,4", exact=True)).to_be_visible()
    await expect(app.get_by_text("sent 5,6")).to_be_visible()
    assert not [notice for notice in served.notices if notice.app == "any"]


@pytest.mark.long
async def test_what_only_scripts_draw_is_drawn_where_they_may_run_without_any_other_host(
    served: Served, page: Page
) -> None:
    await page.goto(await served.site.link("plotted"))
    app = inside(page)
    await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
    await app.get_by_role("button", name="Draw").click()
    for name in ("first", "second", "third"):
        await expect(app.get_by_text(f"{name} is drawn")).to_be_visible()
    await expect(app.locator("#microapps-blocked")).to_contain_text("A script from another site was not loaded here")
    notice = await served.notice("script_blocked", "plotted")
    assert "another site" in notice.what and "page:scripts" not in notice.detail


async def test_what_only_scripts_draw_is_said_to_need_them(served: Served, page: Page) -> None:
    await page.goto(await served.site.link("unplotted"))
    app, said = inside(page), "permission to run scripts of its own in this page. Its owner can allow it: page:scripts."
    await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
    await expect(app.get_by_text(said)).to_have_count(2)
    await expect(app.locator("#microapps-blocked")).to_contain_text("needs a permission")
    await app.get_by_role("button", name="Draw").click()
    await expect(app.get_by_text(said)).to_have_count(3)
    for each in await app.get_by_text(said).all():
        await expect(each).to_be_visible()
    assert "page:scripts" in (await served.notice("script_blocked", "unplotted")).detail


async def test_a_widget_that_cannot_be_shown_is_named_and_the_others_work(served: Served, browser: Browser) -> None:
    """A slider without an end has no view, in a notebook neither."""
    words = {
        "en-GB": ("This part of the app could not be shown.", "is not shown here: A bee."),
        "ko-KR": ("표시하지 못했습니다", "표시되지 않습니다: A bee."),
    }
    for locale, said in words.items():
        context = await browser.new_context(locale=locale)
        page = await context.new_page()
        await page.goto(await served.site.link("endless"))
        app = inside(page)
        for each in said:
            await expect(app.get_by_text(each)).to_be_visible(timeout=60_000)
        await app.get_by_label("Name").fill("Kim")
        await expect(app.get_by_text("Kim", exact=True)).to_be_visible()
        await context.close()


async def test_layouts_of_the_documentation_fit(served: Served, page: Page) -> None:
    """Where a page is narrower than a notebook's: what is in a row or a grid is not cut off."""
    await page.goto(await served.site.link("layouts"))
    app = inside(page)
    await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
    await expect(app.locator(".widget-slider", has_text="Linked")).to_contain_text("5")
    for lacking in (
        "A recording from another site is not shown here.",
        "A picture that did not come with the app is not shown here: A bee.",
        "A picture that did not come with the app is not shown here: The flow.",
    ):
        await expect(app.get_by_text(lacking)).to_be_visible()
    await expect(app.locator(".tml-tag")).to_contain_text("seven")
    await expect(app.locator(".tml-eqn")).to_be_hidden()  # no number but what is written
    await becomes_true(page.frames[1], "document.querySelector('img[src^=data]').naturalWidth > 0")
    fits = await page.frames[1].evaluate(FITS)
    assert fits.pop("grid") <= 0 and fits.pop("right") <= 0
    assert fits == {"cut": [], "logs": [True, "auto", 1], "svg": 60, "unsaid": True}
    await app.get_by_label("Who").fill("Nobody")
    await expect(app.get_by_label("Who")).to_have_class(re.compile("invalid"))
    assert not (await page.frames[1].evaluate(FITS))["unsaid"]
    await expect(app.locator(".widget-label math")).to_have_count(1)
    tags = app.locator(".jupyter-widget-tagsinput")
    height = (await tags.bounding_box() or {})["height"]
    await tags.click(position={"x": 900, "y": 12})
    await expect(tags.locator("input")).to_be_visible()
    assert (await tags.bounding_box() or {})["height"] < height + 6
    await page.set_viewport_size({"width": 390, "height": 800})
    number = await app.locator(".widget-gridbox input").bounding_box()
    assert number is not None and number["width"] >= 40 and number["height"] >= 30
