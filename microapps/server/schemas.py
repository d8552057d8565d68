"""The models of the API as JSON Schema, shared by the OpenAPI document and the front end's types.

A model that is not the same as request and as answer, since a request may leave defaults out, is two of them:
``Permissions`` and ``PermissionsInput``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

PLACE = "#/components/schemas/{model}"
Schema = dict[str, Any]


class _Whole(GenerateJsonSchema):
    """What we answer holds every field, also those with a default."""

    def field_is_required(self, field: Any, total: bool) -> bool:
        return self.mode == "serialization" or super().field_is_required(field, total)


def schemas(requests: Mapping[str, Any], answers: Mapping[str, Any]) -> tuple[dict[str, Schema], dict[str, Schema]]:
    """The schema of each type by its key, requests and answers in one, and the definitions that they refer to."""
    wanted = [(key, "validation", TypeAdapter(kind)) for key, kind in requests.items()]
    wanted += [(key, "serialization", TypeAdapter(kind)) for key, kind in answers.items()]
    each, whole = TypeAdapter.json_schemas(wanted, ref_template=PLACE, schema_generator=_Whole)  # type: ignore[arg-type]
    named, definitions = _renamed(({key: value for (key, _), value in each.items()}, whole.get("$defs", {})))
    return named, definitions


def _renamed(value: Any) -> Any:
    """With names that can stand in an address and in TypeScript."""
    text = json.dumps(value)
    for ending, plain in (("-Input", "Input"), ("-Output", "")):
        text = text.replace(f'{ending}"', f'{plain}"')
    return json.loads(text)
