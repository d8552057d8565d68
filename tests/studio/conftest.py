"""A studio as a person has it who set a key, whose endpoint is scripted and on this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from microapps.studio import Studio
from tests.endpoint import Endpoint

KEY = "canary-key-0123456789"


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with Endpoint() as served:
        yield served


@pytest.fixture
def key(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> str:
    """The key, set in the environment together with the endpoint's address."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", endpoint.url)
    return KEY


@pytest.fixture
async def studio(anyio_backend: str, microapps_home: Path, key: str) -> AsyncIterator[Studio]:
    """A studio with its own model, made from the environment."""
    async with Studio.open() as opened:
        yield opened


@pytest.fixture
async def offline(anyio_backend: str, microapps_home: Path) -> AsyncIterator[Studio]:
    """A studio of a person without a key."""
    async with Studio.open() as opened:
        yield opened
