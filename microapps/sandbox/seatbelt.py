"""macOS: kernels under ``sandbox-exec``. **Written from its documentation and never run on a Mac.**

Each kernel is a fresh ipykernel under a profile that denies everything and allows what a confinement names. There are
no warm forks (forking a process that has loaded Apple's frameworks is not safe), no granted hosts, no watchdog
over memory, time or disk; processes that a kernel leaves behind are ended by their process group only.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Any as AnyTrait
from traitlets import Instance

from . import policy
from .confinement import Confinement
from .visible import python_paths

PROGRAM = "/usr/bin/sandbox-exec"
_SYSTEM = ("/usr", "/bin", "/sbin", "/System", "/Library/Frameworks", "/Library/Fonts", "/private/etc/ssl")
_SINGLE = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", "/private/etc/localtime", "/private/etc/passwd")
_LIMITS = 'ulimit -u 512; ulimit -n 1024; ulimit -f 524288; ulimit -c 0; exec "$@"'


def profile(confinement: Confinement, own: Path) -> str:
    """The profile in sandbox-exec's language; ``own`` is the kernel's private folder."""
    read = [*_SYSTEM, *map(str, python_paths())]
    write = [str(own)]
    if confinement.source is not None:
        read.append(str(confinement.source.resolve()))
    if confinement.data is not None:
        write.append(str(confinement.data.resolve()))
    for path, access in policy.granted_files(confinement):
        (write if access == "write" else read).append(str(path.resolve()))
    rules = [
        "(version 1)",
        "(deny default)",
        "(allow process-fork)",
        "(allow signal (target same-sandbox))",
        "(allow sysctl-read)",
        "(allow file-read-metadata)",
        '(allow file-read-data (literal "/"))',
    ]
    rules += [f"(allow file-read* process-exec (subpath {_quoted(path)}))" for path in read]
    rules += [f"(allow file-read* (literal {_quoted(path)}))" for path in _SINGLE]
    rules += [f"(allow file-read* file-write* (subpath {_quoted(path)}))" for path in write]
    rules += ['(allow file-write-data (literal "/dev/null"))']
    rules += [f"(allow network-bind network-inbound (local unix-socket (subpath {_quoted(str(own))})))"]
    return "\n".join(rules)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def environment(confinement: Confinement, own: Path) -> dict[str, str]:
    """A kernel's whole environment, with its folders on the host."""
    made = policy.environment(confinement, sockets=False)
    made |= {"HOME": str(own), "TMPDIR": str(own), "MICROAPPS_CONFINED": "1"}
    made |= {"IPYTHONDIR": f"{own}/.ipython", "MPLCONFIGDIR": f"{own}/.matplotlib", "XDG_CACHE_HOME": f"{own}/.cache"}
    made["JUPYTER_RUNTIME_DIR"] = str(own)
    made["MICROAPPS_DATA"] = str(confinement.data.resolve()) if confinement.data is not None else str(own)
    return made


def command(confinement: Confinement, own: Path, program: list[str]) -> list[str]:
    """``program`` under limits and the profile."""
    return ["/bin/sh", "-c", _LIMITS, "sh", PROGRAM, "-p", profile(confinement, own), *program]


def problem() -> str:
    """What is wrong with sandbox-exec on this machine; empty if a Python can be started under it."""
    if not Path(PROGRAM).exists():
        return "sandbox-exec is not there"
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder).resolve()
        confinement = Confinement("trial")
        try:
            done = subprocess.run(  # noqa: S603 - our own Python
                command(confinement, own, [sys.executable, "-P", "-c", "import subprocess"]),
                env=environment(confinement, own),
                cwd=own,
                capture_output=True,
                text=True,
                timeout=30,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
    return "" if done.returncode == 0 else (done.stderr.strip() or "a trial ended without a word")


class SeatbeltProvisioner(LocalProvisioner):
    """Launches each kernel afresh under ``sandbox-exec``, over unix sockets in a folder of its own."""

    confinement = Instance(Confinement)
    sandbox = AnyTrait(None, allow_none=True)
    ended = ""
    _own: Path | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Make the private folder, move the sockets there, wrap the command."""
        manager: Any = self.parent
        if self._own is None:
            self._own = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="ma-", dir="/tmp")).resolve()  # noqa: S108
            manager.transport, manager.cache_ports = "ipc", False
            manager.ip, manager.connection_file = f"{self._own}/s", f"{self._own}/kernel.json"
        kwargs = await super().pre_launch(**kwargs)
        program = [sys.executable, "-P", *kwargs["cmd"][1:], "--HistoryManager.enabled=False"]
        kwargs["cmd"] = command(self.confinement, self._own, program)
        kwargs["env"] = environment(self.confinement, self._own)
        start = self.confinement.source or policy.begins(self.confinement) or self.confinement.data
        kwargs["cwd"] = str(start or self._own)
        return kwargs

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Launch with exactly the environment made here."""
        kwargs["env"] = {name: value for name, value in kwargs["env"].items() if name != "JPY_PARENT_PID"}
        return await super().launch_kernel(cmd, **kwargs)

    async def cleanup(self, restart: bool = False) -> None:
        """Remove the private folder, unless the kernel restarts."""
        await super().cleanup(restart=restart)
        if not restart and self._own is not None:
            if self.pgid and self.pgid != os.getpgrp():
                try:
                    os.killpg(self.pgid, 9)
                except ProcessLookupError:
                    self.pgid = None
            await asyncio.to_thread(shutil.rmtree, self._own, ignore_errors=True)
            self._own = None
