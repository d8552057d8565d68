"""A page that says nothing for long keeps its connection behind a proxy that cuts what is silent."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
import tornado.httpserver
import tornado.netutil
import tornado.web
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketProtocol13, websocket_connect

from microapps.publish.visitors import live
from microapps.server import proxy

from .idle_proxy import idle_proxy


def served(rule: tuple[Any, ...], site: object = None) -> tuple[tornado.httpserver.HTTPServer, int]:
    [socket] = tornado.netutil.bind_sockets(0, "127.0.0.1")
    server = tornado.httpserver.HTTPServer(tornado.web.Application([rule], site=site))
    server.add_socket(socket)
    return server, socket.getsockname()[1]


async def is_cut(port: int, within: float) -> bool:
    """Whether a connection on which nobody says anything ends behind a proxy that bears a second of silence."""
    async with idle_proxy(port, seconds=1.0) as address:
        request = HTTPRequest(f"{address.replace('http', 'ws')}/visit", headers={"Origin": "null"})
        socket = await websocket_connect(request)
        try:
            return await asyncio.wait_for(socket.read_message(), within) is None
        except TimeoutError:
            return False
        finally:
            socket.close()


@pytest.mark.long
async def test_a_silent_page_stays_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    site = SimpleNamespace(visits=SimpleNamespace(find=lambda _: None))
    behind, port = served((r"/(.*)", live.Live), site)

    async def address() -> str:
        return f"http://127.0.0.1:{port}"

    front, outer = served((r"/(.*)", proxy.SiteSocket, {"address": address}))
    try:
        cut = await asyncio.gather(is_cut(port, 60), is_cut(outer, 60))
        assert list(cut) == [True, True], "nobody pings as often as that"
        monkeypatch.setattr(live, "PING_SECONDS", 0.1)
        monkeypatch.setattr(proxy, "PING_SECONDS", 0.1)
        monkeypatch.setattr(WebSocketProtocol13, "ping_timeout", 0)  # on a busy machine an answer may take longer
        assert list(await asyncio.gather(is_cut(port, 2.5), is_cut(outer, 2.5))) == [False, False]
    finally:
        front.stop()
        behind.stop()
