"""What a starter takes from a description: numbers, names and cards, each in its place, and a title that is true."""

from __future__ import annotations

import re

import pytest

from microapps.generator.starters import best, explain

from .test_building import build, value_of


def test_numbers_currency_and_title_come_from_the_description():
    app = build(best("split a €90 restaurant bill with 18% tip between 6 people"))
    fields = {field["name"]: field for field in value_of(app, "FIELDS")}  # type: ignore[attr-defined]
    assert (fields["bill"]["value"], fields["tip"]["value"], fields["people"]["value"]) == (90, 18, 6)
    assert fields["bill"]["label"] == "Bill (€)"
    assert app.metadata.title == "Split a €90 restaurant bill with 18% tip between 6 people"


@pytest.mark.parametrize(
    ("description", "name", "expected"),
    [
        ("25 minute pomodoro timer", "WORK", 1500),
        ("interval timer 40 seconds work 20 seconds rest", "REST", 20),
        ("interval timer 40 seconds work 20 seconds rest", "WORK", 40),
        ("10분 타이머", "WORK", 600),
        ("stopwatch", "MODE", "stopwatch"),
        ("timer 1:30", "WORK", 90),
        ("timer for 1:05:00", "WORK", 3900),
        ("50/10 pomodoro", "WORK", 3000),
        ("50/10 pomodoro", "REST", 600),
        ("1부터 45까지 6개 뽑기", "MODE", "numbers"),
        ("pick 6 from 1 to 45", "SIDES", 45),
        ("split pupils from 1 to 24 into 4 teams", "MODE", "teams"),
        ("convert 3,5 miles to km", "AMOUNT", 3.5),
        ("5½ inches to cm", "AMOUNT", 5.5),
        ("시속 100km를 mph로", "FROM", "km/h"),
        ("packing checklist: towel, sunscreen", "ITEMS", ["towel", "sunscreen"]),
        ("flashcards: perro = dog; gato = cat", "CARDS", [("perro", "dog"), ("gato", "cat")]),
        ("flashcards: perro - dog, gato - cat", "CARDS", [("perro", "dog"), ("gato", "cat")]),
        ("flash cards: 사과 apple, ice cream 아이스 크림", "CARDS", [("사과", "apple"), ("ice cream", "아이스 크림")]),
        ("add up rent 950, food 320 and show the share", "POINTS", [("rent", 950.0), ("food", 320.0)]),
        ("rent 900, food 400: percent of total", "POINTS", [("rent", 900.0), ("food", 400.0)]),
        ("split a class into 4 random teams", "HOW_MANY", 4),
        ("로또 번호 추첨기", "MODE", "numbers"),
        ("how many pounds is 70 kg", "FROM", "kg"),
        ("how many pounds is 70 kg", "AMOUNT", 70.0),
        ("인치를 센티미터로 바꾸기", "TO", "cm"),
        ("pie chart: rent 900, food 400", "POINTS", [("rent", 900.0), ("food", 400.0)]),
        ("how many days until Christmas", "SECOND", "--12-25"),
        ("what date is 100 days after 2025-03-01", "FIRST", "2025-03-01"),
        ("find and replace in text", "OPERATION", "replace"),
        ("settle up trip expenses: Ann, Bo, Cy", "PEOPLE", ["Ann", "Bo", "Cy"]),
        ("three kids share sweets: who owes whom, Ana paid 12", "PEOPLE", ["Ana", "Person 2", "Person 3"]),
        ("Ana, Ben and Cid paid 30, 45 and 15: who owes whom", "PEOPLE", ["Ana", "Ben", "Cid"]),
        ("정산: 민수 30000원, 지영 12000원 냄", "PEOPLE", ["민수", "지영"]),
        ("pick 2 winners from Tom, Lea, Max", "NAMES", ["Tom", "Lea", "Max"]),
        ("split Anna, Bob, Carl into 2 teams", "NAMES", ["Anna", "Bob", "Carl"]),
        ("divide 24 pupils into 6 groups", "NAMES", [str(number) for number in range(1, 25)]),
        ("30명 중 3명 추첨", "HOW_MANY", 3),
        ("roll a twenty-sided die", "SIDES", 20),
        ("random number between 1 and 100", "SIDES", 100),
        ("timer of 1 hour 30 minutes", "WORK", 5400),
        ("fahrenheit to celsius for a fever of 101.3", "AMOUNT", 101.3),
        ("oven 350 F in celsius", "FROM", "°F"),
        ("convert 5 feet 7 inches to cm", "AMOUNT", 67.0),
        ("convert 5 feet 7 inches to cm", "TO", "cm"),
        ("32평은 몇 제곱미터", "TO", "m²"),
        ("평수 계산기", "FROM", "평"),
        ("체온 38.2도 화씨로", "FROM", "°C"),
        ("how many pints in a gallon", "FROM", "gal"),
        ("pie chart: 30% rent, 20% food, 50% rest", "POINTS", [("rent", 30.0), ("food", 20.0), ("rest", 50.0)]),
        ("capitalize every word", "OPERATION", "title"),
        ("화씨 101.3도는 섭씨 몇 도", "AMOUNT", 101.3),
        ("Count the vowels in a text", "MAIN_COUNT", "vowels"),
        ("how often every word occurs in a text", "OPERATION", "each_word"),
        ("글에서 단어가 몇 번 나오는지 세기", "OPERATION", "each_word"),
        ("days between 3 February 2026 and Feb 28, 2026", "FIRST", "2026-02-03"),
        ("days between 3 February 2026 and Feb 28, 2026", "SECOND", "2026-02-28"),
        ("how many days until February 3rd", "SECOND", "--02-03"),
        ("countdown to the 14th of July 2030", "SECOND", "2030-07-14"),
        ("2 weeks before 10 October 2026", "DAYS", -14),
        ("2026년 2월 3일부터 2026년 5월 5일까지 며칠", "SECOND", "2026-05-05"),
        ("split 27 students into groups of 4", "HOW_MANY", 7),
        ("countdown to new year in hours and minutes", "SECOND", "--01-01"),
        ("camping list: tent, stove, no mattress", "ITEMS", ["tent", "stove"]),
        ("40초 운동 20초 휴식 8세트", "ROUNDS", 8),
        (
            "pie chart of time spent: sleep 8h, work 9h, rest 7h",
            "POINTS",
            [("sleep", 8.0), ("work", 9.0), ("rest", 7.0)],
        ),
        ("24 kids, 6 players per team, random", "HOW_MANY", 4),
        ("반 아이들 조 나누기 24명을 6명씩", "HOW_MANY", 4),
        ("put 9 people into pairs at random groups", "HOW_MANY", 5),
        ("split 20 pupils into 5 teams", "HOW_MANY", 5),
        ("pick 3 winners from 120 raffle tickets", "HOW_MANY", 3),
        (
            "packing list for skiing but no clothes",
            "ITEMS",
            ["Passport", "Tickets", "Phone charger", "Toothbrush", "Medicine"],
        ),
        ("add 45 days to a date", "DAYS", 45),
        ("add 45 days to a date", "MODE", "shift"),
        ("today minus 6 weeks, what date", "DAYS", -42),
        ("countdown timer for 90 seconds between sets, 4 sets", "ROUNDS", 4),
        ("pie chart of 40 apples, 25 pears, 10 plums", "POINTS", [("apples", 40.0), ("pears", 25.0), ("plums", 10.0)]),
        (
            "add up my expenses: rent 950, food 320, phone 25 and show what share each is",
            "POINTS",
            [("rent", 950.0), ("food", 320.0), ("phone", 25.0)],
        ),
        ("flash cards for French: chien = dog, chat = cat", "CARDS", [("chien", "dog"), ("chat", "cat")]),
        ("shopping list with prices and total", "ITEMS", ["Milk", "Eggs", "Bread", "Fruit", "Vegetables", "Rice"]),
    ],
)
def test_a_starter_takes_what_the_description_says(description: str, name: str, expected: object):
    assert value_of(build(best(description)), name) == expected


