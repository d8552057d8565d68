"""Whatever dies first, the rest follows, and no process or run directory is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import anyio
import psutil
import pytest

from microapps.sandbox import Confinement, Sandbox, rundirs

from .kernels import talking

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
    return {"bwrap": [p.pid for p in below if p.name() == "bwrap"], "all": [keeper.pid, *(p.pid for p in below)]}


async def _all_gone(pids: list[int], seconds: float = 5.0) -> None:
    with anyio.fail_after(seconds):
        while any(psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie" for pid in pids):
            await anyio.sleep(0.02)


async def test_when_the_harness_is_killed_everything_ends() -> None:
    with subprocess.Popen([sys.executable, "-c", HARNESS], stdout=subprocess.PIPE, text=True) as harness:
        assert harness.stdout is not None
        one, two, run = harness.stdout.readline().split()
        below = [process.pid for process in psutil.Process(harness.pid).children(recursive=True)]
        assert {int(one), int(two)} <= set(below)
        harness.kill()
        harness.wait()
    await _all_gone(below)
    with anyio.fail_after(5):
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
            with anyio.fail_after(5):
                await kernel.manager.provisioner.wait()
            assert not await kernel.manager.is_alive()
            await _all_gone([pid for pid in family["all"] if pid != first._process.pid])
        async with talking(sandbox.kernels(confinement)) as kernel:
            assert await kernel.run("print('again')") == "again"
        assert await sandbox.parent(confinement) is not first
    assert not first.run.exists() or victim == "keeper"
    rundirs.sweep()
    assert not first.run.exists()


async def test_a_restart_finds_a_new_parent_when_the_old_one_died() -> None:
    confinement = Confinement("phoenix")
    async with Sandbox() as sandbox, talking(sandbox.kernels(confinement)) as kernel:
        os.kill((await sandbox.parent(confinement))._process.pid, signal.SIGKILL)
        await kernel.manager.provisioner.wait()
        await kernel.manager.restart_kernel(now=True)
    async with Sandbox() as sandbox, talking(sandbox.kernels(confinement)) as kernel:
        assert await kernel.run("print(1)") == "1"


def test_a_stale_run_directory_is_swept_and_a_live_one_is_not() -> None:
    stale, lock = rundirs.make()
    live, held = rundirs.make()
    os.close(lock)
    rundirs.sweep()
    assert not stale.exists()
    assert live.exists()
    os.close(held)
    rundirs.sweep()
    assert not live.exists()


def test_sweeping_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("x")
    stale, lock = rundirs.make()
    (stale / "link").symlink_to(tmp_path)
    os.close(lock)
    rundirs.sweep()
    assert not stale.exists()
    assert (tmp_path / "precious").exists()


async def test_closing_is_quick() -> None:
    async with Sandbox() as sandbox:
        await sandbox.warm(Confinement("quick"))
        begun = time.monotonic()
    assert time.monotonic() - begun < 2
