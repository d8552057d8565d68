"""The pages of apps through the Jupyter server: the real site, a real WebSocket, and nothing of the server's own."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Callable
from typing import Any

import psutil
import pytest
import tornado.httpclient
from tornado.websocket import websocket_connect

from microapps.publish import PublishedApp

from .conftest import Made
from .jupyter import Jupyter, Person

pytestmark = pytest.mark.sandbox


async def test_an_app_is_shown_without_a_cookie_and_speaks_to_its_kernel(
    ask: Person, jupyter: Jupyter, starter: Made
) -> None:
    port = jupyter.port
    page_link = await ask("GET", f"apps/{starter.name}/page")
    assert page_link.status == 200, page_link.body
    link = page_link.body["url"]
    assert link.startswith("/a%40b/microapps/site/apps/")
    client = tornado.httpclient.AsyncHTTPClient(force_instance=True)

    async def fetched(path: str, **headers: str) -> tornado.httpclient.HTTPResponse:
        return await client.fetch(
            f"http://127.0.0.1:{port}{path}", headers=headers, request_timeout=60, raise_error=False
        )

    frame = await fetched(link, Cookie="username-localhost=secret")
    assert frame.code == 200 and "Set-Cookie" not in frame.headers
    assert "sandbox" in frame.headers["Content-Security-Policy"]
    assert len(frame.headers.get_list("Content-Security-Policy")) == 1
    visit = re.search(r'src="([^"]*/visits/[^"]+)"', frame.body.decode())
    assert visit, frame.body.decode()
    path = visit[1].replace("&amp;", "&")
    page = await fetched(path)
    assert (
        page.code == 200
        and f"http://127.0.0.1:{port}/a%40b/microapps/site/visits/" in page.headers["Content-Security-Policy"]
    )
    kernel = re.search(r'"kernelId":\s*"([^"]+)"', page.body.decode()) or re.search(
        r"(\w{8}-\w{4}-\w{4}-\w{4}-\w{12})", page.body.decode()
    )
    place = f"api/kernels/{kernel[1]}/channels" if kernel else "live"
    request = tornado.httpclient.HTTPRequest(
        f"ws://127.0.0.1:{port}{path}{place}", headers={"Origin": "null", "Cookie": "a=b"}
    )
    socket = await websocket_connect(request)
    if kernel:
        await _asked(socket)
    socket.close()
    refused = tornado.httpclient.HTTPRequest(request.url, headers={"Origin": "https://example.org"})
    with pytest.raises(tornado.httpclient.HTTPClientError):
        await websocket_connect(refused)
    assert (await fetched("/a%40b/microapps/site/../../api/contents")).code in (403, 404)
    assert (await fetched("/a%40b/microapps/site/")).code == 403
    gone = await client.fetch(
        f"http://127.0.0.1:{port}{path}", method="DELETE", raise_error=False, allow_nonstandard_methods=True
    )
    assert gone.code == 405


@pytest.mark.long
async def test_a_failure_is_told_with_what_led_there_and_a_widget_is_traced_to_its_cell(
    ask: Person, jupyter: Jupyter, doubled: Made, forked: Any
) -> None:
    name = forked(doubled)
    read = (await ask("GET", f"contents/{name}.ipynb")).body
    for cell in read["content"]["cells"]:
        cell["source"] = cell["source"].replace("return 2 * number", "return 2 * number // (number - 13) * 0")
    assert (await ask("PUT", f"contents/{name}.ipynb", {"content": read["content"]})).status == 200
    link = (await ask("GET", f"apps/{name}/page")).body["url"]
    site = f"http://127.0.0.1:{jupyter.port}"
    client = tornado.httpclient.AsyncHTTPClient(force_instance=True, defaults={"request_timeout": 100})
    framed = (await client.fetch(f"{site}{link}")).body.decode()
    visit = framed.split('src="')[1].split('"')[0].replace("&amp;", "&")
    await client.fetch(f"{site}{visit}")
    socket = await websocket_connect(f"{site.replace('http', 'ws')}{visit}live")

    async def heard(kind: str) -> Any:
        while (message := await socket.read_message()) is not None:
            if isinstance(message, str) and json.loads(message)["type"] == kind:
                return json.loads(message)
        raise AssertionError("the app is gone")

    async with ask.listening("events") as news:
        await news.until(lambda heard: "event: now" in heard.text)
        await socket.write_message(json.dumps({"type": "hello", "protocol": 1}))
        await heard("welcome")
        await socket.write_message(json.dumps({"type": "state", "id": "s"}))
        widgets = (await heard("state"))["widgets"]
        [model] = [key for key, one in widgets.items() if one["state"].get("description") == "Number"]
        update = {"method": "update", "state": {"value": 13}, "buffer_paths": []}
        await socket.write_message(
            json.dumps({"type": "comm", "id": "1", "kind": "msg", "comm": model, "data": update})
        )
        await heard("failed")
        await news.until(lambda heard: '"notice"' in heard.text)
    [notice] = [value for _, _, value in news.events if value["kind"] == "notice"]
    assert "ZeroDivisionError" in notice["error"] and notice["inputs"] == {"Number": "13"}
    assert "double" in notice["traceback"]
    pointed = (await ask("POST", f"apps/{name}/pointed", {"model": model, "label": "", "type": "IntText"})).body
    assert (pointed["cell"], pointed["variable"]) == ("ui", "number")
    socket.close()


@pytest.mark.long
async def test_links_outlive_the_process_of_the_site_unless_the_app_went(
    ask: Person, jupyter: Jupyter, starter: Made, forked: Callable[[Made], str]
) -> None:
    name, other = [await asyncio.to_thread(forked, starter) for _ in range(2)]
    stage = jupyter.run(jupyter.service.studio()).stage
    client = tornado.httpclient.AsyncHTTPClient(force_instance=True)

    async def found(link: str) -> int:
        url = f"http://127.0.0.1:{jupyter.port}{link}"
        return (await client.fetch(url, method="HEAD", request_timeout=60, raise_error=False)).code

    async def end_site() -> None:
        assert stage._site is not None and stage._site.process_id is not None
        psutil.Process(stage._site.process_id).kill()
        async with asyncio.timeout(60):
            while stage.address:
                await asyncio.sleep(0.05)

    links = [(await ask("GET", f"apps/{each}/page")).body["url"] for each in (name, other)]
    link = links[0]
    assert [await found(each) for each in links] == [200, 200]
    assert (await ask("DELETE", f"apps/{other}")).status == 200
    await end_site()
    assert await found(link) == 200, "the site is started again for who comes"
    assert (await ask("DELETE", f"apps/{name}")).status == 200
    assert await found(link) == 404
    assert (await ask("POST", f"apps/{name}/restore")).status == 200
    await end_site()
    assert (await ask("GET", f"apps/{name}/page")).status == 200
    assert await found(link) == 404, "links end with the app, also where it comes back"


async def _asked(socket: Any) -> None:
    """Ask the kernel something, and wait for the answer."""
    header = {"msg_id": "one", "msg_type": "comm_info_request", "username": "", "session": "s", "version": "5.3"}
    header["date"] = "2026-01-01T00:00:00Z"
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": {}, "channel": "shell", "buffers": []}
    await socket.write_message(json.dumps(message))
    while True:
        said = await socket.read_message()
        assert said is not None
        if isinstance(said, str) and said.startswith("{") and json.loads(said)["msg_type"] == "comm_info_reply":
            return


async def test_others_are_answered_while_a_page_is_made(
    ask: Person, jupyter: Jupyter, starter: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = jupyter.run(jupyter.service.studio()).stage
    begun, go_on = threading.Event(), threading.Event()
    real: Callable[[str], PublishedApp] = stage._published

    def slow(name: str) -> PublishedApp:
        begun.set()
        go_on.wait(60)
        return real(name)

    monkeypatch.setattr(stage, "_published", slow)
    page = asyncio.ensure_future(ask("GET", f"apps/{starter.name}/page"))
    try:
        assert await asyncio.to_thread(begun.wait, 60)
        assert (await asyncio.wait_for(ask("GET", "jobs"), 30)).status == 200
        assert not page.done()
    finally:
        go_on.set()
    assert (await page).status == 200
