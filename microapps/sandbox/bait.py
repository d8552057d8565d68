"""What escape probes are after, laid out on the host: a key, other apps' data, a process, services, a canary."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .. import folders

CANARY = "MICROAPPS_CANARY_KEY"
"""The variable of the harness's environment that no kernel may see."""


@contextmanager
def laid_out(source: Path) -> Iterator[dict[str, Any]]:
    """Lay out bait while the context lasts; gives its places as JSON values.

    ``source`` is where the kernel sees its app's source.
    """
    canary = f"canary-{secrets.token_hex(8)}"
    before = os.environ.get(CANARY)
    os.environ[CANARY] = canary
    with contextlib.ExitStack() as stack:
        stack.callback(_restore, before)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="probe-", dir=folders.home())))
        shared = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ma-probe-", dir="/tmp")))
        for name in ("key", "other", "library", "startup"):
            (folder / name).write_text(canary)
        (shared / "temporary").write_text(canary)
        (shared / "mount").mkdir()
        victim = subprocess.Popen(  # noqa: S603 - this Python, asleep
            [sys.executable, "-S", "-c", "import time; time.sleep(3600)", canary], env={"CANARY": canary}
        )
        stack.callback(_end, victim)
        abstract = f"microapps-probe-{secrets.token_hex(4)}"
        tcp = _service(stack, socket.AF_INET, ("127.0.0.1", 0))
        _service(stack, socket.AF_UNIX, str(shared / "socket"))
        _service(stack, socket.AF_UNIX, f"\0{abstract}")
        udp = _echo(stack)
        shared_key, segment = _shared_memory(stack)
        yield {
            "canary": canary,
            "home": str(Path.home()),
            "key": str(folder / "key"),
            "other": str(folder / "other"),
            "library": str(folder / "library"),
            "startup": str(folder / "startup"),
            "temporary": str(shared / "temporary"),
            "mark": str(shared / "mark"),
            "mount": str(shared / "mount"),
            "source": str(source),
            "harness": os.getpid(),
            "victim": victim.pid,
            "port": tcp[1],
            "udp": udp[1],
            "unix": str(shared / "socket"),
            "abstract": abstract,
            "datagrams": _datagrams(stack, str(shared / "datagrams")),
            "queue": _queue(stack),
            "shared": shared_key,
            "segment": segment,
        }


def _restore(before: str | None) -> None:
    if before is None:
        os.environ.pop(CANARY, None)
    else:
        os.environ[CANARY] = before


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def _service(stack: contextlib.ExitStack, family: int, address: Any) -> Any:
    """A stream service that greets whoever connects, and hangs up on nobody before the bait is taken away."""
    listener = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
    listener.bind(address)
    listener.listen(16)

    callers = stack.enter_context(contextlib.ExitStack())

    def greet() -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:
                return
            callers.enter_context(caller)
            with contextlib.suppress(OSError):  # it is gone already
                caller.sendall(b"greetings")

    threading.Thread(target=greet, daemon=True).start()
    stack.callback(_shut, listener)
    return listener.getsockname()


def _echo(stack: contextlib.ExitStack) -> Any:
    listener = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    listener.bind(("127.0.0.1", 0))

    def echo() -> None:
        while True:
            try:
                data, caller = listener.recvfrom(100)
                if caller is None:
                    return  # shut down
                listener.sendto(data, caller)
            except OSError:
                return

    threading.Thread(target=echo, daemon=True).start()
    stack.callback(_shut, listener)
    return listener.getsockname()


def _datagrams(stack: contextlib.ExitStack, path: str) -> str:
    """A unix socket to which everyone may send."""
    listener = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
    listener.bind(path)
    Path(path).chmod(0o666)  # to an unconfined kernel of whatever user it is open
    return path


def _queue(stack: contextlib.ExitStack) -> str:
    """The name of a POSIX message queue that everyone may read, where there are such queues."""
    import ctypes

    libc = ctypes.CDLL(None)
    name = f"/microapps-probe-{secrets.token_hex(4)}"
    before = os.umask(0)
    handle = libc.mq_open(name.encode(), os.O_CREAT | os.O_RDWR, 0o666, None)
    os.umask(before)
    if handle >= 0:
        stack.callback(libc.mq_unlink, name.encode())
        stack.callback(os.close, handle)
    return name


def _shut(listener: socket.socket) -> None:
    """Wake the thread that waits on a socket; closing alone would not."""
    with contextlib.suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)


def _shared_memory(stack: contextlib.ExitStack) -> tuple[int, int]:
    """Key and number of a System V shared memory segment that everyone may read."""
    import ctypes

    libc = ctypes.CDLL(None)
    key = 0x6D000000 | secrets.randbelow(1 << 24)
    segment: int = libc.shmget(key, 4096, 0o1666)
    stack.callback(libc.shmctl, segment, 0, None)
    return key, segment
