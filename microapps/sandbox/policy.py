"""From a confinement to what the programs inside are told: paths, limits, environment."""

from __future__ import annotations

import os
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import MachineFault
from ..notebook.permissions import FileAccess
from .confinement import Confinement
from .forbidden import refuse_forbidden, system_of
from .inside import PROXY_PORT
from .visible import ETC, LINKED, SYSTEM, python_paths

MIB = 1 << 20
PROCESSES = 128
"""Processes and threads one kernel may have at once."""
FILES = 1024
"""Files one process may have open."""
FILE_SIZE = 256 * MIB
"""Bytes of the largest file a kernel may write."""
DATA_ENTRIES = 20_000
"""Files and folders that may lie in a data folder."""
THREADS = min(4, os.cpu_count() or 1)
"""Threads of a numerical library: on machines with many cores one each would exhaust the limits above."""

RUN, DATA, APP, HOME, GIVEN = "/run/kernel", "/data", "/app", "/home/app", "/run/given"


@dataclass(frozen=True)
class Shape:
    """How the containment is built here, found out by :mod:`microapps.sandbox.tiers`.

    ``namespaces``: bubblewrap runs. ``nested``: a kernel can have namespaces of its own within the app's.
    ``seatbelt``: macOS's ``sandbox-exec``, with none of the rest.
    """

    namespaces: bool
    nested: bool
    seatbelt: bool = False


def user_of(app: str) -> tuple[int, int] | None:
    """The user and group as which an app's kernels run when the harness is root; None when it is not.

    It need not exist in any list of users. Every app has its own, so that even the reduced tier keeps apps apart.
    """
    if os.getuid() != 0:
        return None
    mapped = [tuple(map(int, line.split())) for line in Path("/proc/self/uid_map").read_text().splitlines()]
    limit = max(inside + length for inside, _, length in mapped)
    first, count = (0x70000000, 0x0FFFFFFF) if limit > 0x7FFFFFFF else (60_100, 1_000)
    uid = first + zlib.crc32(app.encode()) % count
    return uid, uid


def granted_files(confinement: Confinement) -> tuple[tuple[Path, str], ...]:
    """Granted paths that exist, each with ``read`` or ``write``.

    Raises MachineFault for a path with a symbolic link that an app could have planted: one inside a folder that it,
    or the data folder's owner, may write; InvalidInput for one that no app is given.
    """
    refuse_forbidden(confinement.granted)
    writable = [Path(given.path).resolve() for given in confinement.granted.files if given.mode == "read-write"]
    if confinement.data is not None:
        writable.append(confinement.data.resolve())
    return tuple(
        (Path(given.path), "write" if given.mode == "read-write" else "read")
        for given in confinement.granted.files
        if _unplanted(given, writable).exists()
    )


def _unplanted(given: FileAccess, writable: list[Path]) -> Path:
    path = Path(given.path)
    for part in (path, *path.parents):
        if part.is_symlink() and any(part.parent.resolve().is_relative_to(folder) for folder in writable):
            raise MachineFault(
                f"{part} is a link in a folder that the app may change.",
                "Grant the path it is meant to lead to, or remove the link.",
            )
    return path


def begins(confinement: Confinement) -> Path | None:
    """The folder of the machine in which the app's kernels work, where relative paths lead to what was granted.

    None where nothing is granted, or the folder is not there, or its name means something else inside.
    """
    folder = confinement.begins
    if folder is None or confinement.source is not None or not granted_files(confinement) or not folder.is_dir():
        return None
    elsewhere = folder == Path("/") or any(folder.is_relative_to(own) for own in (DATA, APP, HOME))
    return None if elsewhere or system_of(folder.resolve()) or system_of(folder) else folder


