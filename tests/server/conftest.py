"""A real Jupyter server with the extension, and a person's browser in front of it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pytest_jupyter.jupyter_server import *  # noqa: F403
from tornado.httpclient import HTTPClientError, HTTPResponse
from traitlets.config import Config

from tests.endpoint import Endpoint

API = ("microapps", "api")


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with Endpoint() as served:
        yield served


@pytest.fixture
def jp_server_config() -> Config:
    return Config(
        {"ServerApp": {"jpserver_extensions": {"microapps": True}}, "MicroappsExtension": {"pictures": False}}
    )


@dataclass
class Answer:
    """What came back: the status, and the JSON or the bytes."""

    status: int
    body: Any
    headers: Any


@pytest.fixture
def ask(jp_fetch: Callable[..., Awaitable[HTTPResponse]]) -> Callable[..., Awaitable[Answer]]:
    """Asks the API; a refusal is an answer like any other."""

    async def asked(method: str, path: str, wish: Any = None, **options: Any) -> Answer:
        body = options.pop("body", None)
        if body is None and method in ("POST", "PUT", "PATCH"):
            body = json.dumps(wish if wish is not None else {})
        try:
            response = await jp_fetch(*API, *path.split("/"), method=method, body=body, **options)
        except HTTPClientError as error:
            assert error.response is not None
            response = error.response
        kind = response.headers.get("Content-Type", "")
        content = json.loads(response.body) if "json" in kind and response.body else response.body
        return Answer(response.code, content, response.headers)

    return asked
