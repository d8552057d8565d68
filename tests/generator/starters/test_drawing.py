"""What the picker draws: as many dice, teams and numbers as are asked for, from all of the names, or nothing."""

from __future__ import annotations

import pytest

from microapps.errors import UnknownApp
from microapps.generator.starters import best, explain
from microapps.generator.starters.dice import dice_said
from microapps.generator.starters.names import people_named

from .test_building import build, value_of

SIX = ["Ann", "Bob", "Cy", "Dee", "Eve", "Fay"]


@pytest.mark.parametrize(
    ("description", "count", "sides"),
    [
        ("throw 3 dice with 20 sides", 3, 20),
        ("throw five dice with ten sides plus 10", 5, 10),
        ("dice with 12 sides", 2, 12),
        ("roll 4 20-sided dice", 4, 20),
        ("roll 2 dice 12 sides each", 2, 12),
        ("roll two twenty-sided dice", 2, 20),
        ("roll some dice, 4d8 plus 3", 4, 8),
        ("dice roller for dungeons and dragons, 3d6 plus 2", 3, 6),
        ("roll dice 3d6+2", 3, 6),
        ("roll 2 d20 dice", 2, 20),
        ("roll a d20", 1, 20),
        ("roll a d20 3 times", 3, 20),
        ("roll two dice 5 times", 2, 6),
        ("roll two dice and add 3", 2, 6),
        ("roll 5 dice and keep the highest 3", 5, 6),
        ("dice for 4 players", 2, 6),
        ("20면 주사위 3개", 3, 20),
        ("주사위 20면체 두 개", 2, 20),
        ("주사위 3번 던지기", 3, 6),
    ],
)
def test_a_number_of_sides_or_to_be_added_is_no_number_of_dice(description: str, count: int, sides: int):
    dice = dice_said(description)
    assert (dice.count, dice.sides, dice.others) == (count, sides, False)


@pytest.mark.parametrize(
    ("description", "left"),
    [
        ("roll some dice, 4d8 plus 3", "3, 'plus'."),
        ("roll dice 3d6+2", "2."),
        ("dice roller for dungeons and dragons, 3d6 plus 2", "2, 'dungeons', 'dragons', 'plus'."),
        ("throw five dice with ten sides plus 10", "10, 'plus'."),
        ("roll two dice 5 times", "5, 'times'."),
        ("roll 2 dice for Ann, Bob and Cy", "'ann', 'bob', 'cy'."),
        ("throw 3 dice with 20 sides", ""),
        ("throw 3 red dice", "'red'."),
    ],
)
def test_what_is_done_with_dice_besides_is_said_to_be_left_out(description: str, left: str):
    assert explain(best(description)).partition("It left out: ")[2] == left


def test_nobody_is_named_where_dice_are_thrown():
    app = build(best("dice roller for dungeons and dragons, 3d6 plus 2"))
    assert (value_of(app, "MODE"), value_of(app, "HOW_MANY"), value_of(app, "SIDES")) == ("dice", 3, 6)
    assert "dungeons" not in value_of(app, "NAMES")  # type: ignore[operator]


@pytest.mark.parametrize(
    "description",
    [
        "roll 30 dice",
        "roll 25d6",
        "주사위 3만 개 던지기",
        "roll dice with 1000000000 sides",
        "roll a d6 and a d20",
        "roll dice 2d6 and 1d20",
        "random number between 50 and 100",
        "random number between 1 and 5,000,000",
        "pick 50 numbers from 1 to 20",
    ],
)
def test_a_draw_that_the_picker_cannot_do_is_refused(description: str):
    with pytest.raises(UnknownApp):
        best(description)


@pytest.mark.parametrize(
    ("description", "count"),
    [
        ("random teams of 3 from Ann, Bob, Cy, Dee, Eve, Fay", 2),
        ("random teams of 3 from Ann, Bob, Cy, Dee, Eve and Fay for the match", 2),
        ("random: 3 teams of 2 from Ann, Bob, Cy, Dee, Eve, Fay", 3),
        ("random teams, 2 per team: Ann, Bob, Cy, Dee, Eve, Fay", 3),
        ("random 2-person teams: Ann, Bob, Cy, Dee, Eve, Fay", 3),
    ],
)
def test_teams_of_a_size_are_of_all_the_names(description: str, count: int):
    app = build(best(description))
    assert (value_of(app, "MODE"), value_of(app, "HOW_MANY"), value_of(app, "NAMES")) == ("teams", count, SIX)


