"""Visitors of one staged app are apart from each other and from it: their limits, their processes, their ends."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable

import anyio
import psutil
import pytest

from microapps.errors import MachineFault, RunExceeded
from microapps.notebook.permissions import Permissions
from microapps.sandbox import Confinement, Sandbox, parent, tiers
from microapps.sandbox.apps import AppProcess, Conversation
from microapps.sandbox.inside import frames
from microapps.sandbox.parent import KernelProcess
from microapps.sandbox.policy import PROCESSES

from .bombs import space

pytestmark = [pytest.mark.sandbox, pytest.mark.anyio]

APP = """
import io, json, os, signal, socket, time, contextlib
import ipywidgets as w
asked, said = w.Text(description="asked"), w.Text(description="said")
def answer(change):
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out): exec(change["new"], globals())
    except BaseException as error: print(repr(error), file=out)
    said.value = json.dumps([change["new"], out.getvalue().strip()])
asked.observe(answer, "value")
"""


class Visitor:
    """A visitor's process, and a way to run code in it."""

    def __init__(self, process: KernelProcess, talk: Conversation, asked: str, said: str) -> None:
        self.process, self._talk = process, talk
        self._asked, self._said = asked, said

    async def begin(self, code: str) -> None:
        change = {"method": "update", "state": {"value": code}, "buffer_paths": []}
        await self._talk.say({"type": "comm", "id": code, "kind": "msg", "comm": self._asked, "data": change})

    async def run(self, code: str) -> str:
        await self.begin(code)
        with anyio.fail_after(30):
            while (data := await self._talk.hear()) is not None:
                message, _ = frames.unpacked(data)
                if message["type"] == "comm" and message["comm"] == self._said:
                    asked, said = json.loads(message["data"]["state"]["value"])
                    if asked == code:
                        return str(said)
        raise AssertionError("the visitor's process ended")

    async def ended(self) -> str:
        with anyio.fail_after(20):
            await self.process.wait()
        return self.process.reason

    def close(self) -> None:
        self._talk.close()
        self.process.close()


class Staged:
    """A staged app."""

    def __init__(self, app: AppProcess, asked: str, said: str) -> None:
        self.app, self._asked, self._said = app, asked, said

    @property
    def init(self) -> psutil.Process:
        found = psutil.Process(self.app.process.pid).parent()
        assert found is not None
        return found

    async def visit(self) -> Visitor:
        return Visitor(*await self.app.visit(), self._asked, self._said)


Stage = Callable[..., Awaitable[Staged]]


@pytest.fixture(autouse=True)
def nested() -> None:
    if not tiers.shape().nested:
        pytest.skip("without namespaces for each visitor nothing is staged")


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """Stages an app in a sandbox that ends with the test."""
    async with Sandbox() as sandbox:

        async def made(seconds: int = 60) -> Staged:
            given = Confinement("visits", granted=Permissions(memory=256, seconds=seconds))
            app = await AppProcess.open(sandbox, given, {}, forks=True)
            ran = await app.run([APP], limit=1 << 20)
            models = {widget["state"].get("description"): model for model, widget in ran.widgets.items()}
            await app.stage(seeded=False)
            return Staged(app, models["asked"], models["said"])

        yield made


MEMORY = """
for _ in range(4):
    if os.fork() == 0:
        held = []
        while True: held.append(b'x' * (4 << 20)); time.sleep(0.01)
time.sleep(60)
"""
FORKS = """
count = 0
try:
    while True:
        if os.fork() == 0:
            time.sleep(60); os._exit(0)
        count += 1
except OSError: print(count)
"""
FILES = """
for name in sorted(os.listdir('/proc/self/fd'), key=int):
    try: print(os.readlink(f'/proc/self/fd/{name}'))
    except OSError: pass
"""


async def test_a_visitor_is_held_to_limits_of_its_own_and_neither_app_nor_sibling_pays(stage: Stage) -> None:
    staged = await stage()
    greedy, forking, calm = [await staged.visit() for _ in range(3)]
    assert PROCESSES - 20 < int(await forking.run(FORKS)) < PROCESSES
    assert await calm.run("print(os.system('true'))") == "0"
    await greedy.begin(MEMORY)
    assert await greedy.ended() == "memory"
    assert greedy.process.late < 5  # the figure is that of the tests of limits
    assert staged.app.alive
    assert (await calm.run("print('calm')"), await forking.run("print('too')")) == ("calm", "too")
    assert await (await staged.visit()).run("print('welcome')") == "welcome"


async def test_a_visitor_reaches_no_process_no_file_and_no_socket_of_another(stage: Stage) -> None:
    staged = await stage()
    one, other = await staged.visit(), await staged.visit()
    await one.run("open('/tmp/mine', 'w').write('x'); secret = 'of the first'")
    assert await other.run("print(os.listdir('/tmp').count('mine'), 'secret' in globals())") == "0 False"
    assert await one.run("print([p for p in os.listdir('/proc') if p.isdigit()])") == "['1', '2']"
    files = {await visitor.run(FILES) for visitor in (one, other)}
    shared = set.intersection(*(set(said.splitlines()) for said in files))
    assert len([target for target in shared if target.startswith("socket:")]) <= 1  # where attempts are noted
    assert not [target for target in shared if target.startswith(("pipe:", "net:", "user:", "mnt:", "pid:"))]
    assert "ProcessLookupError" in await one.run("os.kill(-1, signal.SIGKILL)")  # there is nobody else
    assert await other.run("print('here')") == "here"
    for path in ("mem", "environ", "maps", "root/etc", "cwd/etc", "ns/net"):
        said = await one.run(f"print({'os.stat' if '/' in path else 'open'}('/proc/1/{path}'))")
        assert "PermissionError" in said, path
    assert "FileNotFoundError" in await one.run("print(os.stat('/proc/1/fd/0'))")  # it has none open


