"""Numbers as people write them."""

from __future__ import annotations

import pytest

from microapps.generator.starters.digits import value_of, with_fractions_written_out, with_won_in_digits
from microapps.generator.starters.reading import quantities


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,250.50 dollars", [1250.5]),
        ("a price of 1.250,50 €", [1250.5]),
        ("37,5 hours at 21,40", [37.5, 21.4]),
        ("a rent of 1.250 €", [1250]),
        ("diesel at 1.459 € a litre", [1.459]),
        ("a loan of €12.500 over 5 years", [12500, 5]),
        ("1.250 kg", [1.25]),
        ("250.000 € 3,5% 25 years", [250000, 3.5, 25]),
        ("4,8,15", [4, 8, 15]),
        ("0,333 of it", [0.333]),
        ("1,000,000 won", [1000000]),
        ("1 1/2 cups and ½ cup", [1.5, 0.5]),
        ("half a cup", [0.5]),
        ("a shift of 7h30", [7.5]),
        ("점심값 7만5천원", [75000]),
        ("대출 1억 5천만원", [150000000]),
        ("3만 5000원", [35000]),
        ("5만원 3명", [50000, 3]),
        ("셋이서 90만원", [3, 900000]),
    ],
)
def test_numbers_are_read_as_they_are_written(text: str, values: list[float]):
    assert [quantity.value for quantity in quantities(text)] == values


def test_a_comma_or_dot_stands_between_thousands_only_before_three_digits():
    assert value_of("1,250", euros=False) == 1250
    assert value_of("1,25", euros=False) == 1.25
    assert value_of("-1.250.000", euros=False) == -1250000


def test_a_fraction_of_no_unit_is_left_as_it_is():
    for text in ("on 3/4 at noon", "1/n", "a 1/2 chance"):
        assert with_fractions_written_out(text) == text


def test_won_said_in_one_part_are_left_as_they_are():
    assert with_won_in_digits("60만원 3명") == "60만원 3명"


def test_the_currency_behind_a_number_is_not_the_next_ones():
    first, second = quantities("86,50 € split between 4")
    assert (first.sign, second.sign) == ("€", "")
