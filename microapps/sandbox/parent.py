"""The harness's side of a warm parent and of each kernel forked from it."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import select
import shutil
import signal
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anyio
from anyio.to_thread import run_sync

from ..errors import MachineFault
from . import launch, policy, rundirs, wire
from .confinement import Confinement

_PATIENCE = 60.0
"""Seconds a warm parent may take to import its libraries."""
_BIRTH = 30.0
"""Seconds a kernel's birth may take on a loaded machine; it takes about a tenth of one."""
_LAST_WORD = 2.0
"""Seconds the keeper may take to say why a kernel that is gone has ended."""


async def _hear(channel: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    await anyio.wait_readable(channel)
    return wire.receive(channel)


class KernelProcess:
    """A running kernel: handles that stay its own even if its process number is used again."""

    def __init__(self, channel: socket.socket, init: int, kernel: int, pid: int) -> None:
        self.pid = pid
        self.reason = ""
        """Why the containment ended it: ``time``, ``memory``, ``data``, ``sockets``, ``keeper``; else empty."""
        self.late = 0.0
        """Seconds, at most, by which it had been past that limit when it was ended."""
        self._channel = channel
        self._init = init
        self._kernel = kernel
        self._status: int | None = None
        self._heard_all = False
        self._waiting = anyio.Lock()

    def poll(self) -> int | None:
        """The exit status, negative for a signal; None while it runs."""
        if self._status is None and _readable(self._init):
            self._status = -int(signal.SIGKILL)
        if self._status is not None and not self._heard_all:
            self._hear_ending()
        return self._status

    async def wait(self) -> int:
        """Wait until the kernel and everything below it is gone, and the keeper has said why. Many may wait at once."""
        async with self._waiting:
            while self.poll() is None:
                await anyio.wait_readable(self._init)
            with anyio.move_on_after(_LAST_WORD):
                while not self._heard_all:
                    await anyio.wait_readable(self._channel)
                    self._hear_ending()
        assert self._status is not None  # noqa: S101
        return self._status

    def signal(self, number: int) -> None:
        """Send a signal to the kernel itself; SIGKILL ends all its processes."""
        if self._init < 0:
            return
        try:
            signal.pidfd_send_signal(self._init if number == signal.SIGKILL else self._kernel, number)
        except ProcessLookupError:
            return

    def close(self) -> None:
        """End the kernel if it still runs, and let go of it."""
        self._channel.close()
        for handle in (self._init, self._kernel):
            if handle >= 0:
                os.close(handle)
        self._init = self._kernel = -1
        self._heard_all = True
        self._status = -int(signal.SIGKILL) if self._status is None else self._status

    def _hear_ending(self) -> None:
        """Read what the keeper said, without waiting for it."""
        try:
            while (heard := wire.receive(self._channel)) is not None:
                message, fds = heard
                for fd in fds:
                    os.close(fd)
                if "ended" in message:
                    self._status = int(message["ended"])
                    self.reason = str(message.get("reason", ""))
                    self.late = float(message.get("late", 0.0))
                    break
            self._heard_all = True
        except BlockingIOError:
            return


def _readable(handle: int) -> bool:
    if handle < 0:
        return True
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    return bool(poll.poll(0))


class Parent:
    """A warm parent in its containment, with its keeper. Made by :meth:`start`, ended by :meth:`close`."""

    def __init__(
        self, confinement: Confinement, run: Path, process: subprocess.Popen[bytes], channel: socket.socket
    ) -> None:
        self.confinement = confinement
        self.run = run
        self.skipped: dict[str, str] = {}
        """Modules asked for that were not preloaded, and why."""
        self.names: set[str] = set()
        """Names of the kernels that have a folder here."""
        self._process = process
        self._channel = channel

    @classmethod
    async def start(cls, confinement: Confinement, shape: policy.Shape) -> Parent:
        """Start containment, warm parent and keeper, and wait until kernels can be forked.

        Raises MachineFault if the containment cannot be made.
        """
        without: dict[str, str] = {}
        while True:
            parent = await cls._start(confinement, shape, [n for n in confinement.preload if n not in without])
            try:
                with anyio.fail_after(_PATIENCE):
                    answer = await parent._answer()
            except TimeoutError as error:
                await parent.close()
                raise MachineFault(
                    f"The libraries of {confinement.app!r} were not imported within {_PATIENCE:.0f} seconds.",
                    "Try again when the machine is less busy.",
                ) from error
            except BaseException:
                with anyio.CancelScope(shield=True):
                    await parent.close()
                raise
            if "without" not in answer:
                parent.skipped = without | answer["skipped"]
                return parent
            without[answer["without"]] = answer["why"]
            await parent.close()

    @classmethod
    async def _start(cls, confinement: Confinement, shape: policy.Shape, preload: list[str]) -> Parent:
        run, lock = rundirs.make()
        ours, theirs = wire.pair()
        try:
            launch.prepare(confinement, run)
            told = policy.inside(confinement, shape, run) | {"preload": preload}
            configuration = launch.configuration(confinement, shape, run, json.dumps(told))
            process = subprocess.Popen(  # noqa: S603 - our own program
                [*launch.python("keeper"), str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
                cwd="/",
                pass_fds=[theirs.fileno(), lock],
                start_new_session=True,
            )
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it ended already, which is heard next
                wire.send(ours, configuration)
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
            os.close(lock)
        ours.setblocking(False)
        return cls(confinement, run, process, ours)

    async def _answer(self) -> dict[str, Any]:
        heard = await _hear(self._channel)
        message: dict[str, Any] = heard[0] if heard else {"failed": "its keeper ended without a word"}
        if "failed" in message:
            raise MachineFault(
                f"The containment of {self.confinement.app!r} could not be made: {message['failed']}.",
                "'microapps doctor' shows what this machine lacks.",
            )
        ready: dict[str, Any] = message["ready"]
        return ready

    @property
    def alive(self) -> bool:
        """Whether kernels can still be forked."""
        return self._channel.fileno() >= 0 and not _readable(self._channel.fileno())

    def folder(self, name: str) -> Path:
        """The folder, on the host, of the sockets of kernel ``name``; made if it is new.

        Raises MachineFault if the containment ended.
        """
        self.names.add(name)
        try:
            return launch.socket_folder(self.confinement, self.run, name)
        except OSError as error:  # its keeper took the run directory along
            raise self._gone(error) from error

    def forget(self, name: str) -> None:
        """Kernel ``name`` will not be started again."""
        self.names.discard(name)
        folder = self.run / "k" / name
        shutil.rmtree(folder, ignore_errors=True)

    def private_folders(self, name: str) -> dict[str, str]:
        """Environment of a kernel that has no view of its own: a temporary and a home folder in the run directory."""
        made = launch.private_folder(self.confinement, self.folder(name))
        below = {"IPYTHONDIR": ".ipython", "MPLCONFIGDIR": ".matplotlib", "XDG_CACHE_HOME": ".cache"}
        environment = {"TMPDIR": str(made), "HOME": str(made), "JUPYTER_RUNTIME_DIR": str(made)}
        environment |= {variable: str(made / folder) for variable, folder in below.items()}
        environment["MICROAPPS_DATA"] = str(self.confinement.data or made)
        return environment

    async def fork(
        self, name: str, connection: dict[str, Any], arguments: list[str], environment: dict[str, str]
    ) -> KernelProcess:
        """Fork a kernel that binds its sockets in ``folder(name)``.

        ``connection`` holds ports, ``key`` (text) and ``signature_scheme``. Raises MachineFault if no kernel is born.
        """
        request = {"name": name, "connection": connection, "arguments": arguments, "environment": environment}
        return await self._start_process({"start": request}, ())

    async def open_app(self, name: str, environment: dict[str, str], *, forks: bool) -> KernelProcess:
        """Have a process that runs the app without a kernel and listens at :data:`.inside.app.SOCKET` in its folder.

        With ``forks`` it is a staged app, from which :meth:`visit` forks. Raises MachineFault if there is none.
        """
        request = {"name": name, "app": True, "stage": forks, "environment": environment}
        return await self._start_process({"start": request}, ())

    async def visit(self, staged: str, name: str, stream: socket.socket) -> KernelProcess:
        """Fork a visitor's process from the staged app of that name; ``stream`` is its end of the conversation.

        Raises MachineFault if it is not born.
        """
        request = {"name": name, "of": staged}
        return await self._start_process({"visit": request}, (stream.fileno(),))

    async def _start_process(self, message: dict[str, Any], fds: Sequence[int]) -> KernelProcess:
        try:
            channel = wire.connect(self.run / "keeper")
        except OSError as error:
            raise self._gone(error) from error
        try:
            try:
                wire.send(channel, message, list(fds))
            except OSError as error:
                raise self._gone(error) from error
            channel.setblocking(False)
            with anyio.fail_after(_BIRTH):
                process = await self._born(channel)
                answer = (await _hear(channel) or ({}, []))[0]
                if not answer.get("listening"):
                    process.close()
                    raise MachineFault(
                        f"A kernel of {self.confinement.app!r} ended before it could listen ({answer}).",
                        "Try again; 'microapps doctor' shows what this machine lacks.",
                    )
                return process
        except TimeoutError as error:
            channel.close()
            raise MachineFault(
                f"No kernel was born for {self.confinement.app!r} within {_BIRTH:.0f} seconds.",
                "Try again when the machine is less busy.",
            ) from error
        except BaseException:
            channel.close()
            raise

    def _gone(self, error: OSError) -> MachineFault:
        if error.errno in (errno.EMFILE, errno.ENFILE):
            what = f"No kernel could be asked for {self.confinement.app!r}: {error.strerror}."
            return MachineFault(what, "Allow more open files (ulimit -n), or fewer visits at once.")
        return MachineFault(f"The containment of {self.confinement.app!r} is gone.", "Start the app again.")

    async def _born(self, channel: socket.socket) -> KernelProcess:
        message, fds = await _hear(channel) or ({"failed": "its warm parent is gone"}, [])
        if "born" not in message or len(fds) < 2:
            for fd in fds:
                os.close(fd)
            why = "too many open files" if "born" in message else message.get("failed") or message
            raise MachineFault(
                f"No kernel was born for {self.confinement.app!r}: {why}.",
                "Try again; 'microapps doctor' shows what this machine lacks.",
            )
        return KernelProcess(channel, fds[0], fds[1], int(message["born"]))

    def release(self) -> None:
        """Tell the keeper to end everything, without waiting for it."""
        self._channel.close()

    async def close(self) -> None:
        """End the warm parent, its kernels and its keeper, and wait until they and their files are gone."""
        self.release()
        with anyio.CancelScope(shield=True):
            await run_sync(self._process.wait)
