"""The front end's types, written from the models: ``python -m microapps.server.typescript`` prints ``api.ts``.

A test holds that ``extensions/jupyterlab/src/api.ts`` is what this prints.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from typing import Any

from ..events import Event
from . import models
from .models import News
from .routes import ROUTES, Route
from .schemas import Schema, schemas

_HEAD = """\
/**
 * The types of the server's API, written from its models by `python -m microapps.server.typescript`; do not edit.
 *
 * Addresses are below `{base_url}microapps/api/`. A failed request answers with a `Fault`.
 */
"""
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
_LONGEST = 118


def typescript() -> str:
    """The file's text."""
    requests = _values(wishes=True)
    answers: dict[str, Any] = {str(route.key): route.answers for route in ROUTES if route.answers is not None}
    named, definitions = schemas(requests, {**_values(), **answers, "Event": Event, "News": News})
    parts = [_HEAD]
    parts += [_declared(name, schema) for name, schema in sorted(definitions.items())]
    parts += [_declared(name, named[name]) for name in ("Event", "News")]
    parts.append(_routes(named))
    return "\n".join(parts)


def _values(*, wishes: bool = False) -> dict[str, Any]:
    """Every value of the API by its name: those that are sent to the server, or those that it answers with."""
    named = {name: getattr(models, name) for name in models.__all__}
    return {name: value for name, value in named.items() if isinstance(value, type) and name.endswith("Wish") == wishes}


def _declared(name: str, schema: Schema) -> str:
    comment = _comment(schema.get("description", ""))
    if schema.get("type") == "object" and "properties" in schema:
        required = schema.get("required", ())
        lines = [
            f"  {field}{'' if field in required else '?'}: {_type(kind)};"
            for field, kind in schema["properties"].items()
        ]
        return f"{comment}export interface {name} {{\n" + "\n".join(lines) + "\n}\n"
    return f"{comment}export type {name} = {_type(schema)};\n"


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return _literal(schema["const"])
    if "enum" in schema:
        return " | ".join(map(_literal, schema["enum"]))
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " | ".join(dict.fromkeys(map(_type, schema[several])))
    match schema.get("type"):
        case "array":
            inner = _type(schema["items"]) if "items" in schema else "unknown"
            return f"({inner})[]" if "|" in inner else f"{inner}[]"
        case "object":
            values = schema.get("additionalProperties")
            return f"Record<string, {_type(values) if isinstance(values, dict) else 'unknown'}>"
        case str(kind):
            return _PLAIN[kind]
        case _:
            return "unknown"


def _literal(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else json.dumps(value)


def _comment(text: str) -> str:
    lines = inspect.cleandoc(text.replace("``", "`")).splitlines()
    if not lines:
        return ""
    if len(lines) == 1 and len(lines[0]) < _LONGEST - 7:
        return f"/** {lines[0]} */\n"
    return "".join(["/**\n", *(f" * {line}".rstrip() + "\n" for line in lines), " */\n"])


def _routes(named: dict[str, Schema]) -> str:
    """Each route as a comment: a list to look things up in."""
    return "".join(["/*\n * The routes.\n *\n", *_listed(named), " */\n"])


def _listed(named: dict[str, Schema]) -> Iterator[str]:
    for route in ROUTES:
        takes = f" {_body(route)}" if _body(route) else ""
        gives = _type(named[route.key]) if route.answers is not None else " | ".join(route.medias)
        yield f" * {route.method} {route.path}{takes} -> {gives}\n *   {' '.join(route.about.split())}\n"


def _body(route: Route) -> str:
    body = route.takes.__name__ if route.takes else ("the file's bytes" if route.raw else "")
    query = "&".join(f"{name}=" for name in route.query)
    return " ".join(part for part in (f"?{query}" if query else "", body) if part)


if __name__ == "__main__":
    print(typescript(), end="")  # noqa: T201
