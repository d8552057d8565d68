"""The escape matrix: every probe is stopped on every way to a confined kernel, and succeeds on a plain one."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from nbclient import NotebookClient
from nbformat.v4 import new_notebook

from microapps.sandbox import Confinement, Sandbox, bait, confine
from microapps.sandbox.apps import AppProcess
from microapps.sandbox.inside import frames
from microapps.sandbox.inside.system import MACHINE
from microapps.sandbox.policy import APP
from microapps.sandbox.probes import PROBES, preamble
from microapps.sandbox.proof import attempts, prove
from microapps.testing.kernels import plain_kernels

pytestmark = [pytest.mark.sandbox, pytest.mark.anyio]


async def _opened(manager: AsyncKernelManager, places: dict[str, Any]) -> set[str]:
    return {f"{a.probe}: {a.detail}" async for a in attempts(manager, places) if not a.blocked}


@asynccontextmanager
async def warm_fork(confinement: Confinement, _: Path) -> AsyncIterator[AsyncKernelManager]:
    async with Sandbox() as sandbox, sandbox.kernels(confinement)() as manager:
        yield manager


@asynccontextmanager
async def warm_fork_with_a_sibling(confinement: Confinement, _: Path) -> AsyncIterator[AsyncKernelManager]:
    async with Sandbox() as sandbox, sandbox.kernels(confinement)(), sandbox.kernels(confinement)() as manager:
        yield manager


@asynccontextmanager
async def restart(confinement: Confinement, _: Path) -> AsyncIterator[AsyncKernelManager]:
    async with Sandbox() as sandbox, sandbox.kernels(confinement)() as manager:
        await manager.restart_kernel(now=True)
        yield manager


@asynccontextmanager
async def nbclient_with_metadata_naming_python3(confinement: Confinement, _: Path) -> AsyncIterator[AsyncKernelManager]:
    notebook = new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}})
    client = NotebookClient(notebook)
    confine(client.create_kernel_manager(), confinement)
    await client.async_start_new_kernel()
    try:
        yield client.km
    finally:
        await client.km.shutdown_kernel(now=True)


@asynccontextmanager
async def mapping_manager(confinement: Confinement, _: Path) -> AsyncIterator[AsyncKernelManager]:
    """As Voila and jupyter_server start kernels."""

    class Confined(AsyncMappingKernelManager):  # type: ignore[misc]
        def pre_start_kernel(self, kernel_name: str, kwargs: Any) -> Any:
            manager, name, identity = super().pre_start_kernel(kernel_name, kwargs)
            confine(manager, confinement)
            return manager, name, identity

    managers = Confined()
    identity = await managers.start_kernel(kernel_name="python3")
    try:
        yield managers.get_kernel(identity)
    finally:
        await managers.shutdown_all(now=True)


@asynccontextmanager
async def kernel_specification(confinement: Confinement, folder: Path) -> AsyncIterator[AsyncKernelManager]:
    """A specification that names the provisioner, and nobody to call ``confine``."""
    made = folder / "kernels" / "confined"
    made.mkdir(parents=True)
    (made / "kernel.json").write_text(
        '{"argv": ["python"], "display_name": "Confined", "language": "python",'
        ' "metadata": {"kernel_provisioner": {"provisioner_name": "microapps-sandbox"}}}'
    )
    specs = KernelSpecManager(kernel_dirs=[str(folder / "kernels")])
    manager = AsyncKernelManager(kernel_name="confined", kernel_spec_manager=specs)
    await manager.start_kernel()
    try:
        yield manager
    finally:
        await manager.shutdown_kernel(now=True)


WAYS = (
    warm_fork,
    warm_fork_with_a_sibling,
    restart,
    nbclient_with_metadata_naming_python3,
    mapping_manager,
    kernel_specification,
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_every_probe_is_stopped(way: Any, tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    confinement = Confinement("probed", source=tmp_path / "source", data=tmp_path / "data")
    async with AsyncExitStack() as stack:
        places = stack.enter_context(bait.laid_out(Path(APP)))
        manager = await stack.enter_async_context(way(confinement, tmp_path))
        assert await _opened(manager, places) == set()


PROBED = """
import json, ipywidgets as w

