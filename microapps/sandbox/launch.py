"""Command lines, run directories and configuration of the programs that make a containment."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from .. import app_files
from . import bubblewrap, policy
from .confinement import Confinement
from .visible import PACKAGE


def python(module: str) -> list[str]:
    """The command that runs ``main()`` of a module of this package, with nothing of the working directory."""
    code = f"import sys; sys.path.append({str(PACKAGE.parent)!r}); from microapps.sandbox.{module} import main; main()"
    return [sys.executable, "-P", "-c", code]


def command(confinement: Confinement, shape: policy.Shape, run: Path, module: str) -> list[str]:
    """The command that runs ``module`` contained in ``shape``; it takes the number of an open socket as last word."""
    if not shape.namespaces:
        return python(module)
    bwrap = bubblewrap.program()
    assert bwrap is not None, "a shape with namespaces is found only where bubblewrap is"  # noqa: S101
    return [*bubblewrap.command(bwrap, confinement, run), "--", *python(module)]


def environment(confinement: Confinement, shape: policy.Shape) -> dict[str, str]:
    """The environment of the contained program: bubblewrap makes its own, else it is made here."""
    return {} if shape.namespaces else policy.environment(confinement, sockets=False)


def prepare(confinement: Confinement, run: Path) -> None:
    """Write what the containment needs into a fresh run directory, and hand the data folder to the app's user."""
    (run / "etc").mkdir(mode=0o755)
    (run / "k").mkdir(mode=0o755)
    for name, text in bubblewrap.files(confinement).items():
        path = run / "etc" / name
        path.write_text(text)
        path.chmod(0o644)
    if confinement.data is not None:
        confinement.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        hand_over(confinement.data, policy.user_of(confinement.app))


def hand_over(folder: Path, user: tuple[int, int] | None) -> None:
    """Give ``folder`` and all in it to ``user``, following no link that an app may have planted there."""
    if user is None:
        return
    for _, fd in app_files.folders(folder):
        if os.fstat(fd).st_uid != user[0]:
            os.fchown(fd, *user)
        for entry in os.scandir(fd):
            if entry.stat(follow_symlinks=False).st_uid != user[0]:
                os.chown(entry.name, *user, dir_fd=fd, follow_symlinks=False)


def socket_folder(confinement: Confinement, run: Path, name: str) -> Path:
    """The folder for one kernel's sockets, made for its user; kept over restarts."""
    folder = run / "k" / name
    if not folder.exists():
        folder.mkdir(mode=0o700)
        if user := policy.user_of(confinement.app):
            os.chown(folder, *user)
    return folder


def private_folder(confinement: Confinement, folder: Path) -> Path:
    """A temporary folder beside a kernel's sockets, for where it cannot have a ``/tmp`` of its own."""
    made = folder / "tmp"
    if not made.exists():
        made.mkdir(mode=0o700)
        if user := policy.user_of(confinement.app):
            os.chown(made, *user)
    return made


def configuration(confinement: Confinement, shape: policy.Shape, run: Path, inside: str) -> dict[str, Any]:
    """What the keeper is told; ``inside`` is the JSON text meant for the warm parent."""
    granted = confinement.granted
    return {
        "app": confinement.app,
        "run": str(run),
        "harness": os.getpid(),
        "command": command(confinement, shape, run, "inside.warm"),
        "environment": environment(confinement, shape),
        "inside": inside,
        "namespaces": shape.namespaces,
        "nested": shape.nested,
        "memory": granted.memory * policy.MIB,
        "data": _data(confinement, shape),
        "hosts": [[host.name, host.port] for host in granted.hosts],
        "log": str(confinement.log) if confinement.log is not None else None,
    }


def _data(confinement: Confinement, shape: policy.Shape) -> list[str | int] | None:
    """The arguments of :class:`.disk.DataFolder`; None where the data is thrown away."""
    if confinement.data is None:
        return None
    path = str(confinement.data.resolve())
    inside = policy.DATA if shape.namespaces else path
    return [path, inside, confinement.data_limit, policy.DATA_ENTRIES, policy.FILE_SIZE]
