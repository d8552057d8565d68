"""Where a driven app's kernels come from.

The driver asks a *kernel source* for one fresh kernel per app. The plain source below starts an ordinary
Jupyter kernel; :mod:`microapps.sandbox` offers one whose kernels are confined.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

from jupyter_client.kernelspec import NoSuchKernel
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from ..errors import MachineFault


class KernelSource(Protocol):
    """Starts one fresh kernel each time it is called, and ends it when the context is left.

    Raises :class:`~microapps.errors.MachineFault` when no kernel can be started.
    """

    def __call__(self) -> AbstractAsyncContextManager[AsyncKernelManager]: ...


def plain_kernels(kernel_name: str = "python3", *, cwd: str | Path | None = None) -> KernelSource:
    """A source of ordinary, unconfined kernels of an installed kernel specification.

    ``cwd`` is their working folder, by default this process's own.
    """

    @asynccontextmanager
    async def source() -> AsyncIterator[AsyncKernelManager]:
        with tempfile.TemporaryDirectory(prefix="microapp-") as folder:
            manager = AsyncKernelManager(kernel_name=kernel_name)
            if sys.platform != "win32":
                # Sockets in a folder of our own: faster than TCP, and no other user can connect.
                manager.transport, manager.ip = "ipc", f"{folder}/kernel"
            try:
                # A run under test has no place in the person's history, nor has it a need to open its database.
                arguments = ["--HistoryManager.enabled=False"] if manager.ipykernel else []
                # The debugger's advice on frozen modules would otherwise stand on the app's stderr.
                environment = {**os.environ, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
                folder_of_app = str(cwd) if cwd else None
                await manager.start_kernel(extra_arguments=arguments, env=environment, cwd=folder_of_app)
            except (NoSuchKernel, OSError) as error:
                raise MachineFault(
                    f"The kernel {kernel_name!r} could not be started: {error}.",
                    "Install it with 'pip install ipykernel'.",
                ) from error
            try:
                yield manager
            finally:
                await _end(manager)

    return source


async def _end(manager: AsyncKernelManager) -> None:
    provisioner = manager.provisioner
    if isinstance(provisioner, LocalProvisioner) and provisioner.process is not None:
        await provisioner.kill()
        await _exit_of(provisioner.process.pid)
    await manager.shutdown_kernel(now=True)


async def _exit_of(pid: int) -> None:
    """Return when a child has exited, where the system can tell; the manager alone looks ten times a second."""
    if not hasattr(os, "pidfd_open"):
        return
    try:
        descriptor = os.pidfd_open(pid)
    except OSError:  # gone already, or an old kernel of Linux
        return
    loop = asyncio.get_running_loop()
    exited = asyncio.Event()
    loop.add_reader(descriptor, exited.set)
    try:
        await exited.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
