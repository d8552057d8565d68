"""A scripted endpoint, a model that talks to it without waiting, and a checker that says what it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from pydantic import SecretStr

from microapps.generator import AnthropicModel, Retries
from tests.endpoint import Endpoint

KEY = "sk-ant-canary-0123456789"
SILENT = ("stall", "pings")
"""Faults that are noticed by the time they take."""


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
async def model(
    anyio_backend: str, endpoint: Endpoint, pauses: Pauses, request: pytest.FixtureRequest
) -> AsyncIterator[AnthropicModel]:
    """A model on the endpoint, without waiting between attempts; a second is a stall only for what tests that."""
    key, retries = SecretStr(KEY), Retries(attempts=3)
    case = getattr(request.node, "callspec", None)
    stall = 1.0 if case is not None and case.params.get("fault") in SILENT else 60.0
    async with AnthropicModel(
        key, endpoint.url, retries=retries, stall=stall, pause=pauses, chance=lambda: 1.0
    ) as made:
        yield made
