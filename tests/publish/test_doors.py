"""Who comes in by which way, what is theirs, and how a way that is closed ends what came by it."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import socket
import time
import unicodedata
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

import anyio
import psutil
import pytest
from playwright.async_api import Page, expect
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.websocket import WebSocketClientConnection, websocket_connect

from microapps.publish import PublishedApp, Site, SiteSettings, WayIn, passwords
from microapps.publish.attempts import FREE, NEAR, Attempts, place
from microapps.publish.capabilities import digest
from microapps.publish.gallery import gallery_folder
from microapps.publish.passwords import fits, hashed

from .conftest import COUNTER, Served, becomes_true, inside, published, serve
from .test_site import get

pytestmark = [pytest.mark.anyio, pytest.mark.sandbox]

PASSWORD = "비밀 하나 둘 셋 넷"
ANNA, BEN, MINE = "a" * 24, "b" * 24, "m" * 24
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
KEEPER = """
import ipywidgets as w
from microapps.runtime import store
kept = w.Label("kept: " + ",".join(sorted(store.keys())))
add = w.Text(description="Add")
add.observe(lambda change: store.set(change["new"], 1), "value")
app = w.VBox([kept, add])
"""


def quickly_hashed() -> str:
    """What is kept of the password, made with little effort: these tests compare it many times."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "COST", 1 << 10)
        patch.setattr(passwords, "LANES", 1)
        return hashed(PASSWORD)


def keeper(folder: Path, storage: str = "private", **changes: object) -> PublishedApp:
    """An app that keeps what is typed, with a way in for each sort of visitor."""
    app = published(folder, f"keeper-{storage}", KEEPER, "display(app)", title="두고 <보기>")
    granted = app.confinement.granted.model_copy(update={"storage": storage})
    confinement = replace(app.confinement, granted=granted, data=folder / storage / "data")
    ways = (
        WayIn(1, "owner", digest(MINE + storage)),
        WayIn(2, "guest", digest(ANNA + storage), data=folder / storage / "guests" / "anna"),
        WayIn(3, "guest", digest(BEN + storage), data=folder / storage / "guests" / "ben"),
        WayIn(4, "anyone", password=quickly_hashed()),
    )
    picture = gallery_folder() / "converter.png"
    values = {"confinement": confinement, "ways": ways, "former": (f"old-{storage}",), "thumbnail": picture, **changes}
    return replace(app, **values)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
async def served(anyio_backend: str, folder: Path) -> AsyncIterator[Served]:
    async for running in serve([keeper(folder), keeper(folder, "shared")], thin=True, warm=0):
        yield running


def link(served: Served, secret: str, storage: str = "private") -> str:
    return f"{served.site.url}apps/keeper-{storage}/~{secret}{storage}/"


async def send(url: str, **headers: str) -> HTTPResponse:
    body = headers.pop("body", "")
    request = HTTPRequest(url, "POST", headers=headers, body=body, follow_redirects=False, request_timeout=60)
    return await AsyncHTTPClient().fetch(request, raise_error=False)


async def visit(frame: HTTPResponse, served: Served) -> str:
    """The address of the visit in a frame, after its page was sent."""
    found = re.search(r'<iframe src="([^"]+)"', frame.body.decode())
    assert found, frame.body.decode()[:1500]
    return served.site.url.rstrip("/") + found[1]


async def shown(url: str) -> set[str]:
    """What the app kept when the page of this visit was made."""
    page = (await get(url)).body.decode()
    found = re.search(r"kept: ([\w,-]*)", page)
    assert found, page[:1500]
    return {key for key in found[1].split(",") if key}


async def connected(url: str) -> WebSocketClientConnection:
    request = HTTPRequest(url.replace("http://", "ws://") + "live", headers={"Origin": "null"})
    socket = await websocket_connect(request)
    await socket.write_message(json.dumps({"type": "hello", "protocol": 1}))
    return socket


