"""A client of ``jupyter_client`` over the site's connection with a kernel, for whoever runs the notebook in it."""

from __future__ import annotations

import asyncio
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient

from .line import Line
from .messages import Message

CHANNELS = ("shell", "iopub", "stdin", "control")


class Channel:
    """One of a client's channels: what came on it, in order."""

    def __init__(self, name: str, line: Line) -> None:
        self._name, self._line = name, line
        self._came: asyncio.Queue[Message | None] = asyncio.Queue()

    def put(self, message: Message | None) -> None:
        """A message came, or None: the last has come."""
        self._came.put_nowait(message)

    async def get_msg(self, timeout: float | None = None) -> Message:
        """The next message. Raises queue.Empty where none comes in time, and RuntimeError where none can come."""
        try:
            async with asyncio.timeout(timeout):
                message = await self._came.get()
        except TimeoutError:
            raise Empty from None
        if message is None:
            self.put(None)
            raise RuntimeError("Kernel died")
        return message

    def send(self, message: Message) -> None:
        """Say something to the kernel."""
        self._line.say({"buffers": [], **message, "channel": self._name})

    def start(self) -> None:
        """Nothing is to be done."""

    def stop(self) -> None:
        """Nothing is to be done."""

    def is_alive(self) -> bool:
        """Whether the kernel has not ended, as far as is known."""
        return self._line.alive

    is_beating = is_alive


class LineClient(AsyncKernelClient):
    """Speaks to one kernel of the gateway."""

    def __init__(self, line: Line, **options: Any) -> None:
        super().__init__(**options)
        self._line = line
        self._open = {name: Channel(name, line) for name in CHANNELS}

    def start_channels(self, *_: bool, **__: bool) -> None:
        """Listen from now on."""
        self._line.join(self._take)

    def stop_channels(self) -> None:
        """Listen no more."""
        self._line.leave(self._take)

    async def _async_is_alive(self) -> bool:
        """Whether the kernel has not ended, as far as is known; nobody is asked."""
        return self._line.alive

    is_alive = _async_is_alive

    def _take(self, message: Message | None) -> None:
        if message is None:
            for channel in self._open.values():
                channel.put(None)
        elif message["channel"] in self._open:
            self._open[message["channel"]].put(message)

    @property
    def shell_channel(self) -> Any:
        return self._open["shell"]

    @property
    def iopub_channel(self) -> Any:
        return self._open["iopub"]

    @property
    def stdin_channel(self) -> Any:
        return self._open["stdin"]

    @property
    def control_channel(self) -> Any:
        return self._open["control"]

    @property
    def hb_channel(self) -> Any:
        return self._open["control"]
