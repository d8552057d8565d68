"""The next kernel's namespaces are made in advance, which shows in nothing but the time that a start takes."""

from __future__ import annotations

from typing import cast

import anyio
import psutil
import pytest

from microapps.sandbox import Confinement, Sandbox, tiers
from microapps.sandbox.provisioner import SandboxProvisioner

from .kernels import Talk, talking

pytestmark = [pytest.mark.sandbox, pytest.mark.anyio]

REST = 0.6
"""Seconds in which a warm parent that is left alone makes a spare, unless the machine is busy."""
PATIENCE = 30.0
"""Seconds it may take on any machine."""


@pytest.fixture(autouse=True)
def nested() -> None:
    if not tiers.shape().nested:
        pytest.skip("without namespaces for each kernel nothing is made in advance")


async def test_kernels_with_and_without_a_spare_are_alike() -> None:
    look = "import os; print(os.getpid(), os.getppid(), os.getcwd(), sorted(os.listdir('/tmp')), dict(os.environ))"
    async with Sandbox() as sandbox:
        source = sandbox.kernels(Confinement("spare"))
        async with talking(source) as first, talking(source) as second:
            await _spare(second)
            async with talking(source) as third:
                assert len({await kernel.run(look) for kernel in (first, second, third)}) == 1
                await third.run("open('/tmp/mine', 'w').close()")
                assert "mine" not in await second.run("print(os.listdir('/tmp'))")


async def test_a_spare_that_is_gone_costs_no_kernel() -> None:
    async with Sandbox() as sandbox:
        source = sandbox.kernels(Confinement("spare-gone"))
        async with talking(source) as kernel:
            spare = await _spare(kernel)
            spare.kill()
            with anyio.fail_after(PATIENCE):
                while spare.is_running():
                    await anyio.sleep(0.01)
            async with talking(source) as at_once:
                assert await at_once.run("print(1)") == "1"
            await anyio.sleep(REST)
            async with talking(source) as later:
                assert await later.run("print(2)") == "2"


async def _spare(kernel: Talk) -> psutil.Process:
    """The process beside a kernel's *init* that waits: it has no child as an *init* has, and is no warm parent.

    It may be older than that *init*, where it was not yet ready when the kernel was asked for.
    """
    init = psutil.Process(cast(SandboxProvisioner, kernel.manager.provisioner).pid).parent()
    assert init is not None
    containment = init.parent()
    assert containment is not None
    with anyio.fail_after(PATIENCE):
        while True:
            _, *later = sorted(containment.children(), key=lambda process: (process.create_time(), process.pid))
            waiting = [process for process in later if not process.children()]
            if waiting:
                return waiting[0]
            await anyio.sleep(0.02)
