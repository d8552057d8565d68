"""kill -9 at any moment loses no acknowledged revision and leaves nothing in the way."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from microapps.errors import InvalidInput
from microapps.library import AppRecord, Library, history
from microapps.notebook import read

from .processes import child, die_at, ended
from .samples import change, edit, make, tip, value

KILLS = 300


def prepared(home: Path) -> None:
    """An app with three revisions and one undone, another in the trash, something in each data folder."""
    with Library(home) as library:
        for number in (1, 2):
            make(library, tip(number))
        change(library, "tip-splitter", 10)
        change(library, "tip-splitter", 20)
        library.undo("tip-splitter")
        for record in library.apps():
            (record.data / "saved").write_text(record.name)
        library.remove("tip-splitter-2")


def sound(library: Library) -> tuple[AppRecord, ...]:
    """Do what opening a library does, look at everything in it, and return its apps, those in the trash as well."""
    with contextlib.closing(sqlite3.connect(library.home / "library.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    library._recover()
    records = library.apps() + library.apps(trashed=True)
    for record in records:
        assert record.data.is_dir()
        assert record.path.parent.name == (f"{record.name}~{record.id}" if record.trashed else record.name)
        if record.trashed is None:
            library.sync(record.name)
            assert library.revision(record.name).notebook == read(record.path).app, record
            with library.database.read() as connection:
                numbers = list(history.parents(connection, record.id))
            assert numbers == list(range(1, len(numbers) + 1))
    found = {path.parent for path in library.home.glob("*/*/*.ipynb")}
    assert found == {record.path.parent for record in records}
    return records


USES: dict[str, Callable[[Library], object]] = {
    "make": lambda library: make(library, tip(5)),
    "change": lambda library: change(library, "tip-splitter", 30),
    "undo": lambda library: library.undo("tip-splitter"),
    "redo": lambda library: library.redo("tip-splitter"),
    "rename": lambda library: library.rename("tip-splitter", "renamed"),
    "fork": lambda library: library.fork("tip-splitter", "forked"),
    "remove": lambda library: library.remove("tip-splitter"),
    "restore": lambda library: library.restore("tip-splitter-2"),
    "purge": lambda library: library.purge("tip-splitter-2"),
    "sync an edit": lambda library: library.sync("tip-splitter"),
    "change after an edit": lambda library: change(library, "tip-splitter", 30),
}


@pytest.mark.parametrize("use", USES)
def test_killed_at_every_step_of_a_use_case_it_is_done_or_not_done(tmp_path: Path, use: str) -> None:
    template, home = tmp_path / "template", tmp_path / "home"
    prepared(template)
    shutil.copytree(template, home)
    library = Library(home)
    before = _seen(sound(library))
    states = set()
    step = code = 0
    while step == 0 or code:
        step += 1
        library.close()
        shutil.rmtree(home)
        shutil.copytree(template, home)
        if "edit" in use:
            edit(library, "tip-splitter", "VALUE = 10", "VALUE = 11")

        def work(step: int = step) -> None:
            die_at(step)
            USES[use](library)

        code = ended(child(work))
        assert code in (0, -signal.SIGKILL)
        states.add(_seen(sound(library)))
        if code:
            with contextlib.suppress(InvalidInput):  # it was done already
                USES[use](library)
    assert step > 5
    # an edit by hand is a revision of its own before the change is one
    assert len(states) <= (3 if use == "change after an edit" else 2), "done or not done"
    assert before in states or "edit" in use


def _seen(records: tuple[AppRecord, ...]) -> tuple[object, ...]:
    """What a person sees of the apps, data included."""
    return tuple(
        sorted(
            (r.name, r.current, r.trashed is not None, (r.data / "saved").exists(), value(read(r.path).app))
            for r in records
        )
    )


@pytest.mark.long
def test_no_acknowledged_revision_is_lost_in_300_kills(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Library(home) as library:
        make(library, tip(0))
        app = library.app("tip-splitter").id
    warm = Library(home)  # its children, forked with its connections open, take connections of their own
    change(warm, "tip-splitter", 0)
    chance = random.Random(7)
    acknowledged: dict[int, int] = {1: 0, 2: 0}
    current = 2
    killed_midway = 0
    for turn in range(KILLS):
        reader, writer = os.pipe()

        def work(writer: int = writer, turn: int = turn) -> None:
            with warm if turn % 5 else Library(home) as library:
                name = library.apps()[0].name
                for n in range(10_000):
                    number = 1_000 * (turn + 1) + n
                    revision = change(library, name, number)
                    os.write(writer, b"%d %d\n" % (revision.number, number))
                    if n % 3 == 1:
                        revision = library.undo(name)
                        os.write(writer, b"%d %d\n" % (revision.number, value(revision.notebook)))
                    if n % 3 == 2:
                        name = library.rename(name, f"name-{number}").name

        pid = child(work)
        os.close(writer)
        told = b"".join(os.read(reader, 64) for _ in range(chance.randrange(4)))
        time.sleep(chance.uniform(0, 0.02))  # the moment of the kill is the point of this test
        os.kill(pid, signal.SIGKILL)
        assert ended(pid) == -signal.SIGKILL
        with os.fdopen(reader, "rb") as file:
            lines = [line.split() for line in (told + file.read()).split(b"\n")[:-1]]
        for number, content in lines:
            acknowledged[int(number)] = int(content)
        library = warm if turn % 5 else Library(home)
        library._recover()  # what opening does first
        (record,) = library.apps()
        assert record.id == app
        shown = library.revision(record.name)
        assert read(record.path).app == shown.notebook
        if lines:
            killed_midway += 1
            current = int(lines[-1][0])
        with library.database.read() as connection:
            kept = history.parents(connection, record.id)
        assert current in kept and set(acknowledged) <= set(kept)
        # what was under way when it was killed happened as a whole or not at all: at most one more step
        assert record.current in (current, kept[current], *(n for n, parent in kept.items() if parent == current))
        current = record.current
        if library is not warm:
            library.close()
    warm.close()
    with Library(home) as library:
        (record,) = library.apps()
        kept_values = {r.number: value(r.notebook) for r in library.revisions(record.name)}
        assert {number: kept_values[number] for number in acknowledged} == acknowledged
        assert len(library.turns(record.name)) == len(kept_values)
        assert [path.name for path in (home / "apps").iterdir()] == [record.name]
    assert killed_midway > KILLS / 2
