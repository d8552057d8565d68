"""System calls that Python has no function for, each raising :class:`OSError` when the kernel says no."""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from collections.abc import Callable
from functools import partial

_libc = ctypes.CDLL(None, use_errno=True)

CLONE_NEWNS = 0x00020000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY = 1
MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MS_BIND = 4096
MS_REMOUNT = 32
MS_REC = 16384
MS_SLAVE = 1 << 19

_MNT_DETACH = 2
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_CAPBSET_READ = 23
_PR_CAPBSET_DROP = 24
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_CLEAR_ALL = 4
_CAPABILITY_VERSION_3 = 0x20080522
_LAST_CAPABILITY = 63
"""More than there are; Linux answers EINVAL above its own last one."""

MACHINE = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}.get(
    platform.machine().lower(), ""
)
"""``x86_64``, ``aarch64``, or empty for a machine whose system call numbers are not in our tables."""


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def syscall(what: str, number: int, *arguments: object) -> int:
    """Make system call ``number``; ``what`` names it in the error."""
    return _checked(_libc.syscall(ctypes.c_long(number), *arguments), what)


def _prctl(what: str, option: int, argument: int = 0) -> None:
    zero = ctypes.c_ulong(0)
    _checked(_libc.prctl(option, ctypes.c_ulong(argument), zero, zero, zero), what)


def unshare(flags: int) -> None:
    """Leave the namespaces named by ``flags`` for new ones."""
    _checked(_libc.unshare(ctypes.c_int(flags)), "unshare")


def enter(namespace: int, flag: int) -> None:
    """Go into the namespace that the open file ``namespace`` names; ``flag`` says of which kind it has to be."""
    _checked(_libc.setns(ctypes.c_int(namespace), ctypes.c_int(flag)), "setns")


def mount(source: str, target: str, kind: str | None, flags: int = 0, options: str | None = None) -> None:
    """Mount ``source`` of file system ``kind`` on ``target``."""

    def text(value: str | None) -> bytes | None:
        return None if value is None else value.encode()

    result = _libc.mount(text(source), text(target), text(kind), ctypes.c_ulong(flags), text(options))
    _checked(result, f"mount {kind or 'bind'} on {target}")


def change_root(folder: str) -> None:
    """Make ``folder``, on which something is mounted, the root of this mount namespace, and let go of the old one."""
    os.chdir(folder)
    _checked(_libc.pivot_root(b".", b"."), "pivot_root")  # the old root now lies over the new one
    _checked(_libc.umount2(b".", ctypes.c_int(_MNT_DETACH)), "umount")
    os.chdir("/")


def no_new_privileges() -> None:
    """From here on no program gains rights by being started (no set-uid, no file capabilities)."""
    _prctl("no_new_privs", _PR_SET_NO_NEW_PRIVS, 1)


def dumpable(allowed: bool) -> None:
    """Whether this process's files under ``/proc`` belong to its own user."""
    _prctl("dumpable", _PR_SET_DUMPABLE, int(allowed))


def adopt_orphans() -> None:
    """Orphaned descendants become children of this process, so that none escapes its parent's end."""
    _prctl("child_subreaper", _PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent(signal: int) -> None:
    """Have ``signal`` sent to this process when the thread that made it ends."""
    _prctl("pdeathsig", _PR_SET_PDEATHSIG, signal)


def drop_bounding() -> None:
    """Empty the set of capabilities that this process or any program it starts could ever gain."""
    for lose in _losses():
        lose()


def drop_capabilities() -> None:
    """Give up every capability, and the way to any."""
    dropping_capabilities()()


def dropping_capabilities() -> Callable[[], None]:
    """What :func:`drop_capabilities` does, ready to be done: a fork that does it writes little memory of its own."""
    losses = _losses()
    losses.append(partial(_libc.prctl, _PR_CAP_AMBIENT, ctypes.c_ulong(_PR_CAP_AMBIENT_CLEAR_ALL), 0, 0, 0))
    last = partial(_libc.capset, struct.pack("Ii", _CAPABILITY_VERSION_3, 0), b"\0" * 24)

    def drop() -> None:
        for lose in losses:
            lose()
        _checked(last(), "capset")

    return drop


def _losses() -> list[Callable[[], int]]:
    """Calls that take each capability there is from the bounding set, of a process that may."""
    numbers = map(ctypes.c_ulong, range(_LAST_CAPABILITY + 1))
    there = [number for number in numbers if _libc.prctl(_PR_CAPBSET_READ, number, 0, 0, 0) >= 0]
    return [partial(_libc.prctl, _PR_CAPBSET_DROP, number, 0, 0, 0) for number in there]


def become(uid: int, gid: int) -> None:
    """Change from root to an ordinary user for good, with no supplementary groups."""
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