def test_tracker_fields_come_from_the_description():
    def labels(description: str) -> list[str]:
        return [field["label"] for field in value_of(build(best(description)), "FIELDS")]  # type: ignore[attr-defined]

    assert labels("workout log with exercise, sets and reps") == ["Exercise", "Sets", "Reps"]
    assert labels("temperature log: enter date and reading, plot, warn above 8") == ["Reading"]
    assert labels("log my runs: distance and time, show pace") == ["Distance", "Time"]
    assert labels("운동 일지 무게 횟수 세트") == ["무게", "횟수", "세트"]
    spending = build(best("지출 기록 카테고리 식비 교통 쇼핑"))
    choices = [f["options"] for f in value_of(spending, "FIELDS") if f["kind"] == "choice"]  # type: ignore[attr-defined]
    assert choices == [["식비", "교통", "쇼핑"]]
    assert "Rating, 1 to 5" in labels("reading log with ratings")
    assert "별점(1~5)" in labels("독서 기록 별점 포함")
    assert labels("symptom diary with pain 1 to 10 and notes") == ["Pain", "Notes"]
    assert labels("독서 기록장: 책 제목, 페이지 수") == ["책 제목", "페이지 수"]
    assert labels("record blood pressure readings (systolic, diastolic)") == ["Systolic (mmHg)", "Diastolic (mmHg)"]
    tracker = build(best("expense tracker with categories food, rent, fun and a chart"))
    options = [f["options"] for f in value_of(tracker, "FIELDS") if f["kind"] == "choice"]  # type: ignore[attr-defined]
    assert options == [["Food", "Rent", "Fun"]]


