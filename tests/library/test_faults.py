"""What went wrong in an app's visits is kept for its owner, and bounded."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from microapps.errors import UnknownApp
from microapps.library import Fault, Library, faults

from .samples import make, tip

NOW = datetime.now(UTC)


def fault(what: str, detail: str = "", count: int = 1) -> Fault:
    return Fault("", "callback_failed", what, detail, count, NOW, NOW)


@pytest.fixture
def library(library: Library) -> Library:
    make(library, tip(1))
    return library


def test_the_same_fault_is_counted_and_its_last_trace_kept(library: Library) -> None:
    library.note_faults("tip-splitter", [fault("a", "first"), fault("b"), fault("a", "second", 2)])
    library.note_faults("tip-splitter", [fault("b", "later")])
    assert [(one.what, one.count, one.detail) for one in library.faults("tip-splitter")] == [
        ("b", 2, "later"),
        ("a", 3, "second"),
    ]


def test_they_follow_a_new_name_and_end_with_the_app(library: Library) -> None:
    library.note_faults("tip-splitter", [fault("a")])
    library.rename("tip-splitter", "tip")
    library.note_faults("tip-splitter", [fault("b\0")])
    assert [(one.app, one.what) for one in library.faults("tip")] == [("tip", "b\ufffd"), ("tip", "a")]
    library.remove("tip")
    library.purge("tip")
    with pytest.raises(UnknownApp):
        library.note_faults("tip", [fault("a")])


def test_an_app_that_fails_without_end_fills_nothing(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "MOST", 5)
    before = library.generation()
    library.note_faults("tip-splitter", [fault(f"{number}", "x" * 20_000 + "end") for number in range(8)])
    for number in range(8, 12):
        library.note_faults("tip-splitter", [fault(f"{number}" + "y" * 1000)])
    kept = library.faults("tip-splitter")
    assert [one.what.rstrip("y") for one in kept] == ["11", "10", "9", "8", "7"]
    assert len(kept[0].what) == 500 and len(kept[-1].detail) == 10_000 and kept[-1].detail.endswith("end")
    assert library.generation() == before, "no site has to look at the library again for it"
