"""Sittings at a model's desk, replayed over HTTP through the real client and the real checks."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from microapps.checks import check
from microapps.checks.report import Report
from microapps.generator import AnthropicModel, Task, write
from microapps.notebook import MicroApp
from microapps.sandbox import Sandbox
from tests.endpoint import Endpoint

from .jobs import Somebody

pytestmark = [pytest.mark.anyio, pytest.mark.sandbox]

FOLDER = Path(__file__).parent.parent / "recordings"


@pytest.fixture
async def sandbox(anyio_backend: str) -> AsyncIterator[Sandbox]:
    async with Sandbox() as made:
        yield made


@pytest.mark.long
async def test_a_korean_app_that_is_repaired_once(model: AnthropicModel, endpoint: Endpoint, sandbox: Sandbox) -> None:
    recording = FOLDER / "repair-korean.json"
    endpoint.replay(recording)
    reports: list[Report] = []

    async def checked(app: MicroApp) -> Report:
        reports.append(await check(app, sandbox=sandbox))
        return reports[-1]

    task = Task(json.loads(recording.read_text("utf-8"))[0]["request"]["words"])
    outcome = await write(task, model=model, check=checked, person=Somebody(), emit=lambda event: None)
    assert endpoint.mismatches == []
    assert endpoint.left == 0
    assert [report.passed for report in reports] == [False, True]
    assert outcome.app is not None
    assert outcome.app.metadata.name == "더치페이-계산기"
    assert "올림" in outcome.text
