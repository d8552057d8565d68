"""Calculations that are taken only where every word and number of a request has its place: wages, fuel, rent, cups."""

from __future__ import annotations

import re

import pytest

from microapps.errors import UnknownApp
from microapps.generator.starters import best

from .test_apps import start_of
from .test_building import build

PAY = [
    # hours × wage, by hand
    ("pay for 37.5 hours at 21.40", "$802.50"),
    ("what do I earn for 37.5 hours at $21.40 an hour", "$802.50"),
    ("$21.40 per hour for 37.5 hours", "$802.50"),
    ("pay for 37,5 hours at 21,40 €", "€802.50"),
    ("wages for 12 hours at £11.44", "£137.28"),
    ("pay for 37 hours 30 minutes at 21.40", "$802.50"),
    ("I worked 26 hours at 13.75, how much", "$357.50"),
    ("시급 10030원으로 37.5시간 일하면 얼마", "376,125원"),
    ("시간당 12000원 8시간 알바비", "96,000원"),
    ("시급 10030원 37.5시간 급여", "376,125원"),
    ("하루 8시간 시급 9860원 일당", "78,880원"),
    ("편의점 알바 5시간 시급 10030원 얼마 받아", "50,150원"),
    ("7시간 30분 시급 10000원 알바비", "75,000원"),
]
PAY_BY_WEEK = [
    ("salary for 40 hours a week at $20 an hour", "$800.00"),
    ("how much a year do I earn working 37.5 hours a week at 21.40", "$802.50"),
    ("시급 12000원 주 40시간 월급", "480,000원"),
]
FUEL = [
    # miles ÷ mpg
    ("fuel for 320 miles at 40 mpg", "8.00 gallons"),
    ("how many gallons do I need for 320 miles at 40 mpg", "8.00 gallons"),
    ("320 miles in a car that gets 40 mpg, gas is 3.59", "8.00 gallons"),
    ("gas for 320 miles at 40 miles per gallon at $3.60 a gallon", "8.00 gallons"),
    ("fuel needed for 320 miles if my car does 40 miles to the gallon", "8.00 gallons"),
    ("320마일 40mpg 연료 얼마나 필요해", "8.00갤런"),
    ("100 마일 25mpg 휘발유 몇 갤런", "4.00갤런"),
    ("40mpg 차로 320마일 기름값 갤런당 5000원", "8.00갤런"),
    ("연비 40mpg 거리 320마일", "8.00갤런"),
]
BILLS = [
    # a share covers the bill: 87.35 × 1.15 is 100.4525, and three times 33.48 would be a cent less
    ("split a bill of 87.35 with a tip of 15% between 3 people", "$33.49"),
    ("split a bill of 64.20 with 18% tip, 3 people", "$25.26"),
    ("split a bill of 120 with a tip of 15% between 4 people", "$34.50"),
    ("계산서 80000원을 3명이서 나누기", "26,667원"),
]
RENT = [
    ("월세 60만원 3명 나눠 내기", "200,000원"),
    ("월세 90만원을 둘이서 나누기", "450,000원"),
    ("월세 55만원 관리비 7만5천원 2명 나누기", "312,500원"),
    ("월세 관리비 포함 70만원 3명 나누기", "233,333원"),
    ("월세 120만원을 네 명이 나누면 한 명당 얼마", "300,000원"),
    ("집세 75만원 2명이서 나누면 얼마씩", "375,000원"),
    ("split 1500 rent between 3 roommates", "$500.00"),
    ("rent 900 split 3 ways", "$300.00"),
    ("split rent of 1500 with my roommate", "$750.00"),
    ("rent 1800 shared by three people", "$600.00"),
    ("rent $2,100 and utilities 180 split among 3 flatmates", "$760.00"),
    ("rent 1.250 € split by 2", "€625.00"),
    ("our rent is €980, we are 3, how much each?", "€326.67"),
]
GRAMS = [
    # amount × ml of the measure ÷ 236.588 × grams in a US cup
    ("convert cups to grams of flour", "125.0 g"),
    ("how many grams is 2 cups of sugar", "400.0 g"),
    ("2.5 cups of flour in grams", "312.5 g"),
    ("half a cup of sugar in grams", "100.0 g"),
    ("two cups of sugar in grams", "400.0 g"),
    ("1½ cups of milk in grams", "366.0 g"),
    ("how much does 1 cup of honey weigh", "339.0 g"),
    ("3 tablespoons of butter in grams", "43.2 g"),
    ("밀가루 2컵은 몇 그램", "211.3 g"),  # a Korean cup holds 200 ml
    ("설탕 3큰술 그램", "38.0 g"),
    ("물 500ml 몇 그램", "500.9 g"),
]
CUPS = [
    ("300 g of flour to cups", "2.40"),
    ("how many cups is 500 grams of sugar", "2.50"),
    ("8 oz of butter to cups", "1.00"),
    ("밀가루 300g은 몇 컵", "2.84"),
    ("how many tablespoons is 30 g of sugar", "0.15"),
]
MADE = [
    *(("pay-for-hours", *case) for case in PAY),
    *(("pay-by-week", *case) for case in PAY_BY_WEEK),
    *(("fuel-for-miles", *case) for case in FUEL),
    *(("bill-splitter", *case) for case in BILLS),
    *(("rent-share", *case) for case in RENT),
    *(("cups-to-grams", *case) for case in GRAMS),
    *(("grams-to-cups", *case) for case in CUPS),
]


