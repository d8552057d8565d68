"""Lending granted files to the app's user, where the harness is root and the kernels are another user.

A granted file belongs to the person, so changing its owner is out of the question. An id-mapped mount shows the same
file as belonging to the app's user, for this containment only; what the app writes belongs, on disk, to the person.
Where the file system has no such mounts, the file is shown as it is and its mode decides.
"""

from __future__ import annotations

import ctypes
import os
import signal
import struct

from .system import CLONE_NEWUSER, syscall, unshare

_OPEN_TREE, _MOVE_MOUNT, _MOUNT_SETATTR = 428, 429, 442
_CLONE, _EMPTY_PATH, _MOVE_EMPTY_PATH = 1, 0x1000, 4
_IDMAP = 0x00100000
_HERE = -100


def lend(path: str, uid: int, gid: int) -> bool:
    """Show ``path`` as if its owner were ``uid`` and ``gid``. Needs root's rights; says whether it could be done."""
    try:
        found = os.stat(path)  # noqa: PTH116
        tree = syscall("open_tree", _OPEN_TREE, ctypes.c_int(_HERE), path.encode(), ctypes.c_uint(_CLONE))
    except OSError:
        return False
    try:
        mapping = _mapping(f"{found.st_uid} {uid} 1", f"{found.st_gid} {gid} 1")
        try:
            attributes = struct.pack("QQQQ", _IDMAP, 0, 0, mapping)
            syscall("mount_setattr", _MOUNT_SETATTR, ctypes.c_int(tree), b"", ctypes.c_uint(_EMPTY_PATH),
                    attributes, ctypes.c_size_t(len(attributes)))  # fmt: skip
            syscall("move_mount", _MOVE_MOUNT, ctypes.c_int(tree), b"", ctypes.c_int(_HERE), path.encode(),
                    ctypes.c_uint(_MOVE_EMPTY_PATH))  # fmt: skip
        finally:
            os.close(mapping)
    except OSError:
        return False
    finally:
        os.close(tree)
    return True


def _mapping(users: str, groups: str) -> int:
    """A user namespace that maps as told, as an open file; the process that made it is gone again."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            unshare(CLONE_NEWUSER)
            os.write(writes, b"1")
            signal.pause()
        finally:
            os._exit(1)
    os.close(writes)
    try:
        if os.read(reads, 1) != b"1":
            raise OSError("no user namespace")
        for name, text in (("uid_map", users), ("gid_map", groups)):
            with open(f"/proc/{child}/{name}", "w") as file:  # noqa: PTH123
                file.write(text)
        return os.open(f"/proc/{child}/ns/user", os.O_RDONLY | os.O_CLOEXEC)
    finally:
        os.close(reads)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
