"""Talking to a kernel in tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from jupyter_client.manager import AsyncKernelManager

from microapps.testing.kernels import KernelSource


class Talk:
    """A kernel, its client, and a way to run code and hear what it printed or raised."""

    def __init__(self, manager: AsyncKernelManager, client: Any) -> None:
        self.manager = manager
        self.client = client

    async def run(self, code: str, timeout: float = 30.0) -> str:
        heard: list[str] = []

        def hear(message: dict[str, Any]) -> None:
            content = message["content"]
            if message["msg_type"] == "stream":
                heard.append(content["text"])
            elif message["msg_type"] == "error":
                heard.append(f"!{content['ename']}: {content['evalue']}")

        await self.client.execute_interactive(code, output_hook=hear, timeout=timeout, allow_stdin=False)
        return "".join(heard).strip()


@asynccontextmanager
async def talk(manager: AsyncKernelManager) -> AsyncIterator[Talk]:
    """A client of a kernel that was started."""
    client = manager.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=60)
        yield Talk(manager, client)
    finally:
        client.stop_channels()


@asynccontextmanager
async def talking(source: KernelSource) -> AsyncIterator[Talk]:
    """A fresh kernel of a source, and a client of it."""
    async with source() as manager, talk(manager) as kernel:
        yield kernel