@pytest.mark.parametrize(
    ("description", "first"),
    [
        ("French vocabulary quiz", "bonjour"),
        ("프랑스어 단어장", "bonjour"),
        ("capital cities quiz", "capital of France"),
        ("flashcards for the kings of Spain", "An example: write your own cards below"),
        ("역사 퀴즈 만들어줘", "보기 카드입니다. 아래에 내 카드를 쓰세요"),
    ],
)
def test_cards_to_begin_with_are_of_the_subject_or_say_that_they_are_examples(description, first):
    assert value_of(build(best(description)), "CARDS")[0][0] == first  # type: ignore[index]


@pytest.mark.parametrize(
    ("description", "values"),
    [
        ("mortgage of 240000 over 25 years at 4.1 percent", {"principal": 240000, "rate": 4.1, "years": 25}),
        ("monthly payment on 15000 at 7% over 48 months", {"principal": 15000, "rate": 7, "years": 4}),
        ("2억 대출 금리 3.8% 10년", {"principal": 2e8, "rate": 3.8, "years": 10}),
        ("body mass index for 82 kg and 1.79 m", {"height": 179, "weight": 82}),
        ("키 170 몸무게 65 비만도", {"height": 170, "weight": 65}),
        (
            "저축 계산기: 매달 30만원씩 연 3% 이자로 5년 저축하면 얼마인지",
            {"start": 0, "monthly": 300_000, "rate": 3, "years": 5},
        ),
        ("discount calculator: price and percent off, plus 19% VAT", {"rate": 19}),
        ("키 175cm 몸무게 72kg bmi", {"height": 175, "weight": 72}),
        ("BMI with height 181 and weight 77", {"height": 181, "weight": 77}),
        ("BMI for 5 ft 11 in and 170 lb", {"height": 180.3, "weight": 77.11}),
        ("BMI, I am 5'11\" and 170 pounds", {"height": 180.3, "weight": 77.11}),
        ("키 1.72m 몸무게 68kg 비만도", {"height": 172, "weight": 68}),
        ("Discount 15% then 10% more on 80 euros", {"price": 80, "discount": 15, "further": 10}),
        ("15% 할인하고 추가로 10% 할인한 가격 80000원", {"price": 80000, "discount": 15, "further": 10}),
        ("60 dollars is 20% off of what price", {"paid": 60, "discount": 20}),
        ("savings 2500 growing at 3% for 8 years", {"start": 2500, "monthly": 0, "rate": 3, "years": 8}),
        ("overtime pay for 46 hours at 20 an hour", {"wage": 20, "hours": 46, "regular": 40, "times": 1.5}),
        ("야근 수당 계산 시급 12000원 10시간", {"wage": 12000, "hours": 10, "regular": 0}),
        ("tip of 18% on 64.20 split by 3", {"bill": 64.2, "tip": 18, "people": 3}),
        ("split 87.50 between 5 of us with no tip", {"bill": 87.5, "tip": 0, "people": 5}),
        ("20% tip on a 75 dollar bill for 4 people", {"bill": 75, "tip": 20, "people": 4}),
        ("price without 20% VAT of 120", {"amount": 120, "rate": 20}),
        ("what is 7/8 as a percentage", {"part": 7, "whole": 8}),
        ("what percentage is 18 of 72", {"part": 18, "whole": 72}),
        ("electricity bill went from 80 to 96 euros, percent increase", {"before": 80, "after": 96}),
        ("area of a circle with diameter 14 cm", {"radius": 7}),
        ("hypotenuse with legs 5 and 12", {"a": 5, "b": 12}),
        ("average speed for 240 km in 2 hours 30 minutes", {"distance": 240, "hours": 0, "minutes": 150}),
        ("pace for 21.1 km in 1h45", {"distance": 21.1, "minutes": 105}),
        ("mortgage 250.000 € 3,5% 25 years", {"principal": 250000, "rate": 3.5, "years": 25}),
        ("대출 1억 5천만원 금리 4% 20년", {"principal": 150000000, "rate": 4, "years": 20}),
        ("bill of 86,50 € split between 4 with 10% tip", {"bill": 86.5, "tip": 10, "people": 4}),
        ("split £126.40 four ways with 12.5% service", {"bill": 126.4, "tip": 12.5, "people": 4}),
        ("점심값 7만5천원 3명 나누기", {"bill": 75000, "people": 3}),
        ("60 is what percent of 240", {"part": 60, "whole": 240}),
        ("85에서 120으로 몇 퍼센트 증가", {"before": 85, "after": 120}),
        ("average of 72, 85,5 and 91", {"mark_1": 72, "mark_2": 85.5, "mark_3": 91}),
        ("overtime 46 hours at 18.50 regular 40", {"wage": 18.5, "hours": 46, "regular": 40}),
        ("시급 10030원 하루 6시간 주 4일 월급", {"wage": 10030, "hours": 6, "days": 4}),
        ("heater 1,5 kW 6 hours a day 0,32 €/kWh", {"power": 1500, "hours": 6, "price": 0.32}),
        ("recipe for 4 scaled to 9", {"servings": 4, "wanted": 9}),
        (
            "500 g for 3.20 or 750 g for 4.50, unit price",
            {"price_a": 3.2, "amount_a": 500, "price_b": 4.5, "amount_b": 750},
        ),
        ("half marathon in 1 h 45 min pace", {"distance": 21.0975, "minutes": 105}),
        ("fuel cost 600 km, 5.5 litres per 100 km, 1.75 a litre", {"distance": 600, "consumption": 5.5, "price": 1.75}),
        ("150 dollars to euros at 0.92", {"amount": 150, "rate": 0.92, "fee": 0}),
        ("calorie needs of a 35 year old man, 75 kg 180 cm", {"sex": 5, "age": 35, "height": 180, "weight": 75}),
        ("how much do I save per month if I want 5000 in 2 years", {"goal": 5000, "saved": 0, "months": 24}),
        ("국어 90점 수학 80점 영어 70점 평균", {"mark_1": 90, "mark_2": 80, "mark_3": 70}),
        ("average of 80, 80 and 95", {"mark_1": 80, "mark_2": 80, "mark_3": 95}),
        ("수학 80 영어 75 평균", {"mark_1": 80, "mark_2": 75}),
        ("국어 90 수학 85 과학 70 점수 평균 구해줘", {"mark_1": 90, "mark_2": 85, "mark_3": 70}),
        ("average grade: maths 80 english 75", {"mark_1": 80, "mark_2": 75}),
        ("physics 8.5 chemistry 7 biology 9 average", {"mark_1": 8.5, "mark_2": 7, "mark_3": 9}),
        ("save 300 a month for 2 years", {"start": 0, "monthly": 300, "rate": 0, "years": 2}),
        ("save 300 a month for 2 years at 3% interest", {"start": 0, "monthly": 300, "rate": 3, "years": 2}),
        ("putting 50 euros aside every month for 18 months", {"monthly": 50, "rate": 0, "years": 1.5}),
        ("매달 20만원씩 3년 모으면", {"monthly": 200000, "rate": 0, "years": 3}),
        ("매출 100만원 원가 60만원 마진율", {"cost": 600000, "price": 1000000}),
        ("판매가 9000원 원가 4000원 이익률", {"cost": 4000, "price": 9000}),
        ("profit if I bought it for 40 and sold it for 65", {"cost": 40, "price": 65}),
        ("환율 계산기 1달러 1350원", {"amount": 1, "rate": 1350}),
        ("currency converter usd to eur at 0.92", {"rate": 0.92}),
        ("pace for a marathon in 4 hours", {"distance": 42.195, "minutes": 240}),
        (
            "hourly wage 15.5 for 38 hours, overtime 1.5x above 35 hours",
            {"wage": 15.5, "hours": 38, "regular": 35, "times": 1.5},
        ),
        ("paint calculator: room 4 x 5 m, height 2.5, 2 coats", {"length": 4, "width": 5, "height": 2.5, "coats": 2}),
        ("area of a room 3.5x4.2 m", {"length": 3.5, "width": 4.2}),
        ("area of a garden 30 by 40 feet", {"length": 9.144, "width": 12.19}),
        ("invest 5000 for 7 years at 6% compounded monthly", {"start": 5000, "monthly": 0, "rate": 6, "years": 7}),
        ("water intake for 70 kg with 45 minutes of exercise", {"weight": 70, "exercise": 45}),
        ("speed of a car that does 90 km in 50 minutes", {"distance": 90, "hours": 0, "minutes": 50}),
        ("electricity for a 60 W lamp 5 hours at 0.32 eur", {"power": 60, "hours": 5, "price": 0.32}),
        ("정가 89000원 30% 세일", {"price": 89000, "discount": 30}),
        ("compound 2500 at 3.2% for 12 years", {"start": 2500, "rate": 3.2, "years": 12, "monthly": 0}),
        ("margin if cost is 8 and price 14", {"cost": 8, "price": 14}),
        ("when will i have 10000 if i save 350 a month", {"goal": 10000, "monthly": 350, "saved": 0}),
        ("매달 30만원씩 모으면 1000만원까지 얼마나 걸릴까", {"goal": 10000000, "monthly": 300000}),
        ("fuel economy: 38 litres for 540 km", {"distance": 540, "fuel": 38}),
        ("연비 계산기 400km 30리터", {"distance": 400, "fuel": 30}),
        (
            "break even point: fixed costs 5000, price 25, variable cost 10",
            {"fixed": 5000, "price": 25, "variable": 10},
        ),
        ("삼각형 넓이 밑변 6 높이 4", {"base": 6, "height": 4}),
        ("one rep max for 100 kg x 5 reps", {"weight": 100, "reps": 5}),
        ("cylinder with diameter 10 cm and height 20 cm", {"radius": 5, "height": 20}),
        ("회비 30만원 6명 나누기", {"bill": 300000, "people": 6}),
        ("tip calcultor 18 percent for 4 ppl", {"tip": 18, "people": 4}),
        ("mortage of 240000 over 25 years at 4.1 percent", {"principal": 240000, "rate": 4.1, "years": 25}),
    ],
)
def test_a_calculation_takes_all_numbers_it_is_given(description: str, values: dict[str, float]):
    found = best(description)
    fields = {field["name"]: field["value"] for field in value_of(build(found), "FIELDS")}  # type: ignore[attr-defined]
    assert {name: fields[name] for name in values} == pytest.approx(values)
    assert not re.search(r"left out: \d", explain(found))


@pytest.mark.parametrize(
    ("description", "title"),
    [
        ("split a restaurant bill with a tip between friends", "Split a restaurant bill with a tip between friends"),
        ("camping packing list", "Camping packing list"),
        ("reading log for my book club", "Reading log for my book club"),
        ("hourly wage calculator with a pension", "Pay by the hour"),
        ("split a dinner bill of $90 between 3 people and 2 dogs", "Bill splitter with tip"),
        ("price after a 30% discount", "Price after discount"),  # of a price that is only an example
        ("tip calculator for 62 dollars at 18%", "Tip calculator for 62 dollars at 18%"),
        ("remove duplicate lines and sort them", "Text tool"),
        ("days until my wedding", "Date calculator"),
        ("three kids share sweets: who owes whom, Ana paid 12", "Settle up"),
        ("mortage calculator", "Mortgage calculator"),
        ("todo list with due dates", "Todo list"),
        ("plant tracker that warns me when the soil is dry", "Plant tracker"),
        ("blood pressure diary, show the average of the last 7 days", "Blood pressure diary"),
    ],
)
def test_a_title_promises_only_what_the_app_does(description: str, title: str):
    assert build(best(description)).metadata.title == title
