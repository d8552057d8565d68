"""How a library's database came to its present form: ordered steps, a file each, never changed once released.

Every step runs in one transaction together with the row in ``schema_version`` that says it ran, so a database is
always at exactly one version, whatever is killed when.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

from . import v001_first, v002_stories, v003_holds, v004_publications, v005_changes, v006_faults, v007_ended

STEPS: tuple[ModuleType, ...] = (
    v001_first, v002_stories, v003_holds, v004_publications, v005_changes, v006_faults, v007_ended,
)  # fmt: skip
"""In order: the first step makes version 1. Each has ``upgrade(connection)``."""


def latest(steps: Sequence[ModuleType] = STEPS) -> int:
    """The version this code works with."""
    return len(steps)


__all__ = ["STEPS", "latest"]
