"""A real Jupyter server with the extension, in a thread of its own, that many tests share; and how they ask it.

Each answer that a test gets is held against the API's description, whatever else the test looks at.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import threading
from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import jsonschema
import jupyter_core.paths
import pytest
from jupyter_server.serverapp import ServerApp
from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from traitlets.config import Config

from microapps.server.openapi import document
from microapps.server.routes import ROUTES, Route
from microapps.server.service import Service

from .reading import parsed

BASE = "/a%40b/"
SECONDS = 120.0
"""Longest that a test waits for one answer, on a machine that has much else to do."""


@dataclass
class Answer:
    """What came back: the status, and the JSON or the bytes."""

    status: int
    body: Any
    headers: Any


class Jupyter:
    """The server. ``folder`` is where all that it writes goes; ``home`` is the studio's."""

    def __init__(self, folder: Path, home: Path, **extension: Any) -> None:
        self.folder = folder
        self.home = home
        self.root = folder / "root"
        self.token = "a-token-of-this-server"
        self.port = 0
        self.app: ServerApp
        self._extension = {"pictures": False, **extension}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="jupyter", daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{BASE}"

    @property
    def service(self) -> Service:
        """What the extension's handlers share."""
        [extension] = self.app.extension_manager.extension_apps["microapps"]
        service: Service = extension.service
        return service

    def start(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        self._thread.start()
        self.run(self._start())

    def stop(self) -> None:
        """As the server ends at a signal."""
        self.run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def run(self, work: Any) -> Any:
        """Have the server's event loop do something, and wait for it."""
        done: Future[Any] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return done.result(SECONDS)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    async def _start(self) -> None:
        config = Config({"ServerApp": {"jpserver_extensions": {"microapps": True}}})
        config.MicroappsExtension.update(self._extension)
        config.IdentityProvider.token = self.token
        config.NotebookNotary.db_file = ":memory:"
        with pytest.MonkeyPatch.context() as patch:
            for name in ("config", "data", "runtime"):
                patch.setenv(f"JUPYTER_{name.upper()}_DIR", str(self.folder / name))
            for name in ("SYSTEM_JUPYTER_PATH", "ENV_JUPYTER_PATH", "SYSTEM_CONFIG_PATH", "ENV_CONFIG_PATH"):
                patch.setattr(jupyter_core.paths, name, [])
            self.app = ServerApp(
                root_dir=str(self.root), base_url=BASE, open_browser=False, allow_root=True, config=config
            )
            patch.setattr(self.app, "init_signal", lambda: None)  # this thread may have no handlers
            self.app.initialize(argv=[], new_httpserver=False)
        self.app.log.handlers = []
        self.app.log.propagate = True
        self.app.log.setLevel(logging.INFO)
        sizes = {"max_body_size": self.app.max_body_size, "max_buffer_size": self.app.max_buffer_size}
        self._server = HTTPServer(self.app.web_app, **sizes)
        sockets = bind_sockets(0, "127.0.0.1")
        self._server.add_sockets(sockets)
        self.port = self.app.port = sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        self._server.stop()
        await self.app.cleanup_extensions()
        await self._server.close_all_connections()


@dataclass
class Person:
    """Somebody who asks a server's API, signed in by its token; ``address`` is another way to it than straight."""

    jupyter: Jupyter
    address: str = ""
    asked: list[str] = field(default_factory=list)
    """The keys of the routes that were asked and answered as described."""

    @property
    def url(self) -> str:
        """Where the API is."""
        return f"{self.address or f'http://127.0.0.1:{self.jupyter.port}'}{BASE}microapps/api/"

    async def __call__(self, method: str, path: str, wish: Any = None, **options: Any) -> Answer:
        """Ask, and see that the answer is as the API's description says; a refusal is an answer like any other."""
        body = options.pop("body", None)
        if body is None and method in ("POST", "PUT", "PATCH"):
            body = json.dumps(wish if wish is not None else {})
        query = urlencode(options.pop("params", {}))
        headers = {"Authorization": f"token {self.jupyter.token}"} | options.pop("headers", {})
        client = AsyncHTTPClient(force_instance=True, defaults={"request_timeout": SECONDS})
        try:
            response = await client.fetch(
                f"{self.url}{quote(path)}{f'?{query}' if query else ''}",
                method=method,
                body=body,
                headers=headers,
                raise_error=False,
                **options,
            )
        finally:
            client.close()
        kind = response.headers.get("Content-Type", "")
        content = json.loads(response.body) if "json" in kind and response.body else response.body
        answer = Answer(response.code, content, response.headers)
        route = next((one for one in ROUTES if one.method == method and re.fullmatch(one.pattern, path)), None)
        if route is not None:
            validate(route, answer.status, kind.partition(";")[0] if response.body else "", answer.body)
            self.asked.append(route.key)
        return answer

    async def follow(self, job: str, after: int = 0) -> list[dict[str, Any]]:
        """A job's events to its end."""
        answer = await self("GET", f"jobs/{job}/events", params={"after": after})
        events = parsed(answer.body.decode())
        assert events[-1][1] == "end"
        return [value for _, _, value in events[:-1]]

    @asynccontextmanager
    async def listening(self, path: str, **options: Any) -> AsyncIterator[Heard]:
        """Read a stream while something else is done."""
        heard = Heard()
        client = AsyncHTTPClient(force_instance=True)
        headers = {"Authorization": f"token {self.jupyter.token}"} | options.pop("headers", {})
        reading = asyncio.ensure_future(
            client.fetch(
                f"{self.url}{path}", headers=headers, streaming_callback=heard.take, request_timeout=SECONDS, **options
            )
        )
        reading.add_done_callback(lambda _: heard.ended.set())
        try:
            yield heard
        finally:
            reading.cancel()
            client.close()
            await asyncio.gather(reading, return_exceptions=True)


class Heard:
    """What a stream has said so far."""

    def __init__(self) -> None:
        self.text = ""
        self.ended = asyncio.Event()
        self._news = asyncio.Event()

    def take(self, piece: bytes) -> None:
        self.text += piece.decode()
        self._news.set()

    @property
    def events(self) -> list[tuple[int | None, str, Any]]:
        """Number, kind and value of each event that is whole."""
        whole, _, _ = self.text.rpartition("\n\n")
        return parsed(whole)

    async def until(self, right: Any) -> None:
        """Wait until what was heard is as it should be."""
        async with asyncio.timeout(SECONDS):
            while not right(self):
                self._news.clear()
                await self._news.wait()


@cache
def _schema(key: str, status: int, media: str) -> Any:
    told = document(ROUTES)
    route = next(one for one in ROUTES if one.key == key)
    operation = told["paths"][f"/microapps/api/{route.path}"][route.method.lower()]
    described = operation["responses"].get(str(status))
    assert described is not None, f"{key} answered {status}, of which its description knows nothing"
    content = described.get("content", {})
    assert not content or media in content, f"{key} answered {status} as {media!r}, not as {list(content)}"
    schema = content.get(media, {}).get("schema", {})
    if media != "application/json":
        return None
    return jsonschema.Draft202012Validator({**schema, "components": told["components"]})


def validate(route: Route, status: int, media: str, body: Any) -> None:
    """Raises when an answer is not as the API's description says; ``media`` is empty for one without a body."""
    validator = _schema(route.key, status, media)
    if validator is not None:
        validator.validate(body)
