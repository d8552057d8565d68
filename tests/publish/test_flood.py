"""What an app or a caller may do to the site's notices and log without filling anything or stopping the site."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import anyio
import pytest

from microapps.publish import Notice, Site, SiteSettings
from microapps.publish.allowance import EVERY, FIRST, Allowance
from microapps.publish.log_file import LogFile

from .conftest import Served, published
from .test_site import connect, open_app

pytestmark = pytest.mark.anyio

FLOOD = """
import threading, time
from IPython import get_ipython
kernel = get_ipython().kernel
def flood():
    for number in range(30_000):
        time.sleep(0.002)
        content = {"ename": "E", "evalue": str(number), "traceback": ["x" * 19_000] if number % 2 else 7}
        kernel.session.send(kernel.iopub_socket, "error", content, ident=b"error")
threading.Thread(target=flood, daemon=True).start()
"""


async def test_the_first_errors_pass_and_then_one_a_minute_with_a_count() -> None:
    now = 0.0
    allowance = Allowance("x", clock=lambda: now)
    assert [allowance.take() for _ in range(FIRST)] == [0] * FIRST
    assert [allowance.take() for _ in range(7)] == [None] * 7
    now = EVERY + 1
    assert (allowance.take(), allowance.take()) == (7, None)


async def test_a_log_is_bounded_and_one_former_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "site.log"
    path.write_bytes(b"before\n")
    with LogFile(path, largest=100) as log:
        for number in range(50):
            log.write(b"line %02d\n" % number)
        log.write(b"z" * 1000)
        log.write(b"last\n")
    assert sorted(found.name for found in tmp_path.iterdir()) == ["site.log", "site.log.1"]
    assert path.read_bytes() == b"last\n"
    assert (tmp_path / "site.log.1").stat().st_size == 100


async def test_a_line_that_cannot_be_taken_in_does_not_end_the_reader() -> None:
    seen: list[str] = []

    def note(notice: Notice) -> None:
        seen.append(notice.what)
        raise RuntimeError("the caller's mistake")

    stream = asyncio.StreamReader(limit=200)
    ready: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    reading = asyncio.create_task(Site([], on_notice=note)._read_events(stream, ready))
    notice = {"event": "notice", "kind": "busy", "app": "x"}
    for line in ("{", "[]", "y" * 500, '{"event": "notice", "odd": 1}', json.dumps({**notice, "what": "first"})):
        stream.feed_data(line.encode() + b"\n")
        await asyncio.sleep(0)
    stream.feed_data(json.dumps({**notice, "what": "second"}).encode() + b"\n")
    stream.feed_data(b'{"event": "ready", "port": 7}\n')
    assert await ready == 7
    stream.feed_eof()
    await reading
    assert seen == ["first", "second"]


@pytest.mark.sandbox
async def test_a_kernel_that_floods_errors_is_heard_a_few_times(tmp_path: Path) -> None:
    log = tmp_path / "site.log"
    site = Site([published(tmp_path, "flood", FLOOD)], SiteSettings(linger=0.2, thin=False), log_file=log)
    served = Served(site)
    site._on_notice = served.note
    async with site:
        socket = await connect(*await open_app(served, "flood"))
        with anyio.fail_after(20):
            seen = 0
            while seen < 5 * FIRST:
                seen += '"msg_type": "error"' in str(await socket.read_message())
        socket.close()
        with anyio.fail_after(20):
            while not any("left out" in notice.what for notice in served.notices):
                served.came.clear()
                await served.came.wait()
    assert len(served.notices) <= FIRST + 2
    assert log.stat().st_size < 30 * 20_000
