"""The use cases of the house as jobs with typed events; everything a front end shows comes from here.

The face is loaded on demand, so that a front end that only needs an event's type does not pay for kernels and models.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .diagnosis import Diagnosis
    from .happenings import AppChanged, AppTold, Happening, JobMoved, StudioChanged
    from .jobs import Job
    from .keeping import PermissionState
    from .session import Wish
    from .sharing import GuestData
    from .sites import RunningSite
    from .studio import Studio

__all__ = [
    "AppChanged",
    "AppTold",
    "Diagnosis",
    "GuestData",
    "Happening",
    "Job",
    "JobMoved",
    "PermissionState",
    "RunningSite",
    "Studio",
    "StudioChanged",
    "Wish",
]

_HOME = {
    "AppChanged": "happenings",
    "AppTold": "happenings",
    "Diagnosis": "diagnosis",
    "GuestData": "sharing",
    "Happening": "happenings",
    "Job": "jobs",
    "JobMoved": "happenings",
    "PermissionState": "keeping",
    "RunningSite": "sites",
    "Studio": "studio",
    "StudioChanged": "happenings",
    "Wish": "session",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
