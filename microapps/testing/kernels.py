"""Where a driven app's kernels come from.

The driver asks a *kernel source* for one fresh kernel per app. The plain source below starts an ordinary
Jupyter kernel; :mod:`microapps.sandbox` offers one whose kernels are confined.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from jupyter_client.kernelspec import NoSuchKernel
from jupyter_client.manager import AsyncKernelManager

from ..errors import MachineFault


class KernelSource(Protocol):
    """Starts one fresh kernel each time it is called, and ends it when the context is left.

    Raises :class:`~microapps.errors.MachineFault` when no kernel can be started.
    """

    def __call__(self) -> AbstractAsyncContextManager[AsyncKernelManager]: ...


def plain_kernels(kernel_name: str = "python3") -> KernelSource:
    """A source of ordinary, unconfined kernels of an installed kernel specification."""

    @asynccontextmanager
    async def source() -> AsyncIterator[AsyncKernelManager]:
        manager = AsyncKernelManager(kernel_name=kernel_name)
        try:
            await manager.start_kernel()
        except (NoSuchKernel, OSError) as error:
            raise MachineFault(
                f"The kernel {kernel_name!r} could not be started: {error}.",
                "Install it with 'pip install ipykernel'.",
            ) from error
        try:
            yield manager
        finally:
            await manager.shutdown_kernel(now=True)

    return source
