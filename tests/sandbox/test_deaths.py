"""Whatever dies first, the rest follows, and no process or run directory is left behind."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import cast

import anyio
import psutil
import pytest

from microapps.errors import MachineFault
from microapps.sandbox import Confinement, Sandbox, launch, rundirs, tiers, wire
from microapps.sandbox.provisioner import SandboxProvisioner

from .bombs import space
from .kernels import Talk, talk, talking

pytestmark = [pytest.mark.sandbox, pytest.mark.anyio]

HARNESS = """
import asyncio, sys
from microapps.sandbox import Confinement, Sandbox
async def main():
    async with Sandbox() as sandbox:
        confinement = Confinement("orphan")
        async with sandbox.kernels(confinement)() as one, sandbox.kernels(confinement)() as two:
            parent = await sandbox.parent(confinement)
            print(one.provisioner.pid, two.provisioner.pid, parent.run, flush=True)
            await asyncio.sleep(600)
asyncio.run(main())
"""


def _family(parent_pid: int) -> dict[str, list[int]]:
    """The processes below a keeper, by what they are."""
    keeper = psutil.Process(parent_pid)
    below = keeper.children(recursive=True)
    return {"bwrap": [p.pid for p in below if _name(p) == "bwrap"], "all": [keeper.pid, *(p.pid for p in below)]}


def _name(process: psutil.Process) -> str:
    """What a process is called; empty once it is gone, as one that made a spare kernel's namespaces soon is."""
    try:
        return process.name()
    except psutil.NoSuchProcess:
        return ""


async def _all_gone(pids: list[int], seconds: float = 30.0) -> None:
    with anyio.fail_after(seconds):
        while any(_lives(pid) for pid in pids):
            await anyio.sleep(0.02)


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def test_a_child_that_the_containments_process_leaves_behind_ends_with_it(tmp_path: Path) -> None:
    """As bubblewrap's does that is killed between starting it and telling it to go on."""
    run, lock = rundirs.make()
    ours, theirs = wire.pair()
    configuration = launch.configuration(Confinement("stray"), tiers.shape(), run, "{}")
    waits = "import os, time; os.fork() or print(os.getpid(), flush=True); time.sleep(600)"
    command = ["/bin/sh", "-c", f'"{sys.executable}" -c "{waits}" > {tmp_path}/pid & sleep 600']
    keeper = subprocess.Popen([*launch.python("keeper"), str(theirs.fileno())], pass_fds=[theirs.fileno(), lock])
    wire.send(ours, configuration | {"command": command, "namespaces": True})
    os.close(lock)
    theirs.close()
    with anyio.fail_after(30):
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text().strip():
            await anyio.sleep(0.02)
    left = int((tmp_path / "pid").read_text())
    ours.close()
    await anyio.to_thread.run_sync(keeper.wait)
    await _all_gone([left])
    assert not run.exists()


async def test_when_the_harness_is_killed_everything_ends() -> None:
    with subprocess.Popen([sys.executable, "-c", HARNESS], stdout=subprocess.PIPE, text=True) as harness:
        assert harness.stdout is not None
        one, two, run = harness.stdout.readline().split()
        below = [process.pid for process in psutil.Process(harness.pid).children(recursive=True)]
        assert {int(one), int(two)} <= set(below)
        harness.kill()
        harness.wait()
    await _all_gone(below)
    with anyio.fail_after(30):
        while Path(run).exists():
            await anyio.sleep(0.02)


@pytest.mark.parametrize("victim", ["keeper", "bubblewrap", "parent"])
async def test_when_one_of_them_is_killed_the_rest_ends_and_a_new_one_serves(victim: str) -> None:
    confinement = Confinement("fragile")
    async with Sandbox() as sandbox:
        async with talking(sandbox.kernels(confinement)) as kernel:
            first = await sandbox.parent(confinement)
            family = _family(first._process.pid)
            target = {
                "keeper": first._process.pid,
                "bubblewrap": family["bwrap"][0],
                "parent": psutil.Process(family["bwrap"][-1]).children()[0].pid,
            }[victim]
            os.kill(target, signal.SIGKILL)
            with anyio.fail_after(30):
                await kernel.manager.provisioner.wait()
            assert not await kernel.manager.is_alive()
            await _all_gone([pid for pid in family["all"] if pid != first._process.pid])
        async with talking(sandbox.kernels(confinement)) as kernel:
            assert await kernel.run("print('again')") == "again"
        assert await sandbox.parent(confinement) is not first
    assert not first.run.exists() or victim == "keeper"
    _swept(first.run)


