"""A page that answers by itself: every answer was calculated in advance, or the page says that it is a picture."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from microapps.notebook import Role, compose, write
from microapps.publish import PublishedApp
from microapps.publish.answers import Answers, answered
from microapps.publish.answers.computing import gray
from microapps.publish.answers.inputs import Input, listed
from microapps.publish.export import export
from microapps.publish.snapshot import is_picture
from microapps.sandbox import Confinement, Sandbox

from .conftest import inside
from .pngs import chunk, png

pytestmark = pytest.mark.anyio

POSTAGE = """
zone = widgets.Dropdown(description="지역", options=["서울", "제주 <b>"])
weight = widgets.IntSlider(description="Weight", min=1, max=4, value=2)
fast = widgets.Checkbox(description="Express")
more, result, log = widgets.HTML(), widgets.HTML(), widgets.Output()


def show(_=None):
    result.value = f"<p>Price: <b>{price(zone.index, weight.value, fast.value)}</b> euro</p><script>alert(1)</script>"
    more.layout.display = "" if fast.value else "none"
    more.value = "<p>Arrives tomorrow</p>"
    log.clear_output()
    with log:
        print("weight", weight.value)


for each in (zone, weight, fast):
    each.observe(show, names="value")
show()
app = widgets.VBox([more, zone, weight, fast, result, log, widgets.Button(description="Reset")])
"""


STAMP = png(8, 8, chunk(b"tEXt", b"comment\0" + b"x" * 2000))
DRAWN = "image => image.complete && image.naturalWidth === 8"


@pytest.fixture(scope="module")
async def sandbox(anyio_backend: str) -> AsyncIterator[Sandbox]:
    async with Sandbox() as made:
        yield made


def published(folder: Path, ui: str) -> PublishedApp:
    app = compose(
        title="Postage & more",
        about="# Postage",
        imports="import random\nimport ipywidgets as widgets",
        logic='def price(zone, weight, fast):\n    """Euro."""\n    return (3 + zone * 2) * weight + 5 * fast',
        ui=ui,
        tests="def test_price(app):\n    assert app.call('price', 0, 2, False) == 6",
        name="postage",
    )
    about = app.of(Role.ABOUT)[0]
    stamp = {"stamp.png": {"image/png": base64.b64encode(STAMP).decode()}}
    shown = replace(about, source=f"{about.source}\n\n![stamp](attachment:stamp.png)", attachments=stamp)
    app = replace(app, cells=tuple(shown if cell is about else cell for cell in app.cells))
    write(app, folder / "postage.ipynb", expected=None)
    return PublishedApp("postage", "Postage & more", folder / "postage.ipynb", Confinement("postage"))


@pytest.mark.long
@pytest.mark.sandbox
@pytest.mark.browser
async def test_what_is_set_is_answered_from_the_file(sandbox: Sandbox, tmp_path: Path, page: Page) -> None:
    path = await export(published(tmp_path, POSTAGE), "html", tmp_path / "out.html", sandbox=sandbox)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    said: list[str] = []
    page.on("dialog", lambda dialog: said.append(dialog.message))
    await page.goto(path.as_uri())
    await page.get_by_text("all of its 16 answers were calculated in advance").wait_for()
    frame = inside(page)
    await frame.get_by_text("Price: 6 euro").wait_for()
    assert await frame.get_by_alt_text("stamp").evaluate(DRAWN)
    await frame.get_by_label("지역").select_option("제주 <b>")
    await frame.get_by_text("Price: 10 euro").wait_for()
    assert await frame.get_by_alt_text("stamp").evaluate(DRAWN)
    weight = frame.get_by_label("Weight")
    await weight.press("ArrowRight")
    await frame.get_by_text("Price: 15 euro").wait_for()
    assert await frame.get_by_text("weight 3").is_visible()
    assert await weight.get_attribute("aria-valuetext") == "3"
    express = frame.get_by_label("Express")
    assert not await frame.get_by_text("Arrives tomorrow").is_visible()
    await express.focus()
    await express.press("Space")
    await frame.get_by_text("Price: 20 euro").wait_for()
    assert await frame.get_by_text("Arrives tomorrow").is_visible()
    assert await express.evaluate("own => own === document.activeElement && own.checked")
    assert await frame.get_by_role("button", name="Reset").is_disabled()
    assert said == [] and [url for url in asked if not url.startswith(("file:", "about:"))] == []


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("ui", "why"),
    [
        ('app = widgets.Text(description="Name")', "“Name” takes whatever one enters."),
        ('app = widgets.IntSlider(description="Big", max=10_000)', "“Big” takes more than 200 numbers."),
        (
            "app = widgets.VBox([widgets.IntSlider(max=100), widgets.IntSlider(max=100)])",
            "Its inputs have 10201 combinations",
        ),
        ('app = widgets.Label("Hello")', "There is nothing in it to set."),
        ('app = widgets.Checkbox(description="Idle")', "does not follow its inputs"),
        (
            'tick, said = widgets.Checkbox(), widgets.HTML()\ntick.observe(lambda _: setattr(said, "value", said.value'
            ' + "x"), "value")\napp = widgets.VBox([tick, said])',
            "on what was done before",
        ),
        (
            'tick, said = widgets.Checkbox(), widgets.HTML()\ntick.observe(lambda _: setattr(said, "value",'
            ' str(random.random())), "value")\napp = widgets.VBox([tick, said])',
            "on chance",
        ),
        (
            'a, b = widgets.Dropdown(options=["x", "y"]), widgets.Dropdown(options=["p", "q"])\n'
            'a.observe(lambda _: setattr(b, "options", ["r", "s", a.value]), "value")\napp = widgets.VBox([a, b])',
            "change one another",
        ),
        (
            'a, b = widgets.Checkbox(), widgets.Checkbox()\njoined = widgets.jslink((a, "value"), (b, "value"))\n'
            "app = widgets.VBox([a, b])",
            "change one another",
        ),
        (
            'tick = widgets.Checkbox()\ntick.observe(lambda _: 1 / 0, "value")\napp = widgets.VBox([tick])',
            "fails for some",
        ),
    ],
)
async def test_what_cannot_be_written_down_is_said(sandbox: Sandbox, tmp_path: Path, ui: str, why: str) -> None:
    found = await _answers(sandbox, tmp_path, ui)
    assert found.inputs == () and len(found.widgets) == 1
    assert why in " ".join(found.why)


LINKED = """
size, bar, low = widgets.IntSlider(max=3, value=1), widgets.IntProgress(max=3), widgets.IntProgress(max=3)
said = widgets.HTML()
bar.observe(lambda _: setattr(said, "value", f"{size.value} of {bar.value}"), "value")
links = widgets.jslink((bar, "value"), (low, "value")), widgets.jsdlink((size, "value"), (bar, "value"))
app = widgets.VBox([size, bar, low, said])
"""


@pytest.mark.sandbox
async def test_what_the_browser_joins_is_part_of_the_answers(sandbox: Sandbox, tmp_path: Path) -> None:
    found = await _answers(sandbox, tmp_path, LINKED)
    shown = [[state.get("value") for state in each.states.values() if "value" in state] for each in found.widgets]
    assert shown == [[size, size, size, f"{size} of {size}"] for size in range(4)]


@pytest.mark.sandbox
@pytest.mark.browser
async def test_a_control_that_is_shown_twice_is_one(sandbox: Sandbox, tmp_path: Path, page: Page) -> None:
    ui = (
        'size, said = widgets.IntSlider(description="Size", max=3), widgets.Label("size 0")\n'
        'size.observe(lambda _: setattr(said, "value", f"size {size.value}"), "value")\n'
        "app = widgets.VBox([size, size, said])"
    )
    path = await export(published(tmp_path, ui), "html", tmp_path / "out.html", sandbox=sandbox)
    await page.goto(path.as_uri())
    sliders = inside(page).get_by_label("Size")
    for number, size in ((0, 1), (1, 2), (0, 3)):
        await sliders.nth(number).press("ArrowRight")
        await inside(page).get_by_text(f"size {size}").wait_for()
        assert [await each.input_value() for each in await sliders.all()] == [str(size)] * 2
        assert await sliders.nth(number).evaluate("one => one === document.activeElement")


@pytest.mark.sandbox
async def test_a_page_tells_the_language_of_its_app(sandbox: Sandbox, tmp_path: Path) -> None:
    ui = 'app = widgets.VBox([widgets.Checkbox(description="특급 배송"), widgets.Label("제주까지 이틀 걸립니다")])'
    for title, lang in (("우편 요금", "ko"), ("Postage", "en")):
        labelled = ui if lang == "ko" else 'app = widgets.Checkbox(description="Express")'
        (tmp_path / lang).mkdir()
        app = replace(published(tmp_path / lang, labelled), title=title)
        page = (await export(app, "html", tmp_path / f"{lang}.html", sandbox=sandbox)).read_text("utf-8")
        assert f'<html lang="{lang}"' in page and f"&lt;html lang=&#34;{lang}&#34;" in page


async def _answers(sandbox: Sandbox, folder: Path, ui: str) -> Answers:
    return await answered(published(folder, ui), ["import random\nimport ipywidgets as widgets", ui, "app"], sandbox)


def test_a_path_through_all_combinations_changes_one_thing_at_a_time() -> None:
    path = list(gray([3, 2, 4]))
    assert len(set(path)) == len(path) == 24
    for before, after in pairwise(path):
        assert sum(abs(one - other) for one, other in zip(before, after, strict=True)) == 1
    assert list(gray([])) == [()]


@pytest.mark.parametrize(
    ("state", "values"),
    [
        ({"_model_name": "IntSliderModel", "min": 2, "max": 10, "step": 3, "value": 5}, (2, 5, 8)),
        ({"_model_name": "FloatSliderModel", "min": 0.0, "max": 0.3, "step": 0.1, "value": 0.3}, (0, 0.1, 0.2, 0.3)),
        ({"_model_name": "BoundedIntTextModel", "min": 1, "max": 2, "step": 1, "value": 1}, (1, 2)),
        ({"_model_name": "FloatSliderModel", "min": 0.0, "max": float("inf"), "step": 0.1, "value": 0.0}, None),
        ({"_model_name": "FloatSliderModel", "min": 0.0, "max": 1.0, "step": 0.0, "value": 0.0}, None),
        ({"_model_name": "FloatSliderModel", "min": -1e308, "max": 1e308, "step": 1.0, "value": 0.0}, None),
        ({"_model_name": "IntSliderModel", "min": 10**400, "max": 10**400 + 1, "step": 1, "value": 10**400}, None),
        ({"_model_name": "BoundedFloatTextModel", "min": 0.0, "max": 1.0, "step": None, "value": 0.0}, None),
        ({"_model_name": "IntSliderModel", "min": 0, "max": 10, "step": 5, "value": 3}, None),
        ({"_model_name": "DropdownModel", "_options_labels": ["a"], "index": None}, None),
    ],
)
def test_a_control_is_listed_or_says_why_not(state: dict[str, object], values: tuple[float, ...] | None) -> None:
    found = listed("m", "It", {"m": state})
    assert found.values == values if isinstance(found, Input) else values is None and "It" in found


FORMULAS = """
from IPython.display import Latex, Markdown, display
n, out, power = widgets.IntSlider(description="n", min=1, max=3), widgets.Output(), widgets.HTMLMath()
def draw(_=None):
    power.value = rf"so $\\frac{{1}}{{{n.value}}}$ and <code>$x$</code>" if n.value > 1 else "nothing"
    with out:
        out.clear_output(wait=True)
        display(Latex(r"$$ \\sum_{i} x_i < 3 $$"), Markdown(f"$x_{n.value}$"))
