"""Passes the pages of apps through the Jupyter server: HTTP and WebSocket, only ever to the studio's own site.

No cookie is needed here, and none may be: an app's page has an opaque origin, to which no browser sends any. The
credential is the capability in the address, and the site itself looks at it. So that the site, and through it an app,
learns nothing of the Jupyter server, cookies and everything that authorises are left out on the way there, and cookies
on the way back. Bodies are passed on piece by piece, each side at the pace of the other. (jupyter-server-proxy wants
its own sign-in for each request and passes cookies on, so it cannot stand here.)
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any, cast
from urllib.parse import urlsplit

import httpx2
import tornado.web
import tornado.websocket
from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError

from ..publish.logs import scrub

BASE = "microapps/site/"
KEPT_BACK = frozenset({"authorization", "cookie", "x-xsrftoken", "proxy-authorization", "token"})
"""Headers of a request that say who somebody is."""
OF_ONE_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "te", "trailer", "transfer-encoding", "upgrade"}
)
NOT_BACK = frozenset({"set-cookie", "content-length", "server", "date"})
"""Headers of an answer that are left out, or made anew."""
LARGEST_BODY = 1 << 20
LARGEST_MESSAGE = 64 << 20
"""Bytes of a message over a WebSocket: what the site takes."""
CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 300.0
"""A page is sent when its notebook has run, which an app may be allowed to take minutes for."""

PING_SECONDS = 25.0
"""Between two pings: what stands before this server cuts a connection that is silent for a minute, or for half."""

Address = Callable[[], Awaitable[str]]


def there(headers: HTTPHeaders) -> list[tuple[str, str]]:
    """The headers of a request that are passed on."""
    named = {part.strip().lower() for part in headers.get("Connection", "").split(",")}
    left_out = KEPT_BACK | OF_ONE_HOP | named
    return [(name, value) for name, value in headers.get_all() if name.lower() not in left_out]


def come_from(request: HTTPServerRequest) -> list[tuple[str, str]]:
    """Who asks, and how, in the headers that proxies use; the site believes the last, which is ours."""
    secure = [] if "X-Forwarded-Proto" in request.headers else [("X-Forwarded-Proto", request.protocol)]
    return [("X-Forwarded-For", request.remote_ip or "unknown"), *secure]


def back(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers of an answer that are passed on."""
    return [(name, value) for name, value in headers if name.lower() not in OF_ONE_HOP | NOT_BACK]


class Discreet(tornado.web.RequestHandler):
    """A handler whose addresses hold secrets, which the server's log is not told."""

    def _log(self) -> None:
        said = self.request.uri
        self.request.uri = scrub(said or "")
        try:
            super()._log()
        finally:
            self.request.uri = said


