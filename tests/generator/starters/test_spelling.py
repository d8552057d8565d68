"""Slips of the finger in a description."""

from __future__ import annotations

import pytest

from microapps.generator.starters import best
from microapps.generator.starters.spelling import meant, respelled, with_slips_mended


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("calcultor", "calculator"),
        ("caluclator", "calculator"),
        ("mortage", "mortgage"),
        ("currencey", "currency"),
        ("recipie", "recipe"),
        ("fahrenhiet", "fahrenheit"),
    ],
)
def test_a_slip_is_taken_for_the_word_it_is_nearest_to(said: str, word: str):
    assert meant(said) == word


@pytest.mark.parametrize(
    "word", ["tracer", "goat", "weights", "splitting", "quasars", "monkeys", "계산기", "étude", "x1"]
)
def test_words_that_are_no_slips_stay(word: str):
    assert meant(word) == word


def test_only_the_slips_of_a_text_change():
    assert with_slips_mended("BMI calcultor for Ana_calcultor") == "BMI calculator for Ana_calcultor"
    assert respelled("Mortage  calcultor") == "mortgage calculator"


def test_a_request_with_slips_finds_its_starter():
    for description, starter in (
        ("mortage calcultor", "calculator/loan"),
        ("recipie scalling for 6 servings", "calculator/recipe-scaling"),
        ("shoping list", "checklist"),
        ("stopwach", "timer"),
    ):
        assert best(description).key == starter
