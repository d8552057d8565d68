"""A site over HTTP and WebSocket, without a browser: who gets in, what is said, what is refused."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import anyio
import psutil
import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse
from tornado.websocket import WebSocketClientConnection, websocket_connect

from microapps.errors import InvalidInput, MachineFault
from microapps.publish import Site, SiteSettings

from .conftest import COUNTER, Served, published, serve

pytestmark = [pytest.mark.anyio, pytest.mark.sandbox]


@pytest.fixture(scope="module")
async def served(anyio_backend: str, folder: Path) -> AsyncIterator[Served]:
    apps = [
        published(folder, "tip", COUNTER, "display(app)", title="Tip <splitter>"),
        published(folder, "missing", "import nothing_here"),
        published(folder, "failing", "SECRET_NAME = 1", "1 / 0", "print('never')"),
        published(folder, "slow", "while True: pass", seconds=2),
        published(folder, "flood", "import time\nwhile True: print('x' * 100_000); time.sleep(0.01)", seconds=20),
        published(folder, "exiting", "import os; os._exit(1)"),
    ]
    (folder / "broken.ipynb").write_text("{")
    broken = published(folder, "whole", "1")
    apps.append(type(broken)("broken", "Broken", folder / "broken.ipynb", broken.confinement))
    async for running in serve(apps, linger=0.5, connect_within=3.0, output_mebibytes=4):
        yield running


async def get(url: str, **headers: str) -> HTTPResponse:
    request = HTTPRequest(url, headers=headers, follow_redirects=False, request_timeout=60)
    return await AsyncHTTPClient().fetch(request, raise_error=False)


async def visit_url(served: Served, name: str) -> str:
    """The address of a fresh visit, as the frame of the app's page names it."""
    page = (await get(await served.site.link(name))).body.decode()
    found = re.search(r'<iframe src="([^"]+)"', page)
    assert found
    return served.site.url.rstrip("/") + found[1]


async def open_app(served: Served, name: str = "tip") -> tuple[str, str]:
    """A running visit: its address and its kernel's id."""
    url = await visit_url(served, name)
    page = (await get(url)).body.decode()
    found = re.search(r'"kernelId": "([^"]+)"', page)
    assert found, page[:2000]
    return url, found[1]


async def connect(url: str, kernel_id: str, origin: str | None = "null") -> WebSocketClientConnection:
    address = f"{url}api/kernels/{kernel_id}/channels?session_id={uuid.uuid4().hex}"
    headers = {"Origin": origin} if origin else {}
    return await websocket_connect(HTTPRequest(address.replace("http://", "ws://"), headers=headers))


async def idle(served: Served) -> None:
    """Wait until no visit has a kernel."""
    with anyio.fail_after(60):
        while await served.site.visits():
            await anyio.sleep(0.1)


def message(kind: str, content: dict[str, object], channel: str = "shell") -> str:
    header = {"msg_id": uuid.uuid4().hex, "session": "s", "username": "", "date": "2026-01-01T00:00:00Z"}
    header |= {"msg_type": kind, "version": "5.3"}
    return json.dumps(
        {"channel": channel, "header": header, "parent_header": {}, "metadata": {}, "content": content, "buffers": []}
    )


async def answers(socket: WebSocketClientConnection, wanted: str, seconds: float = 20) -> list[str]:
    """The kinds of messages that came, up to the wanted one."""
    kinds: list[str] = []
    with anyio.fail_after(seconds):
        while wanted not in kinds:
            kinds.append(json.loads(await socket.read_message() or "null")["header"]["msg_type"])
    return kinds


async def test_the_index_needs_the_token(served: Served) -> None:
    assert (await get(served.site.url)).code == 403
    assert (await get(f"{served.site.url}?token=wrong")).code == 403
    page = await get(served.site.index_url)
    assert page.code == 200
    assert "Tip &lt;splitter&gt;" in page.body.decode()


async def test_the_indexs_links_open_apps(served: Served) -> None:
    page = (await get(served.site.index_url)).body.decode()
    link = re.search(r'href="(/apps/tip/~[^"]+)"', page)
    assert link
    assert (await get(served.site.url.rstrip("/") + link[1])).code == 200


