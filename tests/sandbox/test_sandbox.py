"""Confined kernels as an unmodified jupyter_client sees them."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import psutil
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from microapps.notebook.permissions import Permissions
from microapps.sandbox import Confinement, Sandbox, confine
from microapps.testing.kernels import KernelSource

from .kernels import talk, talking

pytestmark = [pytest.mark.sandbox, pytest.mark.anyio]

SLEEP = f"612.{os.getpid()}"
"""Seconds that no other process on this machine sleeps."""


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as made:
        yield made


@pytest.fixture(scope="module")
async def kernels(anyio_backend: str) -> AsyncIterator[KernelSource]:
    """Kernels of one warm parent, where it does not matter whose they are."""
    async with Sandbox() as sandbox:
        yield sandbox.kernels(Confinement("any"))


async def test_a_kernel_answers(kernels: KernelSource) -> None:
    async with talking(kernels) as kernel:
        assert await kernel.run("print(6 * 7)") == "42"


async def test_a_second_kernel_is_forked_from_the_same_parent(sandbox: Sandbox) -> None:
    confinement = Confinement("forked")
    first = await sandbox.parent(confinement)
    async with talking(sandbox.kernels(confinement)) as one, talking(sandbox.kernels(confinement)) as two:
        assert await one.run("x = 1; print(x)") == "1"
        assert "NameError" in await two.run("print(x)")
    assert await sandbox.parent(confinement) is first


async def test_two_apps_have_two_parents(sandbox: Sandbox) -> None:
    assert await sandbox.parent(Confinement("one")) is not await sandbox.parent(Confinement("two"))


async def test_forks_draw_different_random_numbers(sandbox: Sandbox) -> None:
    source = sandbox.kernels(Confinement("random", preload=("numpy.random",)))
    code = "import random, numpy; print(random.random(), numpy.random.random())"
    async with talking(source) as one, talking(source) as two:
        first, second = (await one.run(code)).split(), (await two.run(code)).split()
    assert first[0] != second[0]
    assert first[1] != second[1]


async def test_an_interrupt_stops_a_loop(kernels: KernelSource) -> None:
    async with talking(kernels) as kernel:
        begun = asyncio.Event()
        running = asyncio.create_task(kernel.run("print('on', flush=True)\nwhile True: pass", begun=begun))
        with anyio.fail_after(30):
            await begun.wait()
        await kernel.manager.interrupt_kernel()
        assert "KeyboardInterrupt" in await running
        assert await kernel.run("print('still here')") == "still here"


async def test_a_restart_forgets_everything(kernels: KernelSource) -> None:
    async with talking(kernels) as kernel:
        await kernel.run("x = 1")
        kernel.client.stop_channels()  # which may be slower to hear the new kernel than to ask it
        await kernel.manager.restart_kernel()
        async with talk(kernel.manager) as reborn:
            assert "NameError" in await reborn.run("x")


async def test_a_polite_shutdown_ends_the_kernel(kernels: KernelSource) -> None:
    async with talking(kernels) as kernel:
        process = psutil.Process(kernel.manager.provisioner.pid)
        await kernel.manager.shutdown_kernel()
        assert not process.is_running()
        assert not await kernel.manager.is_alive()


async def test_death_is_noticed(kernels: KernelSource) -> None:
    async with talking(kernels) as kernel:
        assert await kernel.manager.is_alive()
        provisioner = kernel.manager.provisioner
        await provisioner.send_signal(signal.SIGKILL)
        with anyio.fail_after(30):
            assert await provisioner.wait() != 0
        assert not await kernel.manager.is_alive()


async def test_a_killed_kernel_is_gone_when_it_has_been_killed_whoever_else_waits_for_it(kernels: KernelSource) -> None:
    async with talking(kernels) as kernel:
        provisioner = kernel.manager.provisioner
        others = [asyncio.create_task(provisioner.process.wait()) for _ in range(2)]
        await asyncio.sleep(0)  # both wait from here on
        await provisioner.kill()
        assert await provisioner.poll() == -signal.SIGKILL
        assert await asyncio.gather(*others) == [-signal.SIGKILL] * 2


async def test_daemons_end_with_their_kernel(kernels: KernelSource) -> None:
    async with talking(kernels) as kernel:
        await kernel.run(f"import subprocess; subprocess.Popen(['setsid', 'sleep', '{SLEEP}'], start_new_session=True)")
        with anyio.fail_after(30):
            while not _running(SLEEP):  # for a moment it is nowhere: one has forked the other, and is gone
                await anyio.sleep(0.01)
    assert not _running(SLEEP)


async def test_nothing_is_left(sandbox: Sandbox) -> None:
    parent = await sandbox.parent(Confinement("left"))
    async with talking(sandbox.kernels(Confinement("left"))) as kernel:
        pid = kernel.manager.provisioner.pid
        connection_file = Path(kernel.manager.connection_file)
    await sandbox.close()
    assert not psutil.pid_exists(pid)
    assert not parent.run.exists()
    assert not connection_file.exists()


async def test_nbclient_runs_confined_whatever_the_notebook_names(tmp_path: Path) -> None:
    code = "import os; print(os.environ.get('MICROAPPS_CONFINED'))"
    for name in ("python3", "no-such-kernel"):
        notebook = new_notebook(cells=[new_code_cell(code)])
        notebook.metadata.kernelspec = {"name": name, "display_name": name, "language": "python"}
        client = NotebookClient(notebook, timeout=60)
        confine(client.create_kernel_manager(), Confinement("nbclient"))
        await client.async_execute()
        assert notebook.cells[0].outputs[0].text.strip() == "1"


async def test_a_reply_that_arrives_while_something_is_sent_is_read(kernels: KernelSource) -> None:
    async with kernels() as manager:
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=30)
        asked = client.kernel_info()
        waiting = asyncio.create_task(client.get_shell_msg())
        await asyncio.sleep(0)  # the reader waits from here on
        time.sleep(0.5)  # this thread stands still while the reply arrives
        client.shell_channel.send(client.session.msg("comm_close", {"comm_id": "of nothing", "data": {}}))
        with anyio.fail_after(30):
            assert (await waiting)["parent_header"]["msg_id"] == asked
        client.stop_channels()


async def test_the_source_is_the_working_directory_and_read_only(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "table.csv").write_text("a,b")
    confinement = Confinement("source", source=tmp_path / "source", data=tmp_path / "data")
    async with talking(sandbox.kernels(confinement)) as kernel:
        assert await kernel.run("print(open('table.csv').read())") == "a,b"
        assert "Error" in await kernel.run("open('new.csv', 'w')")
        await kernel.run("import os; open(os.environ['MICROAPPS_DATA'] + '/kept', 'w').write('x')")
    assert (tmp_path / "data" / "kept").read_text() == "x"
    assert not (tmp_path / "source" / "new.csv").exists()


async def test_work_longer_than_granted_is_ended(sandbox: Sandbox) -> None:
    confinement = Confinement("long", granted=Permissions(seconds=1))
    async with talking(sandbox.kernels(confinement)) as kernel:
        code = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
        kernel.client.execute(code)
        with anyio.fail_after(20):
            await kernel.manager.provisioner.wait()
        assert kernel.manager.provisioner.ended == "time"


def _running(argument: str) -> bool:
    return any(argument in (p.info["cmdline"] or ()) for p in psutil.process_iter(["cmdline"]))


def test_a_blocking_manager_works_too() -> None:
    manager = KernelManager()
    confine(manager, Confinement("blocking"))
    manager.start_kernel()
    try:
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=30)
        client.stop_channels()
        manager.restart_kernel()
        client = manager.client()  # the other may have words of the former kernel for this one's
        client.start_channels()
        client.wait_for_ready(timeout=30)
        heard: list[str] = []
        client.execute_interactive("print(3)", output_hook=lambda m: heard.append(m["content"].get("text", "")))
        assert "".join(heard).strip() == "3"
        client.stop_channels()
    finally:
        manager.shutdown_kernel()
    assert not manager.is_alive()


async def test_preloaded_modules_are_there_and_missing_ones_are_named(sandbox: Sandbox) -> None:
    confinement = Confinement("preload", preload=("decimal", "no_such_module_here"))
    async with talking(sandbox.kernels(confinement)) as kernel:
        assert await kernel.run("import sys; print('decimal' in sys.modules, 'debugpy' in sys.modules)") == "True False"
    assert list((await sandbox.parent(confinement)).skipped) == ["no_such_module_here"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "starts_a_thread",
            "import threading; gate = threading.Event(); threading.Thread(target=gate.wait, daemon=True).start()",
        ),
        ("makes_a_widget", "import ipywidgets; manager = ipywidgets.IntSlider()"),
    ],
)
def test_a_module_that_cannot_be_shared_is_found_out(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / f"{name}.py").write_text(content)
    code = f"import sys; sys.path.append({str(tmp_path)!r})\nfrom microapps.sandbox.inside import warm\n"
    code += f"print(warm.import_all(['decimal', {name!r}, 'fractions']))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    why = f"it {name.replace('_', ' ')} when imported"
    assert said.stdout.strip() == str({"without": name, "why": why})


async def test_idle_parents_are_ended_the_longest_unused_first() -> None:
    async with Sandbox(idle=1) as sandbox:
        first = await sandbox.parent(Confinement("one"))
        second = await sandbox.parent(Confinement("two"))
        await sandbox.parent(Confinement("three"))
        assert not first.alive
        assert second.alive
