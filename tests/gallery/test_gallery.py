"""The apps that ship pass every check, ask for nothing, and have their picture."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from microapps.checks import check
from microapps.notebook import Permissions, read
from microapps.publish.gallery import gallery_folder, gallery_names
from microapps.sandbox import Sandbox

from ..long import long_after

NAMES = gallery_names()
LARGEST_PICTURE = 40_000
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
async def sandbox(anyio_backend: str) -> AsyncIterator[Sandbox]:
    async with Sandbox() as made:
        yield made


def test_the_first_eight_are_there():
    assert set(NAMES) >= {
        "bill-splitter",
        "converter",
        "csv-explorer",
        "flash-cards",
        "habit-tracker",
        "loan-planner",
        "meeting-finder",
        "text-diff",
    }


@pytest.mark.sandbox
@pytest.mark.anyio
@pytest.mark.parametrize("name", long_after(2, NAMES))
async def test_an_app_passes_every_check(name: str, sandbox: Sandbox):
    app = read(gallery_folder() / f"{name}.ipynb").app
    report = await check(app, sandbox=sandbox, scope="gallery")  # one warm parent for the tests of all
    assert [finding for layer in report.layers for finding in layer.findings] == []
    assert report.passed


@pytest.mark.parametrize("name", NAMES)
def test_an_app_says_what_it_is_and_asks_for_nothing(name: str):
    metadata = read(gallery_folder() / f"{name}.ipynb").app.metadata
    assert metadata.name == name
    assert metadata.description and metadata.tags and len(metadata.criteria) >= 3
    assert metadata.permissions.beyond(Permissions()) == Permissions()


@pytest.mark.parametrize("name", NAMES)
def test_an_app_has_a_small_picture(name: str):
    content = (gallery_folder() / f"{name}.png").read_bytes()
    assert content.startswith(PNG)
    assert len(content) < LARGEST_PICTURE