async def test_a_wrong_capability_an_unknown_app_and_anothers_link_look_alike(served: Served) -> None:
    good = await served.site.link("tip")
    capability = re.search(r"~([^/]+)", good)
    assert capability
    urls = [
        re.sub(r"~[^/]+", "~" + "x" * 32, good),
        good.replace("/tip/", "/no-such/"),
        good.replace("/tip/", "/failing/"),
        f"{served.site.url}apps/tip/",
    ]
    pages = [await get(url) for url in urls]
    assert [page.code for page in pages] == [404] * 4
    assert len({page.body for page in pages}) == 1
    assert "tip" not in pages[0].body.decode().lower().replace("mistyped", "")


async def test_two_requests_for_one_visit_leave_one_kernel(served: Served) -> None:
    await idle(served)
    url = await visit_url(served, "tip")
    pages = await asyncio.gather(*(get(url) for _ in range(3)))
    assert [page.code for page in pages] == [200] * 3
    assert await served.site.visits() == 1


@pytest.mark.long
async def test_a_visitor_who_leaves_too_early_leaves_no_kernel(served: Served) -> None:
    await idle(served)
    url = urlsplit(await visit_url(served, "tip"))
    _, writer = await asyncio.open_connection(url.hostname, url.port)
    writer.write(f"GET {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\n\r\n".encode())
    await writer.drain()
    with anyio.fail_after(20):
        while not await served.site.visits():
            await anyio.sleep(0.01)
    writer.close()
    await idle(served)


async def test_a_link_expires(served: Served) -> None:
    link = await served.site.link("tip", hours=0.2 / 3600)
    await anyio.sleep(0.3)
    assert (await get(link)).code == 404


async def test_a_revoked_link_and_its_visits_end(served: Served) -> None:
    link = await served.site.link("tip")
    url, kernel_id = await open_app(served)
    await served.site.revoke("tip")
    assert (await get(link)).code == 404
    assert (await get(url)).code == 404
    with pytest.raises(HTTPClientError):
        await connect(url, kernel_id)
    assert (await get(await served.site.link("tip"))).code == 200


async def test_no_link_to_an_app_that_is_not_served(served: Served) -> None:
    with pytest.raises(InvalidInput, match="serves no app"):
        await served.site.link("nothing")


@pytest.mark.parametrize(
    "path",
    [
        "api/kernels",
        "api/contents/",
        "api/terminals",
        "api/sessions",
        "api/status",
        "login",
        "voila/files/tip.ipynb",
        "voila/static/voila.js",
        "voila/templates/lab/static/voila-style.js",
        "voila/tree/",
        "voila/render/tip.ipynb",
        "voila/api/contents/",
        "static/base/images/logo.png",
        "apps/",
        "apps/tip/~/../../etc/passwd",
        "tip.ipynb",
        "../../etc/passwd",
        "%2e%2e/%2e%2e/etc/passwd",
    ],
)
async def test_nothing_else_is_mounted(served: Served, path: str) -> None:
    assert (await get(served.site.url + path)).code == 404


async def test_statics_give_their_own_files_only(served: Served) -> None:
    page = (await get((await open_app(served))[0])).body.decode()
    statics = re.search(r"/statics/[0-9a-f]+/", page)
    assert statics
    root = served.site.url.rstrip("/") + statics[0]
    good = await get(f"{root}voila/static/voila.js")
    assert good.code == 200
    assert good.headers["Access-Control-Allow-Origin"] == "*"
    assert "immutable" in good.headers["Cache-Control"]
    for path in (
        "voila/static/../index.html.j2",
        "voila/static/%2e%2e/index.html.j2",
        "labextensions/nbdime-jupyterlab/package.json",
        "labextensions/anywidget/../../../../../../etc/passwd",
        "voila/static//etc/passwd",
        "themes/x",
    ):
        assert (await get(root + path)).code in (403, 404), path


async def test_every_page_says_what_it_may(served: Served) -> None:
    url, link = await visit_url(served, "tip"), await served.site.link("tip")
    for address in (served.site.index_url, link, url, f"{served.site.url}nothing"):
        page = await get(address)
        policy = page.headers["Content-Security-Policy"]
        searched = f"form-action {served.site.url}" if address == served.site.index_url else "form-action 'none'"
        assert "default-src 'none'" in policy and "base-uri 'none'" in policy and searched in policy.split("; ")
        assert "sandbox" in policy and "allow-popups" not in policy
        assert address == url or "frame-ancestors 'self'" in policy.split("; ")
        assert "allow-same-origin" not in policy
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in page.headers
        assert "Set-Cookie" not in page.headers
        assert "*" not in policy


