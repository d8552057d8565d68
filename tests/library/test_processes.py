"""Several processes on one library neither corrupt nor lose anything."""

from __future__ import annotations

import contextlib
import errno
import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from microapps.errors import InvalidInput, MachineFault
from microapps.library import Library, UsageRecord, locks
from microapps.library.locks import exclusive
from microapps.notebook import Permissions, read

from .processes import child, ended
from .samples import change, edit, make, tip, value

Open = Callable[[], Library]


@pytest.fixture
def open_library(home: Path, url: str) -> Open:
    """Opens the test's library again, as another process would."""
    return lambda: Library(home, url)


def all_end_well(*works: Callable[[], object]) -> None:
    pids = [child(work) for work in works]
    assert [ended(pid) for pid in pids] == [0] * len(pids)


def test_a_new_library_can_be_opened_by_many_at_once(open_library: Open) -> None:
    def work() -> None:
        with open_library() as library:
            make(library)

    all_end_well(*[work] * 6)
    with open_library() as library:
        names = {record.name for record in library.apps()}
        assert names == {"tip-splitter", *(f"tip-splitter-{n}" for n in range(2, 7))}


def test_changes_raced_by_undo_and_rename_are_all_kept(open_library: Open, home: Path, tmp_path: Path) -> None:
    with open_library() as library:
        make(library, tip(0))

    def changer(first: int) -> None:
        accepted = {}
        with open_library() as library:
            for number in range(first, first + 15):
                # an old name still leads to the app, so a job that began before the rename loses nothing
                accepted[change(library, "tip-splitter", number, usage=UsageRecord("m", 1, 1)).number] = number
        (tmp_path / f"{first}.json").write_text(json.dumps(accepted))

    def undoer() -> None:
        with open_library() as library:
            for _ in range(15):
                with contextlib.suppress(InvalidInput):
                    library.undo("tip-splitter")
                with contextlib.suppress(InvalidInput):
                    library.redo("tip-splitter")

    def renamer() -> None:
        with open_library() as library:
            for number in range(10):
                library.rename(library.apps()[0].name, f"name-{number}")

    all_end_well(lambda: changer(100), lambda: changer(200), undoer, renamer)
    accepted = {}
    for first in (100, 200):
        accepted |= {int(k): v for k, v in json.loads((tmp_path / f"{first}.json").read_text()).items()}
    with open_library() as library:
        (record,) = library.apps()
        revisions = {revision.number: revision for revision in library.revisions(record.name)}
        assert record.name == "name-9" and list(revisions) == list(range(1, 32))
        assert {number: value(revisions[number].notebook) for number in accepted} == accepted
        assert {revision.action for revision in revisions.values()} == {"make", "change"}, "no write of ours is an edit"
        assert read(record.path).app == library.revision("name-9").notebook
        assert [path.name for path in (home / "apps").iterdir()] == ["name-9"]
        (used,) = library.usage()
        assert used.input_tokens == 30


def test_only_one_of_two_that_expect_the_same_revision_gets_it(open_library: Open) -> None:
    with open_library() as library:
        make(library, tip(0))

    def work(number: int) -> None:
        with open_library() as library, contextlib.suppress(InvalidInput):
            change(library, "tip-splitter", number, expected=1, parent=1)

    all_end_well(*(lambda n=n: work(n) for n in range(1, 5)))  # type: ignore[misc]
    with open_library() as library:
        assert len(library.revisions("tip-splitter")) == 2
        assert len([turn for turn in library.turns("tip-splitter") if turn.interrupted]) == 3


def test_removing_and_restoring_race_without_loss(open_library: Open, home: Path) -> None:
    with open_library() as library:
        make(library)
        (library.app("tip-splitter").data / "saved").write_text("kept")

    def work(use: str) -> None:
        with open_library() as library:
            for _ in range(12):
                with contextlib.suppress(InvalidInput):
                    getattr(library, use)("tip-splitter")

    all_end_well(lambda: work("remove"), lambda: work("restore"), lambda: work("remove"), lambda: work("restore"))
    with open_library() as library:
        (record,) = library.apps() + library.apps(trashed=True)
        assert record.data.joinpath("saved").read_text() == "kept"
        assert len(list(home.glob("*/*/*.ipynb"))) == 1


def test_edits_by_hand_race_changes_without_loss(open_library: Open) -> None:
    with open_library() as library:
        make(library, tip(0))

    def changer() -> None:
        with open_library() as library:
            for number in range(1, 13):
                change(library, "tip-splitter", number)

    def person() -> None:
        with open_library() as library:
            for number in range(1000, 1012):
                path = library.app("tip-splitter").path
                edit(library, "tip-splitter", f"VALUE = {value(read(path).app)}", f"VALUE = {number}")
                library.sync("tip-splitter")

    # the person's own save can still meet ours between reading and writing, as in any editor: so take turns
    for _ in range(2):
        all_end_well(person)
        all_end_well(changer)
    with open_library() as library:
        kept = {value(revision.notebook) for revision in library.revisions("tip-splitter")}
        assert kept == {*range(13), *range(1000, 1012)}


def test_threads_share_one_library(library: Library) -> None:
    make(library)
    faults: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for step in range(5):
                change(library, "tip-splitter", number + step)
                library.log_access("tip-splitter", "host", "example.org:443", allowed=False)
                library.grant("tip-splitter", Permissions(), "0" * 64)
                library.revisions("tip-splitter")
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(100 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(library.revisions("tip-splitter")) == 21
    assert library.accesses("tip-splitter")[0].count == 20


def test_a_forked_child_uses_connections_of_its_own(library: Library) -> None:
    make(library)
    all_end_well(*[lambda: change(library, "tip-splitter", 2)] * 3)
    change(library, "tip-splitter", 3)
    assert len(library.revisions("tip-splitter")) == 5


def test_a_process_that_hangs_is_told_of_and_a_dead_one_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with exclusive(path), pytest.raises(MachineFault, match="held the library"), exclusive(path, patience=0.05):
        pass
    with exclusive(path, patience=0.05):
        pass


def test_a_disk_without_locks_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(_: int) -> None:
        raise OSError(errno.ENOTSUP, "not supported")

    monkeypatch.setattr(locks, "_take", unsupported)
    with pytest.raises(MachineFault, match="no locks"), exclusive(tmp_path / "lock"):
        pass
