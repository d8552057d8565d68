"""What is written of the API is what it does: OpenAPI, and the front end's types."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from microapps.server.openapi import document
from microapps.server.routes import ROUTES
from microapps.server.typescript import typescript

from .conftest import Made
from .jupyter import Person

LEFT_OUT = ("variants", "apps/{name}/page", "apps/{name}/difference", "apps/{name}/links")
"""What needs a model, a site, a link, or a second revision; other tests ask these."""
_WORDS = {"type": "string", "minLength": 1}
_CONTENT = {
    "type": "object",
    "propertyNames": {"pattern": r"^[\w.+-]+/[\w.+-]+$"},
    "additionalProperties": {"type": "object", "properties": {"schema": {"type": "object"}}},
}
_PARAMETER = {
    "type": "object",
    "required": ["name", "in", "required", "schema"],
    "properties": {"name": _WORDS, "in": {"enum": ["path", "query"]}, "required": {"type": "boolean"}},
    "additionalProperties": {"type": "object"},
}
_OPERATION = {
    "type": "object",
    "required": ["operationId", "summary", "responses", "parameters"],
    "properties": {
        "operationId": _WORDS,
        "summary": _WORDS,
        "description": _WORDS,
        "parameters": {"type": "array", "items": _PARAMETER, "uniqueItems": True},
        "requestBody": {"type": "object", "required": ["content"], "properties": {"content": _CONTENT}},
        "responses": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": "^[1-5][0-9]{2}$"},
            "additionalProperties": {
                "type": "object",
                "required": ["description"],
                "properties": {"description": _WORDS, "content": _CONTENT},
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
OPENAPI = {
    "type": "object",
    "required": ["openapi", "info", "paths"],
    "properties": {
        "openapi": {"pattern": r"^3\.1\.\d+$"},
        "info": {"type": "object", "required": ["title", "version"]},
        "servers": {"type": "array", "items": {"type": "object", "required": ["url"]}},
        "paths": {
            "type": "object",
            "propertyNames": {"pattern": "^/"},
            "additionalProperties": {
                "type": "object",
                "propertyNames": {"enum": ["get", "put", "post", "delete", "patch"]},
                "additionalProperties": _OPERATION,
            },
        },
        "components": {
            "type": "object",
            "properties": {
                "schemas": {"type": "object", "propertyNames": {"pattern": r"^[\w.-]+$"}},
                "securitySchemes": {"additionalProperties": {"required": ["type", "in", "name"]}},
            },
            "additionalProperties": False,
        },
        "security": {"type": "array", "items": {"type": "object"}},
    },
    "additionalProperties": False,
}
"""The parts of OpenAPI 3.1 that this document uses, as its specification has them."""
README = Path(__file__).parents[2] / "README.md"
TYPES = Path(__file__).parents[2] / "extensions" / "jupyterlab" / "src" / "api.ts"


def test_every_route_is_described_and_its_name_is_its_own() -> None:
    told = document(ROUTES)
    described = {(method.upper(), path) for path, each in told["paths"].items() for method in each}
    assert described == {(route.method, f"/microapps/api/{route.path}") for route in ROUTES}
    names = [operation["operationId"] for each in told["paths"].values() for operation in each.values()]
    assert len(set(names)) == len(names)
    assert all(route.about for route in ROUTES)


def test_the_description_is_openapi() -> None:
    """What OpenAPI 3.1 asks of a document of this kind, and of every schema in it."""
    told = document(ROUTES)
    jsonschema.validate(told, OPENAPI)
    for path, each in told["paths"].items():
        for method, operation in each.items():
            named = {one["name"] for one in operation["parameters"] if one["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path)), (method, path)
            assert all(one["required"] for one in operation["parameters"] if one["in"] == "path")
    for schema in _schemas(told):
        jsonschema.Draft202012Validator.check_schema(schema)


def _schemas(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        for name, part in value.items():
            if name == "schema":
                yield part
            elif name == "schemas":
                yield from part.values()
            else:
                yield from _schemas(part)
    elif isinstance(value, list):
        for part in value:
            yield from _schemas(part)


def test_every_reference_leads_somewhere() -> None:
    told = document(ROUTES)

    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return own + [found for part in value.values() for found in references(part)]
        return [found for part in value for found in references(part)] if isinstance(value, list) else []

    for reference in references(told):
        assert reference.rpartition("/")[2] in told["components"]["schemas"], reference


def test_the_readme_names_routes_that_exist() -> None:
    shown = re.findall(r"microapps/api/([\w./]+)", README.read_text("utf-8"))
    paths = {re.sub(r"{\w+}", "ID", route.path) for route in ROUTES}
    assert set(shown) >= {"openapi.json", "jobs", "apps"} and set(shown) <= paths, shown


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
