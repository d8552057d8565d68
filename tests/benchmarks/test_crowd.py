"""A few visitors at once and a few who come and go, over the real protocol: nothing is lost, nothing stays behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from tornado.httpclient import AsyncHTTPClient

from microapps.publish import Site
from microapps.publish.thin import built_client

from .churn import Count, churn, counted, leaks
from .crowd import crowd, slider_site
from .wire import WireVisitor

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.sandbox,
    pytest.mark.skipif(built_client() is None, reason="the page's client has not been built"),
]


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def site(anyio_backend: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    async with slider_site(tmp_path_factory.mktemp("crowd"), visits=40) as made:
        yield made


@pytest.mark.long
async def test_questions_to_a_site_that_cross_are_all_answered(site: Site) -> None:
    async with asyncio.timeout(20):
        assert len(set(await asyncio.gather(*(site.link("slider") for _ in range(20))))) == 20


@pytest.mark.long
async def test_a_crowd_loses_nothing_and_leaves_at_once(site: Site) -> None:
    found = await crowd(site, 6, seconds=0.5, pause=0.05)  # raises Lost where a message or an answer was
    assert found.moves >= 6
    assert await site.visits() == 0
    headers = {"Authorization": f"Bearer {site.settings.token}"}
    told = (await AsyncHTTPClient().fetch(f"{site.url}metrics", headers=headers)).body.decode()
    counts = dict(line.rsplit(" ", 1) for line in told.splitlines() if not line.startswith("#"))
    assert float(counts["microapps_round_trip_seconds_count"]) >= found.moves + 6
    assert float(counts["microapps_forks_total"]) >= 6
    assert float(counts['microapps_visitors_ended_total{why="closed"}']) >= 6
    assert counts['microapps_visits{app="slider"}'] == "0.0" and counts["microapps_visits_most"] == "40.0"
    assert 0 < float(counts["microapps_memory_bytes"]) < float(counts["microapps_memory_most_bytes"])


async def test_a_page_is_of_the_run_that_its_visitors_are_forked_from(site: Site) -> None:
    for _ in range(3):  # a page of an earlier run would name widgets that the process does not have
        visitor = await WireVisitor.come(await site.link("slider"))
        await visitor.move(3)
        await site.end_visits("slider")


async def test_of_visitors_who_come_and_go_nothing_stays_behind(site: Site) -> None:
    counts = await churn(site, minutes=0.03, every=10)
    for _ in range(3):  # what is just ending, while the machine stands still, does not stay
        if leaks(counts):
            counts.append(await counted(site, counts[-1].visitors))
    assert leaks(counts) == []


def test_what_stays_behind_is_told() -> None:
    counts = [Count(0, 9, 90, 180.0), Count(200, 10, 100, 185.0), Count(400, 12, 104, 220.0)]
    assert leaks(counts) == ["2 processes stayed behind.", "4 files stayed open.", "35.0 MiB stayed in use."]
    assert leaks(counts[:2]) == []
