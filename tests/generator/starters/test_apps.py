"""The starters as a person meets them: run in real kernels, by their own tests and by the labels on the page."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import AsyncIterator

import pytest

from microapps.generator.starters import best, build, catalogue
from microapps.notebook import MicroApp
from microapps.testing import AsyncApp, KernelSource, run_tests
from tests.warm import warm_kernels

from ...long import long_after

DESCRIPTIONS = [
    "split a restaurant bill with a tip between friends",
    "식당 계산서를 팁과 함께 친구들끼리 나누기",
    "how many pounds is 70 kg",
    "expense tracker with categories food, rent, fun and a chart",
    "packing checklist for a beach holiday: towel, sunscreen, passport",
    "25 minute pomodoro timer",
    "CSV 파일 올려서 통계랑 그래프 보기",
    "count the vowels in a text",
    "flashcards for Spanish vocabulary: perro = dog; gato = cat; casa = house",
    "split 27 students into groups of 4",
    "days between 3 February 2026 and Feb 28, 2026",
    "pie chart of my budget: rent 900, food 400, fun 150",
    "여행 경비 정산 앱: 누가 누구에게 얼마",
]
TOGETHER = 4
"""Apps that are open at once, so that one is got ready while another is waited for."""


@pytest.fixture(scope="module")
async def kernels(anyio_backend: str) -> AsyncIterator[KernelSource]:
    """Kernels that start fast."""
    async with warm_kernels("starters", "ipywidgets", "matplotlib.pyplot", "pandas", "pytest") as source:
        yield source


@pytest.mark.anyio
@pytest.mark.parametrize("description", long_after(4, DESCRIPTIONS))
async def test_an_app_passes_its_own_tests(description: str, kernels: KernelSource):
    outcomes = await run_tests(build(best(description)), app_kernels=kernels, test_kernels=kernels, seconds=60)
    assert outcomes
    assert [(outcome.test, outcome.message) for outcome in outcomes if not outcome.passed] == []


@pytest.mark.long
@pytest.mark.anyio
async def test_every_recipe_opens_with_the_right_answers(kernels: KernelSource):
    apps = [
        build(f"calculator/{name}", "계산기" if place % 2 else "") for place, name in enumerate(catalogue().recipes)
    ]
    apps += [build(best(formula)) for formula in ("E = m * c**2 with mass in kg", "넓이 = 가로 * 세로")]
    few = asyncio.Semaphore(TOGETHER)

    async def opens_right(app: MicroApp) -> None:
        async with few, AsyncApp.open(app, kernels=kernels) as opened:
            text = " ".join(opened.text().split())
            for label, answer in start_of(app):
                assert f"{label} {answer}" in text
            assert not opened.errors

    async with asyncio.TaskGroup() as opening:
        for app in apps:
            opening.create_task(opens_right(app))


def start_of(app: MicroApp) -> list[tuple[str, str]]:
    for node in ast.parse(app.cell("tests").source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "START":
            return [(label, answer) for label, answer in ast.literal_eval(node.value)]
    raise AssertionError("no START")


@pytest.mark.anyio
async def test_hostile_words_are_shown_as_words():
    app = build("checklist", "checklist: <script>alert(1)</script>, {x}, '); exit()")
    async with AsyncApp.open(app) as opened:
        await opened.set("New item", "<script>alert(1)</script>")
        await opened.click("Add")
        assert "“<script>alert(1)</script>” is on the list already." in opened.text()
        assert not opened.errors


@pytest.mark.anyio
async def test_entries_are_there_again_at_the_next_visit(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROAPPS_DATA", str(tmp_path))
    app = build("checklist", "checklist: hat, map")
    async with AsyncApp.open(app) as opened:
        await opened.set("hat", True)
        await opened.set("New item", "tent")
        await opened.click("Add")
    async with AsyncApp.open(app) as opened:
        assert [control.label for control in opened.controls() if control.kind == "Checkbox"] == ["hat", "map", "tent"]
        assert opened.value("hat") is True


@pytest.mark.anyio
async def test_kept_data_that_is_broken_is_passed_over(tmp_path, monkeypatch):
    monkeypatch.setenv("MICROAPPS_DATA", str(tmp_path))
    for name in ("checklist.json", "entries.json", "cards.json", "payments.json"):
        (tmp_path / name).write_text('[1, null, {"date": 3}, ["a"], {"text": ""}, {"coins": -1}]', encoding="utf-8")
    for name in ("checklist", "tracker", "flashcards", "settle-up"):
        async with AsyncApp.open(build(name)) as opened:
            assert not opened.errors
            assert opened.text()
