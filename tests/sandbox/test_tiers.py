"""What happens on machines that can contain an app less well, or not at all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import psutil
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from microapps.errors import MachineFault
from microapps.notebook.permissions import Permissions
from microapps.sandbox import (
    Confinement,
    ReducedContainment,
    Sandbox,
    Tier,
    bubblewrap,
    confine,
    prove,
    tier,
    tiers,
    why,
)
from microapps.sandbox.policy import Shape

from .kernels import talk, talking

FLAT = Shape(namespaces=True, nested=False)
REDUCED = Shape(namespaces=False, nested=False)
SLEEP = f"613.{os.getpid()}"
"""Seconds that no other process on this machine sleeps, not even one of the same tests that run beside these."""


@pytest.fixture
def forgotten() -> Iterator[None]:
    """Forget what this machine can do, before and after."""
    tiers.found.cache_clear()
    yield
    tiers.found.cache_clear()


def _force(monkeypatch: pytest.MonkeyPatch, shape: Shape | None, name: Tier) -> None:
    monkeypatch.setattr(tiers, "found", lambda: tiers.Found(name, shape, "forced by a test"))


def _closed() -> str:
    """The folder above this Python that is closed to all but root, who runs the tests; empty if there is none.

    Without namespaces nothing brings such a Python within reach of the user that kernels of root's are run as.
    """
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return ""
    return next((str(folder) for folder in Path(sys.base_prefix).parents[::-1] if not folder.stat().st_mode & 1), "")


@pytest.fixture(
    params=[FLAT] if _closed() else [FLAT, REDUCED], ids=lambda shape: "flat" if shape.namespaces else "reduced"
)
def lesser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Shape:
    """A shape that is not the best."""
    shape: Shape = request.param
    assert tiers._try(shape) == ""
    _force(monkeypatch, shape, Tier.FULL if shape.namespaces else Tier.REDUCED)
    return shape


@pytest.mark.sandbox
def test_this_machine_gives_all() -> None:
    assert (tier(), why()) == (Tier.FULL, "")


@pytest.mark.sandbox
@pytest.mark.anyio
@pytest.mark.filterwarnings("ignore::microapps.sandbox.ReducedContainment")
async def test_probes_are_stopped_in_lesser_shapes_but_for_what_is_said(lesser: Shape) -> None:
    assert {row.probe for row in await prove() if not row.blocked} == set()


@pytest.mark.sandbox
@pytest.mark.anyio
@pytest.mark.filterwarnings("ignore::microapps.sandbox.ReducedContainment")
async def test_an_app_keeps_its_data_in_lesser_shapes_and_hears_whether_it_can_ask(
    lesser: Shape, short_folder: Path
) -> None:
    short_folder.chmod(0o755)  # without namespaces a kernel of root's reaches what everybody reaches
    asking = Confinement("lesser", granted=Permissions(model_budget=1.0), data=short_folder / "data")
    async with Sandbox() as sandbox, talking(sandbox.kernels(asking)) as kernel:
        assert await kernel.run("from microapps.runtime import ask, store; store['n'] = 3; print(store['n'])") == "3"
        said = await kernel.run("ask('Hello?')")
    assert ("cannot be reached from here" if lesser.namespaces else "on this computer") in said
    assert list((short_folder / "data").iterdir())


@pytest.mark.sandbox
@pytest.mark.anyio
@pytest.mark.filterwarnings("ignore::microapps.sandbox.ReducedContainment")
@pytest.mark.parametrize("first_to_die", ["kernel", "warm parent"])
async def test_nothing_outlives_a_kernel_in_lesser_shapes(lesser: Shape, first_to_die: str) -> None:
    code = "import subprocess\nfor _ in range(3): "
    code += f"subprocess.Popen(['setsid', 'sleep', '{SLEEP}'], start_new_session=True)"
    async with Sandbox() as sandbox, talking(sandbox.kernels(Confinement("lesser"))) as kernel:
        await kernel.run(code)
        kernel.client.stop_channels()  # which may be slower to hear the new kernel than to ask it
        await kernel.manager.restart_kernel()
        async with talk(kernel.manager) as reborn:
            await reborn.run(code)
            assert await reborn.run("import tempfile; tempfile.TemporaryFile().write(b'x'); print(1)") == "1"
        with anyio.fail_after(30):
            while not _running(SLEEP):
                await anyio.sleep(0.02)
        if first_to_die == "warm parent":
            psutil.Process(kernel.manager.provisioner.pid).parent().parent().kill()
        await kernel.manager.shutdown_kernel(now=True)
        with anyio.fail_after(30):
            while _running(SLEEP):
                await anyio.sleep(0.02)
    assert not _running(SLEEP)


@pytest.mark.sandbox
@pytest.mark.anyio
@pytest.mark.filterwarnings("ignore::microapps.sandbox.ReducedContainment")
async def test_limits_hold_in_lesser_shapes(lesser: Shape) -> None:
    confinement = Confinement("lesser", granted=Permissions(seconds=1))
    async with Sandbox() as sandbox, talking(sandbox.kernels(confinement)) as kernel:
        kernel.client.execute("while True: pass")
        await kernel.manager.provisioner.wait()
        assert kernel.manager.provisioner.ended == "time"


def _running(argument: str) -> bool:
    return any(argument in (p.info["cmdline"] or ()) for p in psutil.process_iter(["cmdline"]))


def test_the_reduced_tier_is_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    _force(monkeypatch, REDUCED, Tier.REDUCED)
    with pytest.warns(ReducedContainment, match="no network host"):
        confine(NotebookClient(new_notebook()).create_kernel_manager(), Confinement("announced"))


@pytest.mark.anyio
async def test_without_containment_nothing_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _force(monkeypatch, None, Tier.NONE)
    mark = tmp_path / "ran"
    client = NotebookClient(new_notebook(cells=[new_code_cell(f"open({str(mark)!r}, 'w')")]))
    with pytest.raises(MachineFault, match="install bubblewrap"):
        confine(client.create_kernel_manager(), Confinement("refused"))
    async with Sandbox() as sandbox:
        with pytest.raises(MachineFault, match="forced by a test"):
            async with sandbox.kernels(Confinement("refused"))():
                pass
    assert not mark.exists()


def test_without_bubblewrap_the_tier_is_not_full(monkeypatch: pytest.MonkeyPatch, forgotten: None) -> None:
    monkeypatch.setattr(bubblewrap, "program", lambda: None)
    assert tier() is not Tier.FULL
    assert "bubblewrap is not installed" in why()


def test_with_a_broken_bubblewrap_the_tier_is_not_full(
    monkeypatch: pytest.MonkeyPatch, forgotten: None, tmp_path: Path
) -> None:
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho 'no namespaces for you' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(bubblewrap, "program", lambda: str(broken))
    assert tier() is not Tier.FULL
    assert "no namespaces for you" in why()


@pytest.mark.sandbox
@pytest.mark.anyio
async def test_a_bubblewrap_that_breaks_later_is_a_fault_of_the_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tier()
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho 'out of namespaces' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(bubblewrap, "program", lambda: str(broken))
    async with Sandbox() as sandbox:
        with pytest.raises(MachineFault, match="out of namespaces"):
            await sandbox.warm(Confinement("broken"))


WITHIN_REACH = """
set -e
closed="$1"; folder="$2"; shift 2
if [ -n "$closed" ]; then
    mount --bind "$folder" /mnt
    mount -t tmpfs -o mode=755 none "$closed"
    mkdir -p "$folder"
    mount --move /mnt "$folder"
