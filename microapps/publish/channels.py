"""The two ways a page reaches its kernel: one question of whether it lives, and the WebSocket that widgets speak over.

Both are under the visit's secret and answer for that visit's kernel alone. Only comm messages pass to the kernel; on
the way back tracebacks are kept from the visitor and told to the owner.
"""

from __future__ import annotations

import json
from typing import Any, cast

import tornado.web
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.websocket import WebSocketClosedError
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler  # type: ignore[import-untyped]

from .framing import NEWER, countable
from .gateway.comms import GatewayComms
from .handlers import SiteHandler, site_of
from .notices import LONGEST, Notice, with_remedy
from .settings import MEBIBYTE
from .visits import Visit


class KernelState(SiteHandler):
    """Says that the visit's kernel lives, in the form the client expects, or that it does not."""

    def get(self, secret: str, kernel_id: str) -> None:
        visit = self.site.visits.find(secret)
        self.set_header("Access-Control-Allow-Origin", "*")  # a page without an origin is told by no other way
        if visit is None or visit.kernel_id != kernel_id or kernel_id not in self.site.kernel_manager:
            self.set_status(404)
            self.finish()
            return
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(self.site.kernel_manager.kernel_model(kernel_id)))


class GoodBye(SiteHandler):
    """What the client sends when its page is left: the visit ends now and not a while later."""

    async def post(self, secret: str, kernel_id: str) -> None:
        visit = self.site.visits.find(secret)
        if visit is not None and visit.kernel_id == kernel_id:
            await self.site.visits.end(visit)
        self.set_status(204)


class CommsOnly(ZMQChannelsWebsocketConnection):
    """The bridge between one WebSocket and one kernel, for comm messages only."""

    def handle_incoming_message(self, incoming_msg: Any) -> None:
        try:
            super().handle_incoming_message(incoming_msg)
        except (ValueError, KeyError, TypeError, IndexError, AssertionError) as error:
            self.log.warning("A page sent what is no kernel message (%s); it was dropped.", type(error).__name__)

    def _on_error(self, channel: str, msg: dict[str, Any], msg_list: list[Any]) -> None:
        if channel != "iopub":
            return
        header = self.get_part("header", msg["header"], msg_list)  # type: ignore[no-untyped-call]
        if header["msg_type"] != "error":
            return
        content = self.get_part("content", msg["content"], msg_list)  # type: ignore[no-untyped-call]
        hidden = cast(VisitChannels, self.websocket_handler).hide(content)
        msg["content"] = hidden
        if len(msg_list) > 3:
            msg_list[3] = self.session.pack(hidden)


class VisitChannels(VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """The WebSocket of one visit."""

    visit: Visit
    lag = 0

    @property
    def site(self) -> Any:
        return site_of(self)

    @property
    def kernel_websocket_connection_class(self) -> type[CommsOnly] | type[GatewayComms]:
        return CommsOnly if self.site.served.settings.gateway is None else GatewayComms

    def check_origin(self, origin: str | None = None) -> bool:
        """Only a page without an origin, as ours are, may connect; a program that sends none may too."""
        sent = origin or self.request.headers.get("Origin")
        return sent in (None, "null")

    async def get(self, secret: str, kernel_id: str) -> None:
        visit = self.site.visits.find(secret)
        if visit is None or visit.kernel_id != kernel_id or kernel_id not in self.kernel_manager:
            raise tornado.web.HTTPError(404)
        self.visit = visit
        await super().get(kernel_id=kernel_id)

    async def open(self, kernel_id: str) -> None:
        self.site.visits.connected(self.visit)
        self.site.open_channels.setdefault(kernel_id, set()).add(self)
        await super().open(kernel_id)

    def on_message(self, ws_message: Any) -> None:
        """Pass on what the page sent, unless it cannot be taken apart."""
        if isinstance(ws_message, bytes) and not countable(ws_message, newer=self.selected_subprotocol == NEWER):
            self.log.warning("A page sent what is no kernel message; it was dropped.")
            return
        super().on_message(ws_message)

    def tell(self, kind: str) -> None:
        """Say something to the page itself; ``templates/voila/visit.js`` knows the kinds."""
        super().write_message(kind)

    def hide(self, error: dict[str, Any]) -> dict[str, Any]:
        """Tell the owner of an error of the app, and the page that there was one; what the visitor may see of it."""
        before = self.site.allowance(self.kernel_id, self.visit.app).take()
        if before is not None:
            trace = error.get("traceback")
            what = with_remedy(f"{error.get('ename', '')}: {error.get('evalue', '')}"[:LONGEST])
            self.site.notify(
                Notice(
                    "callback_failed",
                    self.visit.app,
                    f"{what} ({before} more before it were left out.)" if before else what,
                    "\n".join(map(str, trace)) if isinstance(trace, list) else "",
                )
            )
        self.tell("error")
        return {"ename": "AppError", "evalue": "The app ran into an error.", "traceback": []}

    def kernel_gone(self) -> None:
        """Say that there is nothing to come back to."""
        self.close(4001)

    def write_message(self, message: Any, binary: bool = False) -> Any:
        """Send on to the page; a page that lags too far behind its kernel is let go."""
        size = len(message) if isinstance(message, bytes | str) else 0
        if self.lag + size > self.site.served.settings.output_mebibytes * MEBIBYTE:
            self.site.notify(Notice("too_much_output", self.visit.app, "The app sends more than its page can take."))
            self.site.visits.end_soon(self.visit)
            self.close(1008)
            raise WebSocketClosedError
        sent = super().write_message(message, binary)
        if sent is not None:
            self.lag += size
            sent.add_done_callback(lambda _: self._caught_up(size))
        return sent

    def _caught_up(self, size: int) -> None:
        self.lag -= size

    def on_close(self) -> None:
        """Let go of the kernel, and tell the visit, whatever comes of the first."""
        channels = self.site.open_channels.get(self.kernel_id, set())
        channels.discard(self)
        if not channels:
            self.site.open_channels.pop(self.kernel_id, None)
        self.site.visits.disconnected(self.visit)
        if self.connection is not None:
            super().on_close()

    def write_error(self, status_code: int, **_: Any) -> None:
        self.finish(f"{status_code}\n")

    def log_exception(self, *exc_info: Any) -> None:
        if not isinstance(exc_info[1], tornado.web.HTTPError | WebSocketClosedError):
            self.log.error("A page's connection failed.", exc_info=exc_info)
