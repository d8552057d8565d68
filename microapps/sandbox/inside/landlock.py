"""Landlock: which files a process and all its descendants may touch, enforced by Linux itself.

A ruleset names every right it *handles*; what it handles and no rule allows is denied. Numbers and the order of
the rights come from ``linux/landlock.h``; each ABI version adds some, so a ruleset asks only for what is there.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable, Mapping

from .system import syscall

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_RULE_PATH, _RULE_PORT = 1, 2

RIGHTS = {
    name: 1 << bit
    for bit, name in enumerate(
        (
            "execute", "write_file", "read_file", "read_dir", "remove_dir", "remove_file", "make_char", "make_dir",
            "make_reg", "make_sock", "make_fifo", "make_block", "make_sym", "refer", "truncate", "ioctl_dev",
        )
    )
}  # fmt: skip
_SINCE = {"refer": 2, "truncate": 3, "ioctl_dev": 5}
_OF_FILES = ("execute", "write_file", "read_file", "truncate", "ioctl_dev")
_READ = ("execute", "read_file", "read_dir")
_WRITE = tuple(name for name in RIGHTS if name not in ("make_char", "make_block"))
ACCESS: Mapping[str, tuple[str, ...]] = {
    "read": _READ,
    "write": _WRITE,
    # A folder for the kernel's sockets and nothing else: it is on the host's disk, outside the data folder's quota.
    "sockets": ("read_dir", "make_sock", "remove_file"),
}
"""What each kind of access allows, by name of right."""

_NETWORK_ABI, _SCOPE_ABI = 4, 6
_BIND_AND_CONNECT = 3
_ABSTRACT_SOCKETS_AND_SIGNALS = 3


def abi() -> int:
    """The version of Landlock this Linux offers; 0 where there is none."""
    try:
        return syscall("landlock_create_ruleset", _CREATE, None, ctypes.c_size_t(0), ctypes.c_uint(1))
    except OSError:
        return 0


def _mask(names: Iterable[str], version: int) -> int:
    return sum(RIGHTS[name] for name in names if _SINCE.get(name, 1) <= version)


def restrict(paths: Iterable[tuple[str, str]], ports: Iterable[int] = ()) -> None:
    """Restrict this process, for good, to ``paths`` and to TCP connections to ``ports``; see :func:`ruleset`."""
    rules = ruleset(paths, ports)
    try:
        restrict_by(rules)
    finally:
        os.close(rules)


def restrict_by(rules: int) -> None:
    """Restrict this process, for good, by a :func:`ruleset`. Raises OSError where Linux refuses."""
    syscall("landlock_restrict_self", _RESTRICT, ctypes.c_int(rules), ctypes.c_uint(0))


def ruleset(paths: Iterable[tuple[str, str]], ports: Iterable[int] = ()) -> int:
    """Rules that allow ``paths`` and TCP connections to ``ports``, as an open file, which restricts nobody yet.

    ``paths`` are pairs of a path, as this process sees it now, and a key of :data:`ACCESS`; one that does not exist is
    left out. Raises OSError where Landlock is missing or refuses.
    """
    version = abi()
    if version < 1:
        raise OSError("Landlock is not available")
    attributes = struct.pack(
        "QQQ",
        _mask(RIGHTS, version),
        _BIND_AND_CONNECT if version >= _NETWORK_ABI else 0,
        _ABSTRACT_SOCKETS_AND_SIGNALS if version >= _SCOPE_ABI else 0,
    )
    size = 8 if version < _NETWORK_ABI else 16 if version < _SCOPE_ABI else 24
    rules = syscall("landlock_create_ruleset", _CREATE, attributes, ctypes.c_size_t(size), ctypes.c_uint(0))
    try:
        for path, access in paths:
            _allow_path(rules, path, _mask(ACCESS[access], version), version)
        if version >= _NETWORK_ABI:
            for port in ports:
                _add(rules, _RULE_PORT, struct.pack("QQ", 2, port))
    except BaseException:
        os.close(rules)
        raise
    return rules


def _allow_path(rules: int, path: str, rights: int, version: int) -> None:
    try:
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, PermissionError):
        return  # what is not there, or cannot even be named, needs no permission
    try:
        if not os.path.isdir(path):  # noqa: PTH112 - no pathlib before ipykernel is imported
            rights &= _mask(_OF_FILES, version)
        _add(rules, _RULE_PATH, struct.pack("=Qi", rights, beneath))
    finally:
        os.close(beneath)


def _add(rules: int, kind: int, rule: bytes) -> None:
    syscall("landlock_add_rule", _ADD, ctypes.c_int(rules), ctypes.c_int(kind), rule, ctypes.c_uint(0))
