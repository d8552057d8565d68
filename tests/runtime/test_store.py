"""The store's two faces, values and tables, and its errors, in this process."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from microapps.runtime import Store, StoreError, StoreFullError, StoreNotPermittedError
from microapps.runtime import storage as storage_module


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def reopened(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "data")
    yield made
    made.close()


def test_a_value_outlives_the_process_that_set_it(store: Store, reopened: Store) -> None:
    store["habits"] = ["run", "read"]
    store.set("goal", 3)
    assert reopened["habits"] == ["run", "read"]
    assert reopened.get("goal") == 3


def test_a_missing_key_is_a_key_error_or_the_default(store: Store) -> None:
    with pytest.raises(KeyError):
        store["nothing"]
    assert store.get("nothing") is None
    assert store.get("nothing", 7) == 7
    assert "nothing" not in store
    with pytest.raises(KeyError):
        del store["nothing"]
    assert store.delete("nothing") is False


def test_keys_stay_in_the_order_they_were_first_set(store: Store) -> None:
    for key in ("b", "a", "ü", "b"):
        store[key] = key
    assert store.keys() == list(store) == ["b", "a", "ü"]
    assert len(store) == 3
    del store["b"]
    assert store.keys() == ["a", "ü"]


def test_what_is_read_is_a_copy(store: Store) -> None:
    store["list"] = [1]
    store["list"].append(2)
    assert store["list"] == [1]


def test_update_gives_the_new_value_and_starts_from_the_default(store: Store) -> None:
    assert store.update("count", lambda n: n + 1, 0) == 1
    assert store.update("count", lambda n: n + 1, 0) == 2


def test_a_function_that_raises_changes_nothing(store: Store) -> None:
    store["count"] = 1
    with pytest.raises(ZeroDivisionError):
        store.update("count", lambda n: n / 0)
    assert store["count"] == 1
    store["count"] = 2  # and the store can be used on
    assert store["count"] == 2


def test_a_transaction_is_whole_or_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError), store.transaction():
        store["a"] = 1
        store.table("entries").add(text="x")
        with store.transaction():
            store["b"] = 2
        raise RuntimeError
    assert store.keys() == []
    assert len(store.table("entries")) == 0
    with store.transaction():
        store["a"] = 1
        assert store["a"] == 1
    assert store["a"] == 1


def test_rows_come_in_the_order_they_were_added_with_their_ids(store: Store) -> None:
    entries = store.table("entries")
    first = entries.add(subject="Physics", hours=1.5)
    second = entries.add({"subject": "Latin", "hours (h)": 2})
    assert entries.rows() == [
        {"id": first, "subject": "Physics", "hours": 1.5},
        {"id": second, "subject": "Latin", "hours (h)": 2},
    ]
    assert [row["id"] for row in entries] == [first, second]
    assert len(entries) == 2
    assert entries.get(second)["subject"] == "Latin"


def test_rows_are_found_by_equality(store: Store) -> None:
    entries = store.table("entries")
    for subject, done in (("Art", True), ("Latin", False), ("Art", False)):
        entries.add(subject=subject, done=done)
    assert len(entries.rows(subject="Art")) == 2
    assert len(entries.rows(subject="Art", done=True)) == 1
    assert entries.rows(subject="Maths") == []


def test_rows_are_changed_and_deleted_by_id_or_equality(store: Store) -> None:
    entries = store.table("entries")
    first, second, third = (entries.add(text=text, done=False) for text in "abc")
    entries.update(first, done=True, note="x")
    assert entries.get(first) == {"id": first, "text": "a", "done": True, "note": "x"}
    assert entries.delete(second) == 1
    assert entries.delete(second) == 0
    assert entries.delete(done=True) == 1
    assert [row["id"] for row in entries] == [third]
    with pytest.raises(KeyError, match="no row"):
        entries.update(first, done=False)
    with pytest.raises(KeyError):
        entries.get(first)
    with pytest.raises(TypeError):
        entries.delete()
    entries.clear()
    assert entries.rows() == []


def test_an_id_is_never_used_again(store: Store) -> None:
    entries = store.table("entries")
    first = entries.add(text="a")
    entries.delete(first)
    assert entries.add(text="b") > first


def test_tables_do_not_see_each_others_rows(store: Store) -> None:
    row = store.table("one").add(text="a")
    assert store.table("two").rows() == []
    assert store.table("two").delete(row) == 0
    with pytest.raises(KeyError):
        store.table("two").update(row, text="b")
    store.table("two").clear()
    assert len(store.table("one")) == 1


def test_clear_leaves_nothing(store: Store) -> None:
    store["a"] = 1
    store.table("entries").add(text="a")
    store.clear()
    assert len(store) == len(store.table("entries")) == 0


@dataclass
class Point:
    x: int


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"points": [1, Point(2)]}, r"store\['k'\]\['points'\]\[1\] is of the type Point.*asdict"),
        (object(), "of the type object"),
        (lambda: 0, "of the type function"),
        ({"a": {1: Point(2)}}, r"store\['k'\]\['a'\]\[1\]"),
    ],
)
def test_what_cannot_be_stored_is_named_with_its_place(store: Store, value: object, told: str) -> None:
    with pytest.raises(StoreError, match=told):
        store["k"] = value
    assert "k" not in store


def test_a_value_that_contains_itself_is_refused(store: Store) -> None:
    loop: list[object] = []
    loop.append(loop)
    with pytest.raises(StoreError, match="nested too deeply"):
        store["k"] = loop


@pytest.mark.parametrize("key", ["", "x" * 201, 7, None, "\ud800"])
def test_a_key_is_a_text_of_some_length(store: Store, key: object) -> None:
    with pytest.raises(StoreError, match=r"key|text"):
        store[key] = 1  # type: ignore[index]
    with pytest.raises(StoreError):
        store.table(key)  # type: ignore[arg-type]


def test_an_id_of_the_apps_own_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="'id'"):
        store.table("entries").add(id=3, text="a")


def test_one_value_has_a_bound(store: Store) -> None:
    with pytest.raises(StoreError, match="too large"):
        store["k"] = "x" * (9 << 20)


def test_a_full_store_says_so_keeps_what_it_has_and_can_be_emptied(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage_module, "LARGEST_FILE", 1 << 20)
    entries = store.table("entries")
    with pytest.raises(StoreFullError, match="no room left"):
        for _ in range(200):
            entries.add(text="x" * 10_000)
    kept = len(entries)
    assert 50 < kept < 120
    with pytest.raises(StoreFullError), store.transaction():
        for _ in range(20):
            entries.add(text="x" * 10_000)
    assert len(entries) == kept
    entries.clear()
    entries.add(text="y" * 10_000)
    assert len(entries) == 1


def test_a_damaged_file_is_named_and_left_as_it_is(store: Store) -> None:
    store.path.parent.mkdir()
    store.path.write_bytes(b"no database at all, but long enough to be looked at" * 100)
    with pytest.raises(StoreError, match=r"store\.sqlite3 is damaged"):
        store.get("a")
    assert store.path.read_bytes().startswith(b"no database")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be made"):
        Store(tmp_path / "file" / "data")["a"] = 1


def test_without_the_permission_nothing_is_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICROAPPS_STORAGE", "none")
    with pytest.raises(StoreNotPermittedError, match="permission"):
        store["a"] = 1
    assert not store.path.exists()


def test_an_app_can_tell_whether_its_data_is_shared(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not store.shared
    monkeypatch.setenv("MICROAPPS_STORAGE", "shared")
    assert store.shared


def test_nothing_is_opened_before_it_is_used(store: Store) -> None:
    store.table("entries")
    assert not store.path.parent.exists()


def test_a_transaction_of_another_visitor_is_waited_for_and_then_told(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage_module, "PATIENCE", 0.2)
    store["a"] = 1
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert store["a"] == 1  # reading does not wait
    with pytest.raises(StoreError, match="Another visitor"):
        store["a"] = 2
    other.execute("ROLLBACK")
    other.close()
    store["a"] = 3
    assert store["a"] == 3
