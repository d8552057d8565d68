"""An app in a folder that any web host serves: it runs in the visitor's browser, and what cannot is refused before."""

from __future__ import annotations

import asyncio
import functools
import http.server
import io
import json
import shutil
import threading
import zipfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from microapps.errors import InvalidInput
from microapps.notebook import FileAccess, Host, Permissions, compose, write
from microapps.publish import PublishedApp
from microapps.publish.gallery import gallery_folder
from microapps.publish.lite import export_static, obstacles
from microapps.publish.lite.fitness import needed
from microapps.publish.lite.packing import gathered, packed
from microapps.publish.lite.release import release
from microapps.publish.templates import templates_folder
from microapps.publish.thin.statics import built_client
from microapps.sandbox import Confinement, Sandbox

from .conftest import becomes_true

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(built_client() is None, reason="the page's client has not been built"),
]
UI = """
city = widgets.Dropdown(description="도시", options=["Seoul", "Berlin"])
count = widgets.BoundedIntText(description="Count", min=0, max=100, value=store.get("count", 0))
fail = widgets.Button(description="Fail")
seen, said = widgets.HTML(), widgets.Output()


def show(_=None):
    seen.value = f"<p>{twice(count.value)} in {dt.datetime(2026, 7, 1, tzinfo=ZoneInfo(ZONES[city.value])):%z}</p>"
    store["count"] = count.value
    said.clear_output()
    with said:
        print("printed", count.value)


def failing(_):
    return 1 / 0


city.observe(show, names="value")
count.observe(show, names="value")
fail.on_click(failing)
show()
app = widgets.VBox([city, count, fail, seen, said])
"""


ASKED = """
const say = BroadcastChannel.prototype.postMessage;
BroadcastChannel.prototype.postMessage = function (said) { window.asked ||= Boolean(said.asks); say.call(this, said); };
"""
"""Notes that a page has asked whether another came before it."""


def published(folder: Path, ui: str, imports: str = "", permissions: Permissions | None = None) -> PublishedApp:
    app = compose(
        title="둘 & two",
        description="Twice a number.",
        about="# Two",
        imports=f"import ipywidgets as widgets\n{imports}",
        logic='def twice(number):\n    """Twice."""\n    return 2 * number',
        ui=ui,
        tests="def test_twice(app):\n    assert app.call('twice', 2) == 4",
        permissions=permissions,
        name="two",
    )
    write(app, folder / "two.ipynb", expected=None)
    return PublishedApp("two", "둘 & two", folder / "two.ipynb", Confinement("two"), "Twice a number.")


