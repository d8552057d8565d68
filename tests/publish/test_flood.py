"""What an app or a caller may do to the site's notices and log without filling anything or stopping the site."""

from __future__ import annotations

import asyncio
import json
import os
import re
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import anyio
import psutil
import pytest
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from microapps.errors import MachineFault
from microapps.publish import Notice, Site, SiteSettings
from microapps.publish.allowance import EVERY, FIRST, Allowance
from microapps.publish.log_file import LogFile
from microapps.publish.notices import Channel
from microapps.publish.orders import take_orders

from .conftest import Served, published, serve
from .test_site import connect, get, open_app, visit_url

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


async def test_a_log_that_cannot_be_written_costs_only_itself(tmp_path: Path) -> None:
    site = Site([], SiteSettings(), log_file=tmp_path / "is not there" / "site.log")
    said = asyncio.StreamReader()
    said.feed_data(b"first\nlast\n")
    said.feed_eof()
    await site._read_log(said)
    lines = list(site.log)
    assert lines[::2] == ["first", "last"] and all("could not be written" in line for line in lines[1::2])


async def test_a_site_that_is_gone_or_hangs_is_said_to_be_so() -> None:
    async with Site([], SiteSettings()) as site:
        assert site.process_id is not None
        process = psutil.Process(site.process_id)
        process.suspend()
        site.answer_seconds = 0.5
        with anyio.fail_after(30), pytest.raises(MachineFault, match="did not answer"):
            await site.visits()
        process.kill()
        await site.over()
        site.answer_seconds = 60
        with anyio.fail_after(30), pytest.raises(MachineFault, match="ended"):
            await site.visits()
        with anyio.fail_after(30), pytest.raises(MachineFault, match="ended"):
            await site.counts()


@pytest.mark.long
async def test_stopping_a_site_that_hangs_leaves_none_of_its_processes() -> None:
    site = Site([], SiteSettings(processes=2))
    await site.start()
    assert site.process_id is not None
    front = psutil.Process(site.process_id)
    there = [front, *front.children(recursive=True)]
    assert len(there) >= 3
    for each in there:
        each.suspend()
    site.stop_seconds = 0.5
    await site.stop()
    psutil.wait_procs(there, timeout=30)
    assert not [each for each in there if each.is_running()]


async def test_orders_do_not_wait_for_each_other_and_a_fault_in_one_ends_nothing() -> None:
    read, write = os.pipe()
    slow, told = asyncio.Event(), []

    class Told:
        def say(self, event: str, **values: object) -> None:
            told.append((event, values))

    async def obey(order: dict[str, Any]) -> str:
        if order["order"] == "slow":
            await slow.wait()
        if order["order"] == "broken":
            raise RuntimeError("no such thing")
        return str(order["order"])

    with os.fdopen(read) as stdin, pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", stdin)
        taking = asyncio.ensure_future(take_orders(cast(Channel, Told()), obey))
        for number, order in enumerate(("slow", "broken", "quick")):
            os.write(write, json.dumps({"order": order, "number": number}).encode() + b"\n")
        with anyio.fail_after(30):
            while len(told) < 2:
                await asyncio.sleep(0.01)
            slow.set()
            while len(told) < 3:
                await asyncio.sleep(0.01)
        os.close(write)
        await taking
    assert [values for _, values in told] == [
        {"number": 1, "error": "no such thing"},
        {"number": 2, "value": "quick"},
        {"number": 0, "value": "slow"},
    ]


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


@pytest.mark.long
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


async def test_requests_that_are_never_sent_to_their_end_hold_no_connection() -> None:
    begun = b"GET / HTTP/1.1\r\n"
    half = b"POST / HTTP/1.1\r\nHost: %s\r\nContent-Length: 9\r\n\r\nname="
    async for served in serve([], send_within=1.0):
        host = urlsplit(served.site.url).netloc
        for sent in (b"", begun, half % host.encode()):
            async with await anyio.connect_tcp(*host.split(":")) as connection:
                await connection.send(sent)
                with anyio.fail_after(60), pytest.raises(anyio.EndOfStream):
                    await connection.receive()


async def test_who_asks_for_much_and_reads_no_answer_leaves_no_trace_of_each_in_the_log(tmp_path: Path) -> None:
    app = published(tmp_path, "name", "import ipywidgets as w\nw.Text(description='Name')")
    async for served in serve([app], thin=True):
        url = await visit_url(served, "name")
        page = (await get(url)).body.decode()
        (model,) = re.findall(r'"([0-9a-f]{32})":\{"model_name":"TextModel"', page)
        socket = await websocket_connect(HTTPRequest(f"{url.replace('http', 'ws', 1)}live", headers={"Origin": "null"}))
        await socket.write_message(json.dumps({"type": "hello", "protocol": 1}))
        for number in range(4000):
            data = {"method": "update", "state": {"value": f"{number} " + "x" * 5000}, "buffer_paths": []}
            said = {"type": "comm", "id": f"p{number}", "comm": model, "kind": "msg", "data": data, "metadata": {}}
            await socket.write_message(json.dumps(said))
        socket.protocol.stream.close()
        for _ in range(10):  # while it is noticed that nobody is there
            await anyio.sleep(0.2)
            assert (await get(f"{served.site.url}healthz")).code == 200
        assert not [line for line in served.site.log if "never retrieved" in line]


async def test_a_message_that_is_for_no_widget_is_dropped_and_is_no_fault_of_the_app(tmp_path: Path) -> None:
    app = published(tmp_path, "name", "import ipywidgets as w\nw.Text(description='Name')")
    async for served in serve([app], thin=True):
        url = await visit_url(served, "name")
        (model,) = re.findall(r'"([0-9a-f]{32})":\{"model_name":"TextModel"', (await get(url)).body.decode())
        socket = await websocket_connect(HTTPRequest(f"{url.replace('http', 'ws', 1)}live", headers={"Origin": "null"}))
        await socket.write_message(json.dumps({"type": "hello", "protocol": 1}))
        data = {"method": "update", "state": {"value": "Kim"}, "buffer_paths": []}
        whole = {"type": "comm", "id": "last", "comm": model, "kind": "msg", "data": data, "metadata": {}}
        for wrong in ({"comm": None}, {"comm": [model]}, {"kind": "other"}, {"kind": None}, {"type": ["comm"]}, {}):
            await socket.write_message(json.dumps({**whole, **wrong}))
        while "last" not in (said := str(await socket.read_message())):
            assert said != "None", "the connection was closed"
        async with asyncio.timeout(10):  # its log comes by another way than its answers
            while (dropped := sum("it was dropped" in line for line in served.site.log)) < 5:
                await asyncio.sleep(0.05)
        assert dropped == 5
        assert not [notice for notice in served.notices if notice.app == "name"]
        socket.close()
