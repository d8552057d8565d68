"""Making an ordinary jupyter_client manager launch confined, whatever a notebook's metadata names."""

from __future__ import annotations

import sys
import warnings
from typing import Any

import zmq
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager, KernelManager

from . import tiers
from .client import AttentiveClient
from .confinement import Confinement
from .provisioner import SandboxProvisioner
from .sandbox import Sandbox
from .seatbelt import SeatbeltProvisioner

LARGEST_MESSAGE = 32 << 20
"""Bytes of the largest part of a message a kernel can send; the connection of one that sends more is closed."""
WAITING_MESSAGES = 20
"""Messages a kernel can have waiting at the harness before it has to wait itself."""


class ReducedContainment(UserWarning):
    """Apps run in the reduced tier on this machine."""


class _OneSpec(KernelSpecManager):
    """Knows one kernel, this Python's own under the sandbox's provisioner, by any name."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3 (confined)",
            language="python",
            interrupt_mode="signal",
            metadata={"kernel_provisioner": {"provisioner_name": "microapps-sandbox"}},
        )


def confine(manager: KernelManager, confinement: Confinement, sandbox: Sandbox | None = None) -> None:
    """Have every kernel that ``manager`` starts from now on confined, restarts included.

    Call it before ``start_kernel``; it works for managers of jupyter_client, nbclient, jupyter_server and Voila. With
    ``sandbox`` the kernels are forked from its warm parents; without, the manager has a warm parent of its own.

    Raises MachineFault where this machine cannot contain an app; warns with :class:`ReducedContainment` where
    it can do so only in part.
    """
    shape = tiers.shape()
    if not shape.namespaces:
        by = "sandbox-exec" if shape.seatbelt else "Landlock and seccomp"
        warnings.warn(
            f"Apps are contained by {by} alone ({tiers.why()}): no network host can be granted, apps cannot ask the "
            f"language model, and they see which processes and files there are. {tiers.mend()}",
            ReducedContainment,
            stacklevel=2,
        )
    manager.kernel_spec_manager = _OneSpec(parent=manager)
    if isinstance(manager, AsyncKernelManager):
        manager.client_factory = AttentiveClient
    provisioner = SeatbeltProvisioner if shape.seatbelt else SandboxProvisioner
    manager.provisioner = provisioner(
        kernel_id=manager.kernel_id or "",
        kernel_spec=manager.kernel_spec,
        parent=manager,
        confinement=confinement,
        sandbox=sandbox,
    )
    _limit_messages(manager)


def _limit_messages(manager: KernelManager) -> None:
    """Bound what a kernel's flood of output can take of the harness's memory."""
    _limit(manager.context)
    make = manager.client

    def client(**options: Any) -> Any:
        made = make(**options)
        _limit(made.context)
        return made

    manager.client = client  # type: ignore[method-assign]


def _limit(context: zmq.Context[Any]) -> None:
    context.setsockopt(zmq.MAXMSGSIZE, LARGEST_MESSAGE)
    context.setsockopt(zmq.RCVHWM, WAITING_MESSAGES)
