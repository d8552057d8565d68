"""Visitors who are forks ask the model and reach granted hosts, several at once, each with an answer of their own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pydantic import SecretStr

from microapps.generator import AnthropicModel, Retries, Settings
from microapps.library import Library
from microapps.notebook import Host, Permissions
from microapps.publish.notices import Notice
from microapps.publish.settings import PublishedApp
from microapps.publish.visitors.protocol import Mode
from microapps.publish.visitors.visitors import Visitors
from microapps.studio import Studio
from tests.endpoint import Endpoint
from tests.library.samples import make, tip

from .conftest import LIMIT, Page, notebook

pytestmark = [pytest.mark.sandbox, pytest.mark.anyio]
NAME = "tip-splitter"
REACHING = """
import urllib.error, urllib.request
import ipywidgets as w
from microapps.runtime import ask, AskError
question, address, said = w.Text(description="question"), w.Text(description="address"), w.Label("nothing")
def asked(change):
    try:
        said.value = ask(change["new"], max_tokens=60)
    except AskError as error:
        said.value = f"{type(error).__name__}: {error}"
def wanted(change):
    try:
        said.value = urllib.request.urlopen(change["new"], timeout=20).read().decode()
    except urllib.error.HTTPError as error:
        said.value = f"refused with {error.code}"
    except OSError as error:
        said.value = repr(error)
question.observe(asked, "value")
address.observe(wanted, "value")
app = w.VBox([question, address, said])
"""


@pytest.fixture
def host() -> Iterator[int]:
    """A host that says what it was asked for; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(self.path.encode())

        def log_message(self, *arguments: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made.server_port
        made.shutdown()


@pytest.fixture
async def studio(anyio_backend: str, microapps_home: Path) -> AsyncIterator[tuple[Studio, Endpoint]]:
    with Endpoint() as endpoint:
        model = AnthropicModel(SecretStr("sk-ant-none"), endpoint.url, retries=Retries(attempts=1))
        async with model, Studio(microapps_home, Library(microapps_home), Settings(), model) as opened:
            yield opened, endpoint


async def said(page: Page, field: str, value: str) -> str:
    """What the app says after that was put into a field."""
    heard = await page.set(page.model(description=field), value=value)
    label = page.model(value="nothing")
    states = [each["data"]["state"] for each in heard if each["type"] == "comm" and each["comm"] == label]
    return str(states[-1]["value"])


async def test_forked_visitors_ask_the_model_and_reach_granted_hosts_all_at_once(
    studio: tuple[Studio, Endpoint], host: int, notices: list[Notice]
) -> None:
    opened, endpoint = studio
    digest = make(opened.library, tip()).digest
    hosts = (Host(name="127.0.0.1", port=host),)
    opened.library.grant(NAME, Permissions(model_budget=0.5, hosts=hosts), digest)
    published = opened.published(NAME)
    confinement = replace(published.confinement, preload=("microapps.runtime",))
    app = PublishedApp(NAME, published.title, published.notebook, confinement)
    cells = notebook(REACHING, "app")
    visitors = Visitors(opened.sandbox, notices.append, LIMIT)
    try:
        async with asyncio.timeout(60):
            while (plan := visitors.prepare(app, cells, "reaching")) is None:
                await asyncio.wait([task for _, task in visitors._plans.values()])
        assert plan.mode is Mode.FORKED and plan.snapshot is not None, plan.why
        pages = [Page(await visitors.fork(NAME, plan), plan.snapshot) for _ in range(3)]

        answers = {"¡Buenos días!", "Bonjour", "안녕"}
        for answer in answers:
            endpoint.answer(answer)
        questions = [f"How does visitor {number} say hello?" for number in range(3)]
        heard = await asyncio.gather(
            *(said(page, "question", asked) for page, asked in zip(pages, questions, strict=True))
        )
        assert set(heard) == answers
        assert {request["messages"][0]["content"][0]["text"] for request in endpoint.requests} == set(questions)

        addresses = [f"http://127.0.0.1:{host}/visitor/{number}" for number in range(3)]
        reached = await asyncio.gather(
            *(said(page, "address", wanted) for page, wanted in zip(pages, addresses, strict=True))
        )
        assert reached == ["/visitor/0", "/visitor/1", "/visitor/2"]
        assert await said(pages[0], "address", f"http://127.0.0.1:{host + 1}/") == "refused with 403"

        opened.library.revoke(NAME)
        assert "Error" in await said(pages[1], "question", "And now?")
        assert len(endpoint.requests) == 3, "what was taken back is asked of nobody"
        assert notices == []
    finally:
        await visitors.close()
