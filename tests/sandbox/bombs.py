"""Bombs, and how long after their limit they end; used by the tests of limits and by their benchmark.

Each is a cell run in a kernel that may have :data:`MEMORY`, :data:`DATA` and :data:`SECONDS`.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio

from microapps.notebook.permissions import Permissions
from microapps.sandbox import Confinement, Sandbox

from .kernels import Talk, talking

MIB = 1 << 20
MEMORY, DATA, SECONDS = 256, 32 * MIB, 60
PATIENCE = 120.0

_SOCKETS = """
import socket, time
held = []
while len(held) < 1000:
    held += socket.socketpair()
    for one in held[-2:]:
        one.setblocking(False)
        try:
            while True: one.send(b'x' * 65536)
        except BlockingIOError: pass
time.sleep(60)
"""
_TABLES = """
import ctypes, time
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
size = 600 << 30
start = libc.mmap(None, ctypes.c_size_t(size), 1, 0x4022, -1, ctypes.c_long(0))
libc.madvise(start, size, 15)
for place in range(0, size, 2 << 20): ctypes.string_at(start + place, 1)
time.sleep(60)
"""
# Each holds less than what one process may have, and keeps it: what meets that limit gives back all it held at once.
_LEADERLESS = """
import ctypes, os, threading, time
def hold():
    held = []
    while len(held) < 25: held.append(b'x' * (4 << 20)); time.sleep(0.005)
    time.sleep(60)
for _ in range(4):
    if os.fork() == 0:
        threading.Thread(target=hold).start()
        ctypes.CDLL(None).syscall(60 if os.uname().machine == 'x86_64' else 93, 0)
time.sleep(60)
"""
_NAMELESS = """
for n in range(200):
  f = os.open('/data/u', os.O_CREAT | os.O_RDWR); os.unlink('/data/u'); os.write(f, b'x' * (1 << 20))
