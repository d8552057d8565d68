"""A job whose process is killed is in the history all the same, with what it had told and cost."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from microapps.errors import UnknownApp
from microapps.library import Library
from microapps.studio import Studio
from tests.endpoint import Endpoint

pytestmark = pytest.mark.anyio
RUN = """
import asyncio, time
from microapps.events import Started, Used
from microapps.folders import home
from microapps.library import Library
from microapps.studio.jobs import Job
from microapps.studio.journals import Journals

async def run():
    for request in ("double a number", "another thing"):
        job = Job("make", request)
        journals = Journals(home() / "jobs", Library(home()))
        journals.begin(job)
        if request == "double a number":
            journals.note(job, Started(number=1, job=job.id, action="make", request=request, maker="model"))
            journals.note(job, Used(number=2, model="m", input_tokens=1, output_tokens=7, dollars=0.5))
            print(job.id, flush=True)
    print("", flush=True)
    time.sleep(600)

asyncio.run(run())
"""


@pytest.mark.long
async def test_a_job_that_is_killed_is_told_of_by_whoever_comes_next(microapps_home: Path) -> None:
    killed = subprocess.Popen([sys.executable, "-c", RUN], stdout=subprocess.PIPE, text=True)
    assert killed.stdout is not None
    job = killed.stdout.readline().strip()
    assert killed.stdout.readline() == "\n"
    async with Studio.open() as studio:
        assert not studio.library.turns(None), "it still runs"
    killed.send_signal(signal.SIGKILL)
    killed.wait(10)
    with next((microapps_home / "jobs").glob(f"{job}*")).open("ab") as journal:
        journal.write(b'{"kind": "text", "te')
    async with Studio.open() as studio:
        told = studio.library.story(job).events
        assert [event["kind"] for event in told] == ["started", "used", "failed"]
        assert "broken off" in told[-1]["what"]
        turns = {turn.request: turn for turn in studio.library.turns(None)}
        assert set(turns) == {"double a number", "another thing"}
        usage = turns["double a number"].usage
        assert usage is not None and (usage.output_tokens, usage.dollars) == (7, 0.5)
    assert not list((microapps_home / "jobs").iterdir())


@pytest.mark.sandbox
async def test_a_job_is_noted_while_it_runs_and_no_longer(
    studio: Studio, endpoint: Endpoint, microapps_home: Path
) -> None:
    endpoint.fault("stall")
    job = studio.make("double a number")
    async for event in job.events():
        if event.kind == "started":
            break
    [journal] = (microapps_home / "jobs").iterdir()
    lines = [json.loads(line) for line in journal.read_text("utf-8").splitlines()]
    assert lines[0]["request"] == "double a number" and lines[1]["kind"] == "started"
    async with Studio.open() as other:
        with pytest.raises(UnknownApp):
            other.library.story(job.id)
    job.stop()
    outcome = await job.wait()
    assert outcome.kind == "failed" and "stopped" in outcome.what and not journal.exists()
    with Library(microapps_home) as library:
        assert len(library.turns(None)) == 1
