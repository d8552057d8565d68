"""Nothing of an app goes on once its visits were ended, something was taken from it or it is served no more."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from microapps.publish.capabilities import Capabilities
from microapps.publish.changes import end_visits, follow
from microapps.publish.entrances import Entrances
from microapps.publish.settings import PublishedApp, SiteSettings, WayIn
from microapps.publish.visitors.staging import Plan
from microapps.publish.visitors.visitor import Visitor
from microapps.publish.visitors.visitors import Visitors
from microapps.publish.visits import Visits

from .conftest import Page, notebook

pytestmark = [pytest.mark.sandbox, pytest.mark.anyio]
Planned = Callable[..., Awaitable[Plan]]
Opened = Callable[..., Awaitable[Page]]

TICKING = """
import asyncio, ipywidgets as w
label = w.Label("0")
async def tick():
    await asyncio.sleep(0)
    while True:
        await asyncio.sleep(0.01)
        label.value = str(int(label.value) + 1)
asyncio.get_event_loop().create_task(tick())
label
"""
THREADED = """
import threading, time, ipywidgets as w
threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
w.Label("x")
"""


@pytest.fixture
def site(visitors: Visitors, app: PublishedApp) -> Any:
    """What of a site its changes are about."""

    async def no_kernel(kernel_id: str) -> None:
        raise AssertionError(f"no kernel was started, and {kernel_id} is to end")

    entrances = Entrances(Capabilities(bytes(32)))
    entrances.serve([app])
    return SimpleNamespace(
        apps={app.name: app},
        entrances=entrances,
        visits=Visits(SiteSettings(), no_kernel),
        visitors=visitors,
        open_channels={},
        expiring=None,
    )


async def gone(*pids: int) -> None:
    """All of these processes have ended."""
    async with asyncio.timeout(20):
        while any(Path(f"/proc/{pid}").exists() for pid in pids):
            await asyncio.sleep(0.02)


async def ticks(page: Page, more: int) -> None:
    async with asyncio.timeout(20):
        until = page.visitor.last + more
        while page.visitor.last < until:
            page.came.clear()
            await page.came.wait()


async def test_a_process_that_is_kept_ready_runs_nothing_of_the_app_until_somebody_comes(
    opened: Opened, planned: Planned, visitors: Visitors
) -> None:
    first = await opened(TICKING)
    plan = await planned(TICKING)
    ready = await visitors._spares[id(plan.process)].task
    await ticks(first, 20)
    assert ready.last == 0
    second = await opened(TICKING)
    assert second.visitor is ready
    await ticks(second, 3)


async def test_a_process_that_ends_as_it_is_taken_is_no_visitor_s(
    opened: Opened, planned: Planned, visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be a page's that is never told that it has ended, and hears nothing."""
    await opened(TICKING)
    plan = await planned(TICKING)
    ready = await visitors._spares[id(plan.process)].task
    begin = Visitor.begin

    async def late(visitor: Visitor) -> None:
        while visitor is ready and visitor.alive:
            await asyncio.sleep(0.01)
        await begin(visitor)

    monkeypatch.setattr(Visitor, "begin", late)
    os.kill(ready.pid, signal.SIGKILL)
    taken = await visitors.fork("calc", plan)
    assert taken is not ready and taken.alive


@pytest.mark.parametrize("how", ["ended", "unpublished", "narrowed"])
async def test_no_process_of_an_app_outlives_its_visits_when_they_are(
    how: str, site: Any, app: PublishedApp, opened: Opened, planned: Planned
) -> None:
    page, plan = await opened(TICKING), await planned(TICKING)
    ready, staged = await site.visitors._spares[id(plan.process)].task, plan.process
    assert staged is not None
    visit = site.visits.announce("calc", "")
    visit.running, visit.visitor, visit.summon = True, page.visitor, lambda: site.visitors.fork("calc", plan)
    if how == "unpublished":
        await follow(site, [])
        await gone(ready.pid)
    elif how == "narrowed":
        bare = app.confinement.granted.model_copy(update={"seconds": 7})
        await follow(site, [replace(app, confinement=replace(app.confinement, granted=bare))])
        await gone(ready.pid)
        assert page.visitor.alive and visit.summon is None
    await end_visits(site, "calc")
    await gone(page.visitor.pid, ready.pid, staged.process.pid)
    assert not site.visitors._plans and site.visitors.alive == 0


async def test_a_heated_process_ends_with_what_it_was_heated_for(
    site: Any, app: PublishedApp, planned: Planned
) -> None:
    plan = await planned(THREADED)
    await site.visitors.run(app, notebook(THREADED), {}, plan)
    (ready,) = site.visitors._heated._ready.values()
    process, _ = await ready.making
    await follow(site, [])
    await gone(process.process.pid)


async def test_what_is_ready_with_a_guests_data_ends_with_the_guests_way(
    site: Any, app: PublishedApp, tmp_path: Path
) -> None:
    guest = WayIn(1, "guest", digest="d", data=tmp_path)
    await follow(site, [replace(app, ways=(guest,))])
    theirs = replace(app, confinement=replace(app.confinement, data=tmp_path))
    for each in (app, theirs):
        site.visitors.prepare(each, notebook(THREADED), "content")
    await follow(site, [app])
    assert list(site.visitors._plans) == [("calc", app.confinement.data)]


async def test_a_visitor_that_ran_the_app_while_it_was_dropped_leaves_none_behind(
    site: Any, app: PublishedApp, planned: Planned
) -> None:
    plan = await planned(THREADED)
    running = asyncio.ensure_future(site.visitors.run(app, notebook(THREADED), {}, plan))
    await asyncio.sleep(0)
    await follow(site, [])
    visitor, _ = await running
    assert not site.visitors._heated.keys
    os.kill(visitor.pid, 0)


async def test_an_app_of_a_former_revision_ends_with_the_last_of_its_visitors(
    visitors: Visitors, opened: Opened, planned: Planned
) -> None:
    one, other, plan = await opened(TICKING), await opened(TICKING), await planned(TICKING)
    assert plan.process is not None
    await planned(TICKING.replace('"0"', '"1000"'))
    await one.visitor.end("idle")
    back = await visitors.fork("calc", plan)  # its page was away for long, and is there again
    assert back.alive and not visitors._spares
    await back.end("idle")
    assert plan.process.alive
    await other.visitor.end("idle")
    await gone(plan.process.process.pid)
