"""A sentence is found in a text as an expression with lazy holes finds it, without trying what such a one tries."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microapps.telling.sentences import BEGINNING, Found, Sentence, Sentences, small

PARTS = st.lists(st.text("ab'. ", max_size=2), min_size=1, max_size=4)


def expression(parts: list[str]) -> str:
    holes = ["(.*?)" if before and (before[-1].isalnum() or before[-1] in "')") else "(.+?)" for before in parts[:-1]]
    if holes and not parts[0]:
        holes[0] = rf"([^\n]{{1,{BEGINNING}}}?)"
    return "".join(re.escape(part) + hole for part, hole in zip(parts, [*holes, ""], strict=True))


def seen(found: re.Match[str] | None) -> Found | None:
    if found is None:
        return None
    return Found(tuple(slice(*found.span(hole + 1)) for hole in range(found.re.groups)), found.end())


@given(PARTS, st.text("abA'. \n", max_size=14))
def test_it_is_found_as_an_expression_finds_it(parts: list[str], text: str) -> None:
    sentence, low, flags = Sentence(tuple(parts), ""), small(text), re.IGNORECASE | re.DOTALL
    assert sentence.whole(low) == seen(re.compile(expression(parts), flags).fullmatch(text))
    alone = re.compile(expression(parts) + r"(?:\s+|\Z)", flags)
    for at in range(len(text) + 1):
        assert sentence.first(low, at) == seen(alone.match(text, at))


@pytest.mark.parametrize("end", [" is gone", ""])
def test_what_it_begins_with_is_short_and_of_one_line(end: str) -> None:
    sentence = Sentence(("", " is ", end), "")
    for name, known in (("a" * BEGINNING, True), ("a" * (BEGINNING + 1), False), ("a\nb", False)):
        text = f"{name} is what{end}"
        assert bool(sentence.whole(text)) is bool(sentence.first(text, 0)) is known
        if known:
            assert sentence.whole(text) == Found((slice(0, len(name)), slice(len(name) + 4, len(name) + 8)), len(text))


def test_a_letter_that_is_two_when_it_is_small_moves_nothing() -> None:
    assert small("İ IS a") == "İ is a"
    assert Sentence(("", " is a"), "").whole(small("İ IS a")) == Found((slice(0, 1),), 6)


def test_sentences_are_at_hand_in_their_order() -> None:
    told = {"A {}": "1", "{} b": "2", "A b": "3", "C": "4"}
    every = Sentences(told)
    assert [one.told for one in every.likely("a b")] == ["1", "2", "3"]
    assert [one.told for one in every.likely("c")] == ["2", "4"]
    assert [one.told for one in every.likely("x")] == [one.told for one in every.likely("")] == ["2"]
