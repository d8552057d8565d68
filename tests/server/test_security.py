"""Every route of the table, and so every new one: who may not, may not; what is wrong is said."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from jupyter_server.auth import Authorizer
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from microapps.server.handler import ApiHandler
from microapps.server.proxy import SiteProxy, SiteSocket
from microapps.server.routes import ROUTES, Route
from microapps.server.upload_handler import UploadHandler

from .jupyter import SECONDS, Jupyter, Person

UNKNOWN = "no-such-app"
XSRF = f"2|00000000|{'ab' * 16}|1795271529"
"""A token as a browser has it in a cookie; whoever knows it may send it as a header too."""


class DenyAll(Authorizer):
    """Lets nobody do anything."""

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        return False


def address(route: Route, part: str = UNKNOWN) -> str:
    """An address of the route, with the same word for each of its parts."""
    path = re.sub(r"{(\w+)}", lambda found: "1" if found[1] == "number" else part, route.path)
    return path.replace(f"contents/{part}", f"contents/{part}.ipynb")


Raw = Callable[..., Awaitable[HTTPResponse]]


def asker(api: str) -> Raw:
    """Asks without anything that signs in; the answer as it is."""

    async def asked(route: Route, **headers: str) -> HTTPResponse:
        query = "&".join(f"{name}=zip" for name in route.query if name in ("to", "name"))
        return await AsyncHTTPClient(force_instance=True).fetch(
            f"{api}{address(route)}?{query}",
            method=route.method,
            body=b"{}" if route.method in ("POST", "PUT", "PATCH") else None,
            headers=headers,
            raise_error=False,
            request_timeout=SECONDS,
        )

    return asked


@pytest.fixture
def raw(ask: Person) -> Raw:
    return asker(ask.url)


@pytest.fixture
def token(jupyter: Jupyter) -> dict[str, str]:
    return {"Authorization": f"token {jupyter.token}"}


@pytest.fixture
def sign_in(jupyter: Jupyter) -> Callable[[], Awaitable[str]]:
    """Signs in as a browser does, and gives its cookies."""

    async def signed_in() -> str:
        answer = await AsyncHTTPClient(force_instance=True).fetch(f"{jupyter.url}api/status?token={jupyter.token}")
        cookies = [cookie.split(";")[0] for cookie in answer.headers.get_list("Set-Cookie")]
        assert any(cookie.startswith("username-") for cookie in cookies)
        return "; ".join([*cookies, f"_xsrf={XSRF}"])

    return signed_in


async def every(
    asked: Raw, right: Any, routes: tuple[Route, ...] = ROUTES, headers: dict[str, str] | None = None
) -> None:
    """Ask each route, and say all those that answered wrongly at once."""
    wrong = []
    for route in routes:
        answer = await asked(route, **(headers or {}))
        if not right(answer):
            wrong.append(f"{route.key}: {answer.code} {answer.body[:200]!r}")
    assert not wrong, "\n".join(wrong)


async def test_nothing_is_answered_without_a_token(raw: Raw) -> None:
    await every(raw, lambda answer: answer.code in (401, 403) and b'"what"' in answer.body)


def handlers(rules: Any) -> Iterator[tuple[str, Any]]:
    """Every address below that of this extension, with what answers it."""
    for rule in rules:
        pattern = getattr(getattr(rule.matcher, "regex", None), "pattern", "")
        if "/microapps/" in pattern:
            yield pattern.removesuffix("$").partition("/microapps/")[2], rule.target
        yield from handlers(getattr(rule.target, "rules", ()))


def test_every_address_of_the_extension_is_of_the_table_or_the_proxy(jupyter: Jupyter) -> None:
    """Nothing is answered by a handler that these tests do not know of."""
    found = dict(handlers(jupyter.app.web_app.default_router.rules))
    expected = {f"api/{route.pattern}" for route in ROUTES} | {"api/.*", "static/(.*)"}
    assert {f"api/{route.pattern}" for route in ROUTES} <= set(found)
    of_proxy = {pattern: target for pattern, target in found.items() if pattern not in expected}
    assert set(of_proxy.values()) <= {SiteProxy, SiteSocket}, of_proxy
    assert all(pattern.startswith("site/") for pattern in of_proxy), of_proxy
    assert all(issubclass(found[pattern], ApiHandler) for pattern in expected & set(found) if "static" not in pattern)
    for method in ("get", "post", "put", "patch", "delete"):
        assert hasattr(getattr(ApiHandler, method), "__wrapped__"), "it asks who it is, and whether they may"
        assert getattr(UploadHandler, method) is getattr(ApiHandler, method)


async def test_a_denying_authoriser_is_heeded(
    jp_serverapp: Any, jp_http_port: int, jp_base_url: str, http_server_client: Any
) -> None:
    jp_serverapp.web_app.settings["authorizer"] = DenyAll()
    raw = asker(f"http://127.0.0.1:{jp_http_port}{jp_base_url}microapps/api/")
    token = {"Authorization": f"token {jp_serverapp.identity_provider.token}"}
    await every(raw, lambda answer: answer.code == 403, headers=token)


async def test_no_page_of_another_origin_may_change_anything(raw: Raw, sign_in: Any) -> None:
    """As a browser sends it that is signed in by its cookie: the page is foreign, so it lacks the XSRF token."""
    changing = tuple(route for route in ROUTES if route.method != "GET")
    cookie = await sign_in()
    await every(
        raw, lambda answer: answer.code in (403, 404), changing, {"Cookie": cookie, "Origin": "https://example.org"}
    )
    both = {"Cookie": cookie, "X-XSRFToken": XSRF, "Origin": "https://example.org"}
    await every(raw, lambda answer: answer.code in (403, 404) and b"no-such" not in answer.body, changing, both)


async def test_no_page_of_another_origin_may_read_anything(raw: Raw, sign_in: Any) -> None:
    """A browser sends such a request with the person's cookies, if they may go; what comes back is not for the page."""
    reading = tuple(route for route in ROUTES if route.method == "GET" and route.media != "text/event-stream")
    foreign = {"Cookie": await sign_in(), "Origin": "https://example.org"}

    def kept(answer: HTTPResponse) -> bool:
        return answer.code in (403, 404) and "Access-Control-Allow-Origin" not in answer.headers

    await every(raw, kept, reading, foreign)


