"""Apps whose kernels run on a real Jupyter Kernel Gateway on this machine, seen by visitors, owner and gateway."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import pytest
from playwright.async_api import Page, expect
from tornado.httpclient import AsyncHTTPClient, HTTPRequest

from microapps.errors import InvalidInput, InvalidSetting, MachineFault
from microapps.notebook import Host, Permissions
from microapps.publish import Gateway, PublishedApp, Site, SiteSettings
from microapps.publish.gateway.asking import answered
from microapps.publish.gateway.fitness import fit_for_gateway, unfit
from microapps.publish.gateway.messages import from_newer, from_wire, to_newer, to_wire
from microapps.sandbox import Confinement

from .conftest import COUNTER, Served, inside, published, serve, write_notebook
from .test_site import connect, get, message, open_app, visit_url

pytest.importorskip("kernel_gateway", reason="jupyter_kernel_gateway is not installed")
pytestmark = pytest.mark.anyio

TOKEN = "token-of-the-gateway-0123456789"
EVERYTHING = """
import os, time, ipywidgets as w
people = w.IntSlider(description="People", value=2, min=1, max=9)
share = w.Label()
def split(_=None):
    share.value = f"each pays {120 / people.value:.2f}"
people.observe(split, "value"); split()
up = w.FileUpload(description="Photo")
size = w.Label("no file")
back = w.Image()
def took(_):
    size.value = f"{up.value[0].name} has {len(up.value[0].content)} bytes"
    back.value = bytes(up.value[0].content)
up.observe(took, "value")
def button(name, act):
    made = w.Button(description=name)
    made.on_click(lambda _: act())
    return made
