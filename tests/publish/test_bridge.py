"""What an app's page and the window that shows it say to each other."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from ..frames import AppFrame
from .conftest import Served, published, serve

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.sandbox]

FORM = """
import ipywidgets as w
from datetime import date
bill = w.FloatText(description="Bill", value=100)
kind = w.Dropdown(description="Kind", options=[("One", 1), ("Two", 2)])
kinds = w.SelectMultiple(description="Kinds", options=["a", "b", "c"], value=["a"])
day = w.DatePicker(description="Day", value=date(2026, 3, 5))
on = w.Checkbox(description="Tip")
name = w.Text(description="이름", value="민수")
secret = w.Password(description="Secret", value="CANARY")
again = w.Text(description="Bill", value="second")
go = w.Button(description="Go")
said = w.Label()
when = w.DatePicker(description="When")
unset = w.Dropdown(description="Unset", options=["x", "y"], value=None)
entered = [bill, kind, kinds, day, on, name, when, unset]
go.on_click(lambda _: setattr(said, "value", " ".join(str(each.value) for each in entered)))
fail = w.Button(description="Fail")
fail.on_click(lambda _: 1 / 0)
w.VBox([bill, kind, kinds, day, on, name, when, unset, secret, again, go, said, fail])
"""
FORGING = """
from IPython.display import Javascript, display
display(Javascript('''
  const long = "x".repeat(100000);
  const send = (data) => window.parent.postMessage(data, "*");
  send({microapps: 1, kind: "evil", value: 1});
  send({microapps: 1, kind: "pointed", model: {a: 1}, label: long, type: ["x"], more: "more"});
  send({microapps: 1, kind: "values", values: {[long]: long, a: {b: 1}, ...Array(1000).fill(1)}});
  send({microapps: 1, kind: "height", height: "tall"});
  send({microapps: 1, kind: "constructor"});
'''))
"""


class Window:
    """A page on an origin of its own that frames an app's link and writes down what it is told."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def tell(self, **message: Any) -> None:
        await self.page.evaluate("(m) => frames[0].postMessage({microapps: 1, ...m}, '*')", message)

    async def told(self, kind: str, number: int = 1) -> dict[str, Any]:
        """The message of that kind with that number, awaited if it has not come."""
        await self.page.wait_for_function(f"heard.filter((m) => m.kind === {kind!r}).length >= {number}")
        found = await self.page.evaluate(f"heard.filter((m) => m.kind === {kind!r})")
        return dict(found[number - 1])

    @property
    def app(self) -> Any:
        return AppFrame(self.page.frame_locator("iframe").frame_locator("iframe"))


HOST = "<script>var heard = []; onmessage = (e) => heard.push(e.data)</script><iframe width=800 height=600></iframe>"


