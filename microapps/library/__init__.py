"""Apps, their revisions and conversations, what was spent, and what the person allowed.

A database (SQLite beside the apps, or PostgreSQL) is the truth; the current notebook of every app is written out as
``apps/NAME/NAME.ipynb``, readable and movable, and what the person changes there is taken in as a revision.
"""

from .library import Library
from .records import (
    Access,
    AppRecord,
    Fault,
    Grant,
    Health,
    Link,
    Preference,
    Publication,
    Revision,
    Story,
    Turn,
    UsageRecord,
)

__all__ = [
    "Access",
    "AppRecord",
    "Fault",
    "Grant",
    "Health",
    "Library",
    "Link",
    "Preference",
    "Publication",
    "Revision",
    "Story",
    "Turn",
    "UsageRecord",
]
