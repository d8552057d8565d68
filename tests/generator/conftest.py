"""A scripted endpoint, a model that talks to it without waiting, and a checker that says what it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from pydantic import SecretStr

from microapps.generator import AnthropicModel, Retries
from tests.endpoint import Endpoint

KEY = "sk-ant-canary-0123456789"


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with Endpoint() as served:
        yield served


class Pauses:
    """A clock for delays: notes them and does not wait."""

    def __init__(self) -> None:
        self.delays: list[float] = []

    async def __call__(self, delay: float) -> None:
        self.delays.append(delay)


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
async def model(anyio_backend: str, endpoint: Endpoint, pauses: Pauses) -> AsyncIterator[AnthropicModel]:
    """A model on the endpoint, with a stall of half a second and no waiting between attempts."""
    key, retries = SecretStr(KEY), Retries(attempts=3)
    async with AnthropicModel(key, endpoint.url, retries=retries, stall=1.0, pause=pauses, chance=lambda: 1.0) as made:
        yield made
