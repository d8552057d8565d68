"""The WebSocket between a thin page and its visitor's process, under the visit's secret."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit

import tornado.web
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from ...errors import InvalidInput, MachineFault
from ...sandbox.inside import frames
from ..handlers import site_of
from ..notices import Notice
from ..policy import seen_host
from ..settings import MEBIBYTE
from ..visits import Visit
from .protocol import GREETING, VERSION
from .visitor import Visitor

PING_SECONDS = 25.0
"""Proxies cut a connection that is silent for a minute, many for half of one; an app may say nothing for hours."""
HELD = 2048
"""Bytes that a message takes here besides its own while it waits to be sent, about."""
_ENDED = "The app ended, and this page cannot be joined to another run of it. Load it again."
_UNKNOWN = (
    "This visit is over: the site was started again, the app was changed, or its link has ended. "
    "What you entered is kept: go on with “Try again”."
)
_DROPPED = "A page sent what is no message; it was dropped."
_NOT_STARTED = "The app could not be started."
_FULL = "Every place is taken just now. Try again in a while."


class Live(WebSocketHandler):
    """One connection of one page; it says :class:`.protocol.Hello` first, or has said it by its address."""

    visit: Visit | None
    """None where it is not known, as after the site was started again: a browser tells a page nothing of a refusal."""
    visitor: Visitor | None = None
    left = False
    lag = 0

    @property
    def site(self) -> Any:
        return site_of(self)

    @property
    def ping_interval(self) -> float:
        return PING_SECONDS

    def check_origin(self, origin: str | None = None) -> bool:
        """Only a page of an app, which has no origin, or a frame of ours; a program that sends none may connect too."""
        sent = origin or self.request.headers.get("Origin")
        if sent in (None, "null"):
            return True
        settings = self.site.served.settings
        try:
            host = seen_host(self.request.host, settings.public_url)
        except InvalidInput:
            return False
        return bool(settings.own_origin) and urlsplit(sent).netloc.lower() == host.lower()

    async def get(self, secret: str) -> None:
        visit = self.site.visits.find(secret)
        known = visit is not None and (visit.summon is not None or visit.visitor is not None)
        self.visit = visit if known else None
        await super().get()

    async def open(self, *_: str, **__: str) -> None:
        self.set_nodelay(True)
        if self.get_query_argument(GREETING, ""):
            await self._greet({})

    async def on_message(self, data: str | bytes) -> None:
        try:
            message, buffers = frames.unpacked(data) if isinstance(data, bytes) else (json.loads(data), [])
            kind = message["type"]
            if not isinstance(kind, str) or (kind == "comm" and not is_comm(message)):
                raise TypeError(kind)
        except (ValueError, KeyError, TypeError, RecursionError):
            self.site.log.warning(_DROPPED)
            return
        if self.visit is None:
            self._gone("closed", _UNKNOWN)
        elif kind == "hello" and self.visitor is None:
            await self._greet(message)
        elif kind == "bye":
            # A page that is loaded again says this when the process of the page after it may be there already.
            self.visit.left = self.visit.visitor is self.visitor
        elif self.visitor is not None and self.visitor.tells(self.send):
            # What comes late on a connection that its page has given up, as after a stalled network, was sent again.
            if kind == "there":
                self.send(frames.packed({"type": "here"}))
                return
            if kind == "comm":
                self.visitor.received = str(message.get("id") or "")
            try:
                await self.visitor.hear(message, buffers)
            except ValueError:  # a number that JSON has not, which Python reads and does not write
                self.site.log.warning(_DROPPED)

    async def _greet(self, hello: dict[str, Any]) -> None:
        if self.visit is None:
            self._gone("closed", _UNKNOWN)
            return
        async with self.visit.opening:
            if not self.left:  # else nobody is there any more, and another page may be
                await self._join(self.visit, hello)

    async def _join(self, visit: Visit, hello: dict[str, Any]) -> None:
        known = str(hello.get("visitor") or "")
        visitor = visit.visitor if visit.visitor is not None and visit.visitor.alive else None
        if visitor is None:
            if visit.summon is None:
                self._gone("crash", _ENDED)
                return
            if not visit.running and not self.site.visits.begin(visit):
                self._gone("full", _FULL)
                return
            try:
                visitor = visit.visitor = await visit.summon()
            except MachineFault as error:
                self.site.notify(Notice("kernel_missing", visit.app, error.what, error.hint))
                self.site.visits.end_soon(visit)
                self._gone("crash", _NOT_STARTED)
                return
            except BaseException:
                self.site.visits.end_soon(visit)
                raise
            if self.left:  # while the process was born: nobody says that this page is gone again
                self.site.visits.sent(visit)
                return
        back = known == visitor.id
        seen = hello.get("seen") if back and isinstance(hello.get("seen"), int) else None
        self.visitor = visitor
        self.site.visits.connected(visit)
        missed: list[bytes] = []
        complete = visitor.join(missed.append, seen)
        how = ("again" if complete else "caught-up") if back else "replaced" if known else "new"
        welcome = {"type": "welcome", "protocol": VERSION, "visitor": visitor.id, "joined": how, "seq": visitor.last}
        welcome["received"] = visitor.received if back else ""
        self.send(frames.packed(welcome))
        for each in missed:
            self.send(each)
        visitor.join(self.send)
        if not complete or (visitor.went_on and not back):
            await visitor.hear({"type": "state", "id": ""})

    def _gone(self, why: str, what: str) -> None:
        self.send(frames.packed({"type": "gone", "why": why, "what": what}))
        self.close(4001)

    def send(self, data: bytes) -> None:
        """Send a packed message; a page that lags too far behind is let go."""
        limit = self.site.served.settings.output_mebibytes * MEBIBYTE
        size = len(data) + HELD
        if self.left or self.lag + size > limit:
            self.close(1008)
            return
        plain = data[:4] == b"\0\0\0\1"
        try:
            sent = self.write_message(data[8:] if plain else data, binary=not plain)
        except WebSocketClosedError:
            return
        self.lag += size
        sent.add_done_callback(lambda sent: self._caught_up(size, sent))

    def _caught_up(self, size: int, sent: asyncio.Future[None]) -> None:
        self.lag -= size
        if not sent.cancelled():
            sent.exception()  # the page has gone: of each of thousands that is not asked, a trace would be written

    def on_close(self) -> None:
        self.left = True
        if self.visitor is not None and self.visit is not None:
            self.visitor.leave(self.send)
            self.site.visits.disconnected(self.visit)

    def write_error(self, status_code: int, **_: Any) -> None:
        self.finish(f"{status_code}\n")

    def log_exception(self, *exc_info: Any) -> None:
        if not isinstance(exc_info[1], tornado.web.HTTPError | WebSocketClosedError):
            self.site.log.error("A page's connection failed.", exc_info=exc_info)


def is_comm(message: dict[str, Any]) -> bool:
    """Whether it tells which comm it is for, and what is to be done with it (``comms.deliver`` does)."""
    return isinstance(message.get("comm"), str) and message.get("kind") in ("open", "msg", "close")