class SiteProxy(Discreet):
    """One request to the site."""

    SUPPORTED_METHODS = ("GET", "HEAD", "POST")

    def initialize(self, address: Address, transport: Callable[[], httpx2.AsyncBaseTransport]) -> None:
        """``address`` is where the site listens, empty while it does not; ``transport`` reaches it."""
        self.address = address
        self.transport = transport
        self.gone = asyncio.Event()

    def set_default_headers(self) -> None:
        """Nothing of this server's own: the site says all there is to say of its pages."""
        self.clear_header("Server")

    def check_xsrf_cookie(self) -> None:
        """There is no cookie that a foreign page could misuse: the address itself is the credential."""

    def on_connection_close(self) -> None:
        self.gone.set()

    @allow_unauthenticated
    async def get(self, path: str) -> None:
        await self.pass_on()

    @allow_unauthenticated
    async def head(self, path: str) -> None:
        await self.pass_on()

    @allow_unauthenticated
    async def post(self, path: str) -> None:
        await self.pass_on()

    async def pass_on(self) -> None:
        """Ask the site, and pass on what it answers."""
        address = await self.address()
        if not address:
            self.refuse(503, "No app is open here just now. Open it again from the studio.")
            return
        if len(self.request.body) > LARGEST_BODY:
            self.refuse(413, "That is too much at once.")
            return
        work = asyncio.ensure_future(self._answered(address))
        gone = asyncio.ensure_future(self.gone.wait())
        try:
            await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()
        except httpx2.TransportError:
            if not self._headers_written:
                self.refuse(502, "The app's server could not be reached. Reload the app.")
            else:
                cast(Any, self.request.connection).stream.close()
        finally:
            for task in (work, gone):
                task.cancel()
            await asyncio.gather(work, gone, return_exceptions=True)

    async def _answered(self, address: str) -> None:
        timeouts = httpx2.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS).as_dict()
        request = httpx2.Request(
            self.request.method or "GET",
            f"{address}{self.request.uri}",
            headers=[*there(self.request.headers), *come_from(self.request)],
            content=self.request.body or None,
            extensions={"timeout": timeouts},
        )
        answer = await self.transport().handle_async_request(request)
        try:
            self.set_status(answer.status_code)
            self.clear_header("Content-Type")
            for name, value in back(answer.headers.multi_items()):
                self.add_header(name, value)
            with suppress(StreamClosedError):
                async for piece in answer.aiter_raw():
                    self.write(piece)
                    await self.flush()
                await self.finish()
        finally:
            await answer.aclose()

    def compute_etag(self) -> None:
        """The site says what an answer is known by."""

    def refuse(self, status: int, why: str) -> None:
        """Answer in the site's place, with as little trust."""
        self.set_status(status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.set_header("Content-Security-Policy", "default-src 'none'; sandbox")
        self.set_header("Cache-Control", "no-store")
        self.finish(f"{why}\n")

    def write_error(self, status_code: int, **_: Any) -> None:
        self.refuse(status_code, "Nothing is here.")


class SiteSocket(Discreet, tornado.websocket.WebSocketHandler):
    """One WebSocket between a page and its visit on the site."""

    def initialize(self, address: Address) -> None:
        """``address`` is where the site listens."""
        self.address = address
        self.upstream: tornado.websocket.WebSocketClientConnection | None = None
        self.pump: asyncio.Task[None] | None = None

    def check_origin(self, origin: str) -> bool:
        """The site looks at the origin itself, which is passed on."""
        return True

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        """What the site chose."""
        return self.upstream.selected_subprotocol if self.upstream is not None else None

    @property
    def ping_interval(self) -> float:
        return PING_SECONDS

    @property
    def max_message_size(self) -> int:
        return LARGEST_MESSAGE

    @allow_unauthenticated
    async def get(self, *parts: str, **_: Any) -> None:
        address = await self.address()
        offered = self.request.headers.get("Sec-WebSocket-Protocol", "")
        try:
            if not address:
                raise tornado.web.HTTPError(503)
            self.upstream = await tornado.websocket.websocket_connect(
                HTTPRequest(
                    f"ws://{urlsplit(address).netloc}{self.request.uri}",
                    headers=HTTPHeaders(
                        {name: value for name, value in there(self.request.headers) if not _of_handshake(name)}
                    ),
                    connect_timeout=CONNECT_SECONDS,
                ),
                subprotocols=[name.strip() for name in offered.split(",") if name.strip()],
                max_message_size=LARGEST_MESSAGE,
            )
        except HTTPClientError as error:
            raise tornado.web.HTTPError(error.code if error.code < 500 else 502) from None
        except (OSError, StreamClosedError):
            raise tornado.web.HTTPError(502) from None
        await super().get(*parts)
        if self.ws_connection is None:
            self.upstream.close()

    async def open(self, *_: str, **__: str) -> None:
        """Pass on what the site says, from now on."""
        self.pump = asyncio.create_task(self._pump())

    async def on_message(self, message: str | bytes) -> None:
        """Pass on what the page says; the next is not read before this is on its way."""
        if self.upstream is not None:
            with suppress(WebSocketClosedError, StreamClosedError):
                await self.upstream.write_message(message, binary=isinstance(message, bytes))

    async def _pump(self) -> None:
        assert self.upstream is not None  # noqa: S101 - get() made it
        with suppress(WebSocketClosedError, StreamClosedError):
            while (message := await self.upstream.read_message()) is not None:
                await self.write_message(message, binary=isinstance(message, bytes))
        code = self.upstream.close_code
        self.close(code if code and (code == 1000 or code >= 3000) else None, self.upstream.close_reason)

    def on_close(self) -> None:
        if self.upstream is not None:
            self.upstream.close()
        if self.pump is not None and self.pump is not asyncio.current_task():
            self.pump.cancel()

    def write_error(self, status_code: int, **_: Any) -> None:
        self.finish(f"{status_code}\n")


def _of_handshake(name: str) -> bool:
    return name.lower().startswith("sec-websocket-") or name.lower() == "content-length"
