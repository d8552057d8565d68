"""The kernels of a site on a gateway: each is asked for there, and ended there when its visit ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from jupyter_server.gateway.managers import GatewayKernelManager, GatewayMappingKernelManager
from traitlets import default

from ...errors import MachineFault
from ..settings import MEBIBYTE, PublishedApp
from .asking import PREFERRED, answered
from .client import LineClient
from .line import Line

END_SECONDS = 8.0
"""How long the gateway may take to end a kernel, and all of them when the site stops."""
PAUSES = (0.5, 1.0, 2.0, 4.0, 15.0, 60.0)
"""Seconds before each further attempt to end a kernel."""
SOONER = 1.0
"""Seconds by which a notebook's run reaches its limit before its kernel is given up, which says less."""

_log = logging.getLogger("microapps.gateway")


class GatewayKernel(GatewayKernelManager):
    """One kernel of the gateway."""

    line: Line

    def client(self, **options: Any) -> LineClient:  # type: ignore[override]
        """A client over the connection that the site has with it."""
        return LineClient(self.line, parent=self, **options)


class GatewayKernels(GatewayMappingKernelManager):
    """Starts kernels on the gateway; :meth:`settle` comes before the first one."""

    spec_name = PREFERRED
    _start_within = 60.0
    _largest = 32 * MEBIBYTE
    _starting: set[asyncio.Task[str]]
    _ending: set[asyncio.Task[None]]

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]
        self._starting, self._ending = set(), set()
        self._kernels = {}

    @default("kernel_manager_class")
    def _ours(self) -> str:
        return f"{__name__}.GatewayKernel"

    def settle(self, spec_name: str, start_within: float, largest: int) -> None:
        """What kernels are asked for by name, how many seconds one may take to start, and bytes of its messages."""
        self.spec_name, self._start_within, self._largest = spec_name, start_within, largest

    async def start_for(
        self, app: PublishedApp, environment: Mapping[str, str], on_death: Callable[[str, str], None]
    ) -> str:
        """A fresh kernel for one visit of an app; gives its id.

        ``on_death`` is called once when it has ended by itself, with its id and why. Of ``environment``, which no
        gateway need pass on, the kernel is told before anything else.

        Raises
        ------
        MachineFault
            No kernel could be started.
        """
        asked = asyncio.ensure_future(self.start_kernel(kernel_name=self.spec_name))  # type: ignore[no-untyped-call]
        self._starting.add(asked)
        asked.add_done_callback(self._starting.discard)
        try:
            kernel_id = str(await answered(asyncio.shield(asked), self._start_within))
        except BaseException:
            asked.add_done_callback(self._unwanted)
            raise
        seconds = app.confinement.granted.seconds + SOONER
        line = Line(kernel_id, seconds, self._largest, lambda why: on_death(kernel_id, why))
        self._kernel(kernel_id).line = line
        try:
            await line.open()
        except BaseException:
            await self.end(kernel_id)
            raise
        client = self._kernel(kernel_id).client()
        client.execute(f"import os; os.environ.update({dict(environment)!r}); del os", silent=True)
        return kernel_id

    async def end(self, kernel_id: str) -> None:
        """End a kernel; one that has gone already is no error, and one that the gateway does not end is tried again."""
        if kernel_id not in self:
            return
        kernel = self._kernel(kernel_id)
        self.remove_kernel(kernel_id)  # type: ignore[no-untyped-call]
        if hasattr(kernel, "line"):
            await kernel.line.close()
        try:
            await answered(kernel.shutdown_kernel(now=True), END_SECONDS)
        except MachineFault:  # as from a gateway that is just starting a dead kernel anew
            self._begin(self._end_later(kernel))

    async def end_every(self) -> None:
        """End all kernels, and those that are being started."""
        try:
            async with asyncio.timeout(END_SECONDS):
                await asyncio.gather(*map(self.end, self.list_kernel_ids()))
                while underway := self._starting | self._ending:
                    await asyncio.wait(underway)
                    await asyncio.gather(*map(self.end, self.list_kernel_ids()))
        except TimeoutError:
            _log.warning("The gateway does not answer: kernels that are left there it has to cull.")

    async def _end_later(self, kernel: GatewayKernel) -> None:
        for pause in PAUSES:
            await asyncio.sleep(pause)
            try:
                await answered(kernel.shutdown_kernel(now=True), END_SECONDS)
                return
            except MachineFault as error:
                problem = error
        _log.warning("Kernel %s could not be ended, and the gateway has to cull it: %s", kernel.kernel_id, problem)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def kernel_model(self, kernel_id: str) -> Any:
        """What a page is told of its kernel; nothing that only the gateway knows."""
        return {"id": kernel_id, "name": self.spec_name, "execution_state": "idle", "connections": 1}

    def _kernel(self, kernel_id: str) -> GatewayKernel:
        kernel: GatewayKernel = self._kernels[kernel_id]  # type: ignore[assignment]
        return kernel

    def _unwanted(self, started: asyncio.Task[str]) -> None:
        """A kernel came when nobody waited for it any more."""
        if not started.cancelled() and started.exception() is None:
            self._begin(self.end(started.result()))
