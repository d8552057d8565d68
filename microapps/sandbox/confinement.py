"""What one app's kernels may reach: the value from which everything else here follows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import InvalidInput
from ..notebook.permissions import Permissions

_MODULE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*\Z")


@dataclass(frozen=True)
class Confinement:
    """What the kernels of one app may reach.

    Two kernels share a warm parent only if their confinements are equal.

    Attributes
    ----------
    app : the app's name; names its log entries and, where the harness is root, chooses its user.
    granted : what the person granted. Its ``memory`` bounds all processes of one kernel together, its ``seconds``
        any one execution or interaction.
    source : folder shown read-only as ``/app`` and made the working directory; none: the data folder is it.
    begins : folder of the machine where the app's relative paths begin. It is the working directory if any file is
        granted, and only what is granted is shown in it.
    data : folder shown writable as ``/data`` (``MICROAPPS_DATA`` in the environment); none: one that is thrown away
        with the kernel.
    preload : dotted names of installed modules the warm parent imports, so that kernels need not.
    sockets : names and paths of unix sockets of the harness that the kernels may connect to. Each appears as
        ``/run/given/NAME``.
    log : file to which every attempt to reach a network host is appended, one JSON object a line.
    data_limit : bytes that may lie in ``data``.
    rehearsal : a run of the checks: an app that may ask the model gets a placeholder, and no money is spent.
    """

    app: str
    granted: Permissions = field(default_factory=Permissions)
    source: Path | None = None
    begins: Path | None = None
    data: Path | None = None
    preload: tuple[str, ...] = ()
    sockets: tuple[tuple[str, Path], ...] = ()
    log: Path | None = None
    data_limit: int = 256 << 20
    rehearsal: bool = False

    def __post_init__(self) -> None:
        for name in self.preload:
            if not _MODULE.match(name):
                raise InvalidInput(
                    f"{name!r} is no name of a module.", "Give dotted names such as 'matplotlib.pyplot'."
                )
        for name, _ in self.sockets:
            if not re.fullmatch(r"[a-z][a-z0-9-]{0,30}", name):
                raise InvalidInput(f"{name!r} is no name for a socket.", "Use small letters, digits and hyphens.")
