"""A page of an app that may run no scripts: nothing it shows is run, in no frame, and what was blocked is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from html import escape
from pathlib import Path

import anyio
import pytest
from playwright.async_api import Page, expect

from microapps.publish import PublishedApp
from microapps.publish.blocked import about_a_script
from microapps.publish.policy import app_page

from .conftest import Listener, Served, becomes_true, inside, published, serve
from .test_browser_attacks import CALL, WIDGETS, still_works, visit

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.sandbox]

RUN = "window.attacked = true; new Image().src = 'URL/image'; fetch('URL/fetch'); " + CALL


def running(listener: Listener) -> str:
    """A script that tells of itself, to the page and to the listener."""
    return RUN.replace("URL", listener.url).replace("PORT", str(listener.port))


def sketch(listener: Listener) -> str:
    """A drawing with a script in it."""
    run = escape(running(listener))
    return f'<svg xmlns="http://www.w3.org/2000/svg" onload="{run}"><script>{run}</script></svg>'


def markup(listener: Listener) -> str:
    """Every way of HTML to run a script or to leave, with a probe that is known to reach the listener."""
    run = running(listener)
    script, quoted = f"<script>{run}</script>", escape(run)
    framed = escape(f"{script}<img src=x onerror='{escape(run)}'>")
    return f"""{script}<img src="data:," onerror="{quoted}"><a id="go" href="javascript:{quoted}">go</a>
