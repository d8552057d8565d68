"""The kernels of a site: each belongs to one app, and is confined as that app was published.

Voila and nbclient know only the manager; which kernel is started, in which folder and with which environment is
decided here, whatever they ask for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from jupyter_client.manager import KernelManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from ._seam import Sandbox, confine
from .notebooks import KERNEL
from .settings import PublishedApp

FROM_PAGES = ("comm_open", "comm_msg", "comm_close", "comm_info_request", "kernel_info_request")
"""All that a page may say to its kernel: what widgets need, and nothing that runs code."""


class SiteKernels(AsyncMappingKernelManager):  # type: ignore[misc]
    """Starts confined kernels for apps. ``sandbox`` is set by the site before the first one."""

    sandbox: Sandbox | None = None

    async def start_for(self, app: PublishedApp, environment: Mapping[str, str]) -> str:
        """A fresh kernel for one visit of an app; gives its id."""
        return str(await self.start_kernel(kernel_name=KERNEL, app=app, env=dict(environment)))

    def pre_start_kernel(self, kernel_name: str | None, kwargs: Any) -> tuple[KernelManager, str, str]:
        app: PublishedApp = kwargs.pop("app")
        manager, name, kernel_id = super().pre_start_kernel(KERNEL, kwargs)
        manager.autorestart = False
        confine(manager, app.confinement, self.sandbox)
        return manager, name, kernel_id

    async def end(self, kernel_id: str) -> None:
        """Shut a kernel down at once; one that has gone already is no error."""
        if kernel_id in self:
            await self.shutdown_kernel(kernel_id, now=True)

    async def end_every(self) -> None:
        await asyncio.gather(*(self.end(kernel_id) for kernel_id in self.list_kernel_ids()))
