"""Somebody who watches a job and answers what it asks; and what every conversation has to keep to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from microapps.checks import Report
from microapps.events import Asked, Checked, Failed, Finished
from microapps.studio import Job
from tests.endpoint import Endpoint


async def watched(job: Job, *answers: str) -> tuple[Finished | Failed, list[Asked]]:
    """How a job ended whose questions were answered in order, and what was asked."""
    left, asked = list(answers), []
    async for event in job.events():
        if isinstance(event, Asked):
            asked.append(event)
            job.answer(event.question, left.pop(0))
    assert not left, f"nothing was asked that {left} would answer"
    return await job.wait(), asked


def reports(job: Job) -> list[Report]:
    """The reports of a job's rounds."""
    return [event.report for event in job.events_so_far if isinstance(event, Checked)]


def told(endpoint: Endpoint, request: int = -1) -> str:
    """The last message of one request, as text."""
    return json.dumps(endpoint.requests[request]["messages"][-1], ensure_ascii=False)


def assert_kept_to(endpoint: Endpoint) -> None:
    """The recording was answered as it was written, and the requests can be read from an endpoint's cache.

    All share tools and system text, and within a job each holds the messages of the one before, to the byte.
    """
    assert endpoint.mismatches == []
    assert endpoint.left == 0
    prefixes = {json.dumps([request["tools"], request["system"]]) for request in endpoint.requests}
    assert len(prefixes) == 1
    for before, after in pairwise(request["messages"] for request in endpoint.requests):
        assert after[: len(before)] == before or _begins(after)


def _begins(messages: Sequence[dict[str, Any]]) -> bool:
    """Whether these messages are a new job's: the last holds a request and no result."""
    last = messages[-1]["content"]
    return any(block.get("text", "").startswith("<request>") for block in last)


def requested(recording: Path) -> str:
    """What the person asked for in a recording."""
    words: str = json.loads(recording.read_text("utf-8"))[0]["request"]["words"]
    return words