n.observe(draw, "value")
draw()
"""


@pytest.mark.sandbox
@pytest.mark.browser
async def test_formulas_are_set_in_a_page_that_answers_and_in_a_picture(
    sandbox: Sandbox, tmp_path: Path, page: Page
) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    for parts in ("n, out, power", "n, out, power, widgets.Text()"):
        folder = tmp_path / str(len(parts))
        folder.mkdir()
        app = published(folder, f"{FORMULAS}app = widgets.VBox([{parts}])")
        path = await export(app, "html", folder / "out.html", sandbox=sandbox)
        await page.goto(path.as_uri())
        main = inside(page).locator("main")
        await expect(main.locator("math")).to_have_count(2)
        await expect(main.locator("msub").nth(1)).to_have_text("x1")
        await expect(main).not_to_contain_text("$")
        if not is_picture(path):
            await main.get_by_label("n").press("ArrowRight")
            await expect(main.locator("mfrac")).to_have_text("12")
            await expect(main.locator("msub").nth(1)).to_have_text("x2")
            await expect(main.locator("code")).to_have_text("$x$")
    assert complaints == []


@pytest.mark.sandbox
async def test_a_page_without_formulas_holds_no_script_for_them(sandbox: Sandbox, tmp_path: Path) -> None:
    shown = 'widgets.HTML("<code>$x$</code> costs $5, and <pre>$y$</pre> $7")'
    app = published(tmp_path, f"app = widgets.VBox([{shown}, widgets.Text()])")
    path = await export(app, "html", tmp_path / "out.html", sandbox=sandbox)
    html = path.read_text("utf-8")
    assert "<script" not in html and "&lt;script" not in html and "sandbox referrerpolicy" in html and is_picture(path)
