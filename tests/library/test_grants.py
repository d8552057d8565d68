"""What the person allowed, bound to content; what apps tried; preferences; money."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from microapps.errors import InvalidInput, InvalidSetting, UnknownApp
from microapps.library import Library, UsageRecord
from microapps.library import accesses as accesses_module
from microapps.library.tables import usage as usage_table
from microapps.notebook import FileAccess, Host, Permissions

from .samples import make

ONE, TWO = "1" * 64, "2" * 64
HOST = Host(name="example.org")
FILE = FileAccess(path="/data/a.csv")
WIDE = Permissions(hosts=(HOST,), files=(FILE,), packages=("numpy",), storage="shared", model_budget=1, memory=2048)


@pytest.fixture(autouse=True)
def app(library: Library) -> None:
    make(library)


def test_nothing_is_granted_unasked(library: Library) -> None:
    assert library.granted("tip-splitter") == library.granted("tip-splitter", ONE) == Permissions()


def test_a_grant_holds_for_the_content_the_person_saw_alone(library: Library) -> None:
    library.grant("tip-splitter", WIDE, ONE)
    assert library.granted("tip-splitter", ONE) == WIDE
    assert library.granted("tip-splitter", TWO) == Permissions()
    assert library.granted("tip-splitter") == WIDE


def test_a_later_grant_for_the_same_content_replaces_the_earlier(library: Library) -> None:
    library.grant("tip-splitter", WIDE, ONE)
    library.grant("tip-splitter", Permissions(hosts=(HOST,)), ONE)
    assert library.granted("tip-splitter", ONE) == Permissions(hosts=(HOST,))
    assert [grant.ended is None for grant in library.grants("tip-splitter")] == [False, True]


def test_revoking_all_takes_it_from_every_content(library: Library) -> None:
    library.grant("tip-splitter", WIDE, ONE)
    library.grant("tip-splitter", WIDE, TWO)
    library.revoke("tip-splitter")
    assert library.granted("tip-splitter", ONE) == library.granted("tip-splitter", TWO) == Permissions()
    assert library.granted("tip-splitter") == Permissions()
    assert len(library.grants("tip-splitter")) == 2


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        (Permissions(hosts=(HOST,)), {"hosts": ()}),
        (Permissions(files=(FileAccess(path=FILE.path, mode="read-write"),)), {"files": ()}),
        (Permissions(packages=("numpy", "never")), {"packages": ()}),
        (Permissions(storage="shared"), {"storage": "private"}),
        (Permissions(model_budget=0.01), {"model_budget": 0.0}),
        (Permissions(memory=4096), {"memory": 1024}),
    ],
)
def test_revoking_a_part_leaves_the_rest(library: Library, taken: Permissions, left: dict[str, object]) -> None:
    library.grant("tip-splitter", WIDE, ONE)
    library.revoke("tip-splitter", taken)
    assert library.granted("tip-splitter", ONE) == WIDE.model_copy(update=left)


def test_a_grant_follows_the_app_and_not_its_name_or_its_forks(library: Library) -> None:
    library.grant("tip-splitter", WIDE, ONE)
    library.rename("tip-splitter", "tip")
    library.fork("tip", "other")
    make(library)
    assert library.granted("tip", ONE) == WIDE
    assert library.granted("other", ONE) == library.granted("tip-splitter", ONE) == Permissions()


def test_a_grant_needs_a_digest_and_an_app(library: Library) -> None:
    with pytest.raises(InvalidSetting):
        library.grant("tip-splitter", WIDE, "current")
    with pytest.raises(UnknownApp):
        library.grant("nobody", WIDE, ONE)


def test_attempts_are_logged_with_their_count(library: Library) -> None:
    for _ in range(3):
        library.log_access("tip-splitter", "host", "evil.example:443", allowed=False, detail="not granted")
    library.log_access("tip-splitter", "host", "example.org:443", allowed=True)
    last, first = library.accesses("tip-splitter")
    assert (last.target, last.allowed, last.count) == ("example.org:443", True, 1)
    assert (first.target, first.allowed, first.count, first.detail) == ("evil.example:443", False, 3, "not granted")
    assert first.first < first.last <= datetime.now(UTC)


def test_the_log_of_a_noisy_app_is_bounded(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accesses_module, "MOST", 5)
    for number in range(8):
        library.log_access("tip-splitter", "host", f"{number}.example:443" + "x" * 10_000, allowed=False)
    kept = library.accesses("tip-splitter")
    assert [access.target[0] for access in kept] == list("76543")
    assert all(len(access.target) == accesses_module.LONGEST for access in kept)


def test_preferences_are_remembered_once_and_forgotten_on_request(library: Library) -> None:
    euros = library.remember("  Show money in   euros. ")
    assert library.remember("Show money in euros.") == euros
    dark = library.remember("Dark colours.")
    assert [p.text for p in library.preferences()] == ["Show money in euros.", "Dark colours."]
    library.forget(euros.id)
    assert library.preferences() == (dark,)
    with pytest.raises(InvalidInput):
        library.forget(euros.id)


@pytest.mark.parametrize("text", ["", " \n ", "x" * 501])
def test_a_preference_is_a_sentence(library: Library, text: str) -> None:
    with pytest.raises(InvalidSetting):
        library.remember(text)


def test_usage_is_summed_per_model_dearest_first(library: Library) -> None:
    library.record_usage(UsageRecord("haiku", 1, 2, 3, 4, 0.5))
    library.record_usage(UsageRecord("haiku", 10, 20, 30, 40, 0.25), "tip-splitter")
    library.record_usage(UsageRecord("opus", 1, 1, dollars=2.0))
    library.record_usage(UsageRecord("local", 7, 7))
    local, opus, haiku = (
        UsageRecord("local", 7, 7),
        UsageRecord("opus", 1, 1, dollars=2.0),
        UsageRecord("haiku", 11, 22, 33, 44, 0.75),
    )
    assert library.usage() == (opus, haiku, local)
    assert library.usage(name="tip-splitter") == (UsageRecord("haiku", 10, 20, 30, 40, 0.25),)
    assert library.spent_this_month() == 2.75


def test_usage_is_counted_by_month(library: Library) -> None:
    library.record_usage(UsageRecord("haiku", 1, 1, dollars=1.0))
    with library.database.write() as connection:
        last_moment = datetime(2025, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
        connection.execute(update(usage_table).values(created=last_moment))
    assert len(library.usage("2025-12")) == 1
    assert library.usage("2026-01") == () and library.spent_this_month() == 0


@pytest.mark.parametrize("month", ["2026", "2026-13", "2026-1", "x", "0000-01", "9999-12", "２０２６-11"])
def test_a_month_is_written_one_way(library: Library, month: str) -> None:
    with pytest.raises(InvalidSetting):
        library.usage(month)
