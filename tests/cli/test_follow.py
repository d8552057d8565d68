"""A job followed to its end, with its questions answered and its stops."""

from __future__ import annotations

import json
import os
import signal

import anyio
import pytest

from microapps.cli.asking import Unanswerable
from microapps.cli.console import Output
from microapps.cli.follow import follow
from microapps.cli.interrupts import SIGNALS
from microapps.errors import ModelUnreachable
from microapps.events import Checked, CheckedLayer, Checking, Failed, Finished
from microapps.notebook import FileAccess, Host, Permissions
from microapps.studio.jobs import Job

from ..telling.reports import GOOD, PASSED_RUN
from .jobs import job

WANTED = Permissions(hosts=(Host(name="api.example.org"),), files=(FileAccess(path="/data/my file.csv"),))


async def checks(job: Job) -> None:
    job.emit(Checking(round=1))
    job.emit(CheckedLayer(round=1, result=PASSED_RUN))
    job.emit(Checked(round=1, report=GOOD))


@pytest.mark.anyio
async def test_progress_goes_to_standard_error_and_the_end_to_standard_output(
    capsys: pytest.CaptureFixture[str],
) -> None:
    end = await follow(job(checks), Output())
    captured = capsys.readouterr()
    assert isinstance(end, Finished)
    assert captured.out.startswith("✓ Split is ready: split, revision 1")
    assert captured.err.splitlines()[0] == "● The calculator."
    assert "✓ run" in captured.err


@pytest.mark.anyio
async def test_quiet_shows_only_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    await follow(job(checks), Output(quiet=True))
    captured = capsys.readouterr()
    assert captured.out.count("\n") == 1
    assert captured.err == ""


@pytest.mark.anyio
async def test_json_is_every_event_as_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    await follow(job(checks), Output(json=True))
    captured = capsys.readouterr()
    events = [json.loads(line) for line in captured.out.splitlines()]
    assert [event["kind"] for event in events] == ["started", "checking", "checked_layer", "checked", "finished"]
    assert [event["number"] for event in events] == [1, 2, 3, 4, 5]
    assert captured.err == ""


@pytest.mark.anyio
async def test_a_failed_job_says_what_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    async def work(job: Job) -> None:
        raise ModelUnreachable("The endpoint is down.", "Try later.")

    end = await follow(job(work), Output())
    assert isinstance(end, Failed)
    assert end.error == "ModelUnreachable"
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "✗ The endpoint is down.\n  → Try later.\n" in captured.err


@pytest.mark.anyio
async def test_a_question_without_a_terminal_stops_the_job_and_says_how_to_answer() -> None:
    async def work(job: Job) -> None:
        await job.ask("Which currency?", ("KRW", "EUR"))

    running = job(work)
    with pytest.raises(Unanswerable, match="Which currency") as raised:
        await follow(running, Output())
    assert "--yes takes the first option (here 'KRW')" in raised.value.hint
    assert running.done


@pytest.mark.anyio
async def test_permissions_without_a_terminal_are_named_as_options_to_give() -> None:
    async def work(job: Job) -> None:
        await job.ask("It needs these.", permissions=WANTED)

    with pytest.raises(Unanswerable) as raised:
        await follow(job(work), Output())
    assert "--allow host:api.example.org:443 --allow 'read:/data/my file.csv'" in raised.value.hint


@pytest.mark.anyio
async def test_yes_takes_the_first_option_but_gives_no_permission() -> None:
    answers = []

    async def work(job: Job) -> None:
        answers.append(await job.ask("Which currency?", ("KRW", "EUR")))
        answers.append(await job.ask("It needs these.", permissions=WANTED))

    assert isinstance(await follow(job(work), Output(), assume=True), Finished)
    assert answers == ["KRW", "no"]


@pytest.mark.anyio
async def test_ctrl_c_stops_the_job_and_shows_how_it_ended(capsys: pytest.CaptureFixture[str]) -> None:
    async def work(job: Job) -> None:
        await anyio.wait_all_tasks_blocked()
        os.kill(os.getpid(), signal.SIGINT)
        await anyio.sleep_forever()

    before = {each: signal.getsignal(each) for each in SIGNALS}
    try:
        end = await follow(job(work), Output())
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    assert isinstance(end, Failed)
    assert end.error == "Stopped"
    assert "Stopping" in capsys.readouterr().err