<iframe srcdoc="{framed}"></iframe><iframe src="javascript:{quoted}"></iframe>
<iframe src="data:text/html,{framed}"></iframe>
<div><template shadowrootmode="closed">{script}<iframe srcdoc="{framed}"></iframe></template></div>
<svg onload="{quoted}"><script>{run}</script><animate onbegin="{quoted}" attributeName="x" dur="1s"/></svg>
<object data="data:text/html,{framed}"></object><embed src="data:text/html,{framed}"><details open ontoggle="{quoted}">
<summary>x</summary></details><video src="data:," onerror="{quoted}"></video><input autofocus onfocus="{quoted}">
<script src="{listener.url}/script.js"></script><script type="module">{run}</script>
<script src="data:text/javascript,{quoted}"></script><form action="{listener.url}/form"><button>Send</button></form>
<a id="pop" target="_blank" href="{listener.url}/popup">pop</a><link rel="stylesheet" href="{listener.url}/style.css">
<link rel="preconnect" href="{listener.url}"><link rel="dns-prefetch" href="{listener.url}">
<link rel="prefetch" href="{listener.url}/prefetch"><img src="{listener.url}/picture">"""


@pytest.fixture
def served(bare: Served) -> Served:
    bare.notices.clear()
    return bare


@pytest.fixture(scope="module")
async def thin(anyio_backend: str) -> AsyncIterator[Served]:
    async for running in serve([], linger=0.5, thin=True):
        yield running


KINDS = ["prose", "widget", "output", "captured output", "captured prose", "drawing"]
BLOCKED = """document.addEventListener("securitypolicyviolation", (event) => {
  const kind = event.target.closest?.("[data-kind]")?.dataset.kind;
  if (event.effectiveDirective.startsWith("script-src")) (window.blocked ??= new Set()).add(kind);
}, true)"""
"""Notes of which kind of markup the browser says that a script in it was blocked: of each there is one report."""


async def test_nothing_runs_and_nothing_leaves_by_markup(
    served: Served, page: Page, listener: Listener, tmp_path: Path
) -> None:
    html, drawing = markup(listener), sketch(listener)
    shown = {kind: f'<div data-kind="{kind}">{html}</div>' for kind in KINDS}
    drawn = f'<div data-kind="drawing">{drawing}</div>'
    captured = f"display(HTML({shown['captured output']!r}), Markdown({shown['captured prose']!r}))"
    cells = [
        f"#md # Title\n\n{shown['prose']}",
        f"display(w.HTML({shown['widget']!r}), w.HTML(description={html!r}, description_allow_html=True))",
        f"display(HTML({shown['output']!r}))",
        f"o = w.Output()\nwith o: {captured}\ndisplay(o)",
        f"display(SVG({drawing!r}), HTML({drawn!r}))",
    ]
    await page.add_init_script(BLOCKED)
    await nothing_runs(served, page, listener, published(tmp_path, "quiet", WIDGETS, *cells))
    await becomes_true(page.frames[1], "kinds => kinds.every(kind => window.blocked?.has(kind))", KINDS)


async def test_nothing_runs_and_nothing_leaves_by_a_script(
    served: Served, page: Page, listener: Listener, tmp_path: Path
) -> None:
    app = published(tmp_path, "quiet", WIDGETS, f"display(Javascript({running(listener)!r}))")
    await nothing_runs(served, page, listener, app)


async def test_nothing_runs_on_the_thin_page_and_nothing_leaves_by_any_way(
    thin: Served, page: Page, listener: Listener, tmp_path: Path
) -> None:
    html, drawing, run = markup(listener), sketch(listener), running(listener)
    cells = [
        f"#md # Title\n\n{html}",
        f"display(w.HTML({html!r}), w.HTML(description={html!r}, description_allow_html=True))",
        f"display(HTML({html!r}), SVG({drawing!r}), HTML({drawing!r}), Javascript({run!r}))",
        f"o = w.Output()\nwith o: display(HTML({html!r}), Markdown({html!r}))\ndisplay(o)",
        f"later = w.HTML()\ngo.on_click(lambda _: setattr(later, 'value', {html!r}))\ndisplay(later)",
    ]
    await nothing_runs(thin, page, listener, published(tmp_path, "quiet", WIDGETS, *cells))


async def nothing_runs(served: Served, page: Page, listener: Listener, app: PublishedApp) -> None:
    """Visit a hostile app, click its links, and see that nothing came of it but a notice and words on the page."""
    await visit(served, page, app)
    await still_works(page)
    for link in ("#go", "#pop"):
        for found in await inside(page).locator(link).all():
            await found.evaluate("link => link.click()")
    if served.site.settings.thin:
        await expect(inside(page).locator("html[data-state=alive]")).to_be_attached()
    await anyio.sleep(1.0)
    assert await page.frames[1].evaluate("window.attacked === undefined")
    await still_works(page)
    assert listener.heard == []
    assert len(page.context.pages) == 1
    if served.site.settings.thin is False:
        await expect(inside(page).get_by_text("it needs a permission that the app does not have")).to_be_visible()
    assert "page:scripts" in (await served.notice("script_blocked", app.name)).detail
    served.notices.clear()


SHOWING_NAMES = """
upload = w.FileUpload(description="File")
shown, said, tabs, printed = w.HTML(), w.Label(), w.Tab(), w.Output()
def on_file(change):
    name = upload.value[0].name
    shown.value, said.value, go.description = f"<p>Got {name}</p>", f"Got {name}", name
    tabs.children = [w.Select(description=name, options=[name], tooltip=name)]
    tabs.titles = [name]
    with printed:
        print(name)
        display(HTML(f"<a title='{name}' href='{name}'>{name}</a>"), Markdown(f"[{name}]({name}) ![{name}]({name})"))
