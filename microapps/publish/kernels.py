"""The kernels of a site: each belongs to one app, and is confined as that app was published.

Voila and nbclient know only the manager; which kernel is started, in which folder and with which environment is
decided here, whatever they ask for.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from typing import Any, cast

from jupyter_client.manager import KernelManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from ..errors import MachineFault
from ..sandbox import Sandbox, confine
from ..sandbox.provisioner import SandboxProvisioner
from .notebooks import KERNEL
from .settings import PublishedApp

FROM_PAGES = ("comm_open", "comm_msg", "comm_close", "comm_info_request", "kernel_info_request")
"""All that a page may say to its kernel: what widgets need, and nothing that runs code."""


class SiteKernels(AsyncMappingKernelManager):
    """Starts confined kernels for apps. ``sandbox`` is set by the site before the first one."""

    sandbox: Sandbox | None = None

    async def start_for(
        self, app: PublishedApp, environment: Mapping[str, str], on_death: Callable[[str, str], None]
    ) -> str:
        """A fresh kernel for one visit of an app; gives its id.

        ``on_death`` is called once when the kernel's process has ended, with the kernel's id and why.

        Raises
        ------
        MachineFault
            No kernel could be started.
        """
        try:
            kernel_id = str(await self.start_kernel(kernel_name=KERNEL, app=app, env=dict(environment)))
        except MachineFault:
            raise
        except Exception as error:
            raise MachineFault(f"The kernel could not be started: {error}.", "Run 'microapps doctor'.") from error
        self._watch(kernel_id, on_death)
        return kernel_id

    def pre_start_kernel(self, kernel_name: str | None, kwargs: Any) -> tuple[KernelManager, str, str]:
        """Choose and confine the kernel; the name that was asked for has no say."""
        app: PublishedApp = kwargs.pop("app")
        manager, name, kernel_id = super().pre_start_kernel(KERNEL, kwargs)
        manager.autorestart = False  # a new kernel would know nothing of the page's widgets
        confine(manager, app.confinement, self.sandbox)
        return manager, name, kernel_id

    async def end(self, kernel_id: str) -> None:
        """Shut a kernel down at once; one that has gone already is no error."""
        if kernel_id in self:
            await self.shutdown_kernel(kernel_id, now=True)  # type: ignore[no-untyped-call]

    async def end_every(self) -> None:
        """Shut all kernels down."""
        await asyncio.gather(*(self.end(kernel_id) for kernel_id in self.list_kernel_ids()))

    def _watch(self, kernel_id: str, on_death: Callable[[str, str], None]) -> None:
        """Be told by the system when the kernel's process ends."""
        provisioner = cast(SandboxProvisioner, self.get_kernel(kernel_id).provisioner)
        loop = asyncio.get_running_loop()
        handle = os.pidfd_open(provisioner.pid or 0)

        async def tell() -> None:
            if kernel_id in self and provisioner.has_process:
                await provisioner.poll()
                ended = f"its containment ended it ({provisioner.ended})" if provisioner.ended else "it ended by itself"
                on_death(kernel_id, ended)

        def died() -> None:
            loop.remove_reader(handle)
            os.close(handle)
            self._telling = loop.create_task(tell())

        loop.add_reader(handle, died)
