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
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from microapps.errors import MachineFault
from microapps.publish.settings import SiteSettings
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
    async with asyncio.timeout(10):
        assert await page.read_message() is None
    await asyncio.gather(*visits._ending)
    assert visits.running == 0 and not visit.running and visit.connections == 0
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