@pytest.fixture(scope="module")
async def sandbox(anyio_backend: str) -> AsyncIterator[Sandbox]:
    async with Sandbox() as made:
        yield made


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Tests print nothing."""


@pytest.fixture
def host(tmp_path: Path) -> Iterator[str]:
    """A web host of the plainest kind, for the folder ``site``."""
    handler = functools.partial(Quiet, directory=str(tmp_path / "site"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.browser
async def test_the_page_is_answered_that_its_worker_is_there_while_that_calculates(
    tmp_path: Path, host: str, page: Page
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "worker.js").write_text("onmessage = () => { for (;;); };")
    (tmp_path / "site" / "index.html").write_text("<script src='socket.js'></script>")
    shutil.copy(templates_folder().parent / "static" / "socket.js", tmp_path / "site")
    await page.goto(f"{host}index.html")
    async with asyncio.timeout(60):
        heard = await page.evaluate(
            """new Promise(heard => {
                 const socket = new WebSocket("/");
                 socket.onmessage = ({data}) => heard(data);
                 socket.onopen = () => ['{"type":"hello"}', '{"type":"there"}'].forEach(said => socket.send(said));
               })"""
        )
    assert json.loads(heard) == {"type": "here"}


@pytest.mark.browser
async def test_an_app_that_calculates_for_long_can_be_stopped(tmp_path: Path, host: str, page: Page) -> None:
    (tmp_path / "site").mkdir()
    answers = """postMessage('{"type":"state"}');
        const idle = '{"type": "status", "state": "idle"}';
        onmessage = ({data}) => { if (data.includes("endless")) for (;;); else postMessage(idle); };"""
    (tmp_path / "site" / "worker.js").write_text(answers)
    (tmp_path / "site" / "index.html").write_text("<body><script src='socket.js'></script>")
    shutil.copy(templates_folder().parent / "static" / "socket.js", tmp_path / "site")
    await page.clock.install()
    await page.goto(f"{host}index.html")
    await page.evaluate(
        """() => new Promise(heard => {
             window.heard = [];
             window.socket = new WebSocket("/");
             socket.onmessage = ({data}) => {
               window.heard.push(JSON.parse(data));
               if (data.includes("idle")) heard();
             };
             socket.onopen = () => ['hello', 'comm'].forEach(type => socket.send(JSON.stringify({type})));
           })"""
    )
    line = page.locator("#starting")
    await page.clock.fast_forward(60_000)
    await expect(line).to_be_hidden()  # it has answered
    await page.evaluate("""socket.send('{"type":"comm","data":"endless"}')""")
    await page.clock.fast_forward(9_000)
    await expect(line).to_be_hidden()
    await page.clock.fast_forward(1_500)
    await expect(line).to_contain_text("calculating for long")
    await line.get_by_role("button", name="Stop it").click()
    await becomes_true(page, "heard.at(-1).type === 'gone' && heard.at(-1).what.includes('was stopped')")
    await expect(line).to_be_hidden()


@pytest.mark.long
@pytest.mark.sandbox
@pytest.mark.browser
async def test_the_app_runs_in_the_browser_alone(sandbox: Sandbox, tmp_path: Path, host: str, page: Page) -> None:
    imports = (
        "import datetime as dt\nfrom zoneinfo import ZoneInfo\nfrom microapps.runtime import store\n"
        'ZONES = {"Seoul": "Asia/Seoul", "Berlin": "Europe/Berlin"}'
    )
    told = await export_static(published(tmp_path, UI, imports), tmp_path / "site", sandbox=sandbox)
    assert any("kept in their own browser" in sentence for sentence in told)

    abroad: list[str] = []
    errors: list[str] = []

    async def only_here(route: Route) -> None:
        if route.request.url.startswith(host):
            await route.continue_()
        else:
            abroad.append(route.request.url)
            await route.abort()

    await page.context.route("**/*", only_here)
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    wait = expect(page.locator("#starting"))
    await page.goto(f"{host}?Count=4")
    assert await page.get_by_text("0 in +0900").is_visible(), "the page is drawn before Python is there"
    await page.get_by_label("도시").select_option("Berlin")
    await page.get_by_text("8 in +0200").wait_for(timeout=120_000)
    await wait.to_be_hidden()
    await page.get_by_label("Count").fill("21")
    await page.get_by_label("Count").press("Enter")
    await page.get_by_text("42 in +0200").wait_for()
    await page.get_by_text("printed 21").wait_for()
    assert (abroad, errors) == ([], [])
    await page.get_by_role("button", name="Fail").click()
    await page.get_by_text("ran into an error").wait_for()
    await page.goto(host)
    await page.get_by_text("42 in +0900").wait_for(timeout=120_000)  # what it kept is there again, in this browser
    await expect(page.get_by_label("Count")).to_have_value("21")

    other = await page.context.new_page()  # what is kept in one tab is not undone by another
    await other.goto(host)
    await expect(other.locator("#starting")).to_contain_text("open in another tab", timeout=60_000)
    await page.get_by_label("Count").fill("33")
    await page.get_by_label("Count").press("Enter")
    await page.get_by_text("66 in +0900").wait_for()
    await page.get_by_role("button", name="Fail").click()
    await page.get_by_text("ran into an error").wait_for()
    await page.close()
    await other.get_by_text("66 in +0900").wait_for(timeout=120_000)
    await expect(other.locator("#starting")).to_be_hidden()

    async def without_locks(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, body=(await answer.text()).replace("navigator.locks", "navigator.none"))

    await page.context.route("**/worker.js", without_locks)  # as over plain HTTP
    await page.context.add_init_script(ASKED)
    first, second = await page.context.new_page(), await page.context.new_page()
    await first.goto(host)
    await becomes_true(first, "window.asked")  # from here on it came before the other
    await second.goto(host)
    await expect(second.locator("#starting")).to_contain_text("open in another tab", timeout=60_000)
    await expect(first.locator("#starting")).not_to_contain_text("open in another tab")
    await first.close()
    await expect(second.locator("#starting")).not_to_contain_text("open in another tab", timeout=60_000)
    assert abroad == []


@pytest.mark.parametrize(
    ("imports", "permissions", "why"),
    [
        ("import subprocess", None, "a browser has no other processes"),
        ("import threading", None, "a browser has no threads"),
        ("import socket", None, "a browser has no sockets"),
        ("import urllib.request", None, "a browser has no connections of their own"),
        ("import numpy as np", None, "It needs numpy, which has compiled parts, and none for a browser"),
        ("import no_such_package_at_all", None, "It needs no_such_package_at_all, which is not installed here"),
        ("", Permissions(model_budget=1.0), "It asks a language model"),
        ("", Permissions(hosts=(Host(name="api.example.org"),)), "It connects to api.example.org:443"),
        ("", Permissions(files=(FileAccess(path="/data/x.csv"),)), "It uses /data/x.csv"),
        ("", Permissions(scripts=True), "It runs scripts of its own"),
    ],
)
async def test_what_cannot_run_there_is_said_before(
    tmp_path: Path, imports: str, permissions: Permissions | None, why: str
) -> None:
    app = published(tmp_path, "app = widgets.VBox([])", imports, permissions)
    async with Sandbox() as unused:
        with pytest.raises(InvalidInput) as refused:
            await export_static(app, tmp_path / "site", sandbox=unused)
    assert why in refused.value.what and "cannot run in a browser alone" in refused.value.what
    assert not (tmp_path / "site").exists()


def test_what_needs_nothing_is_no_obstacle(tmp_path: Path) -> None:
    from microapps.notebook import read

    imports = "import urllib.parse\nfrom http import HTTPStatus\nimport asyncio, json, sqlite3, zoneinfo"
    app = read(published(tmp_path, "app = widgets.VBox([])", imports).notebook).app
    assert obstacles(app, release()) == ()
    assert needed(app) == ("tzdata",)


def test_all_of_the_gallery_can_go() -> None:
    from microapps.notebook import read

    for path in gallery_folder().glob("*.ipynb"):
        assert obstacles(read(path).app, release()) == ()


def test_packages_are_the_same_bytes_each_time_and_without_what_a_terminal_needs() -> None:
    found = gathered(())
    assert found.missing == {}
    assert {"ipywidgets", "ipython", "traitlets"} <= set(found.distributions)
    assert not {"prompt-toolkit", "jedi"} & set(found.distributions)
    once = packed(found.distributions)
    assert once == packed(found.distributions)
    names = zipfile.ZipFile(io.BytesIO(once)).namelist()
    assert len(names) == len(set(names))
    assert "microapps/runtime/storage.py" in names and not any(name.startswith(("..", "/")) for name in names)
    assert not any("microapps/studio" in name or name.endswith((".so", ".pyc")) for name in names)


def test_a_folder_that_is_no_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no release of Pyodide"):
        release(tmp_path)


async def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    async with Sandbox() as unused:
        with pytest.raises(InvalidInput, match="there already"):
            await export_static(published(tmp_path, "app = widgets.VBox([])"), tmp_path / "site", sandbox=unused)
