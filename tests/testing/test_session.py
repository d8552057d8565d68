"""Whose fault it is when a kernel says nothing."""

from __future__ import annotations

import signal
import sys

import pytest

from microapps.errors import MachineFault
from microapps.testing import plain_kernels, session
from microapps.testing.inside import Inside
from microapps.testing.session import Session


@pytest.mark.anyio
@pytest.mark.skipif(sys.platform == "win32", reason="no signal stops a process there")
async def test_a_kernel_that_is_silent_before_the_app_runs_is_the_machines_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with plain_kernels()() as manager:
        app = Session(manager, seconds=0.1, output_limit=1 << 20)
        try:
            await app.start()
            monkeypatch.setattr(session, "START_SECONDS", 1.0)
            await manager.signal_kernel(signal.SIGSTOP)
            with pytest.raises(MachineFault, match="stayed silent for 1 seconds"):
                await Inside(app).install()
        finally:
            await app.close()


@pytest.mark.anyio
@pytest.mark.skipif(sys.platform == "win32", reason="no signal ends a process at once there")
async def test_a_kernel_that_ends_before_the_app_runs_is_the_machines_fault() -> None:
    async with plain_kernels()() as manager:
        app = Session(manager, seconds=0.1, output_limit=1 << 20)
        try:
            await app.start()
            await manager.signal_kernel(signal.SIGKILL)
            with pytest.raises(MachineFault, match="ended before anything of the app ran"):
                await Inside(app).install()
        finally:
            await app.close()
