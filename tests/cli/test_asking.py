"""Questions put to a person at a real terminal."""

from __future__ import annotations

import os
import pty
import select
import sys

import anyio
import pytest

from microapps.cli.asking import Person, Unanswerable
from microapps.cli.console import Output
from microapps.cli.follow import follow
from microapps.events import Asked, Failed, Finished
from microapps.notebook import Host, Permissions
from microapps.studio.jobs import Job

from .jobs import job

ASKED = Asked(question="q1", text="어느 통화입니까?", options=("원", "유로"))
PERMIT = Asked(question="q1", text="It needs these.", permissions=Permissions(hosts=(Host(name="api.example.org"),)))


class Terminal:
    """A pseudo-terminal as this process's input and error output, and its far end, where a person types and sees."""

    def __enter__(self) -> Terminal:
        self._far, near = pty.openpty()
        self._were = sys.stdin, sys.stderr
        sys.stdin, sys.stderr = os.fdopen(os.dup(near), "r"), os.fdopen(near, "w")
        return self

    def __exit__(self, *_: object) -> None:
        for stream in (sys.stdin, sys.stderr):
            stream.close()
        os.close(self._far)
        sys.stdin, sys.stderr = self._were

    def type(self, text: str) -> None:
        os.write(self._far, text.encode())

    def seen(self) -> str:
        seen = b""
        while select.select([self._far], [], [], 0.2)[0]:
            seen += os.read(self._far, 1 << 16)
        return seen.decode(errors="replace")


@pytest.mark.anyio
@pytest.mark.parametrize(("typed", "answer"), [("2\n", "유로"), ("3\n", "3"), ("달러\n", "달러"), ("\n\n1\n", "원")])
async def test_an_option_is_chosen_by_number_or_own_words(typed: str, answer: str) -> None:
    with Terminal() as terminal:
        terminal.type(typed)
        assert await Person(Output()).answer(ASKED) == answer
        seen = terminal.seen()
        assert "어느 통화입니까?" in seen
        assert "2. 유로" in seen


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("typed", "answer"), [("\n", "no"), ("n\n", "no"), ("y\n", "yes"), ("네\n", "yes"), ("maybe\n", "no")]
)
async def test_a_permission_is_given_only_by_a_clear_yes(typed: str, answer: str) -> None:
    with Terminal() as terminal:
        terminal.type(typed)
        assert await Person(Output()).answer(PERMIT) == answer
        assert "• Connect to api.example.org on port 443." in terminal.seen()


@pytest.mark.anyio
async def test_the_end_of_the_input_is_no_answer() -> None:
    with Terminal() as terminal:
        terminal.type("\x04")
        with pytest.raises(Unanswerable):
            await Person(Output()).answer(ASKED)


@pytest.mark.anyio
async def test_a_followed_job_gets_its_answer() -> None:
    with Terminal() as terminal:
        answers = []

        async def work(job: Job) -> None:
            answers.append(await job.ask(ASKED.text, ASKED.options))

        terminal.type("1\n")
        assert isinstance(await follow(job(work), Output()), Finished)
        assert answers == ["원"]


@pytest.mark.anyio
async def test_a_job_that_ends_takes_its_question_back() -> None:
    with Terminal():

        async def work(job: Job) -> None:
            await job.ask(ASKED.text, ASKED.options)

        running = job(work)
        with anyio.fail_after(30):
            async with anyio.create_task_group() as tasks:

                async def stop_when_asked() -> None:
                    async for event in running.events():
                        if isinstance(event, Asked):
                            running.stop()

                tasks.start_soon(stop_when_asked)
                assert isinstance(await follow(running, Output()), Failed)
