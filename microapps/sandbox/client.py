"""A kernel client that misses no reply.

libzmq announces what has arrived at a socket once (its file descriptor is edge-triggered, see ``ZMQ_FD`` in
zmq_getsockopt(3)), and a send takes the announcement with it. jupyter_client's ``Session.send`` writes past the
asynchronous socket, so a reply that arrives in that very moment is there and never read: nbclient, which answers an
``Output`` widget while it waits for the cell's reply, then waited for ever in 5 to 8 of 100 runs. Asking the
asynchronous socket for its events after each send has it look for what has come.
"""

from __future__ import annotations

from typing import Any

import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from traitlets import Type


class AttentiveChannel(AsyncZMQSocketChannel):
    """A channel whose reader is told of what arrived while it sent."""

    def send(self, msg: dict[str, Any]) -> None:
        super().send(msg)
        self.socket.get(zmq.EVENTS)


class AttentiveClient(AsyncKernelClient):
    """An asynchronous kernel client whose shell and control channels lose no wake-up."""

    shell_channel_class = Type(AttentiveChannel)
    control_channel_class = Type(AttentiveChannel)
    stdin_channel_class = Type(AttentiveChannel)
