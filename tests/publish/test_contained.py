"""Markup of an app stays where it is put, whatever it leaves open, as browsers read it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from microapps.publish.contained import contained
from microapps.publish.thin import built_client

from .conftest import inside, published, serve

PIECES = [
    *("<b>", "</b>", "<i>", "</i>", "<a href=x>", "</a>", "<p>", "</p>", "<div class='x'>", "</div>", "<span>"),
    *("<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<caption>", "<col>", "<ul>", "</ul>", "<li>", "</li>"),
    *("<svg>", "</svg>", "<g>", "</g>", "<path d='M0'/>", "<foreignObject>", "</foreignObject>", "<desc>", "</desc>"),
    *("<math>", "</math>", "<mi>", "</mi>", "<mtext>", "<annotation-xml>", "<title>", "</title>", "<style>"),
    *("</style>", "<textarea>", "</textarea>", "<script>", "</script>", "<!--", "-->", "--!>", "<!-->", "<![CDATA["),
    *("]]>", "<?x>", "<select>", "<option>", "</select>", "<button>", "</button>", "<form>", "</form>", "<template>"),
    *("</template>", "<noscript>", "</noscript>", "<xmp>", "<plaintext>", "</main>", "</body>", "<body id=y>"),
    *("<html>", "<iframe>", '<p a"b>c">', "<b x='", '" y=">', "<br/>", "</br>", "<img src=x>", "<input>", "<link>"),
    *("<font>", "<nobr>", "<h1>", "</h2>", "<dd>", "<ruby>", "<rt>", "<div/>", "<b$</b>", "<", ">", "text", " "),
    *("&lt;", "<object>", "<marquee>", "</", "</span>"),
]
STAYS = """(pages) => pages.filter(html => {
  const page = new DOMParser().parseFromString(html, 'text/html');
  const [main, data] = page.body.children;
  const whole = main?.localName === 'main' && main.children.length === 2 && main.children[1].id === 'end';
  return !whole || data?.textContent !== '1' || page.body.children.length !== 2 || page.body.attributes.length;
})"""
WRITTEN = [
    ("<b>Hello", "<b>Hello</b>"),
    ("<ul><li>one<li>two</ul>", "<ul><li>one<li>two</ul>"),
    ("a < b & c", "a < b & c"),
    ("<table><tr><td>x", "<table><tr><td>x</table>"),
    ("</div></main>after", "after"),
    ("<!-- never", ""),
    ("<textarea>x", "<textarea>x</textarea>"),
    ("<b><i>x</b></i>", "<b><i>x</i></b>"),
    ("<table><a href=x><caption>y", '<a href="x"></a><table><caption>y</caption></table>'),
    ("<svg viewBox='0 0 1 1'><textPath/>", '<svg viewBox="0 0 1 1"><textPath></textPath></svg>'),
    ("<!DOCTYPE html><html><head><title>t</title></head><body class=x><p>y</body></html>", "<title>t</title><p>y"),
    ("<script>if (a<b) '<!-- </p>'</script>x", "<script>if (a<b) '<!-- </p>'</script>x"),
    ("<script>'<!-- <script>'</script>x</div>y", " x y"),
    ("<link rel=x><b>1</b>", "<x-link rel=x><b>1</b>"),
]


@pytest.mark.parametrize(("html", "there"), WRITTEN)
def test_markup_ends_where_it_is_put(html: str, there: str) -> None:
    assert contained(html) == there


LONG = [
    *("<p" + " " * 300_000, "<b>" * 100_000, "<!--" + "-" * 300_000, "<a b='" * 60_000, "<script>" + "<!" * 100_000),
    *("<script>" + "<!-- a<b" * 100_000 + "</script>", "<script><!--" + "<script" * 100_000),
    *("<p><li>" * 60_000 + "</p></li>" * 60_000, "<i><li>" * 400 + "</p>" * 60_000),
]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("html", LONG, ids=[html[:8] for html in LONG])
def test_long_markup_takes_no_hours(html: str) -> None:
    """Some does where each tag looks at all before it."""
    once = contained(html)
    assert contained(once) == once


@pytest.mark.anyio
@pytest.mark.browser
async def test_a_browser_finds_what_follows_where_it_was(page: Page) -> None:
    chosen = random.Random(20261124)
    made = ["".join(chosen.choices(PIECES, k=chosen.randint(1, 9))) for _ in range(4000)]
    pages = [
        f'<body><main><div>{contained(html)}</div><i id="end"></i></main>'
        '<script type="application/json" id="page">1</script>'
        for html in made
    ]
    assert await page.evaluate(STAYS, pages) == []
    assert await page.evaluate(STAYS, ["<body><main><div><b>Hello</div><i id='end'></i></main>\n<script>1</script>"])


@pytest.mark.anyio
@pytest.mark.browser
@pytest.mark.sandbox
@pytest.mark.skipif(built_client() is None, reason="the page's client has not been built")
async def test_an_app_works_whose_markup_is_left_open(anyio_backend: str, folder: Path, page: Page) -> None:
    """``<b>Hello`` made a page that nothing in could be used."""
    cells = """
from IPython.display import HTML, Markdown, display
import ipywidgets as w
display(HTML("<i>An output"), Markdown("Some <b>prose"), HTML("</div></main><!-- and more"))
number, twice = w.IntText(description="In", value=1), w.Label()
w.dlink((number, "value"), (twice, "value"), lambda value: f"twice is {value * 2}")
w.VBox([w.HTML("<b>Hello"), w.HTML("<textarea>"), w.HTML("</div></div></main>"), number, twice])
"""
    async for served in serve([published(folder, "open", cells)], thin=True):
        await page.goto(await served.site.link("open"))
        app = inside(page)
        await expect(app.locator("html[data-state=alive]")).to_be_attached(timeout=60_000)
        await app.get_by_label("In").fill("21")
        await app.get_by_label("In").press("Enter")
        await expect(app.get_by_text("twice is 42")).to_be_visible()
        for shown in ("An output", "Some prose", "Hello"):
            await expect(app.get_by_text(shown)).to_have_count(1)
