"""Exit codes: one table from the error tree to the number a script sees."""

from __future__ import annotations

from enum import IntEnum

from .. import errors
from ..errors import MicroappsError


class Exit(IntEnum):
    """What the command line ends with; :data:`MEANING` says each in words."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    MACHINE = 3
    MODEL = 4
    LIMIT = 5
    BUG = 70
    STOPPED = 130


MEANING: dict[Exit, str] = {
    Exit.DONE: "done; all checks passed, or adopted as it is",
    Exit.FAILED: "checks failed, or a job made no revision",
    Exit.USAGE: "a command, file or setting that cannot be used",
    Exit.MACHINE: "this machine: kernel, containment, disk, package",
    Exit.MODEL: "the model's endpoint: unreachable, refused, rejected",
    Exit.LIMIT: "a limit of money, time or repairs",
    Exit.BUG: "a fault of microapps itself",
    Exit.STOPPED: "stopped by you",
}

BY_ERROR: dict[type[MicroappsError], Exit] = {
    errors.MicroappsError: Exit.FAILED,
    errors.InvalidInput: Exit.USAGE,
    errors.AppFault: Exit.FAILED,
    errors.PermissionMissing: Exit.FAILED,
    errors.ModelFault: Exit.MODEL,
    errors.LimitReached: Exit.LIMIT,
    errors.MachineFault: Exit.MACHINE,
    errors.Stopped: Exit.STOPPED,
}


def exit_of(error: BaseException | str) -> Exit:
    """The exit code of an error, or of an error's class name as a ``failed`` event carries it.

    The nearest class up the tree decides. A name that is no error of ours is a failed job; an exception that is no
    error of ours is a bug.
    """
    if isinstance(error, str):
        kind = getattr(errors, error, None)
        if not (isinstance(kind, type) and issubclass(kind, MicroappsError)):
            return Exit.FAILED
    else:
        kind = type(error)
    return next((BY_ERROR[parent] for parent in kind.__mro__ if parent in BY_ERROR), Exit.BUG)


def table() -> str:
    """The whole table as lines ``code  meaning``, for ``--help``."""
    return "\n".join(f"{code.value:>3}  {meaning}" for code, meaning in MEANING.items())
