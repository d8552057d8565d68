"""Jobs at the same time share the month's money."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from microapps.events import Failed
from microapps.generator import Settings
from microapps.studio import Studio
from tests.endpoint import Endpoint

pytestmark = pytest.mark.anyio

MONTH = 0.25
SAID = "I would rather not write that. " * 20
OUTPUT = 10 / 1e6
"""US dollars for a token of the balanced model's answer, as in the shipped prices."""


async def test_jobs_at_once_cannot_spend_the_months_money_twice(
    microapps_home: Path, key: str, endpoint: Endpoint
) -> None:
    usage = {"input_tokens": 1000, "output_tokens": 4000}
    endpoint.answer(SAID, hold=True, usage=usage).answer(SAID, usage=usage).answer(SAID, usage=usage)
    async with Studio.open(settings=Settings(dollars_per_month=MONTH)) as studio:
        jobs = [studio.make("double a number"), studio.make("triple a number")]
        while len(endpoint.requests) < 2 and not any(job.done for job in jobs):
            await asyncio.sleep(0.01)
        asked = sum(request["max_tokens"] for request in endpoint.requests) * OUTPUT
        assert asked <= studio.library.spent_this_month() <= MONTH
        endpoint.release()
        said = [await job.wait() for job in jobs]
        assert any(isinstance(one, Failed) and "money for this month" in one.what for one in said)
        spent = sum(record.dollars or 0.0 for record in studio.library.usage())
        assert 0 < spent == pytest.approx(studio.library.spent_this_month())
        before = len(endpoint.requests)
        await studio.make("halve a number").wait()  # what the first did not use is there for the next
        assert len(endpoint.requests) > before
        assert studio.library.spent_this_month() <= MONTH
