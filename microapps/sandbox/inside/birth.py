"""A kernel's birth: from a fork of the warm parent to a process that can reach only what it was given.

::

    warm parent ── fork ── A           makes the namespaces, forks, leaves
                           └─ init     process 1 of them: mounts, gives up its capabilities, watches
                              └─ kernel  limits, Landlock, seccomp; then ipykernel

*init* outlives the kernel by a moment only. It ends when the kernel ends, and Linux then ends whatever the kernel left
running in its process namespace. It also holds the clock: the kernel tells it on a pipe when it is at work.
Where namespaces cannot be nested, *init* is a subreaper instead, and kills what the kernel leaves behind.

Namespaces take longer than the rest, so those of the next kernel are made in advance (:func:`stand_by`).
"""

from __future__ import annotations

import fcntl
import json
import os
import resource
import select
import signal
import socket
import struct
from collections.abc import Callable
from typing import Any

from . import PROXY_PORT, landlock, seccomp, system
from .clock import Clock, timed_out

Policy = dict[str, Any]
"""What :func:`microapps.sandbox.policy.inside` writes: JSON values only."""

LARGEST = 1 << 20
"""Bytes of the largest request."""
_NESTED = system.CLONE_NEWUSER | system.CLONE_NEWPID | system.CLONE_NEWNS | system.CLONE_NEWIPC | system.CLONE_NEWNET
_SIOCSIFFLAGS, _UP_AND_RUNNING = 0x8914, 0x41
_SAFE = system.MS_NOSUID | system.MS_NODEV


def send(channel: socket.socket, message: dict[str, Any], fds: list[int] | None = None) -> None:
    """Send one JSON message, with open files."""
    socket.send_fds(channel, [json.dumps(message).encode()], fds or [])


def bear(policy: Policy, request: dict[str, Any], channel: socket.socket, become_kernel: Callable[..., None]) -> None:
    """Called in a fresh fork of the warm parent; never returns.

    ``channel`` is where the keeper hears of the kernel. ``become_kernel(policy, request, pipe)`` runs the kernel.
    """
    try:
        if policy["nested"]:
            _enter_namespaces(policy)
        else:
            system.die_with_parent(signal.SIGKILL)
            system.adopt_orphans()
        _init(policy, request, channel, become_kernel)
    except BaseException as error:  # the fork must end here, whatever happened, and say why
        send(channel, {"failed": f"{type(error).__name__}: {error}"})
    finally:
        os._exit(1)


def stand_by(policy: Policy, waiting: socket.socket, become_kernel: Callable[..., None]) -> None:
    """Called in a fresh fork of the warm parent before there is a request; never returns.

    Makes the namespaces, says so on ``waiting``, and goes on as :func:`bear` when a request comes from there, with the
    keeper's channel. Ends when ``waiting`` is closed, or when the namespaces cannot be made.
    """
    try:
        _enter_namespaces(policy)
        waiting.send(b"ready")
        data, fds, _, _ = socket.recv_fds(waiting, LARGEST, 1)
        waiting.close()
        if data:
            channel = socket.socket(fileno=fds[0])
            try:
                _init(policy, json.loads(data), channel, become_kernel)
            except BaseException as error:
                send(channel, {"failed": f"{type(error).__name__}: {error}"})
    finally:
        os._exit(1)


def _enter_namespaces(policy: Policy) -> None:
    """Go on as process 1 of new namespaces in which all is mounted that does not depend on the kernel's name."""
    uid, gid = os.getuid(), os.getgid()
    system.dumpable(True)  # after a change of user, or the maps below belong to root
    system.unshare(_NESTED)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        with open(f"/proc/self/{name}", "w") as file:  # noqa: PTH123
            file.write(text)
    if os.fork():
        os._exit(0)
    _mount_private(policy)


