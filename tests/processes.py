"""Processes as tests look at them: they may end at that very moment."""

from __future__ import annotations

import psutil


def command_of(process: psutil.Process) -> list[str]:
    """The command line of a process; empty once it has ended."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:  # a zombie's too
        return []


def commands_below(process: psutil.Process) -> dict[int, list[str]]:
    """The command lines of all that a process has started, by their ids."""
    return {child.pid: command_of(child) for child in process.children(recursive=True)}
