"""Values that cross between kernels."""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
import enum
import fractions
import math
import pathlib
import uuid
from collections import Counter, OrderedDict, deque, namedtuple
from typing import Any

import numpy as np
import pandas as pd
import pytest

from microapps.testing import Member, NamedRecord, Opaque, Record
from microapps.testing.raised import decode_error, encode_error
from microapps.testing.wire import decode, dumps, encode


def crossed(value: Any, resolve: Any = None) -> Any:
    import json

    return decode(json.loads(dumps(encode(value))), resolve)


@dataclasses.dataclass
class Loan:
    amount: float
    years: int = 3


Point = namedtuple("Point", "x y")


class Colour(enum.Enum):
    RED = 1


class Size(enum.StrEnum):
    BIG = "big"


EXACT = [
    None,
    True,
    0,
    -(10**30),
    10**5000,
    1.5,
    -0.0,
    math.inf,
    "한국어 🙂 \ud800",
    [1, [2, {"a": 3}]],
    {"$": "not a tag"},
    {1: "a", (2, 3): "b"},
    (1, (2,)),
    {1, 2},
    frozenset(("a",)),
    b"\x00\xff",
    range(1, 10, 2),
    1 + 2j,
    decimal.Decimal("1.10"),
    fractions.Fraction(1, 3),
    dt.date(2024, 2, 29),
    dt.time(13, 30, 0, 5),
    dt.datetime(2024, 2, 29, 1, 2, 3),
    dt.datetime(2024, 2, 29, tzinfo=dt.UTC),
    dt.timedelta(days=-1, microseconds=5),
    uuid.UUID(int=5),
    pathlib.Path("/tmp/x"),
    np.float32(0.1),
    np.int64(5),
    np.datetime64("2024-02-29"),
    pd.Timestamp("2024-02-29 01:02:03.000000004"),
    pd.Timestamp("2024-02-29", tz="UTC"),
    pd.Timedelta("1ns"),
]


@pytest.mark.parametrize("value", EXACT, ids=lambda value: type(value).__name__)
def test_a_value_arrives_with_its_type(value: object) -> None:
    arrived = crossed(value)
    assert arrived == value
    assert type(arrived) is type(value)


def test_nan_arrives() -> None:
    assert math.isnan(crossed(math.nan))
    assert crossed(pd.NaT) is pd.NaT
    assert crossed(pd.NA) is pd.NA


def test_subclasses_arrive_as_what_they_are_made_of() -> None:
    assert crossed(OrderedDict(a=1)) == {"a": 1}
    assert crossed(Counter("aa")) == {"a": 2}
    assert crossed(deque([1, 2])) == [1, 2]
    assert crossed({"a": 1}.keys()) == ["a"]
    assert crossed(x * x for x in range(3)) == [0, 1, 4]


@pytest.mark.parametrize(
    "array",
    [np.arange(6).reshape(2, 3), np.array([True, False]), np.array(["a", "bc"]), np.array([1, None], dtype=object)],
)
def test_arrays_arrive(array: np.ndarray) -> None:
    arrived = crossed(array)
    assert arrived.dtype == array.dtype
    assert np.array_equal(arrived, array)


FRAMES = [
    pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": [1.5, np.nan]}),
    pd.DataFrame({"t": pd.to_datetime(["2024-01-01", None]), "z": pd.to_datetime(["2024-01-01"] * 2, utc=True)}),
    pd.DataFrame({"k": pd.Categorical(["p", "q"]), "n": pd.array([1, None], dtype="Int64")}, index=["i", "j"]),
    pd.DataFrame({"a": [1]}, index=pd.MultiIndex.from_tuples([("x", 1)], names=["u", "v"])),
    pd.DataFrame({"a": [1.0]}, index=pd.Index([3], name="id")).groupby("id").sum(),
    pd.DataFrame(),
]


