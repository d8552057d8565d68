"""The provisioner through which jupyter_client starts, signals and ends a confined kernel.

It launches no command: it asks a keeper to fork the kernel from a warm parent, and holds handles of its processes. The
transport is ``ipc``, since a kernel has no network; the sockets lie in the run directory, which the kernel sees
under another name.
"""

from __future__ import annotations

import re
import secrets
import signal
from typing import Any
from urllib.parse import parse_qsl, urlencode

import anyio
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import Any as AnyTrait
from traitlets import Instance

from ..errors import MachineFault
from . import tiers
from .confinement import Confinement
from .parent import KernelProcess, Parent
from .sandbox import Sandbox

_SECRET = re.compile(r"token|xsrf|pass|secret|key|auth|capab|sign|session|code", re.IGNORECASE)
_GONE = 5.0
"""Seconds until a kernel that was killed is no longer awaited here: as long as jupyter_client waits for one."""
_PORTS = ("shell_port", "iopub_port", "stdin_port", "hb_port", "control_port")


class SandboxProvisioner(KernelProvisionerBase):
    """Launches kernels confined. Made by :func:`microapps.sandbox.confine`.

    Made by jupyter_client itself, from a kernel specification that names ``microapps-sandbox``, it confines to the
    least there is: a data folder that is thrown away, no network, no files.
    """

    confinement = Instance(Confinement)
    sandbox = AnyTrait(None, allow_none=True)

    def _confinement_default(self) -> Confinement:
        return Confinement(app="unnamed")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.process: KernelProcess | None = None
        self.ended = ""
        """Why the last kernel was ended by the containment: ``time``, ``memory``, ``data``…; empty if it was not."""
        self._name = f"k{secrets.token_hex(4)}"
        self._own: Sandbox | None = None
        self._parent_process: Parent | None = None
        self._arguments: list[str] = []
        self._environment: dict[str, str] = {}

    @property
    def has_process(self) -> bool:
        """Whether a kernel was started and not yet collected."""
        return self.process is not None

    @property
    def pid(self) -> int | None:
        """The kernel's process number on this machine."""
        return self.process.pid if self.process else None

    async def poll(self) -> int | None:
        """None while the kernel runs, else its exit status."""
        if self.process is None:
            return 0
        status = self.process.poll()
        if status is not None:
            self.ended = self.process.reason
        return status

    async def wait(self) -> int | None:
        """Wait for the kernel and all its processes to end."""
        if self.process is None:
            return 0
        status = await self.process.wait()
        self.ended = self.process.reason
        self._drop()
        return status

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel; SIGKILL to all its processes."""
        if self.process is not None:
            self.process.signal(signum)

    async def kill(self, restart: bool = False) -> None:
        """End the kernel and all its processes at once; by itself, the manager would look only ten times a second."""
        await self.send_signal(signal.SIGKILL)
        if self.process is not None:
            with anyio.move_on_after(_GONE):
                await self.process.wait()

    async def terminate(self, restart: bool = False) -> None:
        """Ask the kernel to end."""
        await self.send_signal(signal.SIGTERM)

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Have a warm parent, and tell the manager where the kernel's sockets will be."""
        manager: Any = self.parent
        parent = await self._warm_parent()
        folder = parent.folder(self._name)
        where = str(folder / "s")
        if manager.ip != where:
            manager.transport = "ipc"
            manager.cache_ports = False
            manager.ip = where
            manager.connection_file = str(parent.run / f"{self._name}.json")
            manager._connection_file_written = False
        self._arguments = list(kwargs.pop("extra_arguments", []))
        self._environment = visible(kwargs.get("env") or {})
        try:
            manager.write_connection_file()
        except FileNotFoundError as error:
            raise MachineFault(f"The containment of {self.confinement.app!r} is gone.", "Start it again.") from error
        self.connection_info = manager.get_connection_info()
        kwargs.pop("transport_encryption", None)
        return await super().pre_launch(cmd=[], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork the kernel from its warm parent."""
        assert self._parent_process is not None  # noqa: S101
        self._drop()
        self.ended = ""
        info: dict[str, Any] = dict(self.connection_info)
        connection = {name: info[name] for name in _PORTS}
        connection["key"] = info["key"].decode() if isinstance(info["key"], bytes) else info["key"]
        connection["signature_scheme"] = info["signature_scheme"]
        self.process = await self._parent_process.fork(
            self._name, connection, self._arguments, self._environment | self._folders()
        )
        return self.connection_info

    async def cleanup(self, restart: bool = False) -> None:
        """Let go of the kernel; unless it restarts, of its folder and of a warm parent of its own."""
        self._drop()
        if restart:
            return
        if self._parent_process is not None:
            self._parent_process.forget(self._name)
            self._parent_process = None
        if self._own is not None:
            await self._own.close()
            self._own = None

    async def _warm_parent(self) -> Parent:
        sandbox: Sandbox | None = self.sandbox or self._own
        if sandbox is None:
            sandbox = self._own = Sandbox()
        parent = await sandbox.parent(self.confinement)
        if self._parent_process is not None and self._parent_process is not parent:
            self._parent_process.forget(self._name)
        self._parent_process = parent
        return parent

    def _folders(self) -> dict[str, str]:
        """Without namespaces a kernel's temporary folder is on the host, and its own."""
        if tiers.shape().namespaces:
            return {}
        assert self._parent_process is not None  # noqa: S101
        return self._parent_process.private_folders(self._name)

    def _drop(self) -> None:
        if self.process is not None:
            self.process.close()
            self.process = None


def visible(environment: dict[str, str]) -> dict[str, str]:
    """What of a launch's environment a kernel may see: Voila's ``QUERY_STRING``, without what looks like a secret."""
    query = parse_qsl(environment.get("QUERY_STRING", ""), keep_blank_values=True)
    kept = [(name, value) for name, value in query if not _SECRET.search(name)]
    return {"QUERY_STRING": urlencode(kept)} if kept else {}
