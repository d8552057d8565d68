"""What is written of the API is what it does: OpenAPI, and the front end's types."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from microapps.server.openapi import document
from microapps.server.routes import ROUTES
from microapps.server.typescript import typescript

from .conftest import Made
from .jupyter import Person

LEFT_OUT = ("variants", "apps/{name}/page", "apps/{name}/difference", "apps/{name}/links")
"""What needs a model, a site, a link, or a second revision; other tests ask these."""
TYPES = Path(__file__).parents[2] / "extensions" / "jupyterlab" / "src" / "api.ts"


def test_every_route_is_described_and_its_name_is_its_own() -> None:
    told = document(ROUTES)
    described = {(method.upper(), path) for path, each in told["paths"].items() for method in each}
    assert described == {(route.method, f"/microapps/api/{route.path}") for route in ROUTES}
    names = [operation["operationId"] for each in told["paths"].values() for operation in each.values()]
    assert len(set(names)) == len(names)
    assert all(route.about for route in ROUTES)


def test_every_reference_leads_somewhere() -> None:
    told = document(ROUTES)

    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return own + [found for part in value.values() for found in references(part)]
        return [found for part in value for found in references(part)] if isinstance(value, list) else []

    for reference in references(told):
        assert reference.rpartition("/")[2] in told["components"]["schemas"], reference


def test_the_front_ends_types_are_those_of_the_models() -> None:
    """Otherwise run: python -m microapps.server.typescript > extensions/jupyterlab/src/api.ts"""
    assert TYPES.read_text("utf-8") == typescript()


@pytest.mark.sandbox
async def test_each_answer_is_as_described(ask: Person, starter: Made) -> None:
    """Each test's answers are held against the description; here all are asked for that need no more than an app."""
    for route in ROUTES:
        if route.method != "GET" or route.answers is None or route.path.startswith(LEFT_OUT):
            continue
        path = route.path.format(name=starter.name, number=1, id=starter.job, path=f"{starter.name}.ipynb")
        answer = await ask("GET", path)
        assert answer.status == 200, (path, answer)
    assert len(ask.asked) > 15