async def heard(socket: WebSocketClientConnection, wanted: str) -> dict[str, object]:
    with anyio.fail_after(30):
        while True:
            said = await socket.read_message()
            assert said is not None, f"no {wanted} before the connection ended"
            if isinstance(said, str) and (message := json.loads(said))["type"] == wanted:
                return dict(message)


async def keeps(served: Served, opened: HTTPResponse, *keys: str) -> WebSocketClientConnection:
    """Have the app of a fresh visit keep these keys; its connection."""
    url = await visit(opened, served)
    page = (await get(url)).body.decode()
    state = re.search(r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert state, page[:1500]
    widgets = json.loads(state[1])["widgets"]
    text = next(model for model, widget in widgets.items() if widget["model_name"] == "TextModel")
    socket = await connected(url)
    await heard(socket, "welcome")
    for number, key in enumerate(keys):
        data = {"method": "update", "state": {"value": key}, "buffer_paths": []}
        await socket.write_message(
            json.dumps({"type": "comm", "id": f"p{number}", "kind": "msg", "comm": text, "data": data})
        )
        with anyio.fail_after(30):
            while (await heard(socket, "status")).get("state") != "idle":
                pass
    return socket


async def unlocked(served: Served, password: str = PASSWORD, storage: str = "private", **headers: str) -> HTTPResponse:
    """The answer to a password that is typed at the app's plain address."""
    url = f"{served.site.url}apps/keeper-{storage}/?Add=x&token=y"
    asked = (await get(url, **headers)).body.decode()
    found = re.search(r'name="form" value="([^"]+)"', asked)
    assert found, asked
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return await send(url, body=urlencode({"form": found[1], "password": password}), **kind, **headers)


@pytest.mark.long
async def test_everyone_keeps_what_is_theirs(served: Served, folder: Path) -> None:
    for secret, key in ((ANNA, "of-anna"), (BEN, "of-ben"), (MINE, "of-owner")):
        (await keeps(served, await get(link(served, secret)), key)).close()
    assert await shown(await visit(await get(link(served, ANNA)), served)) == {"of-anna"}
    assert await shown(await visit(await get(link(served, BEN)), served)) == {"of-ben"}
    assert await shown(await visit(await get(await served.site.link("keeper-private")), served)) == {"of-owner"}
    opened = await unlocked(served)
    anyone = served.site.url.rstrip("/") + opened.headers["Location"]
    (await keeps(served, await get(anyone), "of-nobody")).close()
    assert await shown(await visit(await get(anyone), served)) == set(), "what anyone types is thrown away"
    assert "not kept" in (await get(anyone)).body.decode()
    assert "not kept" not in (await get(link(served, ANNA))).body.decode()
    assert "남지 않습니다" in (await get(anyone, **{"Accept-Language": "ko-KR,en;q=0.9"})).body.decode()
    pictured = await served.site.link("keeper-private", blank=True)
    assert await shown(await visit(await get(pictured), served)) == set(), "a picture shows nothing of anybody's"
    kept = {path.parent.name for path in (folder / "private").rglob("store.sqlite3")}
    assert kept == {"data", "anna", "ben"}


async def test_what_is_shared_is_one_for_all_who_write_at_once(served: Served) -> None:
    anyone = served.site.url.rstrip("/") + (await unlocked(served, storage="shared")).headers["Location"]
    frames = [await get(link(served, secret, "shared")) for secret in (ANNA, BEN, MINE)] + [await get(anyone)]
    keys = [[f"{who}-{number}" for number in range(8)] for who in range(len(frames))]
    sockets = await asyncio.gather(*(keeps(served, frame, *mine) for frame, mine in zip(frames, keys, strict=True)))
    for open_one in sockets:
        open_one.close()
    everything = {key for mine in keys for key in mine}
    assert await shown(await visit(await get(link(served, BEN, "shared")), served)) == everything
    assert await shown(await visit(await get(await served.site.link("keeper-shared", blank=True)), served)) == set()


async def test_a_closed_way_ends_what_came_by_it_and_nothing_else(served: Served, folder: Path) -> None:
    stays = await keeps(served, await get(link(served, BEN)), "b")
    goes = await keeps(served, await get(link(served, ANNA)), "a")
    late = await visit(await get(link(served, ANNA)), served)
    opened = served.site.url.rstrip("/") + (await unlocked(served)).headers["Location"]
    assert (await get(opened)).code == 200
    before = served.site.apps
    try:
        ways = tuple(way for way in before[0].ways if way.id not in (2, 4))
        passing = WayIn(5, "guest", digest("s" * 24 + "private"), expires=time.time() + 600)
        soon = replace(before[0], ways=(*ways, passing))
        await served.site.serve([soon, before[1]])
        assert (await heard(goes, "gone"))["why"] == "closed"
        assert (await get(link(served, ANNA))).code == 404, "a revoked link opens nothing"
        assert (await get(late)).code == 404, "nor does a page that came by it"
        assert (await get(opened)).code == 404, "nor what a password opened that is taken back"
        assert (await get(f"{served.site.url}apps/keeper-private/")).code == 404
        again = await connected(late)
        assert "over" in str((await heard(again, "gone"))["what"])
        expiring = await connected(await visit_sent(served, "s" * 24))
        await heard(expiring, "welcome")
        ends = replace(passing, expires=time.time() + 0.5)
        await served.site.serve([replace(soon, ways=(*ways, ends)), before[1]])
        assert (await heard(expiring, "gone"))["why"] == "closed", "it expires by itself"
        assert (await get(link(served, "s" * 24))).code == 404
        await stays.write_message(json.dumps({"type": "state", "id": "x"}))
        assert await heard(stays, "state")
    finally:
        await served.site.serve(before)
        stays.close()


async def visit_sent(served: Served, secret: str) -> str:
    """The address of a fresh visit whose page was sent."""
    url = await visit(await get(link(served, secret)), served)
    assert (await get(url)).code == 200
    return url


async def test_a_way_opens_one_app_by_whatever_name_and_nothing_tells_which_names_there_are(served: Served) -> None:
    for name in ("old-private", "keeper-shared", "no-such-app"):  # its own may be another app's by now
        opened = await get(link(served, ANNA).replace("keeper-private", name))
        assert opened.code == 200 and "두고 &lt;보기&gt;" in opened.body.decode(), name
    wrong = [
        link(served, "c" * 32),
        link(served, digest(ANNA + "private")[:25]),
        f"{served.site.url}apps/no-such-app/",
        f"{served.site.url}apps/no-such-app/picture.png",
    ]
    pages = [await get(url) for url in wrong]
    assert {page.code for page in pages} == {404} and len({page.body for page in pages}) == 1


async def test_a_password_lets_in_and_is_nowhere_told(served: Served) -> None:
    led = (await get(f"{served.site.url}apps/keeper-private?Add=x&token=y")).headers["Location"]
    assert led == "/apps/keeper-private/?Add=x"
    asked = await get(f"{served.site.url}apps/keeper-private/?Add=x")
    text = asked.body.decode()
    assert asked.code == 200 and "두고 &lt;보기&gt;" in text and 'type="password"' in text and "<script" not in text
    policy = asked.headers["Content-Security-Policy"]
    assert f"form-action {served.site.url}apps/keeper-private/" in policy and "script-src" not in policy
    assert asked.headers["Cache-Control"] == "no-store" and "Set-Cookie" not in asked.headers
    wrong = await unlocked(served, "PASSWORD-IN-NO-LOG")
    assert wrong.code == 403 and "That is not the password." in wrong.body.decode()
    assert 'role="alert"' in wrong.body.decode() and "PASSWORD-IN" not in wrong.body.decode()
    opened = await unlocked(served)
    assert opened.code == 303
    location = opened.headers["Location"]
    assert re.fullmatch(r"/apps/keeper-private/~[\w-]{64}/\?Add=x", location), "no token of a server before it goes on"
    assert (await get(served.site.url.rstrip("/") + location)).code == 200
    in_query = await get(f"{served.site.url}apps/keeper-private/?{urlencode({'password': PASSWORD})}")
    assert 'type="password"' in in_query.body.decode(), "a password in an address is none"
    told = "\n".join(served.site.log) + repr(served.notices)
    capability = re.search(r"~([\w-]+)", location)
    assert capability and not {PASSWORD, "PASSWORD-IN-NO-LOG", capability[1], ANNA} & set(re.split(r"[ /~?=&]", told))
    metrics = await get(f"{served.site.url}metrics?token={served.site.settings.token}")
    assert capability[1] not in metrics.body.decode() and ANNA not in metrics.body.decode()


async def test_a_form_of_someone_else_opens_nothing(served: Served) -> None:
    url = f"{served.site.url}apps/keeper-private/"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    for form in ("", "1.x", f"{time.time():.0f}.AAAA", "ü.ü"):
        answer = await send(url, body=urlencode({"form": form, "password": PASSWORD}), **kind)
        assert answer.code == 403 and "enter the password again" in answer.body.decode()
    asked = (await get(url)).body.decode()
    token = re.search(r'name="form" value="([^"]+)"', asked)
    assert token
    elsewhere = {"X-Forwarded-For": "203.0.113.7"}
    answer = await send(url, body=urlencode({"form": token[1], "password": PASSWORD}), **kind, **elsewhere)
    assert answer.code == 403, "a token serves from where it was asked for"
    assert (await send(url, body=b"\xff" * 100, **kind)).code in (400, 403)  # type: ignore[arg-type]


async def test_guessing_is_slowed_down_and_others_come_in(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("microapps.publish.attempts.FIRST_WAIT", 60.0)  # not over before these are
    guesser = {"X-Forwarded-For": "198.51.100.9"}
    guesses = (unlocked(served, f"guess {number}", **guesser) for number in range(FREE + 3))
    codes = sorted(answer.code for answer in await asyncio.gather(*guesses))
    assert codes == [403] * FREE + [429] * 3, "many at once as well"
    locked = await unlocked(served, PASSWORD, **guesser)
    assert locked.code == 429 and int(locked.headers["Retry-After"]) >= 1, "the right one is not looked at either"
    assert (await unlocked(served, PASSWORD, **{"X-Forwarded-For": "198.51.100.10"})).code == 303


async def test_many_who_share_an_address_come_in_at_once(served: Served) -> None:
    """A class behind one router, each of whom knows the password."""
    together = {"X-Forwarded-For": "198.51.100.11"}
    answers = await asyncio.gather(*(unlocked(served, PASSWORD, **together) for _ in range(3 * FREE)))
    assert {answer.code for answer in answers} == {303}


async def test_a_link_shows_its_picture_to_whoever_has_it(served: Served) -> None:
    page = (await get(link(served, ANNA))).body.decode()
    image = re.search(r'<meta property="og:image" content="([^"]+)"', page)
    assert image and image[1] == f"{link(served, ANNA)}picture.png"
    assert '<meta property="og:title" content="두고 &lt;보기&gt;">' in page
    sent = await get(image[1])
    assert sent.code == 200 and sent.headers["Content-Type"] == "image/png" and sent.body.startswith(b"\x89PNG")
    assert sent.headers["Cache-Control"] == "no-store"
    asked = (await get(f"{served.site.url}apps/keeper-private/")).body.decode()
    assert "og:title" in asked and "og:image" not in asked
    assert (await get(f"{served.site.url}apps/keeper-private/picture.png")).code == 404
    assert (await get(image[1].replace(ANNA, "x" * 32))).code == 404
    for header in ("evil.example/x", 'a"><script>', "evil.example@127.0.0.1", "a b"):
        assert (await get(link(served, ANNA), Host=header)).code >= 400
    through = (await get(link(served, ANNA), Host="apps.example.org", **{"X-Forwarded-Proto": "https"})).body.decode()
    assert 'og:image" content="https://apps.example.org/apps/keeper-private/~' in through


@pytest.mark.browser
async def test_a_password_is_typed_on_a_phone(served: Served, page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    await page.set_viewport_size({"width": 390, "height": 700})
    await page.goto(f"{served.site.url}apps/keeper-private/?Add=typed")
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    assert await page.locator("script").count() == 0 and complaints == []
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme)
        ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (int(ground[4:].split(",")[0]) < 100) is (scheme == "dark")
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("Password")).to_be_focused()
    await page.keyboard.type("wrong password")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_have_text("That is not the password.")
    await expect(page.get_by_label("Password")).to_have_attribute("aria-describedby", "wrong")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Open").click()
    await expect(inside(page).locator("html[data-state=alive]")).to_be_attached()
    await expect(inside(page).get_by_label("Add")).to_have_value("typed")
    await expect(page.get_by_role("note")).to_have_text("What you enter here is not kept once you leave.")
    assert "/~" in page.url and "password" not in page.url


@pytest.mark.browser
async def test_a_link_that_is_closed_says_so_to_who_is_there(served: Served, page: Page) -> None:
    before, joined = served.site.apps, asyncio.Event()
    page.on("websocket", lambda opened: opened.on("framereceived", lambda _: joined.set()))
    await page.goto(link(served, ANNA))
    await expect(inside(page).locator("html[data-state=alive]")).to_be_attached()
    async with asyncio.timeout(60):
        await joined.wait()
    try:
        kept = tuple(way for way in before[0].ways if way.id != 2)
        await served.site.serve([replace(before[0], ways=kept), before[1]])
        await expect(inside(page).get_by_text("The app was ended by its owner.")).to_be_visible()
        await page.reload()
        await expect(page.get_by_role("heading", name="Nothing is here")).to_be_visible()
    finally:
        await served.site.serve(before)


@pytest.mark.long
@pytest.mark.browser
async def test_a_site_that_stops_finishes_and_its_visitors_find_it_again(
    folder: Path, page: Page, request: pytest.FixtureRequest
) -> None:
    mine_alone = socket.socket()  # while it is open, nobody gets its port who asks for any that is free
    mine_alone.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    mine_alone.bind(("127.0.0.1", 0))
    request.addfinalizer(mine_alone.close)
    port = mine_alone.getsockname()[1]
    slow = published(folder, "slow-to-start", "import time; time.sleep(0.5)", COUNTER, "display(app)")
    slider = "display(w.IntSlider(description='Guests'))"
    quick = published(folder, "quick", COUNTER, "display(app)", slider)
    settings = SiteSettings(port=port, warm=0)
    site = Site([slow, quick], settings)
    async with site:
        await page.goto(await site.link("quick"))
        await expect(inside(page).locator("html[data-state=alive]")).to_be_attached()
        frame = await get(await site.link("slow-to-start"))
        found = re.search(r'<iframe src="([^"]+)"', frame.body.decode())
        assert found
        await inside(page).get_by_label("Bill").fill("240")
        answer = asyncio.ensure_future(get(site.url.rstrip("/") + found[1]))
        async with asyncio.timeout(60):
            while not (await site.counts()).get("slow-to-start"):
                await asyncio.sleep(0.02)
        process = psutil.Process(site.process_id)
        family = process.children(recursive=True)
        process.terminate()
        assert (await answer).code == 200, "what was asked before is answered"
        ended = site._process  # waited for by whoever started it, who alone is told how it ended
        assert ended is not None and await ended.wait() == 0
        assert psutil.wait_procs(family, timeout=30)[1] == []
        await expect(inside(page).get_by_text("The site was stopped")).to_be_visible()
        await inside(page).get_by_label("Bill").fill("320")
    await inside(page).get_by_role("button", name="Try again").click()
    await expect(inside(page).get_by_text("The site cannot be reached just now.")).to_be_visible()
    async with Site([slow, quick], replace(settings, key="")):  # another site, at this address by chance
        await inside(page).get_by_role("button", name="Try again").click()
        await expect(inside(page).get_by_text("This address is no longer good")).to_be_visible()
        await expect(inside(page).get_by_label("Bill")).to_have_value("320")
    async with Site([slow, quick], settings):
        await inside(page).get_by_role("button", name="Try again").click()
        await expect(inside(page).get_by_text("What you had entered was kept: Bill")).to_be_visible()
        assert "320" not in page.url
        await inside(page).get_by_role("button", name="Calculate").click()
        await expect(inside(page).get_by_text("each pays 80.00")).to_be_visible()
        assert (await get(page.url.partition("#")[0].replace("/~", "/%7E"))).code == 200
    await expect(inside(page).get_by_text("The site was stopped")).to_be_visible()
    await inside(page).get_by_label("Bill").fill("400")
    await inside(page).locator(".widget-readout").press("Control+a")
    await page.keyboard.type("7")
    await becomes_true(page, "history.state.kept?.Bill === '400' && history.state.kept.Guests === '7'")
    async with Site([slow, quick], settings):
        await page.reload()
        await expect(inside(page).get_by_text("What you had entered was kept: Bill")).to_be_visible()
        await expect(inside(page).get_by_label("Bill")).to_have_value("400")
        await expect(inside(page).locator(".widget-readout")).to_have_text("7")
        assert "400" not in page.url and await page.evaluate("history.state.kept") is None


def test_passwords_are_hashed_apart_and_compared_in_any_form() -> None:
    slow, one, other = hashed(PASSWORD), quickly_hashed(), quickly_hashed()
    assert slow.split("$")[:4] == ["scrypt", "32768", "8", "3"] and fits(PASSWORD, slow)
    assert one != other and PASSWORD not in one and fits(PASSWORD, one) and not fits(PASSWORD + "x", one)
    decomposed = unicodedata.normalize("NFD", PASSWORD)
    assert decomposed != PASSWORD and fits(f" {decomposed} ", one)
    assert not fits(secrets.token_hex(500_000), one)


def test_tries_are_forgotten_and_bounded() -> None:
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    for _ in range(FREE + 3):
        attempts.wrong("tip", "192.0.2.1")
    assert attempts.wait("tip", "192.0.2.1") == 32 and attempts.wait("other", "192.0.2.1") == 0
    assert attempts.wait("tip", "::ffff:192.0.2.1") == 32
    now[0] = 33
    assert attempts.wait("tip", "192.0.2.1") == 0
    attempts.right("tip", "192.0.2.1")
    assert place("2001:db8:1:2:3::9") == place("2001:db8:1:2::1") != place("2001:db8:1:3::1")
    waits = [attempts.wait("tip", f"198.51.100.{number % 250}") for number in range(200)]
    assert waits[0] == 0 and waits[-1] > 0, "from everywhere at once is slowed down too"


def test_nobody_with_many_networks_uses_up_the_tries_of_others() -> None:
    attempts = Attempts(lambda: 0.0)
    waits = [attempts.wait("tip", f"2a00:aa:bb:{number:x}::1") for number in range(200)]
    assert waits.count(0) == NEAR and attempts.wait("tip", "2a00:aa:cc::1") == 0
    attempts.right("tip", "2a00:aa:bb::1")
    assert attempts.wait("tip", "2a00:aa:bb:ffff::1") == 0, "who is right takes none"
    assert [attempts.wait("home", f"fd00:aa:bb:{number:x}::1") for number in range(NEAR + 1)][-1] == 0