@pytest.mark.parametrize(("recipe", "description", "answer"), MADE)
def test_an_app_opens_with_the_answer_to_its_request(recipe: str, description: str, answer: str):
    chosen = best(description)
    assert chosen.recipe == recipe
    assert start_of(build(chosen))[0][1] == answer


@pytest.mark.parametrize(
    "description",
    [
        "pay for 37.5 hours at 21.40 after tax",
        "pay for 37.5 hours at 21.40 plus 50 bonus",
        "pay for parking 3 hours at 2.50",
        "pay for 1.5 hours overtime at 30",
        "60 miles per hour for 3 hours",
        "speed of 60 miles per hour for 3 hours",
        "fuel for 320 miles each way at 40 mpg",
        "fuel for 320 miles there and back at 40 mpg",
        "fuel for 320 miles at 40 mpg and tolls of 12",
        "CO2 for 320 miles at 40 mpg",
        "fuel cost of 500 km at 7 l/100km, $4 per gallon",
        "월세 60만원 3명 방 크기대로 나눠 내기",
        "월세 60만원 보증금 500만원 3명 나눠 내기",
        "월세 70만원 둘이서 7:3으로 나누기",
        "룸메이트 2명과 월세 90만원 나누기",
        "split rent of 1500 between 3 people by room size",
        "split rent of 1500 with 2 roommates",
        "rent 1500 split 3 ways, one pays double",
        "split 56.70 between me and my two friends",
        "ohm 12 V 3 A",
        "split the bill of 90 by income between 2 people",
        "rent is 500 each for 3 people",
        "400km 연비 7L/100km 기름값",
        "fuel cost 320 km consumption 12 km/l",
        "convert cups to grams of gold dust",
        "convert 2 cups of rice flour to grams",
        "2 cups almond flour in grams",
        "how many cups in a kg of flour",
    ],
)
def test_a_request_with_a_word_that_has_no_place_is_refused(description: str):
    with pytest.raises(UnknownApp):
        best(description)


def test_pay_with_overtime_is_worked_out_with_overtime():
    app = build(best("pay for 46 hours at 18.50 with overtime over 40"))
    assert start_of(app)[:2] == [("Pay for the week", "$906.50"), ("Of it for overtime", "$166.50")]


def test_fuel_costs_what_is_told_by_the_gallon_or_by_the_litre():
    gallon = dict(start_of(build(best("fuel for 320 miles at 40 mpg at 3.89"))))
    assert gallon["Fuel cost"] == "$31.12"
    litre = dict(start_of(build(best("petrol for 320 miles at 40 mpg at £1.45 a litre"))))
    assert (litre["Fuel needed"], litre["Fuel cost"]) == ("36.4 L", "£52.73")  # imperial gallons


def test_litres_for_a_hundred_kilometres_are_no_litres_filled_up():
    start = dict(start_of(build(best("fuel for 500 km at 6.5 l/100km"))))
    assert start["Fuel needed"] == "32.5 L"


def test_where_the_grams_of_a_cup_come_from_is_said_in_the_code():
    logic = build(best("convert cups to grams of flour")).cell("logic").source
    assert re.search(r'def grams\((?s:.*?)"""(?s:.*?)USDA(?s:.*?)Release 28', logic)
    assert "236.588" in build(best("convert cups to grams of flour")).metadata.description