async def test_an_apps_page_is_sent_into_a_frame_only(served: Served) -> None:
    url = await visit_url(served, "tip")
    assert (await get(url, **{"Sec-Fetch-Dest": "document"})).code == 404
    assert (await get(url, **{"Sec-Fetch-Dest": "iframe"})).code == 200


async def test_a_host_that_is_none_is_refused(served: Served) -> None:
    assert (await get(await visit_url(served, "tip"), Host="evil'; script-src *")).code >= 400
    assert (await get(await served.site.link("tip"), Host="evil;example")).code == 404


async def test_a_site_for_this_machine_answers_to_no_name_that_others_gave_it(served: Served) -> None:
    """As a browser asks whose page has its own name lead here; a proxy names a port of its own."""
    link = await served.site.link("tip")
    port = urlsplit(link).port
    for host in (f"evil.example:{port}", f"evil.localhost.example:{port}", f"192.0.2.7:{port}"):
        for address in (link, served.site.index_url, f"{served.site.url}apps/tip/", f"{served.site.url}nothing"):
            refused = await get(address, Host=host)
            assert refused.code == 403 and b"localhost" in refused.body and b"--public-url" in refused.body
    for host in (f"localhost:{port}", f"tip.localhost:{port}", f"[::1]:{port}", "apps.example.org", "hub.example:8443"):
        assert (await get(link, Host=host)).code == 200


async def test_who_asks_for_the_head_alone_hears_that_it_is_there(served: Served) -> None:
    there = [await served.site.link("tip"), f"{served.site.url}healthz", served.site.index_url]
    missing = [f"{served.site.url}apps/tip/", f"{served.site.url}nothing"]
    answers = [await AsyncHTTPClient().fetch(HTTPRequest(url, "HEAD"), raise_error=False) for url in there + missing]
    assert [answer.code for answer in answers] == [200] * 3 + [404] * 2
    assert [answer.body for answer in answers] == [b""] * 5


async def test_comms_pass_and_code_does_not(served: Served) -> None:
    url, kernel_id = await open_app(served)
    socket = await connect(url, kernel_id)
    await socket.write_message(message("execute_request", {"code": "import os; os._exit(1)", "silent": False}))
    await socket.write_message(message("execute_request", {"code": "1"}, "control"))
    await socket.write_message(message("input_reply", {"value": "x"}, "stdin"))
    for kind in (
        "inspect_request",
        "complete_request",
        "history_request",
        "debug_request",
        "shutdown_request",
        "interrupt_request",
    ):
        await socket.write_message(message(kind, {"restart": False}, "control"))
        await socket.write_message(message(kind, {"restart": False, "code": "x", "cursor_pos": 1}))
    await socket.write_message("not json")
    await socket.write_message(b"\x00" * 40, binary=True)
    await socket.write_message(message("comm_info_request", {}))
    kinds = await answers(socket, "comm_info_reply")
    assert not {"execute_reply", "execute_input", "inspect_reply", "history_reply", "shutdown_reply"} & set(kinds)
    socket.close()


async def test_a_visit_reaches_its_own_kernel_only(served: Served) -> None:
    url, kernel_id = await open_app(served)
    other_url, other_kernel = await open_app(served)
    wrong = url.replace(url.rstrip("/").rsplit("/", 1)[1], "x" * 32)
    for address, kernel in ((url, other_kernel), (other_url, kernel_id), (wrong, kernel_id)):
        with pytest.raises(HTTPClientError) as refused:
            await connect(address, kernel)
        assert refused.value.code == 404
        gone = await get(f"{address}api/kernels/{kernel}")
        assert (gone.code, gone.headers["Access-Control-Allow-Origin"]) == (404, "*"), "the page itself can tell"


@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:1", "file://"])
async def test_a_socket_from_another_page_is_refused(served: Served, origin: str) -> None:
    url, kernel_id = await open_app(served)
    with pytest.raises(HTTPClientError) as refused:
        await connect(url, kernel_id, origin)
    assert refused.value.code == 403


async def test_a_failing_cell_gives_a_page_without_its_trace(served: Served) -> None:
    page = await get(await visit_url(served, "failing"))
    text = page.body.decode()
    assert page.code == 500
    assert "Failing could not start" in text and "Try again" in text and "owner sees the details" in text
    assert "ZeroDivisionError" not in text and "SECRET_NAME" not in text
    notice = await served.notice("app_failed", "failing")
    assert "division by zero" in notice.what and "1 / 0" in notice.detail and "\x1b" not in notice.detail


