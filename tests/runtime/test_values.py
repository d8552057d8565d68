"""Values come back as they were, and what cannot is refused."""

from __future__ import annotations

import datetime as dt
import enum
import json
import math
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from microapps.runtime.errors import StoreError
from microapps.runtime.values import packed, unpacked


class Colour(enum.StrEnum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


VALUES: list[Any] = [
    None, True, 0, -1, 10**40, 0.1, -0.0, "", "한국어 \0 \ud800", [], {}, [1, "a", None, [2.5]], {"a": {"b": [1]}},
    (1, (2, "x")), {1, 2}, {}, {1: "a", (1, 2): "b", None: "c"}, {"$is": "date", "of": "x"}, {"a": {"$is": 1}},
    dt.date(2026, 2, 28), dt.datetime(2026, 1, 1, 12, 30, 0, 5), dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    dt.time(23, 59, 59), dt.timedelta(days=-1, seconds=5, microseconds=7), Decimal("10.10"), Decimal("NaN"),
    math.inf, -math.inf, b"\x00\xff", {"when": [(dt.date(2026, 1, 1), Decimal("0.30"))]},
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    found = unpacked(packed(value, "v"))
    assert repr(found) == repr(value)
    assert type(found) is type(value)


def test_nan_comes_back() -> None:
    assert math.isnan(unpacked(packed(float("nan"), "v")))


def test_the_text_is_strict_json() -> None:
    for value in VALUES:
        json.loads(packed(value, "v"), parse_constant=pytest.fail)


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Colour.RED, "red"), (Level.HIGH, 3), (np.int64(7), 7), (np.float64(0.5), 0.5), (np.bool_(True), True),
        (np.str_("a"), "a"), (bytearray(b"a"), b"a"), (frozenset({1}), {1}),
        (pd.Timestamp("2026-01-01"), dt.datetime(2026, 1, 1)),
        (pd.Timedelta(days=1), dt.timedelta(days=1)),
    ],
)  # fmt: skip
def test_relatives_come_back_as_plain_values(value: Any, plain: Any) -> None:
    found = unpacked(packed(value, "v"))
    assert found == plain
    assert type(found) is type(plain)


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        (np.arange(3), "tolist"),
        (pd.DataFrame({"a": [1]}), "to_dict"),
        (pd.Series([1]), "to_list"),
        (pd.NaT, "NaTType"),
        (1j, "complex"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_stored_gets_advice(value: Any, advice: str) -> None:
    with pytest.raises(StoreError, match=advice):
        packed(value, "v")
