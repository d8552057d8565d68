"""Proof that the containment holds: the escape probes, run in a real confined kernel on this machine."""

from __future__ import annotations

import json
import tempfile
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager

from . import bait
from .confinement import Confinement
from .policy import APP
from .probes import PROBES, Probe, preamble
from .sandbox import Sandbox

_PATIENCE = 30.0


@dataclass(frozen=True)
class Attempt:
    """How one probe went: its name, whether it was stopped, and what stopped it or what it reached."""

    probe: str
    blocked: bool
    detail: str


async def prove(sandbox: Sandbox | None = None) -> tuple[Attempt, ...]:
    """Run every probe in a kernel with no permissions at all.

    Raises MachineFault where no kernel can be confined.
    """
    if sandbox is None:
        async with Sandbox() as own:
            return await prove(own)
    with tempfile.TemporaryDirectory() as source, bait.laid_out(Path(APP)) as places:
        source_folder = Path(source)
        source_folder.chmod(0o755)
        async with sandbox.kernels(Confinement("proof", source=source_folder))() as manager:
            return tuple([attempt async for attempt in attempts(manager, places)])


async def attempts(
    manager: AsyncKernelManager, places: dict[str, Any], probes: Iterable[Probe] = PROBES
) -> AsyncIterator[Attempt]:
    """Run probes in a kernel that was started; ``places`` come from :func:`microapps.sandbox.bait.laid_out`."""
    from .inside.system import MACHINE  # which no other system than Linux can load

    client = manager.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=_PATIENCE)
        await _run(client, f"{preamble(MACHINE)}\nimport json\nbait = json.loads({json.dumps(json.dumps(places))})\n")
        await _run(client, "os.chdir(os.environ.get('MICROAPPS_DATA', bait['mount']))")
        for probe in probes:
            yield await _attempt(client, probe, Path(places["mark"]))
    finally:
        client.stop_channels()


async def _attempt(client: Any, probe: Probe, mark: Path) -> Attempt:
    said, raised = await _run(client, f"found = None\n{probe.code}\nprint(repr(found) if found else '')")
    reached = said if not raised else ""
    if mark.exists():  # seen from the host, whatever the kernel says
        mark.unlink()
        reached = reached or "it wrote where it must not"
    return Attempt(probe.name, not reached, reached[:200] or raised or "found nothing")


async def _run(client: Any, code: str) -> tuple[str, str]:
    """What a cell printed, and the error it raised."""
    said: list[str] = []
    raised: list[str] = []

    def hear(message: dict[str, Any]) -> None:
        content = message["content"]
        if message["msg_type"] == "stream" and content["name"] == "stdout":
            said.append(content["text"])
        elif message["msg_type"] == "error":
            raised.append(f"{content['ename']}: {content['evalue']}")

    await client.execute_interactive(code, output_hook=hear, timeout=_PATIENCE, allow_stdin=False)
    return "".join(said).strip(), "".join(raised)
