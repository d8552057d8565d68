"""Calling the app's functions."""

from __future__ import annotations

import datetime as dt
import decimal
import time
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from microapps.errors import AppFault, InvalidInput
from microapps.testing import App, Member, Record

from .conftest import notebook

SOURCE = """
import asyncio, dataclasses, datetime, decimal, enum
import pandas as pd

@dataclasses.dataclass
class Loan:
    amount: float
    years: int

class Kind(enum.Enum):
    SMALL = "s"

class NegativeAmount(ValueError):
    pass

class Own(Exception):
    pass

def loan(amount, *, years=3):
    if amount < 0:
        raise NegativeAmount("below zero")
    return Loan(amount, years)

def years_of(loan): return loan.years
def same(value): return value
def kind_of(value): return type(value).__name__
def small(): return Kind.SMALL
def table(rows): return pd.DataFrame(rows).assign(total=lambda f: f.a + f.b)
def fail(name): raise {"key": KeyError("k"), "own": Own("mine"), "exit": SystemExit(2)}[name]
async def later(value):
    await asyncio.sleep(0.05)
    return value
not_a_function = 5
"""


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    with App.open(notebook("x = 1", SOURCE)) as app:
        yield app


@pytest.mark.parametrize(
    "value", [1, 1.5, "가", None, (1, 2), {1, 2}, b"x", decimal.Decimal("1.1"), dt.date(2024, 1, 1)]
)
def test_values_go_and_come_back(app: App, value: Any) -> None:
    assert app.call("same", value) == value
    assert app.call("kind_of", value) == type(value).__name__


def test_objects_of_the_app_come_as_records_and_go_back_as_themselves(app: App) -> None:
    loan = app.call("loan", 100, years=5)
    assert isinstance(loan, Record)
    assert (loan.amount, loan.years) == (100, 5)
    assert loan == app.call("loan", 100, years=5)
    assert app.call("years_of", loan) == 5
    assert app.call("kind_of", loan) == "Loan"
    assert app.call("small") == Member("Kind", "SMALL")


def test_tables_cross(app: App) -> None:
    answer = app.call("table", pd.DataFrame({"a": [1, 2], "b": [3, 4]}))
    assert list(answer["total"]) == [4, 6]


def test_a_coroutine_function_is_awaited(app: App) -> None:
    assert app.call("later", 5) == 5


def test_an_exception_is_raised_here_as_its_builtin_kind(app: App) -> None:
    with pytest.raises(KeyError, match="k"):
        app.call("fail", "key")
    with pytest.raises(ValueError, match="below zero") as raised:
        app.call("loan", -1)
    assert type(raised.value).__name__ == "NegativeAmount"
    assert "in loan" in raised.value.__notes__[0]
    assert app.errors == ()


@pytest.mark.parametrize(("name", "message"), [("own", "raised Own: mine"), ("exit", "raised SystemExit: 2")])
def test_other_exceptions_are_faults_of_the_app(app: App, name: str, message: str) -> None:
    with pytest.raises(AppFault, match=message):
        app.call("fail", name)
    assert app.call("same", 1) == 1


def test_a_function_that_is_not_there_is_told_with_the_nearest(app: App) -> None:
    with pytest.raises(AppFault, match=r"no 'loans'.*Did you mean 'loan'"):
        app.call("loans", 1)
    with pytest.raises(AppFault, match="is no function but int"):
        app.call("not_a_function")


def test_what_does_not_travel_is_told(app: App) -> None:
    ring: list[Any] = []
    ring.append(ring)
    with pytest.raises(InvalidInput, match="holds itself"):
        app.call("same", ring)
    with pytest.raises(TypeError, match="does not travel"):
        app.call("same", print)


def test_the_driver_leaves_no_names_in_the_app(app: App) -> None:
    names = app.call("same.__globals__.keys")
    assert not [name for name in names if "microapp" in name.lower() or name == "KernelSide"]


def test_an_interaction_is_fast(app: App) -> None:
    times = []
    for number in range(40):
        started = time.perf_counter()
        app.call("same", number)
        times.append(time.perf_counter() - started)
    assert sorted(times)[10] < 0.1  # what looked ten times a second would never be faster; a busy machine may be slower