fi
exec "$@"
"""
"""A command to which the folder of this Python is open, as it is where an administrator installed it."""
AS_SOMEONE = ["setpriv", "--reuid", "4242", "--regid", "4242", "--clear-groups", "--bounding-set=-all"]
PROVE = """
import asyncio, json, os
import warnings
from pathlib import Path
from microapps.notebook import Permissions
from microapps.sandbox import Confinement, Sandbox, Tier, prove, tier, tiers, why
from microapps.sandbox.policy import Shape
from microapps.sandbox.proof import _run

warnings.simplefilter("ignore")
opened = lambda rows: [row.probe for row in rows if not row.blocked]
rows = asyncio.run(prove())
said = [os.getuid(), tier(), why(), len(rows), opened(rows)]
tiers.found = lambda: tiers.Found(Tier.REDUCED, Shape(namespaces=False, nested=False), "forced by a test")
said.append(opened(asyncio.run(prove())))

async def tell():
    app = Confinement("kept", data=Path.home() / "data", granted=Permissions(model_budget=1.0))
    async with Sandbox() as sandbox, sandbox.kernels(app)() as manager:
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=30)
        kept = await _run(client, "from microapps.runtime import ask, store; store['n'] = 3; print(store['n'])")
        return [*kept, (await _run(client, "ask('Hello?')"))[1]]

print(json.dumps([*said, asyncio.run(tell())]))
"""


def within_reach(*command: str) -> subprocess.CompletedProcess[str]:
    script = ["unshare", "-m", "--propagation", "private", "sh", "-c", WITHIN_REACH, "sh", _closed(), sys.base_prefix]
    own = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    return subprocess.run([*script, *command], capture_output=True, text=True, timeout=240, env=own)


@pytest.mark.long
@pytest.mark.sandbox
@pytest.mark.skipif(os.getuid() != 0, reason="the other tests of this folder run as an ordinary user already")
@pytest.mark.skipif(not (shutil.which("unshare") and shutil.which("setpriv")), reason="util-linux is not installed")
def test_it_holds_for_an_ordinary_user_too(short_folder: Path) -> None:
    short_folder.chmod(0o755)
    home = short_folder / "home"
    home.mkdir()
    os.chown(home, 4242, 4242)
    someone = [*AS_SOMEONE, "--inh-caps=-all", "env", "-i", f"HOME={home}", "PATH=/usr/bin:/bin"]
    said = within_reach(*someone, sys.executable, "-c", PROVE)
    assert said.returncode == 0, said.stderr
    answer: Any = json.loads(said.stdout)
    assert answer[:3] == [4242, "full", ""]
    assert answer[3] >= 40
    assert answer[4] == []
    assert answer[5] == []
    assert answer[6][:2] == ["3", ""]
    assert "cannot ask the language model on this computer" in answer[6][2]


if _closed():  # elsewhere the tests of lesser shapes try the reduced one themselves

    @pytest.mark.long
    @pytest.mark.sandbox
    def test_the_reduced_shape_holds_where_everybody_may_read_python() -> None:
        """The same tests with the same name, in a pytest to which this Python's folder is open."""
        options = ["-n0", "-q", "-p", "no:cacheprovider", "-k", "lesser_shapes and reduced", __file__]
        said = within_reach(sys.executable, "-m", "pytest", *options)
        assert said.stdout.splitlines()[-1].startswith("5 passed"), said.stdout + said.stderr
