"""Quicker starts for the processes that are ours: the command line and the site.

jsonschema imports ``rfc3987_syntax`` where it is installed, to judge international addresses that no notebook schema
has; building its grammar takes more than a second of every start. Told that it is absent, jsonschema does without.
"""

from __future__ import annotations

import sys
from typing import Any, cast

UNUSED = "rfc3987_syntax"


def start_quickly() -> None:
    """To be called first thing by a process of our own, never by a library: it holds for the whole process."""
    cast("dict[str, Any]", sys.modules).setdefault(UNUSED, None)