def _try(code):
    global found
    found = None
    try:
        exec(code, globals())
        return repr(found) if found else ""
    except BaseException as error:
        return ""
asked, said = w.Text(description="asked"), w.Text(description="said")
asked.observe(lambda change: setattr(said, "value", json.dumps(_try(change["new"]))), "value")
"""


async def _reached(say: Any, probes: Any, mark: Path) -> set[str]:
    reached = set()
    for probe in probes:
        if what := await say(probe.code):
            reached.add(f"{probe.name}: {what}")
        if mark.exists():
            mark.unlink()
            reached.add(f"{probe.name}: it wrote where it must not")
    return reached


async def test_every_probe_is_stopped_in_an_app_that_runs_once_and_in_a_fork_of_it(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    confinement = Confinement("probed", source=tmp_path / "source", data=tmp_path / "data")
    async with Sandbox() as sandbox:
        with bait.laid_out(Path(APP)) as places:
            before = f"{preamble(MACHINE)}\nimport json\nbait = json.loads({json.dumps(json.dumps(places))})"
            leave = "os.chdir(os.environ['MICROAPPS_DATA'])"
            tries = [f"print(json.dumps(_try({probe.code!r})))" for probe in PROBES]
            app = await AppProcess.open(sandbox, confinement, {}, forks=True)
            ran = await app.run([before, leave, PROBED, *tries], limit=1 << 20)
            said = [json.loads(outputs[0]["text"]) for outputs in ran.outputs[3:]]
            assert {f"{probe.name}: {what}" for probe, what in zip(PROBES, said, strict=True) if what} == set()
            assert not Path(places["mark"]).exists()
            asked, answer = (
                next(model for model, widget in ran.widgets.items() if widget["state"].get("description") == name)
                for name in ("asked", "said")
            )
            await app.stage(seeded=False)
            visitor, talk = await app.visit()
            other, sibling = await app.visit()

            async def say(code: str) -> str:
                change = {"method": "update", "state": {"value": code}, "buffer_paths": []}
                await talk.say({"type": "comm", "id": code, "kind": "msg", "comm": asked, "data": change})
                what = ""
                while (data := await talk.hear()) is not None:
                    message, _ = frames.unpacked(data)
                    if message["type"] == "comm" and message["comm"] == answer:
                        what = json.loads(message["data"]["state"]["value"])
                    if message["type"] == "status" and message["state"] == "idle":
                        return what
                raise AssertionError("the visitor's process ended")

            assert await _reached(say, PROBES, Path(places["mark"])) == set()
            assert await say("found = 'works'") == "'works'"
            assert await say("found = [p for p in os.listdir('/proc') if p.isdigit()]") == "['1', '2']"
            assert await say("found = call(N['setns'], -1, 0)[1]") == str(errno.EPERM)
            for process, each in ((visitor, talk), (other, sibling)):
                each.close()
                process.close()
            app.close()


async def test_the_same_probes_succeed_on_a_plain_kernel(tmp_path: Path) -> None:
    counted = [p for p in PROBES if p.control == "always" or (p.control == "root" and os.getuid() == 0)]
    with bait.laid_out(tmp_path) as places:
        async with plain_kernels()() as manager:
            stopped = {f"{a.probe}: {a.detail}" async for a in attempts(manager, places, counted) if a.blocked}
    assert stopped == set()


async def test_the_proof_for_doctor_has_a_row_for_each_probe() -> None:
    rows = await prove()
    assert len(rows) == len(PROBES) >= 40
    assert all(row.blocked for row in rows)


def test_the_probes_have_names_of_their_own() -> None:
    assert len({probe.name for probe in PROBES}) == len(PROBES)