async def test_no_change_without_the_xsrf_token(raw: Raw, sign_in: Any) -> None:
    changing = tuple(route for route in ROUTES if route.method != "GET")
    cookie = await sign_in()
    await every(raw, lambda answer: answer.code == 403, changing, {"Cookie": cookie})
    stop = next(route for route in ROUTES if route.key == "POST jobs/{id}/stop")
    assert (await raw(stop, Cookie=cookie, **{"X-XSRFToken": XSRF})).code == 404, "with it, all is well"


async def test_unknown_names_are_not_found(raw: Raw, token: dict[str, str]) -> None:
    named = tuple(route for route in ROUTES if route.parts and not route.takes)
    await every(raw, lambda answer: answer.code == 404 and json.loads(answer.body)["what"], named, token)


async def test_a_body_that_is_no_json_is_refused(ask: Person) -> None:
    wrong = []
    for route in ROUTES:
        if route.takes is None:
            continue
        for body in (b"{nonsense", b"[]", b'{"surprise": 1}'):
            answer = await ask(route.method, address(route), body=body)
            lenient = "contents" in route.path and b"surprise" in body
            if answer.status != 400 or not answer.body["what"] or not answer.body["hint"]:
                wrong.append(f"{route.key} {body!r}: {answer.status} {answer.body}" if not lenient else "")
    assert not any(wrong), wrong


@pytest.mark.parametrize("name", ["..", "../library.db", "..%2f..%2fkey", "/etc/passwd", ".ipynb", "a\\b", "\x00"])
async def test_no_path_leads_out(ask: Person, name: str) -> None:
    for path in (f"apps/{name}", f"contents/{name}", f"contents/{name}.ipynb", f"apps/{name}/thumbnail"):
        answer = await ask("GET", path)
        assert answer.status in (400, 403, 404), (path, answer)


async def test_a_path_outside_jupyters_folder_is_no_data(ask: Person) -> None:
    for path in ("../outside.csv", "/../../etc/passwd", ".hidden/x"):
        answer = await ask("POST", "jobs", {"action": "make", "request": "x", "data": [{"path": path}]})
        assert answer.status == 400, answer


async def test_an_address_that_is_none_says_so(ask: Person) -> None:
    answer = await ask("GET", "nonsense")
    assert answer.status in (404, 405) and answer.body["what"]
