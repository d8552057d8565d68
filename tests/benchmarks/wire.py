"""A visitor without a browser: the pages by HTTP, and then the thin page's WebSocket, as the client speaks it.

Knows nothing of the site but what a browser is told: the frame's address is in the link's page, the widgets are in the
visit's page. Checks what it hears: every message of the process in its order, every answer the right one.
"""

from __future__ import annotations

import asyncio
import html
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urljoin

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, websocket_connect

from microapps.publish.visitors.protocol import VERSION

SLIDER = """
import ipywidgets as w
n = w.IntSlider(description="n", min=0, max=1_000_000)
answer = w.Label("n is 0")
n.observe(lambda change: setattr(answer, "value", f"n is {change['new']}"), "value")
app = w.VBox([n, answer])
"""
"""The app of these visitors; ``display(app)`` is to follow in a cell of its own."""
CHART = """
import matplotlib.pyplot as plt
out = w.Output()
def draw(change):
    with out:
        out.clear_output(wait=True)
        plt.figure(figsize=(6, 3))
        plt.plot([change["new"] * each for each in range(100)])
        plt.show()
n.observe(draw, "value")
app.children += (out,)
"""
"""A cell that may come between, with which every move draws a chart."""
_FRAME = re.compile(r'<iframe[^>]* src="([^"]+)"')
_DATA = re.compile(r'<script type="application/json" id="page">(.*?)</script>', re.DOTALL)
_SECONDS = 60.0


class Refused(Exception):
    """The site had no page for this visitor; the status is the argument."""


class Lost(Exception):
    """Something that was said did not come through, or an answer was wrong."""


class WireVisitor:
    """One visitor of :data:`SLIDER`; made by :meth:`come`."""

    def __init__(self, address: str, socket: WebSocketClientConnection, slider: str, answer: str) -> None:
        self.address = address
        """Of the visit."""
        self._socket, self._slider, self._answer = socket, slider, answer
        self._number = self._seen = 0
        self.shown = 0
        """What the page shows as the answer."""

    @classmethod
    async def come(cls, link: str) -> WireVisitor:
        """Open a link as a browser does, up to the process's welcome. Raises Refused."""
        page = await _fetched(link)
        frame = urljoin(link, html.unescape(_found(_FRAME, page)))
        widgets = json.loads(_found(_DATA, await _fetched(frame)))["widgets"]
        by_name = {widget["model_name"]: model for model, widget in widgets.items()}
        socket = await websocket_connect(urljoin(frame, "live").replace("http", "ws", 1), connect_timeout=_SECONDS)
        made = cls(frame, socket, by_name["IntSliderModel"], by_name["LabelModel"])
        await socket.write_message(json.dumps({"type": "hello", "protocol": VERSION}))
        welcome = await made._hear()
        if welcome["type"] != "welcome":
            raise Refused(welcome)
        made._seen = welcome["seq"]
        return made

    async def move(self, value: int) -> float:
        """Move the slider, and wait for all that comes of it; milliseconds until the right answer was there."""
        self._number += 1
        identity, answered = f"p{self._number}", 0.0
        data = {"method": "update", "state": {"value": value}, "buffer_paths": []}
        message = {"type": "comm", "id": identity, "kind": "msg", "comm": self._slider, "data": data}
        begun = time.perf_counter()
        try:
            await self._socket.write_message(json.dumps(message))
        except WebSocketClosedError as error:
            raise Lost("The connection was closed.") from error
        while True:
            heard = await self._hear()
            self._follow(heard)
            state = heard.get("data", {}).get("state", {})
            if heard["type"] == "comm" and heard["comm"] == self._answer and "value" in state:
                self.shown = int(state["value"].removeprefix("n is "))
                answered = (time.perf_counter() - begun) * 1000
            if heard["type"] == "status" and heard["state"] == "idle" and heard["parent"] == identity:
                if self.shown != value:
                    raise Lost(f"The slider is at {value}, the answer is of {self.shown}.")
                return answered

    async def leave(self) -> None:
        """Go, and say so."""
        await self._socket.write_message(json.dumps({"type": "bye"}))
        self._socket.close()

    def drop(self) -> None:
        """Go without a word."""
        self._socket.close()

    def _follow(self, heard: dict[str, Any]) -> None:
        if heard["seq"] != self._seen + 1:
            raise Lost(f"After message {self._seen} came {heard['seq']}.")
        self._seen = heard["seq"]

    async def _hear(self) -> dict[str, Any]:
        async with asyncio.timeout(_SECONDS):
            data = await self._socket.read_message()
        if data is None:
            raise Lost("The connection was closed.")
        message: dict[str, Any] = json.loads(data)
        return message


@asynccontextmanager
async def many_at_once(count: int) -> AsyncIterator[None]:
    """Let so many requests be under way at once."""
    AsyncHTTPClient.configure(None, max_clients=count)
    yield
    AsyncHTTPClient.configure(None)


async def _fetched(url: str) -> str:
    request = HTTPRequest(url, headers={"Sec-Fetch-Dest": "iframe"}, request_timeout=_SECONDS, decompress_response=True)
    answer = await AsyncHTTPClient().fetch(request, raise_error=False)
    if answer.code != 200:
        raise Refused(answer.code)
    return answer.body.decode()


def _found(pattern: re.Pattern[str], page: str) -> str:
    match = pattern.search(page)
    if match is None:
        raise Refused("The page is none of an app.")
    return match[1]