app = w.VBox([
    people, share, up, size, back, w.Label("told " + os.environ["QUERY_STRING"]),
    button("Divide", lambda: 1 / 0), button("Die", lambda: os._exit(3)), button("Loop", lambda: time.sleep(60)),
])
"""


@dataclass
class RunningGateway:
    """A kernel gateway on loopback."""

    process: asyncio.subprocess.Process
    url: str

    def settings(self) -> Gateway:
        return Gateway.of(self.url, {"JUPYTER_GATEWAY_AUTH_TOKEN": TOKEN})

    async def answers(self) -> bool:
        """Whether it has come up; False if it ended."""
        with anyio.fail_after(60):
            while self.process.returncode is None:
                try:
                    if (await get(f"{self.url}/api")).code in (200, 401):
                        return True
                except OSError:
                    await anyio.sleep(0.1)
        return False

    async def kernels(self) -> list[str]:
        """The kernels it has, by its own word, which it may not have while one is just being made."""
        request = HTTPRequest(f"{self.url}/api/kernels", headers={"Authorization": f"token {TOKEN}"})
        with anyio.fail_after(30):
            while (answer := await AsyncHTTPClient().fetch(request, raise_error=False)).code == 500:
                await anyio.sleep(0.1)
        answer.rethrow()
        return [each["id"] for each in json.loads(answer.body)]

    async def ends_with(self, kernels: list[str]) -> None:
        """Wait until it has these kernels and no others."""
        with anyio.fail_after(60):
            while await self.kernels() != kernels:
                await anyio.sleep(0.1)


@asynccontextmanager
async def running_gateway(folder: Path) -> AsyncIterator[RunningGateway]:
    for _ in range(3):  # a free port may be taken before the gateway has it
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        options = {"ip": "127.0.0.1", "port": port, "port_retries": 0}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "kernel_gateway", "--JupyterWebsocketPersonality.list_kernels=True"),
            *(f"--KernelGatewayApp.{name}={value}" for name, value in options.items()),
            env={**os.environ, "KG_AUTH_TOKEN": TOKEN, "JUPYTER_RUNTIME_DIR": str(folder), "HOME": str(folder)},
            stderr=asyncio.subprocess.DEVNULL,
            cwd=folder,
        )
        gateway = RunningGateway(process, f"http://127.0.0.1:{port}")
        try:
            if await gateway.answers():
                yield gateway
                return
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()
    raise AssertionError("the gateway did not start")


@pytest.fixture(scope="module")
async def gateway(anyio_backend: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningGateway]:
    async with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
        yield running


@pytest.fixture(scope="module")
async def served(gateway: RunningGateway, folder: Path) -> AsyncIterator[Served]:
    path = write_notebook(folder / "roaming.ipynb", COUNTER)
    granted = Permissions(hosts=(Host(name="example.org"),))
    apps = [
        published(folder, "all", EVERYTHING, "display(app)", title="Everything"),
        published(folder, "hasty", EVERYTHING, "display(app)", seconds=5),
        published(folder, "failing", "SECRET_NAME = 1", "1 / 0"),
        PublishedApp("roaming", "Roaming", path, Confinement("roaming", granted=granted)),
    ]
    async for running in serve(apps, gateway=gateway.settings(), linger=0.2, connect_within=20.0, thin=True):
        yield running


@pytest.mark.long
@pytest.mark.browser
async def test_a_visitor_moves_uploads_and_starts_again(served: Served, gateway: RunningGateway, page: Page) -> None:
    link = await served.site.link("all")
    await page.goto(link + ("&" if "?" in link else "?") + "Place=Seoul&token=mine")
    app = inside(page)
    await expect(app.get_by_text("each pays 60.00")).to_be_visible()
    await app.get_by_role("slider").press("ArrowRight")
    await expect(app.get_by_text("each pays 40.00")).to_be_visible()
    assert await app.get_by_text("told ").inner_text() == "told Place=Seoul", "and no secret of the address"
    dot = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001"
        "e221bc330000000049454e44ae426082"
    )
    async with page.expect_file_chooser() as chooser:
        await app.get_by_role("button", name="Photo").click()
    await (await chooser.value).set_files({"name": "dot.png", "mimeType": "image/png", "buffer": dot})
    await expect(app.get_by_text(f"dot.png has {len(dot)} bytes")).to_be_visible()
    await expect(app.locator("img[src^='blob:']")).to_be_visible()

    await app.get_by_role("button", name="Divide").click()
    await expect(app.get_by_text("The app ran into an error")).to_be_visible()
    notice = await served.notice("callback_failed", "all")
    assert "ZeroDivisionError" in notice.what and "1 / 0" in notice.detail
    assert "ZeroDivisionError" not in await page.frames[1].content()

    [before] = await gateway.kernels()
    await app.get_by_role("button", name="Die").click()
    await expect(app.get_by_text("The app has stopped")).to_be_visible()
    assert "ended by itself" in (await served.notice("kernel_lost", "all")).what
    await app.get_by_role("link", name="Start again").click()
    await expect(app.get_by_text("What you had entered was kept.")).to_be_visible()
    await expect(app.get_by_text("each pays 40.00")).to_be_visible()
    await app.get_by_role("slider").press("ArrowLeft")
    await expect(app.get_by_text("each pays 60.00")).to_be_visible()
    with anyio.fail_after(60):  # the dead kernel is taken away, another one took its place
        while before in (there := await gateway.kernels()):
            await anyio.sleep(0.1)
    assert len(there) == 1
    await page.goto("about:blank")
    await gateway.ends_with([])


async def test_a_page_says_no_more_than_widgets_do(served: Served, gateway: RunningGateway, tmp_path: Path) -> None:
    url, kernel_id = await open_app(served, "all")
    socket_ = await connect(url, kernel_id)
    target = tmp_path / "written"
    for channel in ("shell", "control"):
        code = {"code": f"open({str(target)!r}, 'w')", "silent": False, "allow_stdin": False}
        await socket_.write_message(message("execute_request", code, channel))
    await socket_.write_message(message("kernel_info_request", {}))
    with anyio.fail_after(20):
        while json.loads(await socket_.read_message() or "null")["header"]["msg_type"] != "kernel_info_reply":
            pass
    assert not target.exists()
    await socket_.write_message("no message at all")
    socket_.close()
    await gateway.ends_with([])


@pytest.mark.long
@pytest.mark.browser
async def test_one_that_works_for_too_long_is_ended(served: Served, gateway: RunningGateway, page: Page) -> None:
    await page.goto(await served.site.link("hasty"))
    await inside(page).get_by_role("button", name="Loop").click()
    await expect(inside(page).get_by_text("The app has stopped")).to_be_visible()
    assert "for longer than" in (await served.notice("kernel_lost", "hasty")).what
    await gateway.ends_with([])


async def test_an_app_that_fails_leaves_no_kernel(served: Served, gateway: RunningGateway) -> None:
    page = await get(await visit_url(served, "failing"))
    assert page.code == 500 and "SECRET_NAME" not in page.body.decode()
    assert "ZeroDivisionError" in (await served.notice("app_failed", "failing")).what
    await gateway.ends_with([])


async def test_an_app_that_needs_this_machine_is_refused(served: Served, gateway: RunningGateway) -> None:
    page = await get(await visit_url(served, "roaming"))
    assert page.code == 503 and "cannot run here" in page.body.decode()
    assert "example.org:443" in (await served.notice("kernel_missing", "roaming")).what
    assert await gateway.kernels() == []
    assert TOKEN not in "\n".join(served.site.log) and TOKEN not in repr(served.site.settings)


@pytest.mark.long
async def test_nothing_is_left_when_it_stops_and_all_are_told_when_it_is_gone(folder: Path, tmp_path: Path) -> None:
    app = published(folder, "tip", COUNTER, "display(app)")
    async with running_gateway(tmp_path) as gateway:
        async for first in serve([app], gateway=gateway.settings()):
            opened = [await open_app(first, "tip") for _ in range(2)]
            assert len(await gateway.kernels()) == 2
            late = asyncio.ensure_future(get(await visit_url(first, "tip")))
            with anyio.fail_after(30):
                while len(await gateway.kernels()) < 3:
                    await anyio.sleep(0.02)
        assert await gateway.kernels() == [], f"of {opened}, and of one that was still being started"
        await asyncio.gather(late, return_exceptions=True)
        async for second in serve([app], gateway=gateway.settings()):
            url = await visit_url(second, "tip")
            gateway.process.terminate()
            await gateway.process.wait()
            page = await get(url)
            assert page.code == 503 and gateway.url not in page.body.decode()
            assert "Nothing answers" in (await second.notice("kernel_missing", "tip")).what


@pytest.mark.parametrize(
    ("path", "token", "said"),
    [("", "wrong", "asks for a token"), ("/no/such/path", TOKEN, "is no kernel gateway")],
)
async def test_a_gateway_that_refuses_is_told_at_the_start(
    gateway: RunningGateway, folder: Path, path: str, token: str, said: str
) -> None:
    settings = SiteSettings(gateway=Gateway(gateway.url + path, {"JUPYTER_GATEWAY_AUTH_TOKEN": token}))
    site = Site([published(folder, "tip", COUNTER)], settings)
    with pytest.raises(MachineFault, match=said) as refused:
        await site.start()
    assert refused.value.hint and token not in str(refused.value) + "\n".join(site.log)


async def test_an_answer_that_does_not_come_is_not_awaited_for_ever() -> None:
    with pytest.raises(MachineFault, match="did not answer within"):
        await answered(asyncio.sleep(60), 0.01)


@pytest.mark.parametrize(
    "url",
    ["", "gateway:8888", "ftp://gateway", "http://", "http://me:secret@gateway", "http://g/?token=s", "http://g:x"],
)
def test_a_url_that_is_none_or_holds_a_secret_is_refused(url: str) -> None:
    with pytest.raises(InvalidSetting) as refused:
        Gateway.of(url, {})
    assert "secret" not in refused.value.what


def test_only_what_is_meant_for_a_gateway_is_passed_on() -> None:
    given = {"JUPYTER_GATEWAY_AUTH_TOKEN": "s", "KERNEL_USERNAME": "me", "ANTHROPIC_API_KEY": "k", "HOME": "/"}
    gateway = Gateway.of("http://127.0.0.1:8888", given)
    assert set(gateway.environment) == {"JUPYTER_GATEWAY_AUTH_TOKEN", "KERNEL_USERNAME"}


def test_what_only_this_machine_can_give_is_named(tmp_path: Path) -> None:
    store = published(tmp_path, "keeping", "from microapps.runtime import store")
    assert unfit(store, ["from microapps.runtime import store"]) and not unfit(store, ["import microapps"])
    plain = published(tmp_path, "plain", "1")
    told: list[Any] = []
    fit_for_gateway([store, plain], [], told.append)
    assert [notice.app for notice in told] == ["keeping"]
    for named, apps in ((["keeping"], [store, plain]), ([], [store])):
        with pytest.raises(InvalidInput, match="keeps data"):
            fit_for_gateway(apps, named)


@pytest.mark.parametrize("buffers", [[], [b"\0\xff", b""]])
def test_messages_cross_in_both_forms(buffers: list[bytes]) -> None:
    told = json.loads(message("comm_msg", {"data": {"값": 1}}))
    made = from_wire(to_wire({**from_wire(json.dumps(told)), "buffers": buffers}))
    again = from_newer(to_newer(made))
    assert again["content"] == {"data": {"값": 1}} and again["channel"] == "shell"
    assert [bytes(each) for each in again["buffers"]] == buffers


@pytest.mark.parametrize("data", ["", "[]", "{}", '{"header": 1}', "null", b"", b"\0", b"\xff" * 40])
def test_what_is_no_message_is_refused(data: str | bytes) -> None:
    with pytest.raises(ValueError):
        from_wire(data)
    if isinstance(data, bytes):
        with pytest.raises(ValueError):
            from_newer(data)