def test_teams_and_their_size_say_how_many_there_are():
    app = build(best("random 3 teams of 4"))
    assert (value_of(app, "HOW_MANY"), len(value_of(app, "NAMES"))) == (3, 12)  # type: ignore[arg-type]
    with pytest.raises(UnknownApp):
        best("3 random teams of 4 from Ann, Bob, Cy, Dee, Eve, Fay")


@pytest.mark.parametrize(
    ("description", "people"),
    [
        ("who owes who after our ski trip: Tom paid 320, Ana 45.50 and Lee nothing", ["Tom", "Ana", "Lee"]),
        ("who owes whom: Tom paid 320, Ana didn't pay and Lee paid nothing", ["Tom", "Ana", "Lee"]),
        ("who owes whom: Tom 30 euros, Ana 20 euros, Lee no money", ["Tom", "Ana", "Lee"]),
        ("settle up: Tom hasn't paid, Ana 30", ["Tom", "Ana"]),
        ("정산: 민수 30000원, 지영은 안 냄", ["민수", "지영"]),
    ],
)
def test_who_paid_nothing_is_named_without_it(description: str, people: list[str]):
    assert value_of(build(best(description)), "PEOPLE") == people


def test_a_name_that_is_a_word_of_nothing_stays_one():
    assert people_named("order: Zero, Nil, Ann", frozenset()) == ("Zero", "Nil", "Ann")


@pytest.mark.parametrize(
    ("description", "mode", "count", "sides"),
    [
        ("draw 6 numbers from 1 to 49", "numbers", 6, 49),
        ("draw 6 numbers between 1 and 49", "numbers", 6, 49),
        ("roll 2d20", "dice", 2, 20),
        ("roll 3d6", "dice", 3, 6),
    ],
)
def test_numbers_of_a_range_and_dice_in_short_are_drawn(description: str, mode: str, count: int, sides: int):
    app = build(best(description))
    assert (value_of(app, "MODE"), value_of(app, "HOW_MANY"), value_of(app, "SIDES")) == (mode, count, sides)


def test_a_chart_of_numbers_is_no_draw():
    assert best("draw a chart of numbers from 1 to 10").key != "picker"


@pytest.mark.parametrize(
    ("description", "names", "teams"),
    [
        ("random pairs from Ann, Bob, Cy, Dee", SIX[:4], 2),
        ("pair up Ann, Bob, Cy and Dee at random", SIX[:4], 2),
        ("make 2 pairs from Ann, Bob, Cy, Dee", SIX[:4], 2),
        ("3 teams of 2 from Ann, Bob, Cy, Dee, Eve, Fay", SIX, 3),
        ("2 groups of three from these names: Ann, Bob, Cy, Dee, Eve, Fay", SIX, 2),
        ("3 groups from Ann, Bob, Cy, Dee, Eve, Fay", SIX, 3),
        ("2 teams: Ann, Bob, Cy, Dee", SIX[:4], 2),
        ("민수, 지영, 서준, 하은 짝 정하기", ["민수", "지영", "서준", "하은"], 2),
    ],
)
def test_teams_of_named_people_are_drawn_however_it_is_asked(description: str, names: list[str], teams: int):
    app = build(best(description))
    assert (value_of(app, "MODE"), value_of(app, "NAMES"), value_of(app, "HOW_MANY")) == ("teams", names, teams)
    assert "left out" not in explain(best(description))


@pytest.mark.parametrize(
    "description",
    [
        "3 pairs from Ann, Bob, Cy, Dee",
        "3 teams of 2 from 8 people",
        "random color picker",
    ],
)
def test_teams_that_do_not_come_out_and_what_nobody_listed_are_refused(description: str):
    with pytest.raises(UnknownApp):
        best(description)


def test_the_last_name_ends_where_something_else_is_asked():
    chosen = best("teams of 2 from Ann, Bob, Cy, Dee with a score for each")
    assert value_of(build(chosen), "NAMES") == SIX[:4]
    assert explain(chosen).endswith("It left out: 'score'.")


def test_names_at_the_beginning_are_drawn_from():
    app = build(best("민수, 지영, 서준, 하은 중에서 한 명 뽑기"))
    assert (value_of(app, "MODE"), value_of(app, "HOW_MANY")) == ("winner", 1)
    assert value_of(app, "NAMES") == ["민수", "지영", "서준", "하은"]
    assert value_of(build(best("who goes first: Ann, Bob, Cy")), "NAMES") == SIX[:3]
    assert value_of(build(best("12명을 3팀으로 나누기")), "HOW_MANY") == 3
    assert value_of(build(best("pick a random color from red, green, blue")), "NAMES") == ["red", "green", "blue"]
