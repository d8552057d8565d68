"""Python values as typed JSON, so that nothing from a kernel is ever unpickled or evaluated.

What JSON knows travels as it is; everything else is an object with the key ``"$"`` naming its type. A class that
the other side does not have (a dataclass, a named tuple, an enumeration) arrives as a :class:`~.records.Record`
or :class:`~.records.Member`: attributes and equality, no behaviour.

Sent to kernels as source (see :mod:`.sent`), so it imports the standard library only.
"""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import decimal
import enum
import fractions
import itertools
import json
import pathlib
import sys
import uuid
from collections.abc import Callable
from typing import Any

from .arrays import ARRAY_READERS, TAG, encode_numpy, encode_pandas
from .records import Member, NamedRecord, Opaque, Record

DEEPEST = 100  # levels of nesting; more is a structure that holds itself, or an attack
MOST_ITEMS = 10_000  # taken from an iterator, which may be endless
MOST_KEYS = 50_000  # of a set or dictionary with keys other than text: their hashes may be made to collide
LONGEST_INTEGER = 1_000_000  # hexadecimal digits
LONGEST_TERM = 20_000  # the same, of a fraction: reducing it takes quadratic time

Resolve = Callable[[str], Any]


def encode(value: Any, depth: int = 0) -> Any:
    """``value`` as JSON-able data; raises ValueError when it is nested more than :data:`DEEPEST` levels."""
    if depth > DEEPEST:
        raise ValueError(f"a value nested more than {DEEPEST} levels, or one that holds itself, does not travel")
    kind = type(value)
    if value is None or kind in (bool, str, float):
        return value
    if kind is int:
        return value if abs(value) < 10**4000 else {TAG: "int", "hex": hex(value)}
    if kind is list:
        return [encode(item, depth + 1) for item in value]
    if kind is dict and TAG not in value and all(type(key) is str for key in value):
        return {key: encode(item, depth + 1) for key, item in value.items()}
    return _tagged(value, depth + 1)


def _tagged(value: Any, depth: int) -> Any:
    kind = type(value)
    name = kind.__name__
    if isinstance(value, enum.Enum):
        mixed = isinstance(value, int | str)
        inner = encode(value.value, depth)
        return {TAG: "enum", "type": name, "name": str(value.name), "value": inner, "mixed": mixed}
    library = kind.__module__.partition(".")[0]
    if library == "numpy" and "numpy" in sys.modules:
        return encode_numpy(value, lambda item: encode(item, depth))
    if library == "pandas" and "pandas" in sys.modules:
        return encode_pandas(value, lambda item: encode(item, depth))
    for plain, tag, write in _SCALARS:
        if isinstance(value, plain):
            return {TAG: tag, **write(value)}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        fields = {str(key): encode(item, depth) for key, item in zip(value._fields, value, strict=True)}
        return {TAG: "record", "type": name, "named": True, "fields": fields}
    if isinstance(value, NamedRecord | Record):
        fields = {key: encode(item, depth) for key, item in value._fields.items()}
        return {TAG: "record", "type": value._type_name, "named": isinstance(value, NamedRecord), "fields": fields}
    if isinstance(value, Member):
        inner = encode(value.value, depth)
        return {TAG: "enum", "type": value.type_name, "name": value.name, "value": inner, "mixed": value.mixed}
    base = next((base for base in (int, float, str, list) if isinstance(value, base)), None)
    if base is not None:  # a subclass of what JSON knows
        return encode(base(value), depth)
    if isinstance(value, dict):
        items = [[encode(key, depth), encode(item, depth)] for key, item in value.items()]
        return {TAG: "dict", "items": items}
    for sequence, tag in ((tuple, "tuple"), (frozenset, "frozenset"), (set, "set")):
        if isinstance(value, sequence):
            return {TAG: tag, "items": [encode(item, depth) for item in value]}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: encode(getattr(value, f.name, None), depth) for f in dataclasses.fields(value)}
        return {TAG: "record", "type": name, "named": False, "fields": fields}
    if name in ("dict_keys", "dict_values", "dict_items", "deque") or (
        hasattr(value, "__next__") and hasattr(value, "__iter__")
    ):
        return [encode(item, depth) for item in itertools.islice(value, MOST_ITEMS)]
    known = library in ("builtins", "ipywidgets", "matplotlib") or isinstance(value, type) or callable(value)
    if not known and getattr(value, "__dict__", None):
        fields = {k: encode(v, depth) for k, v in vars(value).items() if not k.startswith("_")}
        return {TAG: "record", "type": name, "named": False, "fields": fields}
    return {TAG: "opaque", "type": name, "text": _repr(value)}


def _repr(value: Any) -> str:
    try:
        return repr(value)[:2000]
    except Exception as error:  # an app's own __repr__ may do anything
        return f"<{type(value).__name__} whose repr raised {type(error).__name__}>"


def _iso(value: Any) -> dict[str, Any]:
    return {"iso": value.isoformat()}


