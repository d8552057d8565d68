"""The site's connection with one kernel of the gateway, from its start to its end.

A connection that breaks is made again for a while. The kernel has ended when the gateway says that it is dead or
starts it anew (a new one would know nothing of the page's widgets), when the gateway knows it no more, and when it
cannot be reached any longer. A kernel that works on one message for longer than the app may is given up.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable

from jupyter_server.gateway.gateway_client import GatewayClient, gateway_request
from jupyter_server.utils import url_path_join
from tornado.httpclient import HTTPRequest
from tornado.web import HTTPError
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, websocket_connect

from ...errors import MachineFault
from .asking import answered
from .messages import Message, from_wire, to_wire

PAUSES = (0.2, 1.0, 2.0, 4.0)
"""Seconds before each further attempt at a connection that broke."""
ANSWER_SECONDS = 15.0
PING = 20.0
TOO_BIG = 1009
"""The code with which our end closes a connection over which too large a message came."""

_log = logging.getLogger("microapps.gateway")


class Line:
    """Belongs to one event loop.

    Parameters
    ----------
    kernel_id : the gateway's name for the kernel.
    seconds : how long it may work on one message.
    largest : bytes of the largest message it may send.
    ended : called once, when the kernel has ended by itself or was given up, with why.
    """

    def __init__(self, kernel_id: str, seconds: float, largest: int, ended: Callable[[str], None]) -> None:
        self.alive = True
        self._kernel_id, self._seconds, self._largest, self._ended = kernel_id, seconds, largest, ended
        self._session = secrets.token_hex(16)
        self._readers: list[Callable[[Message | None], None]] = []
        self._socket: WebSocketClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None
        self._busy_with = ""
        self._overdue: asyncio.TimerHandle | None = None

    async def open(self) -> None:
        """Connect. Raises MachineFault where that cannot be done."""
        self._socket = await answered(self._connect(), ANSWER_SECONDS)
        self._reading = asyncio.ensure_future(self._read())

    def join(self, reader: Callable[[Message | None], None]) -> None:
        """From now on, ``reader`` is called with each message, and with None when no more will come."""
        self._readers.append(reader)
        if not self.alive:
            reader(None)

    def leave(self, reader: Callable[[Message | None], None]) -> None:
        """That reader hears no more."""
        if reader in self._readers:
            self._readers.remove(reader)

    def say(self, message: Message) -> None:
        """Send a message; one that cannot be sent, while the connection is made again, is lost."""
        try:
            if self._socket is not None:
                self._socket.write_message(*_frame(to_wire(message)))
        except WebSocketClosedError:
            _log.warning("A message to a kernel was lost: its connection is being made again.")

    async def close(self) -> None:
        """Let go of the kernel, which goes on; more than once does no harm."""
        self._stop()
        if self._socket is not None:
            self._socket.close()
        if self._reading is not None and self._reading is not asyncio.current_task():
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)

    async def _connect(self) -> WebSocketClientConnection:
        client = GatewayClient.instance()
        at = url_path_join(client.ws_url or "", client.kernels_endpoint, self._kernel_id, "channels")
        request = HTTPRequest(f"{at}?session_id={self._session}", **client.load_connection_args())  # type: ignore[no-untyped-call]
        return await websocket_connect(request, ping_interval=PING, max_message_size=self._largest)

    async def _read(self) -> None:
        while self.alive and self._socket is not None:
            data = await self._socket.read_message()
            if data is not None:
                try:
                    self._take(from_wire(data))
                except ValueError:
                    _log.warning("The gateway sent what is no kernel message; it was dropped.")
            elif self._socket.close_code == TOO_BIG:
                self._over("it sent more at once than a page can take")
            elif self.alive:
                await self._connect_again()

    def _take(self, message: Message) -> None:
        if message["msg_type"] == "status":
            self._note(message)
        for reader in tuple(self._readers):
            reader(message)

    def _note(self, message: Message) -> None:
        """See how the kernel is."""
        parent = str(message["parent_header"].get("msg_id", ""))
        match message["content"].get("execution_state"):
            case "restarting" | "dead":
                self._over("it ended by itself")
            case "busy" if not self._busy_with:
                self._busy_with = parent
                self._overdue = asyncio.get_running_loop().call_later(
                    self._seconds, self._over, "it worked for longer than the app may"
                )
            case "idle" if parent == self._busy_with:
                self._rest()

    def _rest(self) -> None:
        self._busy_with = ""
        if self._overdue is not None:
            self._overdue.cancel()

    async def _connect_again(self) -> None:
        """Make the connection again, or find that the kernel has ended."""
        for pause in PAUSES:
            await asyncio.sleep(pause)
            try:
                if not await answered(self._known(), ANSWER_SECONDS):
                    self._over("the gateway ended it")
                    return
                self._socket = await answered(self._connect(), ANSWER_SECONDS)
            except MachineFault as error:
                _log.warning("The connection with a kernel broke and could not be made again yet: %s", error)
            else:
                return
        self._over("the gateway cannot be reached any more")

    async def _known(self) -> bool:
        """Whether the gateway still knows the kernel."""
        client = GatewayClient.instance()
        at = url_path_join(client.url or "", client.kernels_endpoint, self._kernel_id)
        try:
            await gateway_request(at, method="GET")
        except HTTPError as error:
            if error.status_code == 404 and not isinstance(error.__cause__, OSError):
                return False
            raise
        return True

    def _over(self, why: str) -> None:
        if self.alive:
            self._stop()
            self._ended(why)

    def _stop(self) -> None:
        self.alive = False
        self._rest()
        readers, self._readers = self._readers, []
        for reader in readers:
            reader(None)


def _frame(data: str | bytes) -> tuple[str | bytes, bool]:
    return data, isinstance(data, bytes)
