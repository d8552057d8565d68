"""A published app asks the model through the real client; the key is nowhere in its reach."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr
from tornado.httpclient import AsyncHTTPClient, HTTPRequest

from microapps.generator import AnthropicModel, Retries, Settings
from microapps.library import Library
from microapps.notebook import Host, Permissions
from microapps.studio import Studio
from tests.endpoint import Endpoint
from tests.library.samples import make, tip
from tests.sandbox.kernels import Talk, talking

pytestmark = [pytest.mark.sandbox, pytest.mark.anyio]
NAME = "tip-splitter"
CANARY = "sk-ant-canary-7f3b1c9e5d"
ASK = """
from microapps.runtime import ask, AskError
def tried(prompt, **options):
    try:
        return ask(prompt, **options)
    except AskError as error:
        return f'{type(error).__name__}: {error}'
"""
HUNT = r"""
import os, gc, sys
needle = 'sk-ant-' + 'canary'
found = []
for name, value in os.environ.items():
    if needle in value: found.append(name)
for root in ('/proc', '/run', '/app', '/data', '/tmp', '/etc', '/home', '/dev/shm'):
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)
            if name in ('mem', 'pagemap', 'kmsg', 'kcore', 'clear_refs'): continue
            try:
                fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
            except OSError:
                continue
            try:
                while data := os.read(fd, 1 << 20):
                    if needle.encode() in data and '/self/' not in path and f'/{os.getpid()}/' not in path:
                        found.append(path)
            except OSError:
                pass
            finally:
                os.close(fd)
# .kept holds the Python tree's own folders, where that tree lies in a folder that is hidden otherwise.
print(found, [n for n in os.listdir('/run/given') if n != '.kept'])
"""


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with Endpoint() as served:
        yield served


@pytest.fixture
async def studio(
    anyio_backend: str, endpoint: Endpoint, microapps_home: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Studio]:
    monkeypatch.setenv("ANTHROPIC_API_KEY", CANARY)
    async with (
        AnthropicModel(SecretStr(CANARY), endpoint.url, retries=Retries(attempts=1)) as model,
        Studio(microapps_home, Library(microapps_home), Settings(), model) as opened,
    ):
        yield opened


def given(studio: Studio, **permissions: object) -> None:
    """Make an app that was granted these permissions."""
    digest = make(studio.library, tip()).digest
    studio.library.grant(NAME, Permissions(**permissions), digest)  # type: ignore[arg-type]


@asynccontextmanager
async def visit(studio: Studio) -> AsyncIterator[Talk]:
    """A kernel of the app as it is published."""
    async with talking(studio.sandbox.kernels(studio.published(NAME).confinement)) as kernel:
        await kernel.run(ASK)
        yield kernel


async def test_an_app_asks_and_pays_from_its_own_money(studio: Studio, endpoint: Endpoint) -> None:
    given(studio, model_budget=0.5)
    endpoint.answer("¡Buenos días! 안녕")
    async with visit(studio) as kernel:
        assert (
            await kernel.run("print(tried('Say hello 안녕', system='Spanish', max_tokens=60))") == "¡Buenos días! 안녕"
        )
    (request,) = endpoint.requests
    assert request["model"] == "claude-haiku-5-5"
    assert request["max_tokens"] == 60
    assert "thinking" not in request
    assert request["messages"][0]["content"][0]["text"] == "Say hello 안녕"
    (used,) = studio.library.own_usage(NAME)
    assert used.dollars == pytest.approx((1000 * 0.1 + 100 * 0.5) / 1e6)
    (access,) = studio.accesses(NAME)
    assert (access.kind, access.allowed) == ("model", True)


async def test_the_key_is_nowhere_an_app_can_look(studio: Studio, endpoint: Endpoint) -> None:
    given(studio, model_budget=0.5)
    endpoint.fault("401")
    async with visit(studio) as kernel:
        refused = await kernel.run("print(tried('Hello'))")
        assert refused.startswith("AskError: The language model cannot be used here.")
        assert CANARY not in refused
        assert await kernel.run(HUNT, timeout=60) == "[] ['ask']"
    assert any(CANARY in value for headers in endpoint.headers for value in headers.values())  # it was used
    assert not any(CANARY in access.detail for access in studio.accesses(NAME))


async def test_money_that_is_used_up_is_told(studio: Studio, endpoint: Endpoint) -> None:
    given(studio, model_budget=0.0004)
    endpoint.answer("one", usage={"input_tokens": 3000, "output_tokens": 100}).answer("two")
    async with visit(studio) as kernel:
        assert await kernel.run("print(tried('a', max_tokens=100))") == "one"
        assert "AskBudgetError" in await kernel.run("print(tried('a', max_tokens=100))")
    assert endpoint.left == 1


async def test_without_the_permission_there_is_neither_socket_nor_call(studio: Studio, endpoint: Endpoint) -> None:
    given(studio)
    async with visit(studio) as kernel:
        told = await kernel.run("print(tried('a'))")
        assert told.startswith("AskNotPermittedError")
        assert "--grant model:DOLLARS" in told
        assert await kernel.run("import os; print([n for n in os.listdir('/run/given') if n != '.kept'])") == "[]"
    assert endpoint.requests == []


async def test_an_app_cannot_give_itself_the_permission(studio: Studio, endpoint: Endpoint) -> None:
    given(studio)
    async with visit(studio) as kernel:
        code = "import os; os.environ['MICROAPPS_ASK'] = 'yes'; print(tried('a'))"
        assert (await kernel.run(code)).startswith("AskError: The language model cannot be reached")
    assert endpoint.requests == []


@pytest.mark.parametrize(
    ("question", "told"),
    [("''", "empty"), ("'x' * 100_001", "too long"), ("7", "empty"), ("'a', max_tokens=9000", "max_tokens")],
)
async def test_a_wrong_question_is_told_before_it_is_sent(
    studio: Studio, question: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from microapps.runtime import AskError, ask

    with pytest.raises(AskError, match=told):
        eval(f"ask({question})", {"ask": ask})


@pytest.mark.long
async def test_junk_from_a_kernel_leaves_the_broker_answering(studio: Studio, endpoint: Endpoint) -> None:
    given(studio, model_budget=0.5)
    endpoint.answer("still here")
    junk = """
