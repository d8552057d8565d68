"""Where a user's files are: one variable, ``MICROAPPS_HOME``, moves them all; another names another database."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def library_url() -> str:
    """The database of the library where it is not the one in :func:`home`: ``MICROAPPS_LIBRARY_URL``, else empty."""
    return os.environ.get("MICROAPPS_LIBRARY_URL", "")


def home() -> Path:
    """The folder of the user's apps, library, settings, cards and keys; created on first use (mode 0700)."""
    named = os.environ.get("MICROAPPS_HOME")
    path = Path(named).expanduser() if named else Path(platformdirs.user_data_dir("microapps", appauthor=False))
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path.resolve()
