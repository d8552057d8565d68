"""The same library on PostgreSQL. With a server, all of this folder's tests run on it as well as on SQLite."""

from __future__ import annotations

from pathlib import Path

import pytest

from microapps.library import Library

from .build_old_database import content, fill
from .conftest import POSTGRES
from .test_database import content_expected


@pytest.mark.skipif(not POSTGRES, reason="MICROAPPS_TEST_POSTGRES names no server")
def test_a_library_on_postgresql_holds_what_one_on_sqlite_holds(home: Path, url: str) -> None:
    with Library(home, url) as library:
        fill(library)
    with Library(home, url) as library:
        assert content(library) == content_expected()
        assert not (home / "library.db").exists() or not url
