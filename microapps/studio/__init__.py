"""The use cases of the house as jobs with typed events; everything a front end shows comes from here.

The face is loaded on demand, so that a front end that only needs an event's type does not pay for kernels and models.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..faces import on_demand

if TYPE_CHECKING:
    from .diagnosis import Diagnosis
    from .happenings import AppChanged, AppTold, Happening, JobMoved, StudioChanged
    from .jobs import Job
    from .keeping import PermissionState
    from .session import Wish
    from .sharing import GuestData
    from .sites import RunningSite
    from .studio import Studio
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
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
        },
    )

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
