"""A page's connection, where the process that it asks for cannot be had."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import resource
from collections.abc import Awaitable, Callable
from types import SimpleNamespace

import pytest
import tornado.httpserver
import tornado.netutil
import tornado.web
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.websocket import websocket_connect

from microapps.errors import MachineFault
from microapps.publish.app_page import AppPage
from microapps.publish.settings import SiteSettings
from microapps.publish.underway import UnderWay
from microapps.publish.visitors.live import Live
from microapps.publish.visitors.staging import Plan
from microapps.publish.visitors.visitor import Visitor
from microapps.publish.visits import Visits

pytestmark = pytest.mark.anyio


async def test_a_process_that_cannot_be_had_for_whatever_reason_takes_no_place() -> None:
    async def no_kernel(kernel_id: str) -> None:
        raise AssertionError(kernel_id)

    async def summon() -> Visitor:
        raise RuntimeError("nobody thought of this")

    visits = Visits(SiteSettings(), no_kernel)
    visit = visits.announce("app", "")
    visit.summon = summon
    site = SimpleNamespace(visits=visits, log=logging.getLogger(__name__))
    server = tornado.httpserver.HTTPServer(tornado.web.Application([(r"/(\S+)/live", Live)], site=site))
    (listening,) = tornado.netutil.bind_sockets(0, "127.0.0.1")
    server.add_socket(listening)
    address = f"ws://127.0.0.1:{listening.getsockname()[1]}/{visit.secret}/live"
    page = await websocket_connect(HTTPRequest(address, headers={"Origin": "null"}))
    await page.write_message(json.dumps({"type": "hello", "protocol": 1}))
    async with asyncio.timeout(30):
        assert await page.read_message() is None
    await asyncio.gather(*visits._ending)
    assert visits.running == 0 and not visit.running and visit.connections == 0
    server.stop()


@pytest.mark.parametrize(
    ("origin", "base", "public_url", "connects"),
    [
        ("null", "/", "", True),
        ("", "/", "", True),
        ("http://{host}", "/", "", True),
        ("https://apps.example", "/", "https://apps.example", True),
        ("http://{host}", "/", "https://apps.example", False),
        ("https://apps.example", "/", "https://apps.example/below", False),
        ("http://{host}", "/below/", "", False),
        ("http://localhost", "/", "", False),
        ("https://elsewhere.example", "/", "", False),
        ("http://{host}.elsewhere.example", "/", "", False),
    ],
)
async def test_only_pages_of_apps_and_frames_of_the_site_connect(
    origin: str, base: str, public_url: str, connects: bool
) -> None:
    settings = SiteSettings(base_url=base, public_url=public_url)
    site = SimpleNamespace(served=SimpleNamespace(settings=settings))
    host = "127.0.0.1:8000"
    headers = HTTPHeaders({"Host": host, **({"Origin": origin.format(host=host)} if origin else {})})
    connection = SimpleNamespace(set_close_callback=lambda _: None)
    request = HTTPServerRequest("GET", "/visits/x/live", headers=headers, connection=connection)
    live = Live(tornado.web.Application(site=site), request)
    assert live.check_origin(headers.get("Origin")) is connects


@pytest.mark.parametrize("taken", ["the way in", "the visit"])
async def test_a_page_that_waits_while_its_visit_ends_shows_nothing_of_the_app(
    taken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_kernel(kernel_id: str) -> None:
        raise AssertionError(kernel_id)

    async def open_page(page: AppPage, *_: object) -> None:
        page.finish("the app")

    monkeypatch.setattr(AppPage, "open", open_page)
    visits, apps, answers = Visits(SiteSettings(), no_kernel), {"app": SimpleNamespace(name="app")}, UnderWay()
    visit = visits.announce("app", "")
    served = SimpleNamespace(settings=SiteSettings())
    site = SimpleNamespace(visits=visits, app_of=lambda visit: apps.get(visit.app), answers=answers, served=served)
    server = tornado.httpserver.HTTPServer(tornado.web.Application([(r"/visits/(\S+)/", AppPage)], site=site))
    (listening,) = tornado.netutil.bind_sockets(0, "127.0.0.1")
    server.add_socket(listening)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}/visits/{visit.secret}/"
    async with visit.opening:
        asked = asyncio.ensure_future(AsyncHTTPClient().fetch(address, raise_error=False))
        async with asyncio.timeout(30):
            while await answers.finished(0):  # it has not come yet
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        assert not asked.done(), "it waits for its turn"
        if taken == "the visit":
            await visits.forget()
        else:
            apps.clear()
    assert (await asked).code == 404
    server.stop()


@pytest.mark.sandbox
async def test_a_site_that_may_open_no_more_files_says_so(planned: Callable[..., Awaitable[Plan]]) -> None:
    plan = await planned("import ipywidgets as w", "w.Label('x')")
    assert plan.process is not None
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    most, held = max(map(int, os.listdir("/proc/self/fd"))) + 8, list[int]()
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, before[1]))
    try:
        for room in (0, 2, 3):
            with pytest.raises(OSError, match="Too many"):
                while True:
                    held.append(os.open(os.devnull, os.O_RDONLY))
            for _ in range(room):
                os.close(held.pop())
            with pytest.raises(MachineFault, match=r"(?i)open files"):
                await plan.process.visit()
    finally:
        for fd in held:
            os.close(fd)
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    process, talk = await plan.process.visit()
    talk.close()
    process.close()
