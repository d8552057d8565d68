"""The API described as OpenAPI 3.1, made of the table of routes and the models; served at ``openapi.json``."""

from __future__ import annotations

from functools import cache
from typing import Any

from .._version import __version__
from .faults import OF_STATUS
from .models import Fault, News
from .route import Route
from .schemas import PLACE, Schema, schemas

REFUSALS = (400, 401, 403, 404, 409, 503)


@cache
def document(routes: tuple[Route, ...]) -> dict[str, Any]:
    """The description of these routes; addresses are below the server's base URL."""
    requests = {f"{route.key} wish": route.takes for route in routes if route.takes is not None}
    requests |= {
        f"{route.key} ?{name}": parameter.annotation for route in routes for name, parameter in route.query.items()
    }
    answers: dict[str, Any] = {route.key: route.answers for route in routes if route.answers is not None}
    named, definitions = schemas(requests, {**answers, "Fault": Fault, "News": News})
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(f"/microapps/api/{route.path}", {})[route.method.lower()] = _operation(route, named)
    return {
        "openapi": "3.1.0",
        "info": {"title": "microapps", "version": __version__},
        "servers": [
            {
                "url": "{base_url}",
                "description": "The Jupyter server, with its base URL and without a slash at the end.",
                "variables": {"base_url": {"default": "http://localhost:8888"}},
            }
        ],
        "paths": paths,
        "components": {
            "schemas": {**definitions, "News": named["News"]},
            "securitySchemes": {
                "token": {"type": "apiKey", "in": "header", "name": "Authorization"},
                "browser": {"type": "apiKey", "in": "cookie", "name": "_xsrf"},
            },
        },
        "security": [{"token": []}, {"browser": []}],
    }


def _operation(route: Route, named: dict[str, Schema]) -> dict[str, Any]:
    summary, _, rest = route.about.partition("\n\n")
    told: dict[str, Any] = {
        "summary": " ".join(summary.split()),
        "operationId": f"{route.act.__module__.rpartition('.')[2]}.{route.act.__name__}",
        "parameters": [
            *({"name": part, "in": "path", "required": True, "schema": {"type": "string"}} for part in route.parts),
            *(
                {
                    "name": name,
                    "in": "query",
                    "required": parameter.default is parameter.empty,
                    "schema": named[f"{route.key} ?{name}"],
                }
                for name, parameter in route.query.items()
            ),
        ],
        "responses": {str(route.status): _response(route, named)} | {str(code): _refusal(code) for code in REFUSALS},
    }
    if rest:
        told["description"] = rest
    if route.takes is not None:
        content = {"application/json": {"schema": named[f"{route.key} wish"]}}
        told["requestBody"] = {"required": True, "content": content}
    elif route.raw:
        told["requestBody"] = {"required": True, "content": {"application/octet-stream": {}}}
    return told


def _response(route: Route, named: dict[str, Schema]) -> dict[str, Any]:
    if route.answers is not None:
        return {"description": "Done.", "content": {"application/json": {"schema": named[route.key]}}}
    if route.status == 204:
        return {"description": "Done."}
    return {"description": "Done.", "content": {media: {"schema": {"type": "string"}} for media in route.medias}}


def _refusal(status: int) -> dict[str, Any]:
    what = OF_STATUS[status].what if status in OF_STATUS else "It could not be done; the answer says why."
    schema = {"$ref": PLACE.format(model="Fault")}
    return {"description": what, "content": {"application/json": {"schema": schema}}}
