"""The same library on PostgreSQL. With a server that is named, all of this folder's tests run on it as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from microapps.library import Library
from microapps.notebook import read

from .build_old_database import content, fill
from .processes import child, ended
from .samples import change, make, tip, value
from .test_database import content_expected


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_a_library_on_postgresql_holds_what_one_on_sqlite_holds(home: Path, url: str) -> None:
    with Library(home, url) as library:
        fill(library)
    with Library(home, url) as library:
        assert content(library) == content_expected()
        assert not (home / "library.db").exists() or not url


@pytest.mark.long
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_machines_that_share_a_server_but_no_folder_lose_nothing(tmp_path: Path, url: str) -> None:
    homes = [tmp_path / name for name in ("one", "two", "three")]
    with Library(homes[0], url) as library:
        make(library, tip(0))

    def work(home: Path, first: int) -> None:
        with Library(home, url) as library:
            for number in range(first, first + 8):
                make(library)
                change(library, "tip-splitter", number)

    pids = [child(lambda home=home, n=n: work(home, 100 * n)) for n, home in enumerate(homes, 1)]
    assert [ended(pid) for pid in pids] == [0, 0, 0]
    with Library(homes[1], url) as library:
        assert len({record.name for record in library.apps()}) == len(library.apps()) == 25
        kept = {value(revision.notebook) for revision in library.revisions("tip-splitter")}
        assert kept == {0, *range(100, 108), *range(200, 208), *range(300, 308)}
        assert {revision.action for revision in library.revisions("tip-splitter")} == {"make", "change"}
        for record in library.apps():
            assert read(library.notebook_path(record.name)).app == library.revision(record.name).notebook
