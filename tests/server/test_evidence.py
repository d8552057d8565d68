"""What is said of when a revision was checked."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from microapps.library import Library
from microapps.server.summaries import evidence
from tests.library.samples import make, report, tip


def test_a_revision_that_was_not_checked_has_no_time_of_a_check(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        made = library.accept(tip(), name=None, action="make", request="a tip", report=None)
        unchecked = evidence(made, None)
        assert (unchecked.state, unchecked.at) == ("unchecked", None)
        later = made.created + timedelta(days=3)
        checked = library.record_check(made.app, made.number, report(tip()).model_copy(update={"at": later}))
        assert evidence(checked, None).at == later
        assert evidence(make(library), None).at is not None, "a report of before that was noted"
