"""The last step of a kernel's birth: an ordinary ipykernel on the sockets it was told of."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from typing import Any, ClassVar

import zmq
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from IPython.core.application import BaseIPythonApplication

from .clock import BUSY, IDLE
from .noting import note_attempts

_ARGUMENTS = ["--HistoryManager.enabled=False"]
_WAITING = 20_000
"""Messages of output that wait for somebody who reads them more slowly than they are made; ZeroMQ drops further ones.

It waits with 1,000 of them by itself, and an app of 400 buttons makes 1,200 at once: the last, which says that the cell
has run, was lost. What waits counts against the kernel's memory.
"""
_FAREWELL = 2.0
"""Seconds the control thread may take to answer a shutdown request."""


class ConfinedKernel(IPythonKernel):
    """An IPython kernel that also tells its *init* process when it works and when it rests."""

    told: ClassVar[int] = -1

    def _publish_status(self, status: str, channel: str, parent: Any = None) -> None:
        if channel == "shell" and self.told >= 0:
            try:
                os.write(self.told, BUSY if status == "busy" else IDLE)
            except OSError:
                ConfinedKernel.told = -1  # the app closed it: its clock keeps running in init
        super()._publish_status(status, channel, parent)  # type: ignore[no-untyped-call]


class _Once(BaseIPythonApplication):
    """What an application reads before it has sockets and threads: its command line and configuration."""

    read: list[str] | None = None

    def initialize(self, argv: list[str] | None = None) -> None:
        """Read them, unless that was done for the same arguments, in this process or before its fork."""
        if argv != self.read:
            super().initialize(argv)  # type: ignore[no-untyped-call]
            self.read = argv


class ConfinedApp(IPKernelApp, _Once):
    """An ipykernel application, the first part of which a warm parent can prepare for all its kernels."""

    def init_control(self, context: Any) -> None:
        """As always, without the debugger's connection to the kernel itself: it is not there, nor may all connect."""
        super().init_control(context)  # type: ignore[no-untyped-call]
        self.debug_shell_socket.disconnect(self.shell_socket.last_endpoint)

    def init_iopub(self, context: Any) -> None:
        """As always, with more room for what waits."""
        context.setsockopt(zmq.SNDHWM, _WAITING)  # of the socket that is made next
        super().init_iopub(context)  # type: ignore[no-untyped-call]


def prepare() -> None:
    """Called in the warm parent, where all kernels see the same configuration: read it once for all of them."""
    app = ConfinedApp.instance(kernel_class=ConfinedKernel)
    _Once.initialize(app, _ARGUMENTS)


def become_kernel(policy: dict[str, Any], request: dict[str, Any], pipe: int) -> None:
    """Turn this process into the kernel; does not return.

    ``request`` holds ``name`` (of its sockets' folder), ``connection`` (ports, key and scheme), ``arguments`` and
    ``environment``, all set by the harness.
    """
    if request.get("app"):
        from .app import become_app

        become_app(policy, request, pipe)
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    first = 3
    for kept in sorted((pipe, policy["notes"])):
        os.closerange(first, kept)
        first = kept + 1
    os.closerange(first, 1 << 16)
    os.environ.update(request["environment"])
    scatter_randomness()
    _start(policy, request, pipe)
    _leave()


def _start(policy: dict[str, Any], request: dict[str, Any], pipe: int) -> None:
    connection = request["connection"]
    folder = policy["run"] if policy["nested"] else f"{policy['run']}/{request['name']}"
    ConfinedKernel.told = pipe
    if request["arguments"]:
        ConfinedApp.clear_instance()
    app = ConfinedApp.instance(kernel_class=ConfinedKernel)
    app.transport, app.ip = "ipc", f"{folder}/s"
    app.connection_file = f"{os.environ['TMPDIR']}/kernel.json"
    for name in connection:
        if name.endswith("_port"):
            setattr(app, name, connection[name])
    if app.profile_dir is not None:
        os.makedirs(app.profile_dir.location, exist_ok=True)  # noqa: PTH103 - made in the parent's temporary folder
        app.profile_dir.check_dirs()  # type: ignore[no-untyped-call]
    app.session.key = connection["key"].encode()
    app.session.signature_scheme = connection["signature_scheme"]
    app.initialize([*_ARGUMENTS, *request["arguments"]])  # type: ignore[no-untyped-call]
    note_attempts(policy["notes"])
    os.write(pipe, IDLE)
    app.start()  # type: ignore[no-untyped-call]
    _let_control_finish(app)


def _let_control_finish(app: IPKernelApp) -> None:
    """Wait for the reply to the shutdown request: if the output thread ends first, that reply's flush takes seconds."""
    thread = app.control_thread
    if thread is not None and thread.is_alive():
        finished = threading.Event()
        thread.io_loop.add_callback(finished.set)
        finished.wait(_FAREWELL)


def scatter_randomness() -> None:
    """Forks of one parent must not draw the same random numbers."""
    for name in ("random", "numpy.random"):  # numpy alone imports the latter only when it is used
        if (generators := sys.modules.get(name)) is not None:
            generators.seed()


def _leave() -> None:
    """End as an interpreter ends (threads joined, exit functions run), without the warm parent's frames."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    os._exit(0)
