"""Tests that show the same of many things: a few always, the others where what takes long is run too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def long_after(count: int, values: Iterable[Any]) -> list[Any]:
    """The parameters of a test, of which all but the first ``count`` are marked as those that take long."""
    return [each if at < count else pytest.param(each, marks=pytest.mark.long) for at, each in enumerate(values)]
