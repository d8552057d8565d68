"""Two serving processes behind one address: visitors stay with theirs, and one process ends without the other."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from tornado.httpclient import AsyncHTTPClient

from microapps.publish import Notice, PublishedApp, Site, SiteSettings
from microapps.publish.front import shared, together
from microapps.publish.routing import Wanted, first_line, wanted
from microapps.publish.thin import built_client
from microapps.publish.worker import merged
from microapps.sandbox import Confinement

from ..benchmarks.wire import SLIDER, Lost, WireVisitor
from ..processes import command_of
from .conftest import write_notebook
from .test_site import get

pytestmark = pytest.mark.anyio
SECRET = "w1-" + "x" * 32
KEEPER = """
import os
import ipywidgets as w
app = w.Label("kept: " + ",".join(os.listdir(os.environ["MICROAPPS_DATA"])))
"""


@pytest.mark.parametrize(
    ("line", "whose"),
    [
        (f"GET /visits/{SECRET}/live HTTP/1.1", Wanted(1)),
        (f"GET /apps/tip/~{SECRET}/?Bill=3 HTTP/1.1", Wanted(None, begins=True)),
        (f"GET /user/me/site/visits/{SECRET}/ HTTP/1.1", Wanted(1)),
        ("GET /visits/w7-" + "x" * 32 + "/ HTTP/1.1", Wanted(None)),
        ("GET /apps/tip/~" + "x" * 32 + "/ HTTP/1.1", Wanted(None, begins=True)),
        (f"GET /healthz?/visits/{SECRET}/ HTTP/1.1", Wanted(None)),
        ("nonsense", Wanted(None)),
    ],
)
def test_a_mark_in_the_path_says_whose_a_connection_is(line: str, whose: Wanted) -> None:
    assert wanted(line, 2) == whose


def test_passwords_of_one_app_are_looked_at_by_one_process() -> None:
    chosen = {wanted(f"POST /apps/tip/?{number} HTTP/1.1", 4).process for number in range(9)}
    assert len(chosen) == 1 and chosen <= {0, 1, 2, 3}


def test_an_app_is_the_same_however_its_name_is_written() -> None:
    names = {"old tip": "팁"}
    for number in range(2, 9):
        written = ("팁", "%ED%8C%81", "%ed%8c%81", "old%20tip", "old tip".replace(" ", "%20"))
        lines = [f"POST /apps/{each}/ HTTP/1.1" for each in written]
        assert len({wanted(line, number, lambda name: names.get(name, name)).process for line in lines}) == 1


@pytest.mark.parametrize("sent", ["\n{}\r\n", "\r\n{}\r\n", "\r\n\n\r\n{}\n", "{}\nHost: x\r\n"])
async def test_a_request_is_seen_as_it_is_taken_later(sent: str) -> None:
    """Tornado leaves out empty lines before a request; else whoever sends them could choose who looks at a password."""
    line = "POST /apps/tip/ HTTP/1.1"
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        theirs.sendall(sent.format(line).encode())
        assert await first_line(ours) == line


def test_every_process_has_its_part_of_the_limits() -> None:
    part = shared(SiteSettings(visits=5, visits_per_app=0, memory_mebibytes=100, processes=2), 2)
    assert (part.visits, part.visits_per_app, part.memory_mebibytes, part.processes) == (3, 0, 50, 1)


def test_answers_are_put_together() -> None:
    assert together([1, 2]) == 3
    assert together([{"a": 1}, {"a": 2, "b": 1}]) == {"a": 3, "b": 1}
    assert together([None, {"cell": 1, "variable": "x"}]) == {"cell": 1, "variable": "x"}
    assert together([None, None]) is None


def test_counts_of_processes_are_told_apart() -> None:
    text = '# HELP a Of it.\n# TYPE a gauge\na{app="x"} 1.0\n# HELP b Of that.\n# TYPE b counter\nb_total 2.0\n'
    assert merged({0: text, 2: text}).splitlines() == [
        "# HELP a Of it.",
        "# TYPE a gauge",
        'a{process="0",app="x"} 1.0',
        'a{process="2",app="x"} 1.0',
        "# HELP b Of that.",
        "# TYPE b counter",
        'b_total{process="0"} 2.0',
        'b_total{process="2"} 2.0',
    ]


@dataclass
class Running:
    site: Site
    notices: list[Notice] = field(default_factory=list)

    @property
    def serving(self) -> list[psutil.Process]:
        """The serving processes, in the order of their start, without those that have ended."""
        below = psutil.Process(self.site.process_id).children()
        return [each for each in below if command_of(each)[-1:] == ["microapps.publish"]]


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def running(anyio_backend: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    folder: Path = tmp_path_factory.mktemp("processes")
    path = write_notebook(folder / "slider.ipynb", SLIDER, "display(app)")
    app = PublishedApp("slider", "Slider", path, Confinement("slider", preload=("ipywidgets",)))
    (folder / "data").mkdir()
    (folder / "data" / "of-the-owner").touch()
    keeping = Confinement("keeper", data=folder / "data", preload=("ipywidgets",))
    keeper = PublishedApp("keeper", "Keeper", write_notebook(folder / "keeper.ipynb", KEEPER, "display(app)"), keeping)
    made = Running(Site([app, keeper], SiteSettings(processes=2)))
    made.site._on_notice = made.notices.append
    async with made.site:
        yield made


async def visits_counted(site: Site) -> list[str]:
    """How many visits of the slider each process counts."""
    headers = {"Authorization": f"Bearer {site.settings.token}"}
    told = (await AsyncHTTPClient().fetch(f"{site.url}metrics", headers=headers)).body.decode()
    lines = [line for line in told.splitlines() if line.startswith("microapps_visits{") and "slider" in line]
    return [line.rsplit(" ", 1)[1] for line in lines]


async def both_visited(site: Site) -> list[WireVisitor]:
    """As many visitors of the slider as it takes for each process to have one."""
    link, visitors = await site.link("slider"), []
    async with asyncio.timeout(60):
        while not {0, 1} <= {process_of(each) for each in visitors}:
            visitors.append(await WireVisitor.come(link))
            await visitors[-1].move(3)
            await asyncio.sleep(0.5)  # the front looks once in a second at who has how many visits
    return visitors


def process_of(visitor: WireVisitor) -> int | None:
    """The number of the process that a visitor belongs to, as the mark in the address tells."""
    return wanted(f"GET {urlsplit(visitor.address).path} HTTP/1.1", 2).process


async def leave(visitors: list[WireVisitor]) -> None:
    for visitor in visitors:
        await visitor.leave()


real = pytest.mark.skipif(built_client() is None, reason="the page's client has not been built")


@real
@pytest.mark.sandbox
async def test_visitors_are_served_by_both_and_stay_with_theirs(running: Running) -> None:
    site = running.site
    assert len(running.serving) == 2
    link = await site.link("slider")
    visitors = [await WireVisitor.come(link) for _ in range(4)]
    for step in range(1, 4):
        await asyncio.gather(*(visitor.move(step) for visitor in visitors))
    assert await site.visits() == 4
    assert await visits_counted(site) == ["2.0", "2.0"]
    for visitor in visitors:
        await visitor.leave()


async def test_a_connection_has_one_answer(running: Running) -> None:
    host, port = running.site.address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    asked = f"GET /healthz HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n"
    writer.write(asked.encode() * 2)
    async with asyncio.timeout(20):
        answered = await reader.read()  # to the end, which the other side makes
    assert answered.count(b"HTTP/1.1 200") == 1
    writer.close()


async def test_each_process_answers_to_the_names_of_this_machine_alone(running: Running) -> None:
    host, port = running.site.address.removeprefix("http://").split(":")
    for name, status in ((f"evil.example:{port}", 403), (f"localhost:{port}", 200), ("apps.example.org", 200)):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"GET /healthz HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())
        async with asyncio.timeout(20):
            assert f" {status} " in (await reader.readline()).decode()
        writer.close()


@pytest.mark.long
@real
@pytest.mark.sandbox
async def test_what_is_served_no_more_keeps_no_process_from_joining(running: Running) -> None:
    site = running.site
    slider, keeper = site.apps
    try:
        assert await site.link("keeper")
        await site.serve([slider])
        before = running.serving
        before[1].kill()
        async with asyncio.timeout(60):
            while len(running.serving) < 2 or running.serving == before:
                await asyncio.sleep(0.1)
        await leave(await both_visited(site))
    finally:
        await site.serve([slider, keeper])


@pytest.mark.long
@real
@pytest.mark.sandbox
async def test_a_process_that_does_not_answer_is_ended_and_comes_again(running: Running) -> None:
    stopped = running.serving[0]
    stopped.suspend()
    async with asyncio.timeout(60):
        assert await running.site.link("slider"), "the others answer"
        with suppress(psutil.NoSuchProcess):  # between one question and the next
            while stopped.is_running() and stopped.status() != psutil.STATUS_ZOMBIE:
                await asyncio.sleep(0.1)
        while len(running.serving) < 2:
            await asyncio.sleep(0.1)


@real
@pytest.mark.sandbox
async def test_a_link_for_a_picture_leads_to_nothing_that_is_kept(running: Running) -> None:
    for blank, kept in ((False, "kept: of-the-owner"), (True, "kept: ")):
        frame = (await get(await running.site.link("keeper", blank=blank))).body.decode()
        address = re.findall(r'<iframe src="([^"]+)"', frame)[0]
        page = (await get(running.site.url.rstrip("/") + address)).body.decode()
        assert re.findall(r"kept: [\w-]*", page)[0] == kept


@pytest.mark.long
@real
@pytest.mark.sandbox
async def test_a_process_that_ends_takes_its_own_visitors_with_it_and_comes_again(running: Running) -> None:
    site = running.site
    visitors = await both_visited(site)
    before = running.serving
    running.notices.clear()
    await asyncio.sleep(1.2)  # the front looks once in a second at who has how many visits
    os.kill(before[0].pid, signal.SIGKILL)
    ended = []
    for visitor in visitors:
        try:
            await visitor.move(5)
        except Lost:
            ended.append(visitor)
    assert 0 < len(ended) < len(visitors)
    link = await site.link("slider")
    async with asyncio.timeout(60):
        while len(running.serving) < 2 or running.serving == before:
            await asyncio.sleep(0.1)
        while True:
            await (await WireVisitor.come(link)).move(7)
            counted = await visits_counted(site)
            if len(counted) == 2 and "0.0" not in counted:
                break

    def told_of() -> list[Notice]:
        return [notice for notice in running.notices if notice.app == "slider" and "serving process" in notice.what]

    async with asyncio.timeout(60):
        while not told_of():
            await asyncio.sleep(0.05)
    assert [notice.kind for notice in told_of()] == ["kernel_lost"]
