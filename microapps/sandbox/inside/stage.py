"""A staged app: it has run once in its containment, and each of its visitors is born as a fork of it.

::

    init ── app          process 1 of the namespaces, and the app: limits, Landlock, seccomp, its code has run
     ├─ rests            process 1 of namespaces within those, made anew for each visitor (:mod:`.resting`)
     └┄ visitor          a fork of the app, which has entered them

What is once closed to a process, Linux does not open again, so the app itself could never make the namespaces of its
visitors. A fork of *init*, which runs no code of the app, makes them; the fork of the app enters them by ``setns``, the
one call for which *init* is asked and says yes as often as the harness wants a visitor (:mod:`.asked`). The namespaces
of a visitor lie within the app's own, which is what lets the fork in; it then gives up the rights that this brings, and
``setns`` for good. *init* looks after all visitors (:mod:`.tending`), so that none needs an interpreter to watch it.

An app that has taken over its process could keep those rights within a visitor's namespaces, where everything that they
are good for (mounts, tracing, other sockets…) stays closed by seccomp and Landlock.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

from . import PROXY_PORT, asked, birth, forking, landlock, rehearsal, resting, seccomp, system
from .clock import IDLE, Clock, timed_out
from .files import Files, wake_on_child
from .tending import FILES, Tending

Policy = dict[str, Any]

_PROCESSES = 4096
"""Processes an app and all its visitors may have at once; each visitor has the limit of a kernel besides."""
_NAMESPACES = ("user", "net", "ipc", "pid", "mnt")
"""As in :data:`.asked.KINDS`."""


def keep(policy: Policy, request: dict[str, Any], channel: socket.socket) -> NoReturn:
    """Be *init* of a staged app. Called where :func:`.birth.bear` has made the namespaces."""
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
    asks = _receive(ours)[0]  # before any code of the app runs, which must not have it
    handle = os.pidfd_open(app)
    birth.send(channel, {"born": app}, [*fds, handle, *([gateway.fileno()] if gateway else [])])
    if gateway:
        gateway.close()
    birth.send(channel, {"listening": bool(os.read(heard, 1))})
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a few for each visitor
    _serve(policy, channel, ours, asks, app, handle, heard)


def _serve(
    policy: Policy, channel: socket.socket, to_app: socket.socket, asks: int, app: int, handle: int, heard: int
) -> NoReturn:
    """Look after the app and its visitors until the app ends; with this process, all of them do."""
    files, door, clock = Files(), asked.Doorkeeper(asks), Clock(float(policy["seconds"]))
    tending = Tending(files, door, to_app, float(policy["seconds"]), partial(_make_space, policy, resting.program()))

    def hear_app() -> None:
        clock.hear(said := os.read(heard, 4096))
        if not said:
            files.leave(heard)  # the app closed it

    def app_ended(late: float = 0.0) -> NoReturn:
        status = birth._reap(app)
        birth.send(channel, {"ended": status, **timed_out(late)})
        os._exit(0)

    woken = wake_on_child()
    files.watch(handle, app_ended)
    files.watch(heard, hear_app)
    files.watch(asks, door.answer)
    files.watch(channel.fileno(), partial(tending.hear, channel))
    files.watch(woken.fileno(), partial(_collect, woken, app))
    while True:
        files.wait(min((left for left in (clock.left, tending.left) if left is not None), default=None))
        tending.look()
        if late := clock.late:
            os.kill(app, signal.SIGKILL)
            app_ended(late)


def _collect(woken: socket.socket, app: int) -> None:
    """Reap what ended, at once: visitors, whose parents end before them, and the first of their spaces; not the app.

    The first of a visitor's namespaces cannot end before the visitor is reaped, which is a child of this process.
    """
    woken.recv(4096)
    while (found := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)) and found.si_pid != app:
        os.waitpid(found.si_pid, 0)


def _make_space(policy: Policy, program: int, told: socket.socket, kept: tuple[int, ...]) -> NoReturn:
    """In a fork of *init*: make a visitor's namespaces, send them, and rest there as their first process.

    The rules of Landlock go with them: they are of the places as they are there.
    """
    try:
        signal.set_wakeup_fd(-1)
        first = 0
        for fd in sorted({*kept, *({program} if program >= 0 else ())}):
            os.closerange(first, fd)
            first = fd + 1
        os.closerange(first, 1 << 20)
        birth._enter_namespaces(policy)
        _enter_root(policy)
        gateway = birth.open_gateway(own_network=True) if policy["internet"] else None
        spaces = [os.open(f"/proc/self/ns/{name}", os.O_RDONLY | os.O_CLOEXEC) for name in _NAMESPACES]
        system.no_new_privileges()
        system.drop_capabilities()
        into = [*spaces, landlock.ruleset(policy["paths"], [PROXY_PORT] if policy["internet"] else [])]
        fds = [os.pidfd_open(os.getpid()), *into, *([gateway.fileno()] if gateway else [])]
        birth.send(told, {"spaces": len(into)}, fds)
        resting.rest(program)
    except BaseException as error:  # the fork must end here, whatever happened, and say why
        birth.send(told, {"failed": f"{type(error).__name__}: {error}"})
    finally:
        os._exit(1)


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


def _receive(channel: socket.socket) -> list[int]:
    """The open files of a message, which says nothing else."""
    data, fds, _, _ = socket.recv_fds(channel, 1, len(_NAMESPACES) + 3)
    if not data:
        os._exit(0)
    return fds


def _become_app(
    policy: Policy, request: dict[str, Any], listener: socket.socket, control: socket.socket, tells: int
) -> None:
    """In the process that is to be the app: confine it, run it, then fork it for every visitor."""
    from .app import open_to_site

    roomy = policy["limits"] | {"processes": _PROCESSES}
    paths = [*policy["paths"], [_root(policy), "write"]]
    asks = birth._confine(policy | {"limits": roomy, "paths": paths}, request, asked="setns")
    resource.setrlimit(resource.RLIMIT_NPROC, (policy["limits"]["processes"], _PROCESSES))
    socket.send_fds(control, [FILES], [asks])
    os.close(asks)
    app, stream = open_to_site(policy, request, listener, tells, {control.fileno()})
    rehearsal.rehearse(app)
    if not app.converse(stream):
        return
    resource.setrlimit(resource.RLIMIT_NPROC, (_PROCESSES, _PROCESSES))
    drop, calls = system.dropping_capabilities(), seccomp.Filter(internet=policy["internet"])
    here = os.getcwd()  # noqa: PTH109
    while True:
        fds = _receive(control)
        if (between := forking.fork()) == 0:
            control.close()
            *spaces, rules, talk, tells = fds
            _enter(spaces, here)
            if forking.fork():
                os._exit(0)
            _confine_visitor(policy, drop, rules, calls)
            _become_visitor(app, socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, talk), tells)
        for fd in fds:
            os.close(fd)
        os.waitpid(between, 0)


def _enter(spaces: list[int], here: str) -> None:
    for space, kind in zip(spaces, asked.KINDS, strict=True):
        system.enter(space, kind)
        os.close(space)
    try:
        os.chdir(here)
    except OSError:  # one of those that every visitor has for itself
        os.chdir(os.environ["MICROAPPS_DATA"])


def _confine_visitor(policy: Policy, drop: Callable[[], None], rules: int, calls: seccomp.Filter) -> None:
    """What the app has prepared is only put into force here: all that a fork computes is memory of its own."""
    os.setsid()
    drop()
    limit = policy["limits"]["processes"]
    resource.setrlimit(resource.RLIMIT_NPROC, (limit, limit))
    landlock.restrict_by(rules)
    os.close(rules)
    calls.install()


def _become_visitor(app: Any, stream: socket.socket, tells: int) -> None:
    try:
        os.write(tells, IDLE)
        if app.tells >= 0:
            os.close(app.tells)  # the app's own clock: who is heard there to be at work has the app ended
        app.wake(tells)
        app.serve(stream, held=True)
    finally:
        os._exit(0)
