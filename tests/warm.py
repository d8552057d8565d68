"""Kernels for tests of what an app does, where it does not matter how its kernel was started."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from microapps.sandbox import Confinement, Sandbox, Tier, tier
from microapps.testing import KernelSource, plain_kernels


@asynccontextmanager
async def warm_kernels(app: str, *preload: str) -> AsyncIterator[KernelSource]:
    """Confined kernels that have imported ``preload`` and so start fast; plain ones where there is no containment."""
    if tier() is not Tier.FULL:
        yield plain_kernels()
        return
    async with Sandbox() as sandbox:
        yield sandbox.kernels(Confinement(app, preload=preload))