@pytest.fixture(scope="module")
async def origin(anyio_backend: str) -> AsyncIterator[str]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(HOST)}\r\n\r\n"
        writer.write((head + HOST).encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


@pytest.fixture(scope="module")
async def served(anyio_backend: str, folder: Path, origin: str) -> AsyncIterator[Served]:
    apps = [published(folder, "form", FORM), published(folder, "forging", FORGING, scripts=True)]
    async for running in serve(apps, frame_ancestors=(origin, "https://elsewhere.example")):
        yield running


async def frame(served: Served, page: Page, origin: str, name: str = "form") -> Window:
    await page.goto(origin)
    await page.evaluate("(url) => document.querySelector('iframe').src = url", await served.site.link(name))
    return Window(page)


async def test_values_are_told_and_filled_in(served: Served, page: Page, origin: str) -> None:
    window = await frame(served, page, origin)
    await window.told("ready")
    await window.app.get_by_role("button", name="Go").wait_for()
    await page.wait_for_function("heard.some((m) => m.kind === 'height' && m.height > 300)")
    await window.tell(kind="values")
    values = (await window.told("values"))["values"]
    assert values == {
        "Bill": 100,
        "Kind": "One",
        "Kinds": ["a"],
        "Day": "2026-03-05T00:00:00.000Z",
        "Tip": False,
        "이름": "민수",
        "When": None,
        "Unset": None,
        "Bill (2)": "second",
    }
    new = {"Bill": 120, "Kind": "Two", "Kinds": ["b", "c"], "Day": "2026-04-06", "Tip": True, "이름": "수지", "No": 1}
    await window.tell(kind="fill", values=new | {"When": None, "Unset": None})
    assert (await window.told("values", 2))["values"]["Kinds"] == ["b", "c"]
    await window.app.get_by_role("button", name="Go").click()
    await expect(window.app.get_by_text("120.0 2 ('b', 'c') 2026-04-06 True 수지 None None")).to_be_visible()
    await window.tell(kind="fill", values={"Day": None, "Kind": None})
    assert (await window.told("values", 3))["values"]["Day"] is None
    await window.app.get_by_role("button", name="Go").click()
    await expect(window.app.get_by_text("120.0 None ('b', 'c') None True 수지 None None")).to_be_visible()


@pytest.mark.long
async def test_a_control_is_pointed_at_with_pointer_and_keyboard(served: Served, page: Page, origin: str) -> None:
    window = await frame(served, page, origin)
    await window.told("ready")
    go = window.app.get_by_role("button", name="Go")
    await go.wait_for()
    await window.tell(kind="point", on=True)
    pane = window.app.locator("#microapps-pointing")
    await pane.wait_for()
    box = await go.bounding_box()
    await page.mouse.move(box["x"] + 5, box["y"] + 5)
    await expect(pane.get_by_text("Go · Button")).to_be_visible()
    await page.mouse.click(box["x"] + 5, box["y"] + 5)
    pointed = await window.told("pointed")
    assert (pointed["label"], pointed["type"]) == ("Go", "Button") and len(pointed["model"]) == 32
    await expect(pane).to_have_count(0)
    await expect(window.app.get_by_text("120.0")).to_have_count(0)
    await window.tell(kind="point", on=True)
    await pane.wait_for()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    assert (await window.told("pointed", 2))["label"] == "Bill"
    await window.tell(kind="point", on=True)
    await pane.wait_for()
    await page.keyboard.press("Escape")
    assert (await window.told("pointed", 3))["model"] == ""
    await expect(pane).to_have_count(0)


@pytest.mark.long
async def test_it_turns_dark_and_tells_of_errors(served: Served, page: Page, origin: str) -> None:
    window = await frame(served, page, origin)
    await window.told("ready")
    ground = window.app.locator("html")
    await expect(ground).to_have_css("color-scheme", "light")
    await window.tell(kind="theme", dark=True)
    await expect(ground).to_have_css("color-scheme", "dark")
    await page.emulate_media(color_scheme="dark")
    await window.tell(kind="theme", dark=False)
    await expect(ground).to_have_css("color-scheme", "light")
    await window.app.get_by_role("button", name="Fail").click()
    await window.told("error")


async def test_a_page_of_scripts_can_forge_nothing_but_bounded_words(served: Served, page: Page, origin: str) -> None:
    window = await frame(served, page, origin, "forging")
    await window.told("ready")
    heard = await page.evaluate("heard")
    assert {message["kind"] for message in heard} <= {"ready", "height", "pointed", "values"}
    pointed = next(message for message in heard if message["kind"] == "pointed")
    assert pointed == {"microapps": 1, "kind": "pointed", "model": "", "label": "x" * 200, "type": ""}
    values = next(message for message in heard if message["kind"] == "values")["values"]
    assert len(values) == 200 and len(json.dumps(values)) < 20_000
    assert all(isinstance(message["height"], int) for message in heard if message["kind"] == "height")
    await expect(page.locator("iframe")).to_have_count(1)


async def test_a_window_that_is_not_on_the_list_is_shown_nothing(served: Served, page: Page, origin: str) -> None:
    await page.goto(origin.replace("127.0.0.1", "localhost"))
    await page.evaluate("(url) => document.querySelector('iframe').src = url", await served.site.link("form"))
    await page.wait_for_timeout(1000)
    assert await page.evaluate("heard") == []
    assert not any("/visits/" in shown.url for shown in page.frames)