@pytest.mark.parametrize("victim", ["grandchild", "kernel", "init"])
async def test_when_one_of_a_kernels_processes_is_killed_its_siblings_live(victim: str) -> None:
    start = "import subprocess\nfor _ in range(2): p = subprocess.Popen(['setsid', 'sleep', '614'])\nprint(p.pid)"
    async with Sandbox() as sandbox:
        source = sandbox.kernels(Confinement("family"))
        async with talking(source) as sibling, talking(source) as kernel:
            await kernel.run(start)
            own = space(_pid(kernel))
            inside = [pid for pid in psutil.pids() if space(pid) == own]
            target = {
                "grandchild": max(psutil.Process(_pid(kernel)).children(), key=lambda child: child.pid).pid,
                "kernel": _pid(kernel),
                "init": psutil.Process(_pid(kernel)).ppid(),
            }[victim]
            os.kill(target, signal.SIGKILL)
            if victim == "grandchild":
                assert await kernel.run("print(p.wait())") == "-9"
            else:
                await _all_gone(inside)
                assert not await kernel.manager.is_alive()
            assert await sibling.run("print('here')") == "here"
        await _all_gone(inside)
        assert list(((await sandbox.parent(Confinement("family"))).run / "k").iterdir()) == []


def _pid(kernel: Talk) -> int:
    pid: int = cast(SandboxProvisioner, kernel.manager.provisioner).pid or 0
    return pid


async def test_after_whatever_was_killed_while_a_kernel_started_the_next_one_starts() -> None:
    chance, confinement = random.Random(3), Confinement("unlucky")
    runs: set[Path] = set()
    async with Sandbox() as sandbox:
        for _ in range(5):
            parent = await sandbox.parent(confinement)
            runs.add(parent.run)
            keeper = parent._process.pid

            async def start() -> None:
                with contextlib.suppress(MachineFault):  # and nothing else
                    async with sandbox.kernels(confinement)():
                        pass

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(start)
                await anyio.sleep(chance.uniform(0, 0.15))
                with contextlib.suppress(psutil.NoSuchProcess):
                    psutil.Process(chance.choice(_family(keeper)["all"])).kill()
            with anyio.fail_after(60):
                while True:  # the keeper may not have heard of it yet
                    try:
                        async with talking(sandbox.kernels(confinement)) as kernel:
                            assert await kernel.run("print('again')") == "again"
                        break
                    except MachineFault:
                        await anyio.sleep(0.01)
    with anyio.fail_after(60):
        while [run for run in runs if run.exists()]:  # one who was killed may not be quite gone
            rundirs.sweep()
            await anyio.sleep(0.01)
    assert not [p for p in psutil.process_iter(["cmdline"]) if set(map(str, runs)) & set(p.info["cmdline"] or ())]


async def test_a_restart_finds_a_new_parent_when_the_old_one_died() -> None:
    confinement = Confinement("phoenix")
    async with Sandbox() as sandbox, talking(sandbox.kernels(confinement)) as kernel:
        os.kill((await sandbox.parent(confinement))._process.pid, signal.SIGKILL)
        await kernel.manager.provisioner.wait()
        await kernel.manager.restart_kernel(now=True)
        async with talk(kernel.manager) as reborn:
            assert await reborn.run("print(1)") == "1"


def _swept(run: Path) -> None:
    """Sweep until a run directory is gone: another process may be just sweeping it."""
    ends = time.monotonic() + 30
    rundirs.sweep()
    while run.exists():
        assert time.monotonic() < ends, "it was not swept"
        rundirs.sweep()


def test_a_stale_run_directory_is_swept_and_a_live_one_is_not() -> None:
    stale, lock = rundirs.make()
    live, held = rundirs.make()
    os.close(lock)
    _swept(stale)
    assert live.exists()
    os.close(held)
    _swept(live)


def test_a_run_directory_whose_removal_was_cut_off_is_swept_later() -> None:
    left, lock = rundirs.make()
    os.close(lock)
    (left / "lock").unlink()
    rundirs.sweep()
    assert left.exists()  # it may be one that is being made
    os.utime(left, (0, 0))
    _swept(left)


def test_sweeping_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("x")
    stale, lock = rundirs.make()
    (stale / "link").symlink_to(tmp_path)
    os.close(lock)
    _swept(stale)
    assert (tmp_path / "precious").exists()


async def test_closing_is_quick() -> None:
    async with Sandbox() as sandbox:
        await sandbox.warm(Confinement("quick"))
        begun = time.monotonic()
    assert time.monotonic() - begun < 10
