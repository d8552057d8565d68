"""One real JupyterLab for all tests of it, the model's scripted endpoint, and persons with a browser each."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from jupyter_core.paths import jupyter_path
from playwright.async_api import Browser, BrowserContext, async_playwright, expect

from microapps.publish.browser import ARGUMENTS, chromium
from tests.endpoint import Endpoint
from tests.studio.small import doubler

from .person import PATIENCE, Person
from .server import SECONDS, Lab

Come = Callable[..., Awaitable[Person]]
DESKS = (f"desk-{number}" for number in count())
"""Names of workspaces: who comes finds none of what others left open."""


@pytest.fixture(scope="package")
def model_endpoint() -> Iterator[Endpoint]:
    with Endpoint(stall=5 * SECONDS) as served:  # what is held in the middle is held however slow the machine is
        yield served


@pytest.fixture(scope="package")
def lab(model_endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The Lab that is installed with the extension that is installed."""
    installed = [Path(path, "jupyterlab-microapps/package.json") for path in jupyter_path("labextensions")]
    assert any(path.is_file() for path in installed), "the front end is not installed: 'pip install .' builds it"
    folder = tmp_path_factory.mktemp("lab")
    for parent in (folder, *folder.parents):  # confined kernels run as another user
        if parent == Path(tempfile.gettempdir()):
            break
        parent.chmod(0o755)
    served = Lab(folder, model_endpoint.url)
    served.start()
    yield served
    served.stop()


@pytest.fixture
def model(model_endpoint: Endpoint) -> Endpoint:
    """The endpoint, with nothing in its queues."""
    model_endpoint.forget()
    return model_endpoint


@pytest.fixture(scope="package")
async def browser(anyio_backend: str) -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=str(chromium()), args=list(ARGUMENTS))
        yield launched
        await launched.close()


@pytest.fixture(scope="package")
async def desk(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A browser that has been at the Lab before: it need not read JupyterLab's files anew for each who comes."""
    context = await browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    yield context
    await context.close()


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = report.failed
    return report


@pytest.fixture
async def come(browser: Browser, desk: BrowserContext, lab: Lab, request: pytest.FixtureRequest) -> AsyncIterator[Come]:
    """Lets persons come, each with a tab of their own; no page of theirs may have thrown an error.

    Of a test that failed, what was on the screen and what the server said is in the report.
    """
    persons: list[Person] = []
    async with AsyncExitStack() as stack:

        async def came(*, width: int = 1280, height: int = 800, path: str = "", **options: Any) -> Person:
            context = await browser.new_context(reduced_motion="reduce", **options) if options else desk
            page = await context.new_page()
            if options:
                stack.push_async_callback(context.close)
            await page.set_viewport_size({"width": width, "height": height})
            page.set_default_timeout(PATIENCE)
            person = Person(page, lab)
            persons.append(person)
            await person.come(path or f"lab/workspaces/{next(DESKS)}")
            return person

        yield came
        if request.node.stash.get(FAILED, False):
            for person in persons:
                print(await person.sight())
            print("".join(lab.log[-40:]))
        for page in desk.pages:
            await page.close()
    assert [complaint for person in persons for complaint in person.complaints] == []


@pytest.fixture
def made(lab: Lab, model: Endpoint) -> Callable[..., str]:
    """Makes a small app, written by the model, without anybody looking on."""

    def make(**changes: Any) -> str:
        model.answer("Here it is.", doubler(**changes)).answer("Done.")
        job = lab.ask("POST", "jobs", {"action": "make", "request": "double a number"})
        ended = lab.follow(job["id"])
        assert ended["kind"] == "finished", ended
        return str(ended["app"])

    return make


@pytest.fixture
def copied(lab: Lab, made: Callable[..., str]) -> Callable[[str], str]:
    """Copies a small app that was made once: quicker than another, and as good where it does not matter which."""

    def copy(name: str) -> str:
        lab.first = lab.first or made()
        return str(lab.ask("POST", f"apps/{lab.first}/fork", {"name": name})["name"])

    return copy