upload.observe(on_file, "value")
display(upload, shown, said, tabs, printed)
"""


@pytest.mark.long
@pytest.mark.parametrize("client", ["thin", "voila"])
async def test_the_name_of_a_file_is_a_name(
    client: str, served: Served, thin: Served, page: Page, listener: Listener, tmp_path: Path
) -> None:
    """As an app shows it that trusts it: as markup, as an address, as the title of a tab."""
    address = listener.url.replace("/", "&#47;")
    name = f"'\"><img src=x onerror=window.attacked=true><img src={address}&#47;name><svg onload=window.attacked=1>.csv"
    site = thin if client == "thin" else served
    await visit(site, page, published(tmp_path, "names", WIDGETS, SHOWING_NAMES))
    await still_works(page)
    if client == "thin":
        await expect(inside(page).locator("html[data-state=alive]")).to_be_attached()
    async with page.expect_file_chooser() as choosing:
        await inside(page).get_by_role("button", name="File").click()
    await (await choosing.value).set_files({"name": name, "mimeType": "text/csv", "buffer": b"a"})
    await expect(inside(page).locator("p", has_text="Got")).to_be_visible()
    await expect(inside(page).locator(".lm-TabBar-tabLabel, [role=tab]").first).to_contain_text("onerror")
    await anyio.sleep(0.5)
    assert await page.frames[1].evaluate("window.attacked === undefined")
    assert listener.heard == []
    assert len(page.context.pages) == 1


@pytest.mark.parametrize("way", ["refresh", "link"])
async def test_the_page_cannot_be_made_to_leave(
    way: str, served: Served, page: Page, listener: Listener, tmp_path: Path
) -> None:
    html = {
        "refresh": f'<meta http-equiv="refresh" content="0;url={listener.url}/refresh">',
        "link": f'<a id="away" href="{listener.url}/away">a</a><a id="top" target="_top" href="{listener.url}/t">t</a>',
    }[way]
    await visit(served, page, published(tmp_path, "leaving", WIDGETS, f"#md {html}"))
    if way == "link":
        await inside(page).locator("#top").click()
        await inside(page).locator("#away").click()
    await anyio.sleep(1.0)
    assert listener.heard == []
    assert page.url.startswith(served.site.url)


LEADING = """<meta http-equiv="refresh" content="0;url={url}/refresh">\
<iframe src="{url}/frame"></iframe><link rel="preconnect" href="{url}"><link rel="dns-prefetch" href="{url}">\
<iframe srcdoc="<p>held</p><iframe src='{url}/within'></iframe>"></iframe>\
<object data="{url}/object"></object><embed src="{url}/embed"><link rel="prefetch" href="{url}/link">
<form action="{url}/form"><input name="q" aria-label="Query"><button>Send</button></form>
<p><a href="{url}/away">away</a> <a target="_top" href="{url}/top">top</a> <a href="mailto:me@b.example">write</a>
<a href="Other%20notebook.ipynb">beside</a> <a href="">empty</a> <a href="#here">here</a></p>"""
LATER = """
name, later, formula, shown = w.Text(description="Name"), w.HTML(), w.HTMLMath(), w.Output()
def show(_):
    later.value = formula.value = REFRESH
    with shown:
        display(HTML(REFRESH), Markdown(REFRESH))
    out.value = "shown"
more = w.Button(description="Show more")
more.on_click(show)
display(name, more, later, formula, shown)
"""


@pytest.mark.parametrize("client", ["thin", "voila"])
async def test_nothing_that_an_app_shows_takes_its_place(
    client: str, served: Served, thin: Served, page: Page, listener: Listener, tmp_path: Path
) -> None:
    """What was entered is still there after each form and link, and the page says why it stays."""
    html = LEADING.format(url=listener.url)
    refresh = html.partition("\n")[0]
    cells = [f"#md # Title\n\n{refresh}", f"display(HTML({html!r}))", f"REFRESH = {refresh!r}\n{LATER}"]
    await visit(thin if client == "thin" else served, page, published(tmp_path, "leading", WIDGETS, *cells))
    await still_works(page)
    if client == "thin":
        await expect(inside(page).locator("html[data-state=alive]")).to_be_attached()
    await inside(page).get_by_role("button", name="Show more").click()
    await expect(inside(page).get_by_text("shown", exact=True)).to_be_visible()
    await inside(page).get_by_label("Name").fill("entered")
    notice = inside(page).locator("#microapps-notice")

    async def stays(*words: str) -> None:
        for word in words if client == "thin" else ():
            await expect(notice).to_contain_text(word)
        await notice.get_by_text("Close").click()
        await expect(inside(page).get_by_label("Name")).to_have_value("entered")

    await inside(page).get_by_role("button", name="Send").click()
    await stays("This form was not sent")
    await inside(page).get_by_label("Query").fill("more")
    await inside(page).get_by_label("Query").press("Enter")
    await stays("This form was not sent")
    for link, *words in (
        ("away", f"{listener.url}/away", "in a new tab"),
        ("top", f"{listener.url}/top"),
        ("write", "me@b.example"),
        ("beside", "“Other notebook.ipynb”", "no part of this app"),
    ):
        await inside(page).get_by_role("link", name=link).click()
        await stays(*words)
    await inside(page).get_by_role("link", name="away").click(modifiers=["Alt"])  # a browser would store what is there
    await stays(f"{listener.url}/away")
    for link in ("empty", "here"):
        await inside(page).get_by_role("link", name=link).click()
    await expect(notice).to_have_count(0 if client == "voila" else 1)
    await expect(notice).to_be_hidden()
    await still_works(page)
    await expect(inside(page).get_by_label("Name")).to_have_value("entered")
    await expect(inside(page).get_by_label("Query")).to_have_value("more")
    assert listener.heard == [] and listener.connections == []


HIDING = """<style>
  #microapps-notice, html > div, [popover], [role=status] {
    display: none !important; opacity: 0 !important; scale: 0 !important;
    visibility: hidden !important; translate: 0 900px !important; font-size: 0 !important; color: #1b1f24 !important; }
  #microapps-notice *, html > div * { display: none !important; }
  html { font-size: 0; color: transparent; }
