"""Builds the database that later versions must open: run once for each version, before its schema is left behind.

    python -m tests.library.build_old_database

writes ``tests/library/databases/vN.db`` for the version N of the code it runs with, and refuses to write it twice.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from microapps.library import Library, UsageRecord
from microapps.library.migrations import latest
from microapps.notebook import Permissions

from .samples import change, make, tip, value

FOLDER = Path(__file__).parent / "databases"
FILES = sorted(FOLDER.glob("*.db"))


def fill(library: Library) -> None:
    """Something of everything a library holds."""
    make(library, tip(1, title="Gone"))
    library.remove("gone")
    make(library, tip(1, title="Kept"))
    make(library, messages=[{"role": "user", "content": "one"}], usage=UsageRecord("haiku", 10, dollars=0.5))
    change(library, "tip-splitter", 2, messages=[{"role": "user", "content": "two"}])
    change(library, "tip-splitter", 3, messages=[{"role": "user", "content": "three"}])
    library.undo("tip-splitter")
    library.rename("tip-splitter", "tip")
    library.record_interrupted("tip", action="change", request="half", draft=tip(9), error="stopped")
    library.grant("tip", Permissions(packages=("numpy",)), "1" * 64)
    for _ in range(2):
        library.log_access("tip", "host", "example.org:443", allowed=False)
    library.remember("Show money in euros.")


def content(library: Library) -> dict[str, object]:
    """What :func:`fill` put there, as a person would see it."""
    return {
        "apps": [(app.name, app.current, app.health.value) for app in library.apps()],
        "trash": [app.name for app in library.apps(trashed=True)],
        "revisions": [(r.number, r.parent, r.action, value(r.notebook)) for r in library.revisions("tip")],
        "conversation": list(library.conversation("tip")),
        "interrupted": [(t.request, t.error, value(t.draft)) for t in library.turns("tip") if t.draft],
        "granted": library.granted("tip", "1" * 64),
        "accesses": [(a.target, a.allowed, a.count) for a in library.accesses("tip")],
        "preferences": [preference.text for preference in library.preferences()],
        "usage": [(used.model, used.input_tokens, used.dollars) for used in library.usage()],
        "former": library.app("tip-splitter").name,
    }


def main() -> None:
    target = FOLDER / f"v{latest()}.db"
    if target.exists():
        raise SystemExit(f"{target} is there already: a released schema never changes.")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        with Library(Path(name)) as library:
            fill(library)
        with closing(sqlite3.connect(Path(name) / "library.db")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("VACUUM")
        shutil.copy(Path(name) / "library.db", target)


if __name__ == "__main__":
    main()
