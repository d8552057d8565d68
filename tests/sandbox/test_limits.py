"""Bombs end within a second of their limit; other kernels answer meanwhile; nothing is left."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import anyio
import psutil
import pytest

from microapps.app_files import clear
from microapps.notebook.permissions import Permissions
from microapps.sandbox import Confinement, policy
from microapps.sandbox.manager import LARGEST_MESSAGE, WAITING_MESSAGES
from microapps.sandbox.policy import FILES, PROCESSES

from .bombs import ENDED, MIB, Range, space
from .kernels import Talk, talking

pytestmark = [pytest.mark.sandbox, pytest.mark.anyio]


@pytest.fixture(scope="module")
async def bombs(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Range]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MICROAPPS_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setattr(policy, "DATA_ENTRIES", 3000)  # so many files are made sooner; the benchmark takes them all
        async with Range.opened(tmp_path_factory.mktemp("bombs") / "data") as made:
            yield made


@pytest.fixture
def limited(bombs: Range) -> AbstractAsyncContextManager[Talk]:
    """A kernel that may have 1024 MB."""
    return talking(bombs.sandbox.kernels(Confinement("limited", granted=Permissions(memory=1024))))


@pytest.mark.parametrize("name", ENDED)
async def test_a_bomb_ends_within_a_second_of_its_limit(bombs: Range, name: str) -> None:
    for _ in range(4):  # the second is the containment's own; a machine that is busy may take it away
        ended = await bombs.set_off(name)
        assert ended.reason == ENDED[name][0]
        clear(bombs.data)
        print(f"{name}: {ended}")
        if ended.late - ended.starved < 1 and ended.answered - ended.starved < 1:
            return
    pytest.fail(f"{name} was ended too late, or kept others from answering: {ended}")


async def test_one_process_meets_a_memory_error_and_lives(limited: Any) -> None:
    async with limited as kernel:
        code = "held = []\ntry:\n    while True: held.append(bytearray(8 << 20))\n"
        said = await kernel.run(code + "except MemoryError: print(len(held) * 8)\ndel held")
        assert 512 <= int(said) <= 1024
        assert await kernel.run("print('alive')") == "alive"


async def test_a_fork_bomb_stops_at_the_limit_of_processes(bombs: Range, limited: Any) -> None:
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
    async with limited as kernel:
        assert PROCESSES - 60 < int(await kernel.run(bomb)) < PROCESSES
        async with talking(bombs.sandbox.kernels(Confinement("limited", granted=Permissions(memory=1024)))) as sibling:
            assert await sibling.run("import os; print(os.system('true'))") == "0"
        own = space(kernel.manager.provisioner.pid)
        assert sum(space(pid) == own for pid in psutil.pids()) > 60
    assert not any(space(pid) == own for pid in psutil.pids())


async def test_threads_and_open_files_are_refused_at_their_limits(limited: Any) -> None:
    threads = """
import threading
gate, count = threading.Event(), 0
try:
    while True:
        threading.Thread(target=gate.wait, daemon=True).start(); count += 1
except RuntimeError: print(count)
gate.set()
"""
    files = "import os\nheld = []\ntry:\n    while True: held.append(os.open('/dev/null', 0))\n"
    files += "except OSError: print(len(held))\nfor fd in held: os.close(fd)"
    async with limited as kernel:
        assert PROCESSES - 60 < int(await kernel.run(threads)) < PROCESSES
        assert 0 < int(await kernel.run(files)) < FILES
        assert await kernel.run("print('alive')") == "alive"


async def test_temporary_folders_are_limited_in_bytes_and_in_files(limited: Any) -> None:
    bomb = """
import os
for size, most in ((1 << 20, 4096), (0, 1 << 17)):
    for folder in ('/tmp', '/home/app', '/dev/shm', '/data'):
        n = 0
        try:
            for n in range(most): open(f'{folder}/{n}', 'wb').write(b'x' * size)
        except OSError as error: print(n, error.errno)
        for name in range(n + 1):
            if os.path.exists(f'{folder}/{name}'): os.unlink(f'{folder}/{name}')
"""
    async with limited as kernel:
        said = [tuple(map(int, line.split())) for line in (await kernel.run(bomb)).splitlines()]
    assert [error for _, error in said] == [28] * 8
    assert sum(size for size, _ in said[:4]) <= 1024
    assert all(count <= 1 << 14 for count, _ in said[4:])


async def test_the_folder_of_sockets_takes_no_files(limited: Any) -> None:
    async with limited as kernel:
        assert "PermissionError" in await kernel.run("open('/run/kernel/file', 'w')")


@pytest.mark.parametrize("megabytes", [1, 30])
async def test_a_flood_of_output_does_not_fill_the_harness(limited: Any, megabytes: int) -> None:
    process = psutil.Process()
    async with limited as kernel:
        before = process.memory_info().rss
        kernel.client.execute(f"while True: print('x' * ({megabytes} << 20), flush=True)")
        await anyio.sleep(1.5)  # nobody reads
        assert process.memory_info().rss - before < (WAITING_MESSAGES + 4) * LARGEST_MESSAGE < 1024 * MIB
        with anyio.fail_after(20):
            await kernel.manager.shutdown_kernel(now=True)


async def test_a_message_beyond_measure_is_not_taken(limited: Any) -> None:
    process = psutil.Process()
    async with limited as kernel:
        before = process.memory_info().rss
        kernel.client.execute(
            "from IPython.display import display\ndisplay({'text/plain': 'x' * (100 << 20)}, raw=True)"
        )
        await anyio.sleep(1)
        assert process.memory_info().rss - before < 80 * MIB


async def test_a_loop_that_ignores_interrupts_can_be_ended_at_once(limited: Any) -> None:
    async with limited as kernel:
        kernel.client.execute(f"print('on', flush=True)\n{ENDED['a loop that ignores interrupts'][1]}")
        while (await kernel.client.get_iopub_msg(timeout=30))["msg_type"] != "stream":
            pass
        await kernel.manager.interrupt_kernel()
        pid = kernel.manager.provisioner.pid
        with anyio.fail_after(20):
            await kernel.manager.shutdown_kernel(now=True)
        assert not os.path.exists(f"/proc/{pid}")