def scratch(confinement: Confinement) -> dict[str, int]:
    """Folders that live in memory and end with the kernel, with their sizes in bytes."""
    memory = confinement.granted.memory * MIB
    sizes = {"/tmp": min(256 * MIB, memory // 4), HOME: 32 * MIB, "/dev/shm": min(128 * MIB, memory // 8)}  # noqa: S108
    if confinement.data is None:
        sizes[DATA] = min(128 * MIB, memory // 8)
    return sizes


def environment(confinement: Confinement, *, sockets: bool = True) -> dict[str, str]:
    """The whole environment of a kernel: nothing of the harness's own comes through but language and time zone.

    ``sockets`` says whether the confinement's can be shown to a kernel.
    """
    made = {name: os.environ[name] for name in ("LANG", "LC_ALL", "LC_CTYPE", "TZ") if name in os.environ}
    made.setdefault("LANG", "C.UTF-8")
    made |= {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": HOME,
        "USER": "app",
        "LOGNAME": "app",
        "TMPDIR": "/tmp",  # noqa: S108
        "IPYTHONDIR": "/tmp/.ipython",  # noqa: S108
        "MPLCONFIGDIR": "/tmp/.matplotlib",  # noqa: S108
        "XDG_CACHE_HOME": "/tmp/.cache",  # noqa: S108
        "JUPYTER_RUNTIME_DIR": "/tmp/.jupyter",  # noqa: S108
        "MICROAPPS_DATA": DATA,
        "MICROAPPS_STORAGE": confinement.granted.storage,
        "MICROAPPS_ASK": _asking(confinement, sockets),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR"):
        made[f"{library}_NUM_THREADS"] = str(THREADS)
    if confinement.granted.hosts:
        gateway = f"http://127.0.0.1:{PROXY_PORT}"
        made |= dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), gateway)
    return made


def _asking(confinement: Confinement, sockets: bool) -> str:
    """What :func:`microapps.runtime.ask` is told.

    ``no``, ``yes``, ``rehearsal`` for a placeholder, or ``unreachable`` where the model's socket cannot be shown.
    """
    if not confinement.granted.model_budget:
        return "no"
    if confinement.rehearsal:
        return "rehearsal"
    return "yes" if sockets else "unreachable"


def inside(confinement: Confinement, shape: Shape, run: Path) -> dict[str, Any]:
    """What :mod:`microapps.sandbox.inside` is told, as JSON values. ``run`` is the run directory on the host."""
    user = user_of(confinement.app)
    folders = {"data": DATA, "app": APP, "run": RUN} if shape.namespaces else _on_the_host(confinement, run)
    read = [*SYSTEM, *LINKED, *ETC, *map(str, python_paths()), "/dev/urandom", "/dev/random", "/dev/zero"]
    write = ["/dev/null", "/dev/full", folders["data"]]
    if shape.namespaces:
        read += ["/proc", "/dev", "/etc/passwd", "/etc/group", "/etc/hosts", "/etc/nsswitch.conf", GIVEN]
        write += ["/dev/tty", "/dev/pts", "/dev/ptmx", *scratch(confinement)]
    else:
        read += ["/proc/self"]
    if confinement.source is not None:
        read.append(folders["app"])
    start = begins(confinement)
    if start is not None and shape.namespaces:
        read.append(str(start))  # where only what was granted is shown
    paths = [[path, "read"] for path in read] + [[path, "write"] for path in write if path]
    paths += [[str(path), access] for path, access in granted_files(confinement)]
    return {
        "uid": user[0] if user else None,
        "gid": user[1] if user else None,
        "mount_proc": shape.namespaces and user is not None,
        "namespaces": shape.namespaces,
        "nested": shape.nested,
        "run": folders["run"],
        "cwd": folders["app"] if confinement.source is not None else folders["data"],
        "begins": str(start or ""),
        "paths": paths,
        "scratch": scratch(confinement),
        "rebind": [list(pair) for pair in hidden_by_scratch(confinement)] if shape.namespaces else [],
        "lent": _lent(confinement) if shape.namespaces else [],
        "internet": bool(confinement.granted.hosts) and shape.namespaces,
        "seconds": confinement.granted.seconds,
        "preload": list(confinement.preload),
        "given": [folders["app"]] * (confinement.source is not None) + [str(p) for p, _ in granted_files(confinement)],
        "limits": {
            "memory": confinement.granted.memory * MIB,
            "processes": PROCESSES,
            "files": FILES,
            "file_size": FILE_SIZE,
        },
    }


def _on_the_host(confinement: Confinement, run: Path) -> dict[str, str]:
    """Without namespaces there is one view of the files: the host's."""
    return {
        "data": str(confinement.data or ""),
        "app": str(confinement.source or ""),
        "run": str(run / "k"),
    }


def hidden_by_scratch(confinement: Confinement) -> tuple[tuple[str, str], ...]:
    """Visible paths that a kernel's own temporary folders would cover: (where they are kept, where they belong)."""
    covered = [path for path in python_paths() if _in_scratch(path)]
    covered += [path for path, _ in granted_files(confinement) if _in_scratch(path)]
    return tuple((f"{GIVEN}/.kept/{number}", str(path)) for number, path in enumerate(covered))


def _lent(confinement: Confinement) -> list[str]:
    """Where the source and granted files are shown, and kept for showing again."""
    given = [str(path) for path, _ in granted_files(confinement)]
    given += [APP] if confinement.source is not None else []
    return given + [kept for kept, path in hidden_by_scratch(confinement) if path in given]


def _in_scratch(path: Path) -> bool:
    return any(path.is_relative_to(folder) for folder in ("/tmp", HOME, "/dev/shm"))  # noqa: S108
