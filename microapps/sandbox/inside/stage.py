"""A staged app: it has run once in its containment, and each of its visitors is born as a fork of it.

::

    init ── app          process 1 of the namespaces, and the app: limits, Landlock, seccomp, its code has run
     └─ visitor's init   process 1 of namespaces within those, made anew for each visitor
         └┄ visitor      a fork of the app, which has entered them

What is once closed to a process, Linux does not open again, so the app itself could never make the namespaces of its
visitors. *init*, which runs no code of the app, makes them; the fork enters them by ``setns``, the one call for which
*init* is asked and says yes as often as the harness wants a visitor (:mod:`.asked`). The namespaces of a visitor lie
within the app's own, which is what lets the fork in; it then gives up the rights that this brings, and ``setns`` for
good.

An app that has taken over its process could keep those rights within a visitor's namespaces, where everything that they
are good for (mounts, tracing, other sockets…) stays closed by seccomp and Landlock.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import socket
import struct
from typing import Any

from . import PROXY_PORT, asked, birth, landlock, seccomp, system

Policy = dict[str, Any]

_PROCESSES = 4096
"""Processes an app and all its visitors may have at once; each visitor has the limit of a kernel besides."""
_NAMESPACES = ("user", "net", "ipc", "pid", "mnt")
"""As in :data:`.asked.KINDS`."""
_CREDENTIALS = struct.Struct("iII")


def keep(policy: Policy, request: dict[str, Any], channel: socket.socket) -> None:
    """Be *init* of a staged app; never returns. Called where :func:`.birth.bear` has made the namespaces."""
    from .app import listen

    fds = [os.pidfd_open(os.getpid())]
    gateway = birth.open_gateway(own_network=True) if policy["internet"] else None
    listener = listen(policy, request["name"])
    _lay_out_root(policy)
    system.no_new_privileges()
    system.drop_capabilities()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    heard, tells = os.pipe()
    app = os.fork()
    if app == 0:
        os.close(heard)
        channel.close()
        ours.close()
        if gateway:
            gateway.close()
        try:
            _become_app(policy, request, listener, theirs, tells)
        finally:
            os._exit(1)
    os.close(tells)
    theirs.close()
    listener.close()
    asks = _receive(ours)[1][0]  # before any code of the app runs, which must not have it
    handle = os.pidfd_open(app)
    birth.send(channel, {"born": app}, [*fds, handle, *([gateway.fileno()] if gateway else [])])
    if gateway:
        gateway.close()
    birth.send(channel, {"listening": bool(os.read(heard, 1))})
    woken = _wake_on_child()
    door = asked.Doorkeeper(asks)

    def bear_visitor() -> None:
        data, given, _, _ = socket.recv_fds(channel, birth.LARGEST, 2)
        if not data:
            os._exit(0)  # the keeper is gone, and with process 1 everything here
        door.expect()
        if os.fork() == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            woken.close()
            channel.close()
            for fd in (asks, handle, heard):
                os.close(fd)
            own, stream = (socket.socket(fileno=fd) for fd in given)
            try:
                _keep_visitor(policy, json.loads(data), own, stream, ours)
            except BaseException as error:  # the fork must end here, whatever happened, and say why
                birth.send(own, {"failed": f"{type(error).__name__}: {error}"})
            finally:
                os._exit(1)
        for fd in given:
            os.close(fd)

    also = {asks: door.answer, channel.fileno(): bear_visitor, woken.fileno(): lambda: _collect(woken, app)}
    late = birth._watch(app, handle, heard, float(policy["seconds"]), also)
    status = birth._reap(app)
    birth.send(channel, {"ended": status, **birth.timed_out(late)})
    os._exit(0)


def _wake_on_child() -> socket.socket:
    woken, wakes = socket.socketpair()
    woken.setblocking(False)
    wakes.setblocking(False)
    signal.set_wakeup_fd(wakes.detach(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return woken


def _collect(woken: socket.socket, app: int) -> None:
    """Reap what ended, at once: visitors, whose parents end before them, and their *init*; not the app.

    A visitor's *init* cannot end before its visitor is reaped, which is a child of this process.
    """
    woken.recv(4096)
    while (found := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)) and found.si_pid != app:
        os.waitpid(found.si_pid, 0)


def _keep_visitor(
    policy: Policy, request: dict[str, Any], channel: socket.socket, stream: socket.socket, to_app: socket.socket
) -> None:
    """Be *init* of a visitor: make its namespaces, have the app fork into them, watch."""
    birth._enter_namespaces(policy)
    _enter_root(policy)
    gateway = birth.open_gateway(own_network=True) if policy["internet"] else None
    spaces = [os.open(f"/proc/self/ns/{name}", os.O_RDONLY | os.O_CLOEXEC) for name in _NAMESPACES]
    system.no_new_privileges()
    system.drop_capabilities()
    heard, tells = socket.socketpair()
    heard.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    socket.send_fds(to_app, [json.dumps(request).encode()], [*spaces, stream.fileno(), tells.fileno()])
    for fd in spaces:
        os.close(fd)
    for each in (stream, tells, to_app):
        each.close()
    visitor = _first_word(heard, channel)
    handle = os.pidfd_open(visitor)
    fds = [os.pidfd_open(os.getpid()), handle, *([gateway.fileno()] if gateway else [])]
    birth.send(channel, {"born": visitor}, fds)
    birth.send(channel, {"listening": True})
    if gateway:
        gateway.close()
    late = birth._watch(visitor, handle, heard.fileno(), float(policy["seconds"]))
    birth.send(channel, {"ended": -int(signal.SIGKILL) if late else 0, **birth.timed_out(late)})
    os._exit(0)


def _root(policy: Policy) -> str:
    return f"{policy['run']}/root"


def _lay_out_root(policy: Policy) -> None:
    """Make the folder that is to be the root of every visitor, empty but for where things will be mounted.

    Landlock knows places by what they lie in. What is mounted for a visitor did not exist when the app was closed in,
    and could not be named then; this folder, in which the app itself finds nothing, could.
    """
    system.mount("tmpfs", policy["run"], "tmpfs", birth._SAFE, "mode=755,size=65536")
    os.mkdir(_root(policy))  # noqa: PTH102
    for entry in os.scandir("/"):
        place = f"{_root(policy)}/{entry.name}"
        if entry.is_symlink():
            os.symlink(os.readlink(entry.path), place)  # noqa: PTH115, PTH211
        elif entry.is_dir():
            os.mkdir(place)  # noqa: PTH102
    system.mount("none", policy["run"], None, birth._SAFE | system.MS_REMOUNT | system.MS_RDONLY)


def _enter_root(policy: Policy) -> None:
    """Show in that folder all there is, the visitor's own mounts among it, and make it the root."""
    root = _root(policy)
    system.mount(root, root, None, system.MS_BIND)
    for entry in os.scandir("/"):
        if entry.is_dir() and not entry.is_symlink():
            system.mount(entry.path, f"{root}/{entry.name}", None, system.MS_BIND | system.MS_REC)
    system.change_root(root)