import os, socket
for sent in [b'', b'x' * 100, os.urandom(1 << 16), b'[' * 100000 + b'\\n', b'{}\\n'] * 2:
    with socket.socket(socket.AF_UNIX) as s:
        s.connect('/run/given/ask')
        try: s.sendall(sent)
        except OSError: pass
many = []
for _ in range(40):
    s = socket.socket(socket.AF_UNIX); s.setblocking(False)
    try: s.connect('/run/given/ask')
    except BlockingIOError: pass
    many.append(s)
for s in many: s.close()
"""
    async with visit(studio) as kernel:
        assert await kernel.run(junk) == ""
        assert await kernel.run("print(tried('a'))", timeout=60) == "still here"


async def test_one_app_cannot_ask_as_another(studio: Studio) -> None:
    given(studio, model_budget=0.5)
    other = make(studio.library, tip(2, title="Other")).app
    path = dict(studio.published(NAME).confinement.sockets)["ask"]
    confinement = replace(studio.published(other).confinement, granted=Permissions())
    async with talking(studio.sandbox.kernels(confinement)) as kernel:
        code = f"import socket; s = socket.socket(socket.AF_UNIX); s.connect({str(path)!r})"
        assert "Error" in await kernel.run(code)


async def test_attempts_on_the_network_show_under_the_apps_name(studio: Studio) -> None:
    given(studio, hosts=(Host(name="allowed.example", port=443),))
    fetch = """
import urllib.request
for _ in range(3):
    try: urllib.request.urlopen('http://evil.example/x', timeout=20)
    except OSError as error: print(error)
"""
    async with visit(studio) as kernel:
        assert "403" in await kernel.run(fetch)
    (access,) = studio.accesses(NAME)
    assert (access.kind, access.target, access.allowed, access.count) == ("host", "evil.example:80", False, 3)
    assert "not among the hosts" in access.detail
    assert len(studio.accesses(NAME)) == 1  # taken in once
    assert not list(studio.home.glob("attempts.jsonl"))


async def test_visitors_of_a_served_app_share_its_data_and_its_money(studio: Studio, endpoint: Endpoint) -> None:
    ui = """
from microapps.runtime import ask, store
app = widgets.Label(f"visit {store.update('visits', lambda n: n + 1, 0)}: {ask('Greet')}")
""".strip()
    imports = "import ipywidgets as widgets\nfrom IPython.display import display"
    digest = make(studio.library, tip(ui=ui, imports=imports)).digest
    studio.library.grant(NAME, Permissions(model_budget=0.5), digest)
    endpoint.answer("first answer").answer("second answer")
    async with await studio.serve([NAME]) as site:
        for said in ("visit 1: first answer", "visit 2: second answer"):
            page = await fetch(await site.link(NAME))
            source = page.split('<iframe src="')[1].split('"')[0]
            assert said in await fetch(site.url.rstrip("/") + source)
    (used,) = studio.library.own_usage(NAME)
    assert used.input_tokens == 2000


async def fetch(url: str) -> str:
    """A page's text."""
    response = await AsyncHTTPClient().fetch(HTTPRequest(url, request_timeout=60))
    return str(response.body.decode())
