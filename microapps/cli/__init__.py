"""The command line: thin commands over the studio, one file per group.

``main`` runs the program of :mod:`~microapps.cli.program` and turns every error of the tree into two lines and an exit
code of :mod:`~microapps.cli.exits`. Nothing heavy is imported before a command runs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import PurePath

from ..quick import start_quickly
from .console import Output
from .exits import exit_of

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command line and exit the process with its code; ``arguments`` default to the process's own."""
    start_quickly()
    from .program import program

    output = Output()
    called = PurePath(sys.argv[0]).stem
    try:
        program(
            args=list(arguments) if arguments is not None else None,
            prog_name="jupyter microapps" if called == "jupyter-microapps" else "microapps",
            obj=output,
        )
    except BrokenPipeError:
        # The reader of a pipe has left; point the stream away so that the interpreter's last flush does not fail too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        cause = _single(error)
        output.failure(cause)
        sys.exit(exit_of(cause))


def _single(error: BaseException) -> BaseException:
    """The one error inside the groups that task groups wrap it in; a group of several stays one."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error
