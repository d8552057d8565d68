"""What a hostile app's page can reach in a signed-in person's browser, in a frame of the Jupyter server's own page."""

from __future__ import annotations

import json
from html import escape
from typing import Any

import pytest
from playwright.async_api import async_playwright, expect

from microapps.library import Library
from microapps.notebook import Permissions, compose
from microapps.publish.browser import ARGUMENTS, chromium

from .jupyter import BASE, Jupyter, Person

pytestmark = [pytest.mark.sandbox, pytest.mark.browser]

ATTACK = """
(async () => {
  const got = {origin: window.origin};
  const attempt = async (name, act) => {
    try { got[name] = String(await act()).slice(0, 300); } catch (e) { got[name] = ""; }
  };
  const api = async (path, more) => (await fetch(`${ROOT}${path}`, {credentials: "include", ...more})).text();
  await attempt("contents", () => api("api/contents"));
  await attempt("kernels", () => api("api/kernels", {method: "POST", body: "{}"}));
  const blind = {method: "POST", mode: "no-cors", body: "{}"};
  await attempt("blind", async () => { await api("api/terminals", blind); return "sent"; });
  await attempt("apps", () => api("microapps/api/apps"));
  await attempt("publish", () => api(`microapps/api/apps/${NAME}/publish`, {method: "POST", body: "{}"}));
  await attempt("home", () => api("microapps/site/"));
  await attempt("cookie", () => document.cookie);
  await attempt("storage", () => localStorage.length);
  await attempt("around", () => window.parent.document.body.innerHTML);
  await attempt("top", () => window.top.document.title);
  await attempt("address", () => window.parent.location.href);
  await attempt("socket", () => new Promise((yes, no) => {
    const made = new WebSocket(`${ROOT}terminals/websocket/1`.replace("http", "ws"));
    made.onopen = () => yes("open"); made.onerror = () => no();
  }));
  await attempt("popup", () => window.open(`${ROOT}lab`).location.href);
  await attempt("top navigation", () => { window.top.location = `${ROOT}lab`; return ""; });
  await attempt("form", () => {
    const form = document.createElement("form");
    Object.assign(form, {action: `${ROOT}microapps/api/apps/${NAME}/publish`, method: "post", target: "_top"});
    document.body.append(form); form.submit(); return "";
  });
  document.body.dataset.got = JSON.stringify(got);
})()
"""


async def test_nothing_of_the_server_can_be_reached(jupyter: Jupyter, ask: Person) -> None:
    root = f"http://127.0.0.1:{jupyter.port}{BASE}"
    script = f"const ROOT = {json.dumps(root)}, NAME = 'hostile'; {ATTACK}"
    markup = f'<img src="data:," onerror="{escape(script)}">'
    cell = f"app = widgets.HTML({markup!r})"
    allowed = Permissions(scripts=True)
    made = compose(
        title="Hostile", about="# Hostile", imports="import ipywidgets as widgets", logic="", ui=cell, tests="",
        permissions=allowed, name="hostile",
    )  # fmt: skip
    with Library(jupyter.home) as library:
        library.accept(made, name=None, action="make", request="attack", report=None)
        library.grant("hostile", allowed, library.revision("hostile").notebook.digest)
    page_link = (await ask("GET", "apps/hostile/page")).body["url"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(chromium()), args=list(ARGUMENTS))
        try:
            context = await browser.new_context()
            page = await context.new_page()
            await page.goto(f"{root}api/status?token={jupyter.token}")  # signed in, by a cookie
            frame = f'<iframe src="{page_link}?full=1" width="900" height="600" sandbox="allow-scripts allow-forms">'
            body = f"<title>Lab</title>{frame}"
            await page.route("**/framing", lambda route: route.fulfill(content_type="text/html", body=body))
            await page.goto(f"{root}framing")
            inner = page.frame_locator("iframe").frame_locator("iframe").locator("body[data-got]")
            await expect(inner).to_be_attached(timeout=60_000)
            got: dict[str, Any] = json.loads(await inner.get_attribute("data-got") or "")
            assert got.pop("origin") == "null"
            assert {name: said for name, said in got.items() if said} == {}
            assert page.url == f"{root}framing" and len(context.pages) == 1
            own = await page.evaluate(f"fetch({root + 'api/contents'!r}).then(answer => answer.status)")
            assert own == 200, "the person in whose browser this ran is signed in"
        finally:
            await browser.close()
    assert (await ask("GET", "apps/hostile/publish")).body["published"] is False