</style><div style="position: fixed; inset: 0; z-index: 2147483647; background: #fff"></div>"""


@pytest.mark.parametrize("client", ["thin", "voila"])
async def test_no_style_of_an_app_hides_or_covers_what_its_page_says(
    client: str, served: Served, thin: Served, page: Page, tmp_path: Path
) -> None:
    fail = "fail = w.Button(description='Fail')\nfail.on_click(lambda _: 1 / 0)\nfail"
    app = published(tmp_path, "hiding", WIDGETS, fail, f"display(HTML({HIDING!r}))")
    await visit(thin if client == "thin" else served, page, app)
    await inside(page).get_by_role("button", name="Fail").press("Enter")
    notice = inside(page).locator("#microapps-notice", has_text="ran into an error")
    await expect(notice).to_be_visible()
    box = await notice.bounding_box()
    assert box
    assert box["height"] > 20
    middle = "({ left, right, top, bottom }) => [(left + right) / 2, (top + bottom) / 2]"
    at = f"document.elementFromPoint(...({middle})(one.getBoundingClientRect()))"
    assert await notice.evaluate(f"one => {at} === one")
    seen = "one => { const { opacity, color, fontSize } = getComputedStyle(one); return [opacity, color, fontSize]; }"
    assert await notice.evaluate(seen) == ["1", "rgb(255, 255, 255)", "16px"]
    await notice.get_by_text("Close").click()
    await expect(notice).to_have_count(0)


@pytest.mark.long
async def test_a_page_with_nothing_to_run_has_no_notice(served: Served, page: Page, tmp_path: Path) -> None:
    await visit(served, page, published(tmp_path, "plain", WIDGETS, "#md # Title\n\n<b>bold</b>"))
    await still_works(page)
    await expect(inside(page).locator("#microapps-notice")).to_have_count(0)
    assert [notice for notice in served.notices if notice.app == "plain"] == []


@pytest.mark.parametrize("policy", [True, False])
async def test_the_policy_alone_keeps_calls_from_the_listener(policy: bool, page: Page, listener: Listener) -> None:
    """The same frames on a bare page: without the policy the probe reaches the listener, with it nothing does."""
    html = markup(listener)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        said = f"Content-Security-Policy: {app_page('127.0.0.1:1', '/v/', '/s/')}\r\n" if policy else ""
        body = f"<!DOCTYPE html>{html}".encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{said}Content-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        await page.goto(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        if policy:
            await anyio.sleep(2.0)
            assert listener.heard == []
            return
        with anyio.fail_after(60):
            while {heard.startswith("datagram") for heard in listener.heard} != {True, False}:
                await anyio.sleep(0.05)


@pytest.mark.parametrize(
    ("body", "counts"),
    [
        (b'{"csp-report": {"effective-directive": "script-src-elem", "blocked-uri": "inline"}}', True),
        (b'{"csp-report": {"violated-directive": "script-src-attr"}}', True),
        (b'{"csp-report": {"effective-directive": "img-src"}}', False),
        (b'{"csp-report": []}', False),
        (b"[]", False),
        (b"\xff", False),
        (b"[" * 100_000, False),
    ],
)
async def test_a_report_counts_if_it_is_about_a_script(body: bytes, counts: bool) -> None:
    assert about_a_script(body) is counts
