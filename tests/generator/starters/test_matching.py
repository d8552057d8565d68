"""Whether a description finds its starter, and whether what is beyond all starters is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from microapps.errors import UnknownApp
from microapps.generator.starters import THRESHOLD, best, build, explain, match
from microapps.generator.starters.language import READ
from microapps.generator.starters.wishes import unmet

ROWS = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("descriptions.tsv").read_text(encoding="utf-8").splitlines()
]
HELD_OUT = ROWS[2::3]  # written with the others, before the words of any starter were tuned; never tuned on
TUNED = [row for place, row in enumerate(ROWS) if place % 3 != 2]


# Written afterwards, in three lots, each measured once before the words were widened by it: 83, 81 and 83 % right
# (60 of 64 requests beyond all starters refused). That, not the numbers below, is what to expect of unseen requests.
LATER = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("descriptions-later.tsv").read_text(encoding="utf-8").splitlines()
]


def answer(description: str) -> str:
    """The starter taken, or ``-`` where none is sure enough."""
    try:
        return best(description).key
    except UnknownApp:
        return "-"


def accuracy(rows: list[tuple[str, ...]]) -> float:
    return sum(answer(description) == expected for expected, description in rows) / len(rows)


def test_there_are_enough_labelled_descriptions():
    assert len(ROWS) >= 120
    assert sum(expected == "-" for expected, _ in ROWS) >= 40
    assert sum(any("가" <= c <= "힣" for c in text) for _, text in ROWS) >= 60


def test_descriptions_find_their_starter():
    assert accuracy(TUNED) >= 0.97


def test_descriptions_never_tuned_on_find_their_starter():
    assert accuracy(HELD_OUT) >= 0.95


def test_descriptions_once_missed_find_their_starter():
    assert accuracy(LATER) >= 0.97


OTHER_APPS = (
    "how long until my loan is paid off",
    "how long until my phone bill is paid off",
    "when will my mortgage be paid off",
    "how many days until my savings reach 5000",
    "how long until my battery is full at 20 watts",
    "대출을 다 갚으려면 얼마나 걸려?",
    "convert knitting needle sizes US to mm",
    "convert shoe sizes EU to US",
    "convert 2 cups of gold dust to grams",
    "convert 30 mpg to l/100km",
    "salary of 3200 a month to hourly",
    "hourly wage from 2800 monthly salary",
    "margin of 30% on cost 50 what price",
    "loan with extra repayments of 100 a month",
    "split a bill by what each one ate",
    "working days between May 1 and May 31",
    "make a seating chart",
    "capitalize every sentence",
    "days from 1 Jan 2026 to 1 Mar 2026 excluding weekends",
    "연말정산 환급금 계산",
    "price 250 minus 20 percent then another 10 percent",
    "salary 3000 minus 20 percent tax",
    "split a bill of 3 people where one pays double",
)


@pytest.mark.parametrize("description", OTHER_APPS)
def test_an_app_that_would_leave_out_most_of_what_was_asked_is_not_taken(description: str):
    with pytest.raises(UnknownApp) as refused:
        best(description)
    assert "The nearest are: " in refused.value.what


def test_what_an_app_is_about_is_not_left_out():
    for description, starter in (
        ("how long until my vacation", "dates"),
        ("days since I quit smoking", "dates"),
        ("markup calculator for handmade jewellery", "calculator/margin"),
        ("flashcards for the kings of Spain", "flashcards"),
    ):
        assert best(description).key == starter


def test_what_is_beyond_starters_is_refused():
    refused = [answer(description) == "-" for expected, description in ROWS + LATER if expected == "-"]
    assert sum(refused) / len(refused) >= 0.97


@pytest.mark.parametrize(
    "description",
    ["a chess engine with network play", "summarise my emails", "weather for Seoul", "오늘 서울 날씨 알려줘", "", "  "],
)
def test_a_refusal_says_how_to_add_a_key(description: str):
    with pytest.raises(UnknownApp) as refused:
        best(description)
    assert "microapps config key" in refused.value.hint


@pytest.mark.parametrize(
    "description", ["average of my grades with weights", "weighted mean of my marks", "가중 평균 계산기"]
)
def test_an_average_with_weights_is_not_taken_for_one_without(description: str):
    with pytest.raises(UnknownApp):
        best(description)
    assert best("average of my grades").key == "calculator/average"


@pytest.mark.parametrize(
    "description",
    [
        "price 80 with 20% off and 7% tax",
        "12% of 340 plus 15", "price of 3 shirts at 19.99 with 20% off", "days between 3 March and 5 May plus 10",
    ],
)
def test_a_number_without_which_the_answer_is_another_is_not_left_out(description: str):
    with pytest.raises(UnknownApp):
        best(description)


def test_days_with_a_chart_are_named_numbers():
    assert best("chart of sales: Jan 10, Feb 20, Mar 15").key == "chart"
    assert best("pay for 38 hours at 15").key == "calculator/pay-for-hours"


def test_a_refusal_offers_the_nearest():
    with pytest.raises(UnknownApp, match=r"Tracker \(tracker\)") as refused:
        best("bitcoin price tracker")
    assert "'microapps make --starter tracker'" in refused.value.hint and "config key" in refused.value.hint


def test_a_refusal_offers_nothing_that_is_far_off():
    with pytest.raises(UnknownApp) as refused:
        best("solve a quadratic equation with a, b, c")
    assert "nearest" not in refused.value.what and "tracker" in refused.value.what
    assert "'microapps make --starter NAME'" in refused.value.hint


def test_a_long_request_is_shortened_visibly_in_a_refusal():
    with pytest.raises(UnknownApp) as refused:
        best("gravitational lensing of quasars " * 9)
    assert "…'" in refused.value.what and len(refused.value.what) < 300


def test_money_that_was_paid_is_no_die():
    assert not any("d12" in found.why for found in match("who owes whom, Ana paid 12"))


def test_matches_are_sorted_and_scored_between_0_and_1():
    matches = match("split a restaurant bill with a tip between friends")
    scores = [m.score for m in matches]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert matches[0].key == "calculator/bill-splitter"
    assert matches[0].score >= 0.9 > THRESHOLD > scores[-1]


def test_a_written_formula_goes_before_a_recipe():
    assert best("speed = distance / time").key == "calculator/formula"


def test_a_long_or_odd_description_is_no_trouble():
    for text in ("x" * 100_000, "\x00\ud7ff" * 50, "|" * 500, "= = = =", "(((((" * 200):
        match(text)


@pytest.mark.parametrize(
    "part", ["1 ", "a ", "a = b + 1 ", "days between 2026-01-01 and ", "convert 5 ft 7 in to cm ", "split bill at 3% "]
)
def test_of_a_very_long_request_only_the_beginning_is_read(part: str):
    text = "BMI calculator " + part * (40_000 // len(part))
    assert answer(text) == answer(text[:READ])


def test_an_explanation_says_that_only_the_beginning_was_read():
    assert "Only the first 4,000 characters were read" in explain(best("packing list: " + "towel, " * 2000))


@pytest.mark.parametrize(
    "description",
    [
        "merge two csv files on a common column",
        "combine several spreadsheets that I upload into one csv",
        "pivot table from my csv",
        "csv: drop duplicate rows",
        "sort my csv by date",
        "which columns of my csv correlate",
        "csv 파일 두 개 합치기",
        "csv에서 중복 행 제거",
        "chart of the revenue per region from an uploaded csv file, stacked",
        "plot y = x**2 with a slider",
        "graph f = a*x + b",
        "roll two dice 1000 times and show the distribution of the sums",
        "주사위 100번 던져서 분포 그래프",
        "cooking with three timers at once",
        "tournament bracket with random teams",
        "random quote generator",
        "gpa with credits for 4 courses",
        "pick a random student but nobody twice until everyone had a turn, weighted",
        "decode morse in a text",
        "환급 세금 계산",
    ],
)
def test_where_what_is_asked_for_is_what_a_starter_lacks_it_is_not_taken(description: str):
    with pytest.raises(UnknownApp):
        best(description)


@pytest.mark.parametrize(
    ("description", "starter", "left"),
    [
        ("a to-do list with due dates", "checklist", "due dates"),
        ("todo app where every task has a deadline", "checklist", "due dates"),
        ("shopping list with prices and total", "checklist", "prices and sums"),
        ("grocery list, with the price of everything", "checklist", "prices and sums"),
        ("할 일 목록, 마감일 포함", "checklist", "기한"),
        ("장보기 목록 가격 합계까지", "checklist", "가격과 합계"),
        ("spanish flashcards with emojis", "flashcards", "pictures, links and sound"),
        ("french vocabulary quiz with multiple choice", "flashcards", "answers to choose from"),
        ("expense tracker with a monthly total", "tracker", "sums and averages of a stretch of time"),
        ("weight tracker, warn me above 80", "tracker", "warnings"),
        ("habit tracker with streaks", "tracker", "streaks and progress"),
        ("make random groups of 4", "picker", "the size of a team: it is asked how many teams"),
        ("체중 기록 앱 목표 체중 표시", "tracker", "목표"),
        ("pomodoro timer that logs my sessions", "timer", "a log of the times"),
        ("pomodoro with long breaks", "timer", "other phases and signals"),
    ],
)
def test_what_a_starter_lacks_is_said_and_not_promised(description: str, starter: str, left: str):
    found = best(description)
    assert found.key == starter
    assert left in explain(found).partition("It left out: ")[2]
    assert not unmet(build(found).metadata.title, starter)


@pytest.mark.parametrize(
    ("description", "starter"),
    [
        ("a to-do list without due dates", "checklist"),
        ("shopping list, no prices", "checklist"),
        ("habit tracker, I don't want streaks", "tracker"),
        ("할 일 목록 마감일 없이", "checklist"),
        ("packing list: alarm clock, priority pass, pictures", "checklist"),
    ],
)
def test_what_is_not_wished_for_is_not_left_out(description: str, starter: str):
    assert unmet(description, starter) == ()
    assert best(description).key == starter


@pytest.mark.parametrize(
    "description",
    [
        "how many tiles 30x30 cm for a floor of 12 m2 plus 10% waste",
        "chance of winning 3% of 50 raffles at 2 dollars",
        "sample of 8 mice, 20% of 40 lost weight after 3 weeks",
    ],
)
def test_a_calculation_with_numbers_alone_is_not_taken_for_one_of_things(description: str):
    with pytest.raises(UnknownApp):
        best(description)
