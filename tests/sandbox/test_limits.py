"""Bombs end near their limit; other kernels answer meanwhile; nothing is left."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import psutil
import pytest

from microapps.notebook.permissions import Permissions
from microapps.sandbox import Confinement, Sandbox
from microapps.sandbox.policy import FILES, PROCESSES

from .kernels import Talk, talking

pytestmark = [pytest.mark.sandbox, pytest.mark.anyio]
MIB = 1 << 20


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as made:
        yield made


async def _ended(kernel: Talk, code: str, within: float = 15.0) -> tuple[str, float]:
    """Run a bomb; say why the containment ended its kernel, and after how many seconds."""
    kernel.client.execute(code)
    begun = time.monotonic()
    with anyio.fail_after(within):
        await kernel.manager.provisioner.wait()
    return kernel.manager.provisioner.ended, time.monotonic() - begun


async def test_one_process_meets_a_memory_error_and_lives(sandbox: Sandbox) -> None:
    async with talking(sandbox.kernels(Confinement("memory", granted=Permissions(memory=256)))) as kernel:
        code = "held = []\ntry:\n    while True: held.append(bytearray(8 << 20))\n"
        said = await kernel.run(code + "except MemoryError: print(len(held) * 8)\ndel held")
        assert 128 <= int(said) <= 256
        assert await kernel.run("print('alive')") == "alive"


async def test_many_processes_together_are_ended_at_the_limit(sandbox: Sandbox) -> None:
    bomb = """
import os, time
for _ in range(4):
    if os.fork() == 0:
        held = []
        while True:
            held.append(b'x' * (4 << 20)); time.sleep(0.01)
time.sleep(60)
"""
    confinement = Confinement("bomb", granted=Permissions(memory=256))
    async with talking(sandbox.kernels(confinement)) as kernel, talking(sandbox.kernels(Confinement("calm"))) as other:
        peak = 0

        async def measure() -> None:
            nonlocal peak
            process = psutil.Process(kernel.manager.provisioner.pid)
            while True:
                sizes = [process, *process.children(recursive=True)]
                peak = max(peak, sum(p.memory_info().rss - p.memory_info().shared for p in sizes if p.is_running()))
                await anyio.sleep(0.05)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_until_gone, measure)
            reason, _ = await _ended(kernel, bomb)
            tasks.cancel_scope.cancel()
        assert reason == "memory"
        assert peak < 1024 * MIB
        assert await other.run("print('calm')") == "calm"


async def _until_gone(work: object) -> None:
    try:
        await work()  # type: ignore[operator]
    except psutil.NoSuchProcess:
        return


async def test_a_fork_bomb_stops_at_the_limit_of_processes(sandbox: Sandbox) -> None:
    bomb = """
import os, time
count = 0
try:
    while True:
        if os.fork() == 0:
            time.sleep(60); os._exit(0)
        count += 1
except OSError: print(count)
"""
    async with talking(sandbox.kernels(Confinement("forks"))) as kernel:
        sibling = sandbox.kernels(Confinement("forks"))
        assert PROCESSES - 60 < int(await kernel.run(bomb)) < PROCESSES
        async with talking(sibling) as other:
            assert await other.run("import os; print(os.system('true'))") == "0"
        pid = kernel.manager.provisioner.pid
        assert len(psutil.Process(pid).children(recursive=True)) > 60
    assert not [p for p in psutil.process_iter() if _child_of(p, pid)]


def _child_of(process: psutil.Process, pid: int) -> bool:
    try:
        return pid in (parent.pid for parent in process.parents())
    except psutil.NoSuchProcess:
        return False


async def test_a_thread_bomb_stops_at_the_limit_of_processes(sandbox: Sandbox) -> None:
    bomb = """
import threading
gate, count = threading.Event(), 0
try:
    while True:
        threading.Thread(target=gate.wait, daemon=True).start(); count += 1
