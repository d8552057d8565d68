"""Nothing a kernel says is left lying in a socket."""

from __future__ import annotations

import asyncio
import time

import pytest

from microapps.testing import plain_kernels
from microapps.testing.channels import Channels

LARGEST = 1 << 20
ANSWERED = 20.0  # seconds; an answer takes milliseconds
UNREAD = 0.5  # seconds this process does not look, in which the kernel's answer comes


@pytest.mark.anyio
async def test_a_reply_that_comes_while_another_request_is_sent_is_read() -> None:
    """ZeroMQ announces a message once, and a send takes the announcement in: the reader must be told by the sender.

    The reader slept for ever here when requests were written past the asynchronous socket; in use, when the reply to
    the first request came between the second and the third, about once in a hundred kernels.
    """
    async with plain_kernels()() as manager:
        channels = Channels(
            manager,
            largest=LARGEST,
            heard=lambda message, size: None,
            lost=lambda: None,
            malformed=lambda error: None,
        )
        try:
            await channels.start(60.0)
            first = channels.expect(channels.send("kernel_info_request", {}))
            time.sleep(UNREAD)  # the event loop must not read the reply before the next send
            second = channels.expect(channels.send("kernel_info_request", {}))
            replies = await asyncio.wait_for(asyncio.gather(first, second), ANSWERED)
        finally:
            channels.close()
    assert [reply["content"]["status"] for reply in replies] == ["ok", "ok"]
