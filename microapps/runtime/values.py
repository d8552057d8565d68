"""Python values as JSON text and back.

What JSON has no form for (dates, ``Decimal``, tuples, sets, bytes, NaN, dictionaries with other keys than text) is
written as an object with the key ``$is``; a dictionary of the app's own that has this key is written as pairs.
"""

import base64
import datetime
import decimal
import json
import math
from typing import Any

from .errors import StoreError

MARK = "$is"
LARGEST = 8 << 20
"""Characters of the JSON text of one value."""

TEXTUAL: dict[str, Any] = {
    "datetime": datetime.datetime.fromisoformat,
    "date": datetime.date.fromisoformat,
    "time": datetime.time.fromisoformat,
    "decimal": decimal.Decimal,
    "float": float,
    "bytes": base64.b64decode,
}
"""How each kind that is written as one text is read."""


def packed(value: Any, name: str) -> str:
    """The JSON text of a value. ``name`` is what an error calls it.

    Raises StoreError for what cannot be stored, saying where in the value it is.
    """
    try:
        text = json.dumps(_plain(value, name), separators=(",", ":"), allow_nan=False)
    except RecursionError as error:
        raise StoreError(f"{name} is nested too deeply to be stored, or contains itself.") from error
    if len(text) > LARGEST:
        raise StoreError(f"{name} is too large to be stored ({len(text) >> 20} MiB). Split it into rows of a table.")
    return text


def unpacked(text: str) -> Any:
    """The value that was :func:`packed`."""
    return json.loads(text, object_hook=_restored)


def _plain(value: Any, name: str) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str.__str__(value)  # of a text enumeration, the text
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {MARK: "float", "of": str(float(value))}
    if isinstance(value, list):
        return [_plain(each, f"{name}[{place}]") for place, each in enumerate(value)]
    if isinstance(value, dict):
        if MARK not in value and all(type(key) is str for key in value):
            return {key: _plain(each, f"{name}[{key!r}]") for key, each in value.items()}
        pairs = [[_plain(key, f"a key of {name}"), _plain(each, f"{name}[{key!r}]")] for key, each in value.items()]
        return {MARK: "dict", "of": pairs}
    if isinstance(value, tuple | set | frozenset):
        kind = "tuple" if isinstance(value, tuple) else "set"
        return {MARK: kind, "of": [_plain(each, f"{name}[{place}]") for place, each in enumerate(value)]}
    return _marked(value, name)


def _marked(value: Any, name: str) -> Any:
    if isinstance(value, datetime.date | datetime.time) and value == value:  # a missing pandas date is not itself
        kinds = ("datetime", datetime.datetime), ("date", datetime.date), ("time", datetime.time)
        kind = next(kind for kind, type_ in kinds if isinstance(value, type_))
        return {MARK: kind, "of": value.isoformat()}
    if isinstance(value, datetime.timedelta) and value == value:
        return {MARK: "timedelta", "of": [value.days, value.seconds, value.microseconds]}
    if isinstance(value, decimal.Decimal):
        return {MARK: "decimal", "of": str(value)}
    if isinstance(value, bytes | bytearray | memoryview):
        return {MARK: "bytes", "of": base64.b64encode(value).decode()}
    if getattr(getattr(value, "dtype", None), "kind", "") in tuple("biufU") and getattr(value, "ndim", 1) == 0:
        return _plain(value.item(), name)  # a single number or text of numpy
    raise StoreError(f"{name} is of the type {type(value).__name__}, which cannot be stored. {_advice(value)}")


def _advice(value: Any) -> str:
    if hasattr(value, "__dataclass_fields__"):
        return "Store dataclasses.asdict(value), and make the object again when reading."
    if hasattr(value, "to_dict"):
        return "Store value.to_dict('records') of a data frame, value.to_list() of a series."
    if hasattr(value, "tolist"):
        return "Store value.tolist()."
    return "Store numbers, texts, dates, and lists and dictionaries of them."


def _restored(found: dict[str, Any]) -> Any:
    kind = found.get(MARK)
    if kind is None:
        return found
    of = found["of"]
    if kind in TEXTUAL:
        return TEXTUAL[kind](of)
    if kind == "timedelta":
        return datetime.timedelta(*of)
    if kind == "dict":
        return dict(of)
    return tuple(of) if kind == "tuple" else set(of)