"""

ENDED: dict[str, tuple[str, str]] = {
    "memory of several processes": (
        "memory",
        "import os, time\nfor _ in range(4):\n  if os.fork() == 0:\n    held = []\n"
        "    while True: held.append(b'x' * (4 << 20)); time.sleep(0.01)\ntime.sleep(60)",
    ),
    "memory that processes share": (
        "memory",
        "import mmap, time\nheld = mmap.mmap(-1, 1 << 30)\n"
        "for n in range(0, 1 << 30, 4096): held[n] = 1\ntime.sleep(60)",
    ),
    "memory of processes without a first thread": ("memory", _LEADERLESS),
    "memory in tables of pages": ("memory", _TABLES),
    "memory in sockets": ("memory", _SOCKETS),
    "disk: one big file": ("data", "f = open('/data/f', 'wb')\nwhile True: f.write(b'x' * (1 << 20)); f.flush()"),
    "disk: empty files": ("data", "for n in range(1 << 20): open(f'/data/{n}', 'w').close()"),
    "disk: files without a name": ("data", f"import os, time\nheld = []\n{_NAMELESS}  held.append(f)\ntime.sleep(60)"),
    "disk: files without a name, mapped": (
        "data",
        "import ctypes, os, time\nlibc = ctypes.CDLL(None)\n"
        f"{_NAMELESS}  libc.mmap(None, ctypes.c_size_t(4096), 1, 1, f, ctypes.c_long(0)); os.close(f)\ntime.sleep(60)",
    ),
    "disk: files without a name, on their way in a socket": (
        "data",
        "import os, socket, time\none, other = socket.socketpair()\n"
        f"{_NAMELESS}  socket.send_fds(one, [b'x'], [f]); os.close(f)\ntime.sleep(60)",
    ),
    "disk: files that come and go": (
        "data",
        "import os\nif os.fork() == 0:\n  while True:\n    for n in range(50): open(f'/data/a{n}', 'w').close()\n"
        "    for n in range(50): os.unlink(f'/data/a{n}')\n"
        "f = open('/data/f', 'wb')\nwhile True: f.write(b'x' * (1 << 20)); f.flush()",
    ),
    "disk: length without content": (
        "data",
        "import time\nfor n in range(200): open(f'/data/{n}', 'wb').truncate(200 << 20)\ntime.sleep(60)",
    ),
    "disk: folders within folders": (
        "data",
        "import os, time\nos.chdir('/data')\nfor n in range(2000): os.mkdir('d' * 100); os.chdir('d' * 100)\n"
        "time.sleep(60)",
    ),
    "sockets with names": (
        "sockets",
        "import socket, time\nfor n in range(900): socket.socket(socket.AF_UNIX).bind(f'/run/kernel/{n}')\n"
        "time.sleep(60)",
    ),
    "a loop that ignores interrupts": (
        "time",
        "import signal\nfor n in (2, 15): signal.signal(n, signal.SIG_IGN)\nwhile True:\n  try:\n"
        "    while True: pass\n  except BaseException: pass",
    ),
    "output without end": (
        "time",
        "while True:\n  try: print('x' * (1 << 20), flush=True)\n  except BaseException: pass",
    ),
}
"""What the containment ends its kernel for: by name, the reason it gives, and the cell."""


@dataclass(frozen=True)
class Ended:
    """How a bomb ended; times in seconds.

    Attributes
    ----------
    reason : as the containment says.
    late : how long, at most, it had been past its limit when it was ended.
    gone : how long it took from then until the last of its processes was gone and its folder too.
    answered : the longest that a kernel of another app took to answer meanwhile.
    starved : the longest that this process itself had to wait for a processor meanwhile.
    """

    reason: str
    late: float
    gone: float
    answered: float
    starved: float


class Range:
    """Where bombs go off: a sandbox with one app for them, and a kernel of another that is to notice nothing."""

    def __init__(self, sandbox: Sandbox, calm: Talk, data: Path) -> None:
        self.sandbox, self._calm, self.data = sandbox, calm, data
        self._longest = self._starved = 0.0

    @classmethod
    @asynccontextmanager
    async def opened(cls, data: Path) -> AsyncIterator[Range]:
        """A range whose bombs write into ``data``."""
        async with Sandbox() as sandbox, talking(sandbox.kernels(Confinement("calm"))) as calm:
            yield cls(sandbox, calm, data)

    def confinement(self, reason: str) -> Confinement:
        granted = Permissions(memory=MEMORY, seconds=1 if reason == "time" else SECONDS)
        return Confinement("bombs", granted=granted, data=self.data, data_limit=DATA)

    async def set_off(self, name: str) -> Ended:
        """Run a bomb of :data:`ENDED`."""
        reason, code = ENDED[name]
        confinement = self.confinement(reason)
        parent = await self.sandbox.parent(confinement)
        async with talking(self.sandbox.kernels(confinement)) as kernel:
            provisioner: Any = kernel.manager.provisioner
            process, own = provisioner.process, space(provisioner.pid)
            kernel.client.execute(code)
            asking = asyncio.create_task(self._ask())
            with anyio.fail_after(PATIENCE):
                await process.wait()
                begun = time.monotonic()
                while any(space(int(pid)) == own for pid in os.listdir("/proc") if pid.isdigit()):
                    await anyio.sleep(0.01)
            gone = time.monotonic() - begun
            asking.cancel()
            answered = await self._ask(once=True)
            ended = Ended(process.reason, process.late, gone, max(answered, self._longest), self._starved)
        assert list((parent.run / "k").iterdir()) == []
        return ended

    async def _ask(self, once: bool = False) -> float:
        if not once:
            self._longest = self._starved = 0.0
        while True:
            begun = time.monotonic()
            assert await self._calm.run("print(sum(range(1000)))") == "499500"
            took = time.monotonic() - begun
            if once:
                return took
            self._longest = max(self._longest, took)
            begun = time.monotonic()
            await anyio.sleep(0.1)
            self._starved = max(self._starved, time.monotonic() - begun - 0.1)


def space(pid: int) -> str:
    """The process namespace of a process; empty when it is gone."""
    try:
        return os.readlink(f"/proc/{pid}/ns/pid")
    except OSError:
        return ""
