"""The sockets to one kernel: everything it sends is read at once, and its end is noticed without asking.

nbclient reads a kernel's messages only while it waits for a cell. A person's app also speaks later (tasks, threads,
timers), so here one reader per socket runs as long as the app is open. A monitor on the output socket tells when the
kernel is gone; the same event tells of a message beyond the size limit, which the socket refuses to take in.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from typing import Any

import zmq
import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from zmq.utils.monitor import recv_monitor_message

from ..errors import MachineFault

Message = dict[str, Any]
_RECONNECT = 20  # milliseconds between attempts while a kernel starts
_WELCOME = 0.5  # seconds to wait for a sign of life on iopub before asking again


class Channels:
    """Shell, iopub and (if wanted) stdin of one kernel.

    Parameters
    ----------
    manager : of a started kernel.
    largest : bytes of one message part; a kernel that sends more is cut off, and ``lost`` is called.
    heard : called with each iopub message and its size in bytes.
    asked : called with each stdin request; None when the kernel must not ask.
    lost : called once when the kernel closed its end, or sent a message beyond ``largest``.
    malformed : called with what was wrong with a message that cannot be read.
    """

    def __init__(
        self,
        manager: AsyncKernelManager,
        *,
        largest: int,
        heard: Callable[[Message, int], None],
        lost: Callable[[], None],
        malformed: Callable[[Exception], None],
        asked: Callable[[Message], None] | None = None,
    ) -> None:
        self._manager = manager
        self._heard, self._asked, self._lost, self._malformed = heard, asked, lost, malformed
        self._context = zmq.asyncio.Context()
        self._context.setsockopt(zmq.MAXMSGSIZE, largest)
        self._context.setsockopt(zmq.RECONNECT_IVL, _RECONNECT)
        self._context.setsockopt(zmq.LINGER, 0)
        self.client: AsyncKernelClient = manager.client(context=self._context)
        self._replies: dict[str, asyncio.Future[Message]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._unsent: set[asyncio.Future[Any]] = set()
        self._sign_of_life = asyncio.Event()

    async def start(self, seconds: float) -> None:
        """Connect, and return when the kernel answers and its output is heard.

        Raises :class:`~microapps.errors.MachineFault` when it ends or does not answer within ``seconds``.
        """
        self.client.start_channels(hb=False, control=False, stdin=self._asked is not None)
        monitor = self.client.iopub_channel.socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        self._tasks = [
            asyncio.create_task(self._listen(self.client.iopub_channel, self._hear)),
            asyncio.create_task(self._listen(self.client.shell_channel, self._replied)),
            asyncio.create_task(self._watch(monitor)),
        ]
        if self._asked is not None:
            asked = self._asked
            self._tasks.append(
                asyncio.create_task(self._listen(self.client.stdin_channel, lambda message, size: asked(message)))
            )
        ready = asyncio.create_task(self._ready())
        ended = asyncio.create_task(self._ended())
        try:
            done, _ = await asyncio.wait({ready, ended}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ready.cancel()
            ended.cancel()
        if ready not in done:
            how = "ended while it started" if ended in done else f"did not answer within {seconds:g} seconds"
            raise MachineFault(f"The kernel {how}.", "Run 'microapps doctor' to see what this machine lacks.")

    async def _ready(self) -> None:
        # The subscription is made when the kernel welcomes it (ipykernel 7); an older kernel is asked again until
        # one of its status messages comes through.
        await self.request("kernel_info_request", {})
        while not self._sign_of_life.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._sign_of_life.wait(), _WELCOME)
            if not self._sign_of_life.is_set():
                await self.request("kernel_info_request", {})

    async def _ended(self) -> None:
        provisioner = self._manager.provisioner
        if provisioner is None:
            return
        await provisioner.wait()

    def send(self, kind: str, content: Mapping[str, Any], buffers: list[bytes] | None = None) -> str:
        """Send a message on the shell channel and return its id."""
        message = self.client.session.msg(kind, dict(content))
        self._post(self.client.shell_channel.socket, message, buffers or [])
        identity: str = message["header"]["msg_id"]
        return identity

    def answer(self, text: str) -> None:
        """Answer a stdin request."""
        self._post(self.client.stdin_channel.socket, self.client.session.msg("input_reply", {"value": text}), [])

    def _post(self, socket: zmq.asyncio.Socket, message: Message, buffers: list[bytes]) -> None:
        # Not through Session.send: it writes past the asynchronous socket, and a message that arrives in that very
        # moment is then never announced to its reader.
        sent = socket.send_multipart([*self.client.session.serialize(message), *buffers])
        if isinstance(sent, asyncio.Future) and not sent.done():
            self._unsent.add(sent)
            sent.add_done_callback(self._unsent.discard)

    def expect(self, identity: str) -> asyncio.Future[Message]:
        """The reply to a message sent before."""
        future: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._replies[identity] = future
        return future

    async def request(self, kind: str, content: Mapping[str, Any]) -> Message:
        return await self.expect(self.send(kind, content))

    def close(self) -> None:
        """Stop reading and close the sockets; the kernel is left alone."""
        if self._context.closed:
            return
        for task in self._tasks:
            task.cancel()
        self._tasks = []
        with contextlib.suppress(zmq.ZMQError):
            self.client.iopub_channel.socket.disable_monitor()
        self.client.stop_channels()
        self._context.destroy(linger=0)

    async def _listen(self, channel: Any, deliver: Callable[[Message, int], None]) -> None:
        session = self.client.session
        while True:
            frames = await channel.socket.recv_multipart()
            size = sum(len(frame) for frame in frames)
            try:
                _, parts = session.feed_identities(frames)
                message = session.deserialize(parts)
                deliver(message, size)
            except Exception as error:  # the kernel runs an app's code, which may send anything
                self._malformed(error)

    def _hear(self, message: Message, size: int) -> None:
        self._sign_of_life.set()
        self._heard(message, size)

    def _replied(self, message: Message, size: int) -> None:
        future = self._replies.pop(message["parent_header"].get("msg_id", ""), None)
        if future is not None and not future.done():
            future.set_result(message)

    async def _watch(self, monitor: Any) -> None:
        await recv_monitor_message(monitor)
        self._lost()