async def test_only_the_owner_is_told_which_package_is_missing(served: Served) -> None:
    page = await get(await visit_url(served, "missing"))
    assert page.code == 500 and "nothing_here" not in page.body.decode()
    notice = await served.notice("app_failed", "missing")
    assert "if its package is called so: 'pip install nothing_here'." in notice.what


@pytest.mark.parametrize(
    ("name", "kind", "status"),
    [
        ("slow", "too_slow", 504),
        ("flood", "too_slow", 504),
        ("exiting", "too_slow", 504),
        ("broken", "kernel_missing", 503),
    ],
)
async def test_an_app_that_does_not_get_ready_gives_a_page(served: Served, name: str, kind: str, status: int) -> None:
    page = await get(await visit_url(served, name))
    assert page.code == status
    assert "owner sees the details" in page.body.decode()
    await served.notice(kind, name)
    with anyio.fail_after(60):
        while await served.site.visits():
            await anyio.sleep(0.1)


async def test_a_full_site_asks_to_wait(folder: Path) -> None:
    async for running in serve([published(folder, "tip", COUNTER, "display(app)")], visits=1):
        await open_app(running)
        page = await get(await visit_url(running, "tip"))
        assert page.code == 503
        assert page.headers["Retry-After"]
        assert "is busy" in page.body.decode()
        await running.notice("busy", "tip")


async def test_it_is_served_under_a_base_url(folder: Path) -> None:
    async for running in serve([published(folder, "tip", COUNTER, "display(app)")], base_url="/user/me/apps-site/"):
        assert (await get(running.site.index_url)).code == 200
        url, kernel_id = await open_under(running, "/user/me/apps-site/")
        socket = await connect(url, kernel_id)
        await socket.write_message(message("kernel_info_request", {}))
        await answers(socket, "kernel_info_reply")
        assert (await get(running.site.url.replace("/user/me/apps-site/", "/"))).code == 404


async def open_under(running: Served, base: str) -> tuple[str, str]:
    page = (await get(await running.site.link("tip"))).body.decode()
    found = re.search(r'<iframe src="([^"]+)"', page)
    assert found and found[1].startswith(base)
    url = running.site.url.removesuffix(base) + found[1]
    kernel = re.search(r'"kernelId": "([^"]+)"', (await get(url)).body.decode())
    assert kernel
    return url, kernel[1]


async def test_a_port_that_is_taken_is_said(folder: Path) -> None:
    server = await asyncio.start_server(lambda r, w: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(MachineFault, match="could not listen"):
        await Site([], SiteSettings(port=port)).start()
    server.close()


async def test_an_app_can_be_added_and_taken_away(folder: Path) -> None:
    async for running in serve([]):
        app = published(folder, "late", COUNTER, "display(app)")
        await running.site.serve([app])
        link = await running.site.link("late")
        assert (await get(link)).code == 200
        await running.site.serve([])
        assert (await get(link)).code == 404


async def test_stopping_leaves_no_process_and_no_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = folder / "temporary"
    own.mkdir()
    monkeypatch.setenv("TMPDIR", str(own))
    async for running in serve([published(folder, "tip", COUNTER, "display(app)")]):
        await open_app(running)
        assert running.site.process_id
        family = psutil.Process(running.site.process_id).children(recursive=True)
        family.append(psutil.Process(running.site.process_id))
        assert list(own.glob("microapps-*"))
    _, alive = psutil.wait_procs(family, timeout=30)
    assert alive == []
    assert not list(own.glob("microapps-*"))


async def test_a_message_that_counts_more_parts_than_it_has_keeps_nobody_waiting(served: Served) -> None:
    url, kernel_id = await open_app(served)
    address = f"{url}api/kernels/{kernel_id}/channels?session_id={uuid.uuid4().hex}".replace("http://", "ws://")
    sockets = []
    for forms in (["v1.kernel.websocket.jupyter.org"], None):
        socket = await websocket_connect(HTTPRequest(address, headers={"Origin": "null"}), subprotocols=forms)
        for data in (b"\xff" * 8, b"\x7f\xff\xff\xff", b"", b"\0" * 16):
            await socket.write_message(data, binary=True)
        with anyio.fail_after(20):
            assert (await get(f"{served.site.url}healthz")).code == 200
        assert socket.close_code is None
        sockets.append(socket)  # a visit that nobody is connected to would soon be over
    for socket in sockets:
        socket.close()