def _first_word(heard: socket.socket, channel: socket.socket) -> int:
    """The visitor's process number, which Linux itself adds to its first word. Raises OSError if there is none.

    An app that is busy may never say it, so the wait also ends when the keeper hangs up.
    """
    poll = select.poll()
    for each in (heard, channel):
        poll.register(each, select.POLLIN)
    if channel.fileno() in {fd for fd, _ in poll.poll()}:
        os._exit(1)
    data, ancillary, _, _ = heard.recvmsg(1, socket.CMSG_SPACE(_CREDENTIALS.size))
    for level, kind, value in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS and data:
            pid: int = _CREDENTIALS.unpack(value[: _CREDENTIALS.size])[0]
            if pid > 0:
                return pid
    raise OSError("the app did not fork into its visitor's namespaces")


def _receive(channel: socket.socket) -> tuple[dict[str, Any], list[int]]:
    data, fds, _, _ = socket.recv_fds(channel, birth.LARGEST, len(_NAMESPACES) + 2)
    if not data:
        os._exit(0)
    return json.loads(data), list(fds)


def _become_app(
    policy: Policy, request: dict[str, Any], listener: socket.socket, control: socket.socket, tells: int
) -> None:
    """In the process that is to be the app: confine it, run it, then fork it for every visitor."""
    from .app import open_to_site

    roomy = policy["limits"] | {"processes": _PROCESSES}
    paths = [*policy["paths"], [_root(policy), "write"]]
    asks = birth._confine(policy | {"limits": roomy, "paths": paths}, request, asked="setns")
    resource.setrlimit(resource.RLIMIT_NPROC, (policy["limits"]["processes"], _PROCESSES))
    birth.send(control, {}, [asks])
    os.close(asks)
    app, stream = open_to_site(policy, request, listener, tells, {control.fileno()})
    if not app.converse(stream):
        return
    resource.setrlimit(resource.RLIMIT_NPROC, (_PROCESSES, _PROCESSES))
    while True:
        told, fds = _receive(control)
        if (between := os.fork()) == 0:
            control.close()
            _enter(fds[: len(_NAMESPACES)])
            if os.fork():
                os._exit(0)
            _become_visitor(policy, told, app, socket.socket(fileno=fds[-2]), fds[-1])
        for fd in fds:
            os.close(fd)
        os.waitpid(between, 0)


def _enter(spaces: list[int]) -> None:
    here = os.getcwd()  # noqa: PTH109
    for space, kind in zip(spaces, asked.KINDS, strict=True):
        system.enter(space, kind)
        os.close(space)
    os.chdir(here if os.path.isdir(here) else os.environ["MICROAPPS_DATA"])  # noqa: PTH112


def _become_visitor(policy: Policy, told: dict[str, Any], app: Any, stream: socket.socket, tells: int) -> None:
    try:
        os.setsid()
        system.drop_capabilities()
        limit = policy["limits"]["processes"]
        resource.setrlimit(resource.RLIMIT_NPROC, (limit, limit))
        ports = [PROXY_PORT] if policy["internet"] else []
        landlock.restrict([(path, access) for path, access in policy["paths"]], ports)
        seccomp.restrict(internet=policy["internet"])
        os.write(tells, birth.IDLE)
        if app.tells >= 0:
            os.close(app.tells)  # the app's own clock: who is heard there to be at work has the app ended
        app.wake(tells, told)
        app.serve(stream)
    finally:
        os._exit(0)
