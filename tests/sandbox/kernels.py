"""Talking to a kernel in tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from queue import Empty
from typing import Any

import anyio
from jupyter_client.manager import AsyncKernelManager

from microapps.testing.kernels import KernelSource


class Talk:
    """A kernel, its client, and a way to run code and hear what it printed or raised."""

    def __init__(self, manager: AsyncKernelManager, client: Any) -> None:
        self.manager = manager
        self.client = client

    async def run(self, code: str, timeout: float = 30.0, begun: asyncio.Event | None = None) -> str:
        """What the code printed or raised; ``begun`` is set once it has printed something."""
        heard: list[str] = []

        def hear(message: dict[str, Any]) -> None:
            content = message["content"]
            if message["msg_type"] == "stream":
                heard.append(content["text"])
                if begun is not None:
                    begun.set()
            elif message["msg_type"] == "error":
                heard.append(f"!{content['ename']}: {content['evalue']}")

        await self.client.execute_interactive(code, output_hook=hear, timeout=timeout, allow_stdin=False)
        return "".join(heard).strip()


async def ready(client: Any) -> None:
    """Wait until a kernel answers, and is heard; jupyter_client's own wait listens a while for what does not come."""
    asked = [client.kernel_info()]
    while True:
        with suppress(Empty):
            await client.get_iopub_msg(timeout=1)  # whatever it is: from here on, nothing is missed
            break
        asked.append(client.kernel_info())
    asked.append(client.kernel_info())
    for _ in asked:
        await client.get_shell_msg()
    ended = False
    while not ended:
        heard = await client.get_iopub_msg()
        ended = heard["parent_header"].get("msg_id") == asked[-1] and heard["content"].get("execution_state") == "idle"


@asynccontextmanager
async def talk(manager: AsyncKernelManager) -> AsyncIterator[Talk]:
    """A client of a kernel that was started."""
    client = manager.client()
    client.start_channels()
    try:
        with anyio.fail_after(60):
            await ready(client)
        yield Talk(manager, client)
    finally:
        client.stop_channels()


@asynccontextmanager
async def talking(source: KernelSource) -> AsyncIterator[Talk]:
    """A fresh kernel of a source, and a client of it."""
    async with source() as manager, talk(manager) as kernel:
        yield kernel