ORPHANS = """
reads, writes = os.pipe()
if os.fork() == 0:
    for _ in range(3):
        if os.fork() == 0:
            os.close(reads); time.sleep(0.05); os._exit(0)
    os._exit(0)
os.wait()
os.close(writes)
os.read(reads, 1)  # the end of the last of them
while (left := [name for name in os.listdir('/proc') if name.isdigit()]) != ['1', '2']: time.sleep(0.01)
print(left)
"""


async def test_the_first_process_of_a_visitors_space_takes_in_orphans_and_can_be_ended_by_no_one_there(
    stage: Stage,
) -> None:
    staged = await stage()
    one = await staged.visit()
    first = next(pid for pid in _in_the_space_of(one) if pid != one.process.pid)
    assert await one.run(ORPHANS) == "['1', '2']"
    for number in ("SIGTERM", "SIGINT", "SIGHUP", "SIGCHLD", "SIGSEGV", "SIGKILL"):
        said = await one.run(f"os.kill(1, signal.{number})")
        assert not said or "PermissionError" in said  # which of both, the version of Linux decides
    assert await one.run("print(os.getpid(), os.getppid())") == "2 0"  # the parent is outside
    assert psutil.Process(first).is_running()
    assert psutil.Process(first).memory_full_info().uss < 200_000
    assert "KeyboardInterrupt" in await one.run("os.kill(os.getpid(), signal.SIGINT)")
    await one.begin("os.kill(os.getpid(), signal.SIGTERM)")
    assert await one.ended() == ""
    await _gone({first})


@pytest.mark.long
async def test_each_visitor_is_timed_by_a_clock_of_its_own(stage: Stage) -> None:
    staged = await stage(seconds=3)
    stuck, patient, calm = [await staged.visit() for _ in range(3)]
    await stuck.begin("os.fork() or time.sleep(600); time.sleep(600)")
    own = _in_the_space_of(stuck)
    assert await patient.run("time.sleep(0.1); print('done')") == "done"
    assert await stuck.ended() == "time"
    await _gone(own)
    assert [await each.run("print('here')") for each in (patient, calm)] == ["here", "here"]
    assert staged.app.alive


async def test_a_visitor_that_an_app_does_not_let_in_leaves_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    staged = await stage()
    monkeypatch.setattr(parent, "_BIRTH", 0.5)
    os.kill(staged.app.process.pid, signal.SIGSTOP)
    for _ in range(2):
        with pytest.raises(MachineFault, match="No kernel was born"):
            await staged.visit()
    with anyio.fail_after(30):
        while [child for child in staged.init.children() if child.pid != staged.app.process.pid]:
            await anyio.sleep(0.02)
    monkeypatch.undo()
    os.kill(staged.app.process.pid, signal.SIGCONT)
    assert await (await staged.visit()).run("print('in')") == "in"


@pytest.mark.parametrize("victim", ["visitor", "visitor's init", "app", "app's init"])
async def test_whichever_process_dies_first_what_hangs_on_it_follows(stage: Stage, victim: str) -> None:
    staged = await stage()
    one, other = await staged.visit(), await staged.visit()
    await one.run("os.fork() or time.sleep(600)")
    whole, own = _family(staged), _in_the_space_of(one)
    target = {
        "visitor": one.process.pid,
        "visitor's init": next(
            child.pid for child in staged.init.children() if child.pid in own and child.pid != one.process.pid
        ),
        "app": staged.app.process.pid,
        "app's init": staged.init.pid,
    }[victim]
    os.kill(target, signal.SIGKILL)
    await one.ended()
    if victim.startswith("visitor"):
        await _gone(own)
        assert staged.app.alive
        assert await other.run("print('here')") == "here"
    else:
        await other.ended()
        await _gone(whole)
        assert not staged.app.alive


def _family(staged: Staged) -> set[int]:
    return {staged.init.pid, *(child.pid for child in staged.init.children(recursive=True))}


def _in_the_space_of(visitor: Visitor) -> set[int]:
    own = space(visitor.process.pid)
    return {pid for pid in psutil.pids() if space(pid) == own}


async def _gone(pids: set[int]) -> None:
    with anyio.fail_after(30):
        while any(psutil.pid_exists(pid) for pid in pids):
            await anyio.sleep(0.02)


TAKEN_OVER = """
import json, os, struct
body = BODY
whole = struct.pack('>II', 1, len(body)) + body
for name in os.listdir('/proc/self/fd'):
    if int(name) > 2:
        try: os.write(int(name), struct.pack('>I', len(whole)) + whole)
        except OSError: pass
os._exit(0)
"""


async def test_an_app_that_took_over_its_process_is_not_believed() -> None:
    bodies = ("b'[' * 200_000", "b'{}'", "b'1'", """b'{"type": "ran", "outputs": 3}'""", "bytes([255])")
    async with Sandbox() as sandbox:
        for body in bodies:
            app = await AppProcess.open(sandbox, Confinement("taken-over"), {}, forks=False)
            with pytest.raises(RunExceeded):
                await app.run([TAKEN_OVER.replace("BODY", body)], limit=1 << 20)
            app.close()