@pytest.mark.parametrize("frame", FRAMES, ids=range(len(FRAMES)))
def test_tables_arrive(frame: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(crossed(frame), frame, check_index_type=False, check_column_type=False)


def test_a_series_arrives() -> None:
    series = pd.Series([1, 2], index=["a", "b"], name="s")
    pd.testing.assert_series_equal(crossed(series), series)


def test_a_dataclass_arrives_as_a_record() -> None:
    loan = crossed(Loan(5.0))
    assert isinstance(loan, Record)
    assert (loan.amount, loan.years) == (5.0, 3)
    assert loan == crossed(Loan(5.0)) == Loan(5.0)
    assert loan != crossed(Loan(6.0))
    assert repr(loan) == "Loan(amount=5.0, years=3)"
    with pytest.raises(AttributeError, match="amount, years"):
        _ = loan.rate


def test_a_named_tuple_arrives_as_one() -> None:
    point = crossed(Point(1, 2))
    assert isinstance(point, NamedRecord)
    x, y = point
    assert (x, y) == (point.x, point[1]) == (1, 2)
    assert point == (1, 2)


def test_enumeration_members_arrive() -> None:
    assert crossed(Colour.RED) == Colour.RED
    assert isinstance(crossed(Colour.RED), Member)
    assert crossed(Colour.RED) != 1
    assert crossed(Size.BIG) == "big"
    assert {crossed(Size.BIG): 1}["big"] == 1


@pytest.mark.parametrize("value", [Loan(1.0), Point(1, 2), Colour.RED])
def test_records_become_themselves_again_where_their_class_is_known(value: object) -> None:
    there = crossed(value)
    assert crossed(there, {"Loan": Loan, "Point": Point, "Colour": Colour}.get) == value
    assert type(crossed(there, {"Loan": Loan, "Point": Point, "Colour": Colour}.get)) is type(value)


def test_what_does_not_travel_says_what_it_is() -> None:
    arrived = crossed(print)
    assert isinstance(arrived, Opaque)
    assert "print" in repr(arrived)


def test_a_structure_that_holds_itself_is_refused() -> None:
    ring: list[Any] = []
    ring.append(ring)
    with pytest.raises(ValueError, match="holds itself"):
        encode(ring)


HOSTILE: list[Any] = [
    {"$": "unknown"},
    {"$": []},
    {"$": "array", "dtype": "O", "shape": [1], "base64": "AAAA"},
    {"$": "array", "dtype": "<f8", "shape": [10**12], "base64": ""},
    {"$": "array", "dtype": "(10,10)f8,i4", "shape": [1], "base64": ""},
    {"$": "fraction", "top": {"$": "int", "hex": "0x" + "f" * 10**6}, "bottom": 3},
    {"$": "int", "hex": "0x" + "f" * 10**7},
    {"$": "dict", "items": [[[], 1]]},
    {"$": "set", "items": [0] * 60_000},
    {"$": "timedelta", "days": 10**12, "seconds": 0, "microseconds": 0},
    {"$": "record", "type": "X", "fields": []},
    {"$": "bytes", "base64": "no base64!"},
    {"$": "frame", "columns": 1, "index": 2, "data": 3},
]


@pytest.mark.parametrize("data", HOSTILE, ids=lambda data: str(data["$"]))
def test_malformed_data_is_an_ordinary_error(data: Any) -> None:
    with pytest.raises((ValueError, TypeError, KeyError, AttributeError, OverflowError)):
        decode(data)


def raised(error: BaseException) -> Exception | None:
    try:
        raise error
    except BaseException as caught:
        return decode_error(encode_error(caught))


class Negative(ValueError):
    pass


class Own(Exception):
    pass


@pytest.mark.parametrize(
    "error",
    [
        ValueError("a"),
        KeyError("k"),
        ZeroDivisionError("z"),
        OSError(2, "no"),
        UnicodeDecodeError("utf-8", b"x", 0, 1, "w"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_builtin_exceptions_arrive_as_themselves(error: Exception) -> None:
    arrived = raised(error)
    assert type(arrived) is type(error)
    assert str(arrived) == str(error)
    assert "test_wire.py" in arrived.__notes__[0]


def test_an_exception_below_a_builtin_one_can_be_caught_as_that() -> None:
    arrived = raised(Negative("below zero"))
    assert isinstance(arrived, ValueError)
    assert type(arrived).__name__ == "Negative"


@pytest.mark.parametrize("error", [Own(), SystemExit(1), KeyboardInterrupt(), StopIteration(), GeneratorExit()])
def test_other_exceptions_are_not_raised_here(error: BaseException) -> None:
    assert raised(error) is None
