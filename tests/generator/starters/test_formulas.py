"""Formulas are checked trees: arithmetic passes, everything else is refused."""

from __future__ import annotations

import ast
import math

import pytest

from microapps.errors import InvalidInput
from microapps.generator.starters.formulas import identifier, parse
from microapps.generator.starters.written import units_of, written


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("a + b * 2", {"a": 1, "b": 3}, 7),
        ("-a ** 2", {"a": 3}, -9),
        ("sqrt(a) + pi", {"a": 4}, 2 + math.pi),
        ("a % 3", {"a": 7}, 1),
        ("round(a, 1)", {"a": 1.26}, 1.3),
        ("max(a, b, 5)", {"a": 1, "b": 3}, 5),
        ("a / b if b > 0 else 0", {"a": 1, "b": 0}, 0),
    ],
)
def test_arithmetic_is_evaluated(text: str, values: dict[str, float], expected: float):
    assert parse(text).evaluate(values) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["a / b", "sqrt(-1 - b)", "(-1 - b) ** 0.5", "exp(1000 + b)", "10.0 ** (400 + b)"])
def test_a_formula_without_a_finite_real_value_raises(text: str):
    with pytest.raises((ArithmeticError, ValueError)):
        parse(text).evaluate({"a": 1, "b": 0})


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('ls')",
        "a.b",
        "a[0]",
        "lambda: 1",
        "[x for x in a]",
        "'text'",
        "True",
        "a if b else c",
        "a and b",
        "open(a)",
        "f(a)",
        "sqrt(x=a)",
        "sqrt()",
        "(a := 1)",
        "9 ** 9 ** 9",
        "1e400",
        "a +",
        "",
        "a\nb",
        "x" * 600,
        "1+" * 240 + "1",
        "(" * 240,
    ],
)
def test_anything_but_arithmetic_is_refused(text: str):
    with pytest.raises(InvalidInput):
        parse(text)


def test_python_of_a_formula_calls_math_and_other_formulas():
    assert parse("sqrt(total) * pi").python({"total": ("a", "b")}) == "math.sqrt(total(a, b)) * math.pi"


def test_a_formula_is_spoken_with_its_labels():
    assert parse("(a + b) * c ** 2 / 2").spoken({"a": "width", "b": "b", "c": "c"}) == "(width + b) × c² ÷ 2"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Unit price", "unit_price"), ("가로", "가로"), ("lambda", "lambda_2"), ("2 x", "value_2_x"), ("—", "value")],
)
def test_any_name_becomes_an_identifier(name: str, expected: str):
    assert identifier(name) == expected
    assert ast.parse(f"{expected} = 1")


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("a calculator for E = m * c**2 with mass in kg", {"e": "m * c ** 2"}),
        ("넓이 = 가로 * 세로", {"넓이": "가로 * 세로"}),
        ("area = width x height, perimeter = 2(w)", {"area": "width * height"}),
        ("volume = pi * r^2 * h please", {"volume": "math.pi * r ** 2 * h"}),
        ("total price = unit price × quantity", {"total_price": "unit_price * quantity"}),
        ("운동에너지 = 0.5 * 질량 * 속도² 계산기", {"운동에너지": "0.5 * 질량 * 속도 ** 2"}),
        ("c = √(a² + b²)", {"c": "math.sqrt(a ** 2 + b ** 2)"}),
        ("quiz: capital of France = Paris", {}),
        ("x = __import__('os').system('ls')", {}),
        ("a == b", {}),
        ("y = 5", {}),
        ("no formula here", {}),
    ],
)
def test_formulas_are_read_from_a_description(description: str, expected: dict[str, str]):
    assert {found.name: found.formula.python() for found in written(description)} == expected


def test_units_are_read_from_a_description():
    assert units_of("E = m * c**2 with mass in kg", {"m": "m", "c": "c"}) == {"m": ("Mass m", "kg")}
    assert units_of("넓이 = 가로 * 세로, 가로(cm)", {"가로": "가로"}) == {"가로": ("가로", "cm")}