_SCALARS: tuple[tuple[Any, str, Callable[[Any], dict[str, Any]]], ...] = (
    (dt.datetime, "datetime", _iso),
    (dt.date, "date", _iso),
    (dt.time, "time", _iso),
    (dt.timedelta, "timedelta", lambda v: {"days": v.days, "seconds": v.seconds, "microseconds": v.microseconds}),
    (decimal.Decimal, "decimal", lambda v: {"text": str(v)}),
    (fractions.Fraction, "fraction", lambda v: {"top": encode(v.numerator), "bottom": encode(v.denominator)}),
    (complex, "complex", lambda v: {"real": v.real, "imag": v.imag}),
    ((bytes, bytearray, memoryview), "bytes", lambda v: {"base64": base64.b64encode(bytes(v)).decode("ascii")}),
    (range, "range", lambda v: {"parts": [v.start, v.stop, v.step]}),
    (uuid.UUID, "uuid", lambda v: {"text": str(v)}),
    (pathlib.PurePath, "path", lambda v: {"text": str(v)}),
)


def decode(data: Any, resolve: Resolve | None = None) -> Any:
    """The value that :func:`encode` wrote.

    Parameters
    ----------
    data : parsed JSON, possibly hostile.
    resolve : gives the class of a name on this side, or None; without it records stay records.

    Raises
    ------
    ValueError, TypeError, KeyError, OverflowError, RecursionError
        The data is malformed.
    """
    if isinstance(data, list):
        return [decode(item, resolve) for item in data]
    if not isinstance(data, dict):
        return data
    if TAG not in data:
        return {key: decode(item, resolve) for key, item in data.items()}
    if data[TAG] in ARRAY_READERS:
        return ARRAY_READERS[data[TAG]](data, lambda item: decode(item, resolve))
    read = _READERS.get(data[TAG])
    if read is None:
        raise ValueError(f"unknown type {data[TAG]!r}")
    return read(data, resolve)


def _bytes(data: Any) -> bytes:
    return base64.b64decode(data["base64"], validate=True)


def _items(data: Any, resolve: Resolve | None) -> list[Any]:
    return [decode(item, resolve) for item in data["items"]]


def _integer(data: Any) -> int:
    if len(data["hex"]) > LONGEST_INTEGER:
        raise ValueError("an integer of too many digits")
    return int(data["hex"], 16)


def _small(data: Any) -> int:
    value = decode(data)
    if not isinstance(value, int) or value.bit_length() > 4 * LONGEST_TERM:
        raise ValueError("a fraction of too many digits")
    return value


def _few(items: list[Any]) -> list[Any]:
    if len(items) > MOST_KEYS:
        raise ValueError(f"a set or dictionary of more than {MOST_KEYS} items")
    return items


def _read_record(data: Any, resolve: Resolve | None) -> Any:
    name = str(data["type"])
    fields = {str(key): decode(item, resolve) for key, item in data["fields"].items()}
    known = resolve(name) if resolve else None
    if isinstance(known, type):
        if issubclass(known, tuple) and hasattr(known, "_fields"):
            return known(**fields)
        if dataclasses.is_dataclass(known):
            wanted = {field.name for field in dataclasses.fields(known) if field.init}
            return known(**{key: item for key, item in fields.items() if key in wanted})
    return (NamedRecord if data.get("named") else Record)(name, fields)


def _read_member(data: Any, resolve: Resolve | None) -> Any:
    known = resolve(str(data["type"])) if resolve else None
    if isinstance(known, type) and issubclass(known, enum.Enum):
        return known[str(data["name"])]
    return Member(str(data["type"]), str(data["name"]), decode(data["value"], resolve), bool(data["mixed"]))


_READERS: dict[str, Callable[[Any, Resolve | None], Any]] = {
    "int": lambda d, r: _integer(d),
    "dict": lambda d, r: {decode(key, r): decode(item, r) for key, item in _few(d["items"])},
    "tuple": lambda d, r: tuple(_items(d, r)),
    "set": lambda d, r: set(_few(_items(d, r))),
    "frozenset": lambda d, r: frozenset(_few(_items(d, r))),
    "datetime": lambda d, r: dt.datetime.fromisoformat(d["iso"]),
    "date": lambda d, r: dt.date.fromisoformat(d["iso"]),
    "time": lambda d, r: dt.time.fromisoformat(d["iso"]),
    "timedelta": lambda d, r: dt.timedelta(days=d["days"], seconds=d["seconds"], microseconds=d["microseconds"]),
    "decimal": lambda d, r: decimal.Decimal(str(d["text"])),
    "fraction": lambda d, r: fractions.Fraction(_small(d["top"]), _small(d["bottom"])),
    "complex": lambda d, r: complex(d["real"], d["imag"]),
    "bytes": lambda d, r: _bytes(d),
    "range": lambda d, r: range(*(int(part) for part in d["parts"])),
    "uuid": lambda d, r: uuid.UUID(str(d["text"])),
    "path": lambda d, r: pathlib.Path(str(d["text"])),
    "record": _read_record,
    "enum": _read_member,
    "opaque": lambda d, r: Opaque(str(d["type"]), str(d["text"])),
}


def dumps(data: Any) -> str:
    """Encoded data as text; NaN and infinities are kept, which plain JSON in a kernel message loses."""
    return json.dumps(data, ensure_ascii=True, separators=(",", ":"))
