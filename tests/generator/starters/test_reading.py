"""Numbers, money, lists, pairs and titles of a description."""

from __future__ import annotations

import pytest

from microapps.generator.starters.assigning import assigned
from microapps.generator.starters.catalogue import catalogue
from microapps.generator.starters.language import language_of, stem
from microapps.generator.starters.reading import currency_of, listed, pairs, quantities
from microapps.generator.starters.titles import markdown_text, title_from


@pytest.mark.parametrize(
    ("recipe", "description", "expected"),
    [
        (
            "bill-splitter",
            "How much does each of 5 people owe if dinner was $184 and we tip 20%?",
            {"bill": 184, "tip": 20, "people": 5},
        ),
        ("bill-splitter", "4명이서 86000원, 팁 10%", {"bill": 86000, "tip": 10, "people": 4}),
        ("bill-splitter", "divide the tab among six of us", {"people": 6}),
        ("loan", "a 250,000 loan at 4.5% for 30 years", {"principal": 250000, "rate": 4.5, "years": 30}),
        ("loan", "3억 대출 30년 금리 4.2%", {"principal": 300000000, "rate": 4.2, "years": 30}),
        ("bmi", "BMI for 180 cm and 176 lb", {"height": 180, "weight": 79.83}),
        ("recipe-scaling", "scale a recipe from 4 servings to 10", {"servings": 4, "wanted": 10}),
        ("bill-splitter", "split a bill between 0 people with 900% tip", {}),
    ],
)
def test_numbers_go_to_their_inputs(recipe: str, description: str, expected: dict[str, float]):
    read = assigned(catalogue().recipes[recipe].inputs, description)
    assert {name: quantity.value for name, quantity in read.items()} == expected


def test_korean_number_words_count():
    assert [q.value for q in quantities("3만 원, 천 원, 2.5억")] == [30000, 2.5e8]


@pytest.mark.parametrize(
    ("text", "sign", "decimals"),
    [("a €20 bill", "€", 2), ("20 pounds sterling", "£", 2), ("500엔", "¥", 0), ("tip", "$", 2), ("$5", "$", 2)],
)
def test_the_currency_is_the_one_named(text: str, sign: str, decimals: int):
    currency = currency_of(text, "en")
    assert (currency.sign, currency.decimals) == (sign, decimals)


def test_korean_money_is_won_behind_the_number():
    currency = currency_of("더치페이", "ko")
    assert (currency.prefix, currency.suffix, currency.decimals) == ("", "원", 0)


def test_lists_and_pairs_are_read():
    assert listed("packing list: towel, sunscreen and passport") == ("towel", "sunscreen", "passport")
    assert listed("장보기: 우유, 계란, 빵") == ("우유", "계란", "빵")
    assert pairs("cards: a = b; c = d, e") == (("a", "b"), ("c", "d, e"))


def test_languages_and_stems():
    assert language_of("영어 단어 암기 카드: apple = 사과") == "ko"
    assert language_of("flashcards: 사과 = apple, that is a Korean word") == "en"
    assert {stem(w) for w in ("splitting", "splits", "splitter")} == {"split"}
    assert stem("계산서를") == "계산서"


@pytest.mark.parametrize(
    ("description", "title"),
    [
        ("make me a BMI calculator", "BMI calculator"),
        ("단위 변환기 하나 만들어 주세요", "단위 변환기"),
        ("how many days until Christmas", "Days until Christmas"),
        ("how many pounds is 70 kg", "Fallback"),
        ("<script>alert(1)</script> checklist", "Fallback"),
        ("x" * 200, "Fallback"),
        ("", "Fallback"),
    ],
)
def test_titles_come_from_plain_descriptions_only(description: str, title: str):
    assert title_from(description, "Fallback", language_of(description)) == title


def test_markdown_is_shown_as_written():
    assert markdown_text("a*b <i> $5\n# x") == "a\\*b \\<i\\> \\$5 \\# x"
