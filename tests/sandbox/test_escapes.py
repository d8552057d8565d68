"""The escape matrix: every probe is stopped on every way to a confined kernel, and succeeds on a plain one."""

from __future__ import annotations

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
from microapps.sandbox.policy import APP
from microapps.sandbox.probes import PROBES
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
