"""The sandbox: warm parents, one for each confinement, and the kernels forked from them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import Self

from jupyter_client.manager import AsyncKernelManager

from ..testing.kernels import KernelSource
from . import tiers
from .confinement import Confinement
from .parent import Parent


class Sandbox:
    """Starts confined kernels quickly; an async context manager that belongs to one event loop.

    A warm parent is made when a confinement is first used and kept for the next kernel; one that has no kernel
    is ended when there are more than ``idle`` of them, the longest unused first. Leaving the context ends
    every parent, every kernel and every run directory.
    """

    def __init__(self, idle: int = 4) -> None:
        self._idle = idle
        self._parents: dict[Confinement, Parent] = {}
        self._locks: dict[Confinement, asyncio.Lock] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def parent(self, confinement: Confinement) -> Parent:
        """The warm parent of a confinement, started if there is none.

        Raises MachineFault where this machine cannot contain an app.
        """
        async with self._locks.setdefault(confinement, asyncio.Lock()):  # parents of two confinements start together
            parent = self._parents.pop(confinement, None)
            if parent is not None and not parent.alive:
                await parent.close()
                parent = None
            if parent is None:
                parent = await Parent.start(confinement, tiers.shape())
            self._parents[confinement] = parent  # last in order: most recently used
            await self._end_idle(keep=parent)
            return parent

    async def warm(self, confinement: Confinement) -> None:
        """Have a parent ready before a kernel is needed (where there are warm parents: not on macOS)."""
        if not tiers.shape().seatbelt:
            await self.parent(confinement)

    def kernels(self, confinement: Confinement) -> KernelSource:
        """A source of confined kernels, each fresh and ended when its context is left."""
        from .manager import confine

        @asynccontextmanager
        async def source() -> AsyncIterator[AsyncKernelManager]:
            manager = AsyncKernelManager()
            confine(manager, confinement, self)
            await manager.start_kernel()
            try:
                yield manager
            finally:
                await manager.shutdown_kernel(now=True)

        return source

    async def close(self) -> None:
        """End everything this sandbox started, and wait until it is gone."""
        async with AsyncExitStack() as starting:
            for lock in self._locks.values():
                await starting.enter_async_context(lock)
            parents = list(self._parents.values())
            self._parents.clear()
            for parent in parents:
                parent.release()
            for parent in parents:
                await parent.close()

    async def _end_idle(self, keep: Parent) -> None:
        """End the parents that are too many. One that is just being handed out has no kernel, and its lock is held."""
        idle = [c for c, parent in self._parents.items() if not parent.names and parent is not keep]
        for confinement in idle[: max(0, len(idle) - self._idle)]:
            parent = self._parents.get(confinement)  # meanwhile it may have been ended, or taken into use
            if parent is not None and not parent.names and not self._locks[confinement].locked():
                await self._parents.pop(confinement).close()