except RuntimeError: print(count)
gate.set()
"""
    async with talking(sandbox.kernels(Confinement("threads"))) as kernel:
        assert PROCESSES - 60 < int(await kernel.run(bomb)) < PROCESSES
        assert await kernel.run("print('alive')") == "alive"


async def test_open_files_are_limited(sandbox: Sandbox) -> None:
    bomb = "import os\nheld = []\ntry:\n    while True: held.append(os.open('/dev/null', 0))\n"
    bomb += "except OSError: print(len(held))"
    async with talking(sandbox.kernels(Confinement("files"))) as kernel:
        assert int(await kernel.run(bomb + "\nfor fd in held: os.close(fd)")) < FILES


async def test_a_full_data_folder_ends_the_kernel(sandbox: Sandbox, tmp_path: Path) -> None:
    limit = 32 * MIB
    confinement = Confinement("disk", data=tmp_path / "data", data_limit=limit)
    async with talking(sandbox.kernels(confinement)) as kernel:
        bomb = "n = 0\nwhile True:\n    open(f'/data/{n}', 'wb').write(b'x' * (1 << 20)); n += 1"
        reason, _ = await _ended(kernel, f"import time\n{bomb}; time.sleep(0.002)")
        assert reason == "data"
    assert sum(path.stat().st_size for path in (tmp_path / "data").iterdir()) < limit + 256 * MIB


async def test_temporary_folders_are_limited(sandbox: Sandbox) -> None:
    bomb = """
import os
for folder in ('/tmp', '/home/app', '/dev/shm', '/data'):
    n = 0
    try:
        for n in range(4096): open(f'{folder}/{n}', 'wb').write(b'x' * (1 << 20))
    except OSError as error: print(folder, n, error.errno)
"""
    async with talking(sandbox.kernels(Confinement("tmp", granted=Permissions(memory=512)))) as kernel:
        said = [line.split() for line in (await kernel.run(bomb)).splitlines()]
    assert len(said) == 4
    assert sum(int(size) for _, size, _ in said) <= 512


async def test_the_folder_of_sockets_takes_no_files(sandbox: Sandbox) -> None:
    async with talking(sandbox.kernels(Confinement("sockets"))) as kernel:
        assert "PermissionError" in await kernel.run("open('/run/kernel/file', 'w')")
        bomb = "import socket\nfor n in range(900):\n    socket.socket(socket.AF_UNIX).bind(f'/run/kernel/{n}')"
        reason, _ = await _ended(kernel, f"{bomb}\nimport time; time.sleep(60)")
        assert reason == "sockets"


async def test_a_flood_of_output_does_not_fill_the_harness(sandbox: Sandbox) -> None:
    process = psutil.Process()
    async with talking(sandbox.kernels(Confinement("flood"))) as kernel:
        before = process.memory_info().rss
        kernel.client.execute("while True: print('x' * (1 << 20), flush=True)")
        await anyio.sleep(2)  # nobody reads
        assert process.memory_info().rss - before < 400 * MIB
        begun = time.monotonic()
        await kernel.manager.shutdown_kernel(now=True)
        assert time.monotonic() - begun < 2


async def test_a_message_beyond_measure_is_not_taken(sandbox: Sandbox) -> None:
    process = psutil.Process()
    async with talking(sandbox.kernels(Confinement("huge"))) as kernel:
        before = process.memory_info().rss
        kernel.client.execute(
            "from IPython.display import display\ndisplay({'text/plain': 'x' * (300 << 20)}, raw=True)"
        )
        await anyio.sleep(2)
        assert process.memory_info().rss - before < 200 * MIB


async def test_a_loop_that_ignores_interrupts_can_be_ended_at_once(sandbox: Sandbox) -> None:
    async with talking(sandbox.kernels(Confinement("deaf"))) as kernel:
        kernel.client.execute(
            "import signal\nfor n in (2, 15): signal.signal(n, signal.SIG_IGN)\n"
            "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
        )
        await anyio.sleep(0.3)
        await kernel.manager.interrupt_kernel()
        pid = kernel.manager.provisioner.pid
        begun = time.monotonic()
        await kernel.manager.shutdown_kernel(now=True)
        assert time.monotonic() - begun < 1.5
        assert not os.path.exists(f"/proc/{pid}")
