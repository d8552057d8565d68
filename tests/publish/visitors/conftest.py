"""Apps as cells, prepared and visited in real containments."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from microapps.publish.notices import Notice
from microapps.publish.settings import PublishedApp
from microapps.publish.visitors.protocol import Snapshot
from microapps.publish.visitors.staging import Plan
from microapps.publish.visitors.visitor import Visitor
from microapps.publish.visitors.visitors import Visitors
from microapps.sandbox import Confinement, Sandbox
from microapps.sandbox.inside import frames

LIMIT = 1 << 20


class Page:
    """What a page has heard, and a few things it says."""

    def __init__(self, visitor: Visitor, snapshot: Snapshot) -> None:
        self.visitor, self.snapshot = visitor, snapshot
        self.messages: list[dict[str, Any]] = []
        self.buffers: list[list[bytes]] = []
        self.came = asyncio.Event()
        self.number = 0
        visitor.join(self.hear)

    def hear(self, data: bytes) -> None:
        message, buffers = frames.unpacked(data)
        self.messages.append(message)
        self.buffers.append(buffers)
        self.came.set()

    def model(self, **state: Any) -> str:
        """Id of the first widget whose state has these values."""
        for model, widget in self.snapshot.widgets.items():
            if all(widget["state"].get(name) == value for name, value in state.items()):
                return model
        raise LookupError(state)

    async def say(self, model: str, data: dict[str, Any], buffers: list[bytes] | None = None) -> list[dict[str, Any]]:
        """Send a comm message, and wait until it is handled; what was heard meanwhile."""
        self.number += 1
        identity = f"m{self.number}"
        before = len(self.messages)
        await self.visitor.hear(
            {"type": "comm", "id": identity, "kind": "msg", "comm": model, "data": data}, buffers or []
        )
        await self.until(lambda m: m["type"] == "status" and m["state"] == "idle" and m["parent"] == identity)
        return self.messages[before:]

    async def set(self, model: str, **state: Any) -> list[dict[str, Any]]:
        return await self.say(model, {"method": "update", "state": state, "buffer_paths": []})

    async def click(self, model: str) -> list[dict[str, Any]]:
        return await self.say(model, {"method": "custom", "content": {"event": "click"}})

    async def until(self, found: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        async with asyncio.timeout(20):
            while True:
                for message in self.messages:
                    if found(message):
                        return message
                self.came.clear()
                await self.came.wait()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def notices() -> list[Notice]:
    return []


@pytest.fixture(scope="module")
async def sandbox(anyio_backend: str) -> AsyncIterator[Sandbox]:
    async with Sandbox() as made:
        yield made


@pytest.fixture
async def visitors(sandbox: Sandbox, notices: list[Notice]) -> AsyncIterator[Visitors]:
    made = Visitors(sandbox, notices.append, LIMIT)
    yield made
    await made.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the app's data is; one for a module, so that its tests share a warm parent."""
    return tmp_path_factory.mktemp("calc")


@pytest.fixture
def app(folder: Path) -> PublishedApp:
    return PublishedApp("calc", "Calc", folder / "calc.ipynb", Confinement("calc", data=folder / "data"))


def given(app: PublishedApp, **granted: Any) -> None:
    """Grant the app something."""
    object.__setattr__(app.confinement, "granted", app.confinement.granted.model_copy(update=granted))


def notebook(*cells: str | NotebookNode) -> Any:
    code = [new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    return new_notebook(cells=[new_markdown_cell("# Title"), *code])


@pytest.fixture
def planned(visitors: Visitors, app: PublishedApp) -> Callable[..., Awaitable[Plan]]:
    """Prepares cells; gives the plan."""

    async def prepare(*cells: str | NotebookNode) -> Plan:
        content = repr(cells)
        async with asyncio.timeout(60):
            while (found := visitors.prepare(app, notebook(*cells), content)) is None:
                await asyncio.wait([visitors._plans[app.name, app.confinement.data][1]])
        return found

    return prepare


@pytest.fixture
def opened(visitors: Visitors, planned: Callable[..., Awaitable[Plan]]) -> Callable[..., Awaitable[Page]]:
    """A page of a visitor forked from an app of these cells."""

    async def open_page(*cells: str) -> Page:
        plan = await planned(*cells)
        assert plan.snapshot is not None, plan.why
        return Page(await visitors.fork("calc", plan), plan.snapshot)

    return open_page
