"""Every app's attempts to reach a host are noted, of apps without any host too; floods are bounded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import anyio
import pytest

from microapps.notebook.permissions import Host, Permissions
from microapps.sandbox import Confinement, Sandbox
from microapps.sandbox.proxy import _LOG_SIZE, _LOGGED, AccessLog

from .kernels import talking

pytestmark = pytest.mark.anyio

TRY = """
import urllib.request
for url in ('http://name.example/', 'http://name.example/', 'https://other.example:8443/', 'http://127.0.0.1:8888/api'):
    try:
        urllib.request.urlopen(url, timeout=5)
    except OSError as error:
        print(type(error).__name__)
"""


async def _noted(log: Path, least: int) -> list[dict[str, Any]]:
    with anyio.fail_after(30):
        while not log.exists() or len(lines := log.read_text().splitlines()) < least:
            await anyio.sleep(0.02)
    return [json.loads(line) for line in lines]


@pytest.mark.sandbox
@pytest.mark.parametrize("hosts", [(), (Host(name="granted.example"),)], ids=["no host", "a host"])
async def test_attempts_are_noted_with_the_apps_name(hosts: tuple[Host, ...], tmp_path: Path) -> None:
    log = tmp_path / "attempts.jsonl"
    confinement = Confinement("noted", granted=Permissions(hosts=hosts), log=log)
    async with Sandbox() as sandbox, talking(sandbox.kernels(confinement)) as kernel:
        said = await kernel.run(
            "import os, socket\nfor name in list(os.environ): name.lower().endswith('_proxy') and os.environ.pop(name)"
            + TRY
        )
        assert said.split() == ["URLError"] * 4
        noted = await _noted(log, 4)
    counts: dict[tuple[str, int], int] = {}
    for one in noted:
        assert (one["app"], one["allowed"]) == ("noted", False)
        counts[one["host"], one["port"]] = counts.get((one["host"], one["port"]), 0) + one["times"]
    assert counts[("name.example", 80)] == 2
    assert counts[("other.example", 8443)] == 1
    assert ("127.0.0.1", 8888) in counts


@pytest.mark.sandbox
async def test_a_flood_of_attempts_is_a_few_lines_and_keeps_the_keeper_free(tmp_path: Path) -> None:
    log = tmp_path / "attempts.jsonl"
    same = "import socket, time\nfor _ in range(20000):\n    try: socket.getaddrinfo('same.example', 443)\n"
    forged = "s = socket.socket(fileno=next(fd for fd in range(3, 900) if _datagrams(fd)))\n"
    forged += 'import os\nfor n in range(5000):\n    try: s.send(b\'{"host": "h%d", "port": 1, "times": 1e99}\' % n)\n'
    find = "def _datagrams(fd):\n    try: s = socket.socket(fileno=os.dup(fd))\n    except OSError: return False\n"
    find += "    with s: return s.type == socket.SOCK_DGRAM\n"
    async with Sandbox() as sandbox, talking(sandbox.kernels(Confinement("floods", log=log))) as kernel:
        await kernel.run(same + "    except OSError: pass")
        assert sum(one["times"] for one in await _noted(log, 15)) == 1 << 14
        await kernel.run(f"import os\n{find}{forged}    except OSError: time.sleep(0.001)")
        with anyio.fail_after(20):
            assert await kernel.run("print('alive')") == "alive"
    assert len(log.read_text().splitlines()) <= _LOGGED


def test_the_log_stops_where_nobody_takes_it_in(tmp_path: Path) -> None:
    log = tmp_path / "attempts.jsonl"
    log.write_bytes(b"\n" * _LOG_SIZE)
    AccessLog(str(log), "app").attempt("GET", "a.example", 443, "no")
    assert log.stat().st_size == _LOG_SIZE
