"""Publishing through the API: links that outlive the server, whose they are, and how they end."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from .conftest import Made
from .jupyter import BASE, Jupyter, Person

pytestmark = pytest.mark.sandbox


async def seen(jupyter: Jupyter, path: str, **options: Any) -> HTTPResponse:
    """What somebody without any right on the server sees."""
    client = AsyncHTTPClient(force_instance=True)
    try:
        url = f"http://127.0.0.1:{jupyter.port}{path}"
        return await client.fetch(url, raise_error=False, follow_redirects=False, request_timeout=60, **options)
    finally:
        client.close()


@pytest.mark.long
async def test_a_link_is_given_out_and_is_good_after_a_restart(
    jupyter: Jupyter, ask: Person, starter: Made, forked: Callable[[Made], str], tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    name = await asyncio.to_thread(forked, starter)
    before = (await ask("GET", f"apps/{name}/publish")).body
    assert not before["published"] and before["links"] == []
    given = (await ask("POST", f"apps/{name}/publish", {"origin": "https://hub.example"})).body
    path = given["link"]
    assert path.startswith(f"{BASE}microapps/site/apps/{name}/~") and given["url"] == f"https://hub.example{path}"
    assert given["qr"].startswith("data:image/svg+xml") and given["about"] == "The app keeps nothing."
    again = (await ask("POST", f"apps/{name}/publish", {})).body
    assert again["link"] == path, "the same until it is closed"
    soon = (datetime.now(UTC) + timedelta(days=7)).isoformat()
    guest = (await ask("POST", f"apps/{name}/publish", {"role": "guest", "label": "안나", "expires": soon})).body
    assert guest["row"]["label"] == "안나" and guest["row"]["expires"] and guest["link"] != path
    card = next(one for one in (await ask("GET", "apps")).body if one["name"] == name)
    assert card["published"] and (await ask("GET", f"apps/{name}")).body["link"] == path
    caplog.set_level(logging.DEBUG)
    frame = await seen(jupyter, path)
    shown = re.search(r'<iframe src="([^"]+)"', frame.body.decode())
    assert frame.code == 200 and shown and (await seen(jupyter, shown[1])).code == 200
    await seen(jupyter, path.replace("/apps/", "/apps/no-"))
    logged = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("http"))
    assert "/~…/" in logged and "/visits/…/" in logged
    assert path.rpartition("~")[2].strip("/") not in logged and shown[1].rstrip("/").rpartition("/")[2] not in logged
    other = Jupyter(tmp_path, jupyter.home)
    await asyncio.to_thread(other.start)
    try:
        frame = await seen(other, path)
        assert frame.code == 200, "the site is started for whoever has a link"
        visit = re.search(r'<iframe src="([^"]+)"', frame.body.decode())
        assert visit and (await seen(other, visit[1])).code == 200
        assert (await seen(other, path.replace("~", "~x"))).code == 404
        assert (await ask("DELETE", f"apps/{name}/links/{guest['row']['id']}")).body["links"][1]["good"] is False
        async with asyncio.timeout(60):
            while (await seen(other, guest["link"])).code != 404:
                await asyncio.sleep(0.1)
            while not (await ask("GET", f"apps/{name}/publish")).body["visits"]:
                await asyncio.sleep(0.1)
        assert (await ask("DELETE", f"apps/{name}/publish")).body["link"] is None
        async with asyncio.timeout(60):
            while (await seen(other, path)).code != 404 or (await seen(jupyter, path)).code != 404:
                await asyncio.sleep(0.1)
    finally:
        await asyncio.to_thread(other.stop)
    gone = (await ask("GET", f"apps/{name}/publish")).body
    assert not gone["published"] and [link["good"] for link in gone["links"]] == [False, False]


async def test_a_password_is_asked_for_through_the_server(
    jupyter: Jupyter, ask: Person, starter: Made, forked: Callable[[Made], str]
) -> None:
    name = await asyncio.to_thread(forked, starter)
    for none in ("", "short"):
        short = await ask("POST", f"apps/{name}/publish", {"role": "anyone", "password": none})
        assert short.status == 400 and "8 to 200" in short.body["what"]
    given = (await ask("POST", f"apps/{name}/publish", {"role": "anyone", "password": "열려라 참깨 열려라"})).body
    assert given["link"] == f"{BASE}microapps/site/apps/{name}/" and given["row"]["password"] is True
    assert "열려라" not in str((await ask("GET", f"apps/{name}/publish")).body)
    asked = (await seen(jupyter, given["link"])).body.decode()
    form = re.search(r'name="form" value="([^"]+)"', asked)
    assert form and "<script" not in asked
    body = urlencode({"form": form[1], "password": "열려라 참깨 열려라"})
    opened = await seen(jupyter, given["link"], method="POST", body=body)
    assert opened.code == 303 and unquote(opened.headers["Location"]).startswith(unquote(given["link"]) + "~")
    assert (await seen(jupyter, opened.headers["Location"])).code == 200
    for wish in ({"origin": "javascript:alert(1)"}, {"password": "long enough 1"}, {"origin": "https://a/b"}):
        assert (await ask("POST", f"apps/{name}/publish", wish)).status == 400
    assert (await ask("GET", f"apps/{name}/links/{given['row']['id']}")).body["url"].endswith(given["link"])
    assert (await ask("GET", f"apps/{name}/links/999999")).status == 400
    assert (await ask("DELETE", f"apps/{name}")).status == 200
    async with asyncio.timeout(60):
        while (await seen(jupyter, given["link"])).code != 404:
            await asyncio.sleep(0.1)
