"""A site follows the library, also what another process changes in it."""

from __future__ import annotations

import asyncio
import errno
import re
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from microapps.library import Library
from microapps.notebook import Host, MicroApp, Permissions, compose
from microapps.publish import PublishedApp, Site
from microapps.studio import Studio
from microapps.studio.live import LiveSite
from tests.publish.test_site import get

pytestmark = [pytest.mark.anyio, pytest.mark.sandbox]

ASKED = Permissions(hosts=(Host(name="api.example.org"),))


def app(text: str) -> MicroApp:
    return compose(
        title="Rates",
        about="# Rates",
        imports="import ipywidgets as widgets",
        logic="",
        ui=f"app = widgets.Label({text!r})",
        tests="",
        permissions=ASKED,
        name="rates",
    )


@pytest.fixture
def library(microapps_home: Path) -> Library:
    """The library as another process has it open."""
    library = Library(microapps_home)
    library.accept(app("first words"), name=None, action="make", request="rates", report=None)
    library.grant("rates", ASKED, library.revision("rates").notebook.digest)
    return library


@pytest.fixture
async def site(library: Library, microapps_home: Path) -> AsyncIterator[Site]:
    async with Studio.open(microapps_home) as studio, await studio.serve(["rates"]) as site:
        yield site


async def visit(site: Site, app: str = "rates", query: str = "") -> str:
    """What a fresh visit shows; its page never connects, so its process waits."""
    frame = (await get(await site.link(app))).body.decode()
    found = re.search(r'<iframe src="([^"]+)"', frame)
    assert found
    return (await get(site.url.rstrip("/") + found[1] + query)).body.decode()


async def test_a_new_visit_is_to_the_app_as_it_is_now(site: Site, library: Library) -> None:
    assert "first words" in await visit(site)
    library.accept(app("second words"), name="rates", action="change", request="other words", report=None)
    library.grant("rates", ASKED, library.revision("rates").notebook.digest)
    with anyio.fail_after(60):
        while site.apps[0].digest != library.revision("rates").notebook.digest or not _given(site):
            await asyncio.sleep(0.05)
    assert "second words" in await visit(site)


async def test_what_went_wrong_and_why_a_visitor_waits_is_kept_for_the_owner(site: Site, library: Library) -> None:
    broken = app("x").with_cell("ui", "app = widgets.Label(str(1 / 0))")
    library.accept(broken, name="rates", action="change", request="break", report=None)
    with anyio.fail_after(60):
        while site.apps[0].digest != library.revision("rates").notebook.digest:
            await asyncio.sleep(0.05)
        assert "division" not in await visit(site)
        while len(kept := library.faults("rates")) < 2:
            await asyncio.sleep(0.05)
    told = {one.kind: one for one in kept}
    assert "ZeroDivisionError" in told["app_failed"].what and "1 / 0" in told["app_failed"].detail
    assert "could not be run in advance" in told["remark"].what


@pytest.mark.long
async def test_what_is_taken_back_ends_the_visits_that_have_it(site: Site, library: Library) -> None:
    await visit(site)
    ended: list[str] = []
    original = site.end_visits

    async def end(name: str) -> None:
        await original(name)
        ended.append(name)

    site.end_visits = end  # type: ignore[method-assign]
    library.revoke("rates")
    with anyio.fail_after(60):
        while not ended:
            await asyncio.sleep(0.05)
    assert await site.visits() == 0
    assert site.apps[0].confinement.granted == Permissions()
    await visit(site)


def _given(site: Site) -> bool:
    return site.apps[0].confinement.granted.hosts == ASKED.hosts


async def test_what_begins_to_be_served_meanwhile_is_kept(
    library: Library, microapps_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.accept(app("others"), name=None, action="make", request="others", report=None)
    async with Studio.open(microapps_home) as studio, await studio.serve(["rates"]) as site:
        assert isinstance(site, LiveSite)
        reading, read_on, read = threading.Event(), threading.Event(), site._renewed_all

        def slowly() -> tuple[PublishedApp, ...]:
            found = read()
            reading.set()
            read_on.wait(60)
            return found

        monkeypatch.setattr(site, "_renewed_all", slowly)
        renewing = asyncio.create_task(site.renew())
        assert await asyncio.to_thread(reading.wait, 60)
        await site.serve([*site.apps, studio.published("rates-2")])
        read_on.set()
        await renewing
        assert {one.name for one in site.apps} == {"rates", "rates-2"}


async def test_where_none_is_named_what_is_made_later_is_served_too(library: Library, microapps_home: Path) -> None:
    async with Studio.open(microapps_home) as studio, await studio.serve() as site:
        library.accept(app("others"), name=None, action="make", request="others", report=None)
        with anyio.fail_after(60):
            while len(site.apps) < 2:
                await asyncio.sleep(0.05)
        assert (await get(await site.link("rates-2"))).code == 200


async def test_what_is_taken_back_while_the_library_is_read_is_given_to_nobody(
    site: Site, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(site, LiveSite)
    read = site._renewed_all

    def and_then_taken_back() -> tuple[PublishedApp, ...]:
        found = read()
        library.revoke("rates")
        return found

    assert site._following is not None
    site._following.cancel()  # so that no later look at the library mends it
    await asyncio.wait([site._following])
    assert _given(site)
    told, ask = [], site._ask

    async def asked(order: str, **fields: Any) -> Any:
        told.append((order, fields))
        return await ask(order, **fields)

    monkeypatch.setattr(site, "_ask", asked)
    monkeypatch.setattr(site, "_renewed_all", and_then_taken_back)
    await site.renew()
    assert not _given(site)
    assert [order for order, _ in told] == ["apps", "apps", "end"]
    assert [app["confinement"]["granted"]["hosts"] for app in told[1][1]["apps"]] == [[]]


@pytest.mark.long
async def test_a_full_disk_ends_neither_the_following_nor_the_stop(
    library: Library, microapps_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = library.open_link("rates", "owner")
    failed = []

    def full(*_: object) -> None:
        failed.append(1)
        raise OSError(errno.ENOSPC, "No space left on device")

    async def until(true: Callable[[], bool]) -> None:
        with anyio.fail_after(60):
            while not true():
                await asyncio.sleep(0.05)

    async with Studio.open(microapps_home) as studio:
        site = await studio.serve(["rates"], shared=True)
        assert isinstance(site, LiveSite)
        await site.start()
        assert site._notice is not None
        assert [way.id for way in site.apps[0].ways] == [link.id] and _given(site)
        monkeypatch.setattr(site._notice, "write", full)
        monkeypatch.setattr(site._notice, "close", full)
        counts = iter(range(1000))

        async def counted() -> dict[str, int]:
            return {"rates": next(counts)}

        monkeypatch.setattr(site, "counts", counted)
        await until(lambda: len(failed) > 1)
        monkeypatch.setattr(site, "_published", full)
        library.close_link("rates", link.id)
        library.revoke("rates")
        await until(lambda: not site.apps[0].ways and not _given(site))
        await site.stop()
        assert not site.alive
        (microapps_home / "file").write_text("")
        assert site._told(microapps_home / "file") is None
