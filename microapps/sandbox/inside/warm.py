"""The warm parent: imports an app's libraries once, then forks a child for every kernel asked for.

It runs inside the app's containment, is single-threaded when it forks, and runs no code of the app. It takes
requests from the keeper on one inherited socket; when that socket closes, it ends, and the containment with it.

Run as ``python -P -m microapps.sandbox.inside.warm FD``.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import threading
from collections.abc import Iterable
from typing import Any

from . import system
from .birth import LARGEST, bear, open_gateway, send
from .files import wake_on_child
from .forking import note_wishes
from .lending import lend
from .spare import Spare

_BASE = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "IPython.core.logger",
    "IPython.core.completerlib",
    "IPython.core.oinspect",
    "IPython.core.debugger",
    "IPython.extensions.storemagic",
    "ipywidgets",
    "faulthandler",
    "tornado.platform.asyncio",
    "unicodedata",
)
_REST = 0.1
"""Seconds without a request after which the next kernel's namespaces are made: not while one is being born."""


def main() -> None:
    """Serve the keeper until it closes the socket."""
    note_wishes()
    keeper = socket.socket(fileno=int(sys.argv[1]))
    policy = json.loads(keeper.recv(LARGEST))
    settle(policy)
    gateway = open_gateway(own_network=False) if policy["internet"] and not policy["nested"] else None
    notes, tells = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    tells.setblocking(False)
    tells.shutdown(socket.SHUT_RD)
    policy["notes"] = tells.fileno()
    imported = import_all(policy["preload"])
    send(keeper, {"ready": imported}, [notes.fileno(), *([gateway.fileno()] if gateway else [])])
    notes.close()
    if gateway:
        gateway.close()
    from . import app, stage  # noqa: F401 - for the forks, which would have to import them
    from .kernel import become_kernel, prepare

    if policy["namespaces"]:
        prepare()
    gc.collect()
    gc.freeze()  # so that a collection in a child does not touch, and so copy, the parent's pages
    born: set[int] = set()
    woken = wake_on_child()

    def leave() -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        keeper.close()
        spare.let_go()

    spare = Spare(policy, become_kernel, leave)
    while True:
        ready = _readable((keeper.fileno(), woken.fileno(), spare.fileno()), _REST if spare.wanted else None)
        if not ready:
            born.add(spare.make())
        if spare.fileno() in ready:
            spare.hear()
        if woken.fileno() in ready:
            woken.recv(4096)
            _reap(born)
            if not policy["nested"]:
                _end_strays(born)
        if keeper.fileno() in ready:
            data, fds, _, _ = socket.recv_fds(keeper, LARGEST, 1)
            if not data:
                return
            with socket.socket(fileno=fds[0]) as channel:
                if not spare.give(data, fds[0]):
                    if (pid := os.fork()) == 0:
                        leave()
                        bear(policy, json.loads(data), channel, become_kernel)
                    born.add(pid)


def _readable(fds: Iterable[int], seconds: float | None) -> set[int]:
    poll = select.poll()
    for fd in fds:
        if fd >= 0:
            poll.register(fd, select.POLLIN)
    return {fd for fd, _ in poll.poll(None if seconds is None else seconds * 1000)}


def settle(policy: dict[str, Any]) -> None:
    """Become the user the kernels are to run as, while this process still may."""
    system.die_with_parent(signal.SIGKILL)
    if policy["mount_proc"]:
        system.mount("proc", "/proc", "proc", system.MS_NOSUID | system.MS_NODEV | system.MS_NOEXEC)
    if policy["uid"] is not None:
        for path in policy["lent"]:
            lend(path, policy["uid"], policy["gid"])
        system.drop_bounding()
        system.become(policy["uid"], policy["gid"])
        system.die_with_parent(signal.SIGKILL)  # a change of user clears it
    system.no_new_privileges()
    if not policy["nested"]:
        system.adopt_orphans()


def import_all(preload: list[str]) -> dict[str, Any]:
    """Import what every kernel needs and what the app asks for; say what was left out and why.

    Leaves ``debugpy`` out: it is 29 MB and a quarter of a second of every ipykernel. A module that
    starts a thread cannot be kept, since a fork copies only one, nor can one that makes a widget, of which no
    page would hear, as ipycanvas does: the keeper then starts anew without it.
    """
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    importlib.import_module("ipykernel.debugger")
    del sys.modules["debugpy"]
    for name in _BASE:
        importlib.import_module(name)
    skipped: dict[str, str] = {}
    for name in preload:
        try:
            importlib.import_module(name)
        except BaseException as error:  # whatever a library's import raises, the app itself will meet and show
            skipped[name] = f"{type(error).__name__}: {error}"
        if threading.active_count() > 1:
            return {"without": name, "why": "it starts a thread when imported"}
        if getattr(sys.modules.get("ipywidgets.widgets.widget"), "_instances", None):
            return {"without": name, "why": "it makes a widget when imported"}
    return {"skipped": skipped}


def _reap(born: set[int]) -> None:
    try:
        while pid := os.waitpid(-1, os.WNOHANG)[0]:
            born.discard(pid)
    except ChildProcessError:
        return


def _end_strays(born: set[int]) -> None:
    """Without a process namespace for each kernel: end what one has left behind, which is now this process's child."""
    with open(f"/proc/self/task/{os.getpid()}/children") as file:  # noqa: PTH123
        children = {int(word) for word in file.read().split()}
    for pid in children - born:
        os.kill(pid, signal.SIGKILL)  # its death wakes this process again, and brings its own children here


if __name__ == "__main__":
    main()
