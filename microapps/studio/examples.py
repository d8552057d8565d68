"""Requests to begin with, which fit the libraries that are installed here."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

Language = Literal["en", "ko"]
COUNT = 6


@dataclass(frozen=True)
class _Example:
    """A request in two languages, and the packages without which it cannot be met well."""

    en: str
    ko: str
    needs: tuple[str, ...] = ()


_EXAMPLES = (
    _Example(
        "Split a restaurant bill with a tip between any number of people", "팁을 포함한 식사비를 인원수대로 나누기"
    ),
    _Example(
        "Upload a CSV file, choose two columns and see them as a chart",
        "CSV 파일을 올리고 두 열을 골라 차트로 보기",
        needs=(
            "pandas",
            "matplotlib",
        ),
    ),
    _Example(
        "Show how savings grow with monthly deposits and interest",
        "매달 저축과 이자로 돈이 불어나는 모습 보기",
        needs=(
            "numpy",
            "matplotlib",
        ),
    ),
    _Example(
        "A table of expenses I can edit, with totals by category",
        "고칠 수 있는 지출 표와 분류별 합계",
        needs=("ipydatagrid",),
    ),
    _Example(
        "Put pins with notes on a map and keep them", "지도에 메모 핀을 꽂아 두고 보관하기", needs=("ipyleaflet",)
    ),
    _Example("Draw a curve whose points I can drag", "점을 끌어서 바꿀 수 있는 곡선 그리기", needs=("bqplot",)),
    _Example("Flashcards for words I am learning, the hard ones more often", "외우는 단어 카드, 어려운 단어는 더 자주"),
    _Example("Find the duplicate rows of a spreadsheet", "스프레드시트에서 중복된 행 찾기", needs=("pandas",)),
    _Example("A timer for work and breaks that counts my rounds", "집중과 휴식을 재고 횟수를 세는 타이머"),
    _Example("Convert a recipe to another number of servings", "요리법을 다른 인분으로 바꾸기"),
    _Example("Keep a list of the books I have lent, and to whom", "누구에게 어떤 책을 빌려줬는지 적어 두기"),
    _Example("A calculator for the monthly rate of a loan", "대출의 월 상환액 계산기"),
)
"""Those that show what is installed come early."""


def examples(language: Language) -> tuple[str, ...]:
    """Six requests; every one can be met with what is installed."""
    fitting = [one for one in _EXAMPLES if all(find_spec(package) is not None for package in one.needs)]
    return tuple(one.ko if language == "ko" else one.en for one in fitting[:COUNT])