def _init(policy: Policy, request: dict[str, Any], channel: socket.socket, become_kernel: Callable[..., None]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if policy["nested"]:
        system.mount(f"{policy['run']}/{request['name']}", policy["run"], None, system.MS_BIND)
    if request.get("stage"):
        from . import stage

        stage.keep(policy, request, channel)
    fds = [os.pidfd_open(os.getpid())]
    gateway = open_gateway(own_network=True) if policy["nested"] and policy["internet"] else None
    system.no_new_privileges()
    system.drop_capabilities()
    heard, tells = os.pipe()
    kernel = os.fork()
    if kernel == 0:
        os.close(heard)
        channel.close()
        if gateway:
            gateway.close()
        try:
            _confine(policy, request)
            become_kernel(policy, request, tells)
        finally:
            os._exit(1)
    os.close(tells)
    fds.append(os.pidfd_open(kernel))
    send(channel, {"born": kernel}, fds + ([gateway.fileno()] if gateway else []))
    if gateway:
        gateway.close()
    poll = select.poll()
    poll.register(heard, select.POLLIN)
    poll.poll()  # the kernel's first word: its sockets are bound (or its end: the pipe is closed)
    send(channel, {"listening": bool(os.read(heard, 1))})
    late = _watch(kernel, fds[1], heard, float(policy["seconds"]))
    status = _reap(kernel)
    send(channel, {"ended": status, **timed_out(late)})
    os._exit(0)


def _mount_private(policy: Policy) -> None:
    """This kernel's own process list, temporary folders and terminals, over its siblings'."""
    system.mount("none", "/", None, system.MS_REC | system.MS_SLAVE)
    system.mount("proc", "/proc", "proc", _SAFE | system.MS_NOEXEC)
    owner = f"uid={os.getuid()},gid={os.getgid()}"
    for target, size in policy["scratch"].items():
        system.mount("tmpfs", target, "tmpfs", _SAFE, f"mode=700,size={size},nr_inodes=16384,{owner}")
    if policy["begins"]:
        os.makedirs(policy["begins"], exist_ok=True)  # noqa: PTH103 - the temporary folders may cover it
    for kept, path in policy["rebind"]:
        if os.path.isdir(kept):  # noqa: PTH112
            os.makedirs(path, exist_ok=True)  # noqa: PTH103
        else:
            os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
            os.close(os.open(path, os.O_CREAT, 0o600))
        system.mount(kept, path, None, system.MS_BIND | system.MS_REC)
    system.mount("devpts", "/dev/pts", "devpts", system.MS_NOSUID | system.MS_NOEXEC, "newinstance,ptmxmode=0666")


def open_gateway(*, own_network: bool) -> socket.socket:
    """The one way out: a listening socket in this network namespace, which the keeper's proxy answers from outside.

    ``own_network``: the namespace is new, so its loopback interface is still down.
    """
    listener = socket.socket()
    if own_network:
        fcntl.ioctl(listener, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", _UP_AND_RUNNING))
    listener.bind(("127.0.0.1", PROXY_PORT))
    listener.listen(64)
    return listener


def _confine(policy: Policy, request: dict[str, Any], asked: str = "") -> int:
    """Close everything the kernel is not to have. Nothing after this can widen it again.

    ``asked``: see :func:`.seccomp.restrict`, whose listener is given.
    """
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if not policy["nested"]:
        system.die_with_parent(signal.SIGKILL)
    limits = policy["limits"]
    for kind, value in (
        (resource.RLIMIT_DATA, limits["memory"] + _data_now()),
        (resource.RLIMIT_NPROC, limits["processes"] + (0 if policy["nested"] else _processes_now())),
        (resource.RLIMIT_FSIZE, limits["file_size"]),
        (resource.RLIMIT_NOFILE, limits["files"]),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        kept = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (kept, kept))
    own = policy["run"] if policy["nested"] else f"{policy['run']}/{request['name']}"
    paths = [(path, access) for path, access in policy["paths"]]
    own_temporary = own + "/tmp"  # noqa: S108 - below the kernel's own folder
    if not policy["namespaces"]:
        paths.append((own_temporary, "write"))
    _start_in(policy["begins"], policy["cwd"] or own_temporary)
    landlock.restrict([*paths, (own, "sockets")], [PROXY_PORT] if policy["internet"] else [])
    return seccomp.restrict(internet=policy["internet"], connects=policy["namespaces"], asked=asked)


def _start_in(begins: str, otherwise: str) -> None:
    """Work in the folder where the app's relative paths begin, if it has one that its user may enter."""
    try:
        os.chdir(begins or otherwise)
    except OSError:
        os.chdir(otherwise)


def _data_now() -> int:
    """Bytes of private writable memory this process already has from the warm parent."""
    with open("/proc/self/statm") as file:  # noqa: PTH123
        return int(file.read().split()[5]) * resource.getpagesize()


def _processes_now() -> int:
    """How many processes this user has already; the limit counts them all where no namespace is nested."""
    count, uid = 0, os.getuid()
    for name in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208
        try:
            if os.stat(f"/proc/{name}").st_uid == uid:  # noqa: PTH116
                count += len(os.listdir(f"/proc/{name}/task"))  # noqa: PTH208
        except OSError:
            continue  # it ended meanwhile
    return count


def _watch(kernel: int, kernel_fd: int, heard: int, seconds: float) -> float:
    """Wait for the kernel to end. Returns by how many seconds it was late when it had to be killed; else 0."""
    poll = select.poll()
    for fd in (kernel_fd, heard):
        poll.register(fd, select.POLLIN)
    clock = Clock(seconds)
    while True:
        left = clock.left
        ready = {fd for fd, _ in poll.poll(None if left is None else max(0.0, left) * 1000 + 1)}
        if kernel_fd in ready:
            return 0.0
        if heard in ready:
            clock.hear(said := os.read(heard, 4096))
            if not said:
                poll.unregister(heard)  # the kernel closed its side: only its end is left to wait for
        elif late := clock.late:
            os.kill(kernel, signal.SIGKILL)
            return late


def _reap(kernel: int) -> int:
    """The kernel's exit status; then end all it left, and collect it."""
    word = os.waitpid(kernel, 0)[1]
    status = os.waitstatus_to_exitcode(word)
    if os.getpid() != 1:
        _end_orphans()
    return status


def _end_orphans() -> None:
    """Without a process namespace: kill adopted children until none is left."""
    while True:
        with open(f"/proc/self/task/{os.getpid()}/children") as file:  # noqa: PTH123
            children = [int(word) for word in file.read().split()]
        for child in children:
            os.kill(child, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return
