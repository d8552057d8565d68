"""Between the page of a visit and its kernel on the gateway: comm messages only, and no traceback on the way back."""

from __future__ import annotations

from typing import Any, cast

from jupyter_server.services.kernels.connection.base import BaseKernelWebsocketConnection
from tornado.websocket import WebSocketClosedError

from ..framing import NEWER
from ..kernels import FROM_PAGES
from .kernels import GatewayKernel
from .messages import Message, from_newer, from_wire, to_newer, to_wire


class GatewayComms(BaseKernelWebsocketConnection):
    """Joins the WebSocket of a page with the site's own connection to the kernel."""

    @property
    def page(self) -> Any:
        """The handler of the page's WebSocket, a :class:`..channels.VisitChannels`."""
        return self.websocket_handler

    @property
    def kernel(self) -> GatewayKernel:
        return cast(GatewayKernel, self.parent)

    async def connect(self) -> None:
        """The page is there."""
        self.kernel.line.join(self.take)

    def disconnect(self) -> None:  # type: ignore[override]
        """The page is gone."""
        self.kernel.line.leave(self.take)

    def handle_incoming_message(self, incoming_msg: Any) -> None:
        """Pass on what the page says, if it is what widgets need."""
        newer = self.page.selected_subprotocol == NEWER
        try:
            message = from_newer(incoming_msg) if newer and isinstance(incoming_msg, bytes) else from_wire(incoming_msg)
        except ValueError:
            self.log.warning("A page sent what is no kernel message; it was dropped.")
            return
        if message["channel"] == "shell" and message["msg_type"] in FROM_PAGES:
            self.kernel.line.say(message)

    def take(self, message: Message | None) -> None:
        """Pass on what the kernel says."""
        if message is None:
            return
        if message["channel"] == "iopub" and message["msg_type"] == "error":
            message = {**message, "content": self.page.hide(message["content"])}
        newer = self.page.selected_subprotocol == NEWER
        data = to_newer(message) if newer else to_wire(message)
        try:
            if message["msg_type"] != "execute_input":
                self.page.write_message(data, isinstance(data, bytes))
        except WebSocketClosedError:
            self.kernel.line.leave(self.take)
