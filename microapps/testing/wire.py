"""Python values as typed JSON, so that nothing from a kernel is ever unpickled or evaluated.

What JSON knows travels as it is; everything else is an object with the key ``"$"`` naming its type. A class that
the other side does not have (a dataclass, a named tuple, an enumeration) arrives as a :class:`Record` or
:class:`Member`: attributes and equality, no behaviour.

This module is sent to kernels as source, so it imports the standard library only; numpy and pandas are used where
a value needs them and they are there.
"""

from __future__ import annotations

import base64
import builtins
import dataclasses
import datetime as dt
import decimal
import enum
import fractions
import importlib
import itertools
import json
import pathlib
import re
import sys
import traceback
import uuid
from collections.abc import Callable, Iterator
from typing import Any

TAG = "$"
DEEPEST = 100  # levels of nesting; more is a structure that holds itself, or an attack
MOST_ITEMS = 10_000  # taken from an iterator, which may be endless
_DTYPE = re.compile(r"[<>|=]?[?biufcmMSU]\d*(\[\w+\])?\Z")
_NOT_RAISED = (StopIteration, StopAsyncIteration)  # these mean something else in the code that would re-raise them

Resolve = Callable[[str], Any]


class Record:
    """An object of a class that only the app has: its fields as attributes, equal when name and fields are equal."""

    _plain = False

    def __init__(self, type_name: str, fields: dict[str, Any]) -> None:
        self.__dict__["_type_name"] = type_name
        self.__dict__["_fields"] = fields

    def __getattr__(self, name: str) -> Any:
        fields = self.__dict__.get("_fields", {})
        if name in fields:
            return fields[name]
        raise AttributeError(f"{self.__dict__.get('_type_name')} has no {name!r}; it has {', '.join(fields)}")

    def __getitem__(self, key: Any) -> Any:
        return self._fields[key]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Record):
            return bool(self._type_name == other._type_name and self._fields == other._fields)
        if isinstance(other, dict):
            return bool(self._fields == other)
        if type(other).__name__ == self._type_name and hasattr(other, "__dict__"):
            return bool(self._fields == vars(other))
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{self._type_name}({', '.join(f'{key}={value!r}' for key, value in self._fields.items())})"


class NamedRecord(Record):
    """A named tuple of a class that only the app has; it is equal to a plain tuple of its values."""

    def __iter__(self) -> Iterator[Any]:
        return iter(self._fields.values())

    def __len__(self) -> int:
        return len(self._fields)

    def __getitem__(self, key: Any) -> Any:
        return tuple(self._fields.values())[key]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, tuple):
            return tuple(self) == tuple(other)
        return super().__eq__(other)

    __hash__ = None


@dataclasses.dataclass(frozen=True)
class Member:
    """A member of an enumeration that only the app has."""

    type_name: str
    name: str
    value: Any = dataclasses.field(compare=False, hash=False, default=None)
    mixed: bool = dataclasses.field(compare=False, hash=False, default=False)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Member):
            return (self.type_name, self.name) == (other.type_name, other.name)
        if isinstance(other, enum.Enum):
            return (self.type_name, self.name) == (type(other).__name__, other.name)
        return bool(self.mixed and self.value == other)

    def __hash__(self) -> int:
        return hash(self.value if self.mixed else self.name)

    def __str__(self) -> str:
        return str(self.value) if self.mixed else f"{self.type_name}.{self.name}"


@dataclasses.dataclass(frozen=True)
class Opaque:
    """A value that does not travel (a function, a figure, a widget): only its type and its ``repr``."""

    type_name: str
    text: str

    def __repr__(self) -> str:
        return self.text


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
        return _numpy(value, depth)
    if library == "pandas" and "pandas" in sys.modules:
        return _pandas(value, depth)
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


def _numpy(value: Any, depth: int) -> Any:
    if type(value).__name__ == "ndarray":
        if value.dtype.kind in "OV":
            items = [encode(item, depth) for item in value.ravel().tolist()]
            return {TAG: "objects", "shape": list(value.shape), "items": items}
        raw = base64.b64encode(value.tobytes()).decode("ascii")
        return {TAG: "array", "dtype": value.dtype.str, "shape": list(value.shape), "base64": raw}
    if hasattr(value, "dtype") and getattr(value, "shape", None) == ():
        raw = base64.b64encode(value.tobytes()).decode("ascii")
        return {TAG: "scalar", "dtype": value.dtype.str, "base64": raw, "value": encode(value.item(), depth)}
    return {TAG: "opaque", "type": type(value).__name__, "text": _repr(value)}


def _pandas(value: Any, depth: int) -> Any:
    name = type(value).__name__
    if name == "DataFrame":
        return {
            TAG: "frame",
            "columns": _index(value.columns, depth),
            "index": _index(value.index, depth),
            "data": [_column(value.iloc[:, position], depth) for position in range(value.shape[1])],
        }
    if name == "Series":
        inner = _column(value, depth)
        return {TAG: "series", "name": encode(value.name, depth), "index": _index(value.index, depth), "data": inner}
    if name == "Timestamp":
        return {TAG: "timestamp", "iso": value.isoformat()}
    if name == "Timedelta":
        return {
            TAG: "pandas-timedelta",
            "nanoseconds": int(value.value) if value.unit == "ns" else int(value.as_unit("ns").value),
        }
    if name in ("NaTType", "NAType"):
        return {TAG: "missing", "type": name}
    if name.endswith("Index"):
        return {TAG: "index", "data": _index(value, depth)}
    if name.endswith("Array") or name == "Categorical":
        return [encode(item, depth) for item in value.tolist()]
    return {TAG: "opaque", "type": name, "text": _repr(value)}


def _column(series: Any, depth: int) -> Any:
    dtype = series.dtype
    if type(dtype).__module__.startswith("numpy") and dtype.kind in "biufcmM":
        return {"array": _numpy(series.to_numpy(), depth)}
    return {"dtype": str(dtype), "items": [encode(item, depth) for item in series.tolist()]}


def _index(index: Any, depth: int) -> Any:
    if type(index).__name__ == "RangeIndex":
        return {"range": [index.start, index.stop, index.step], "names": [encode(index.name, depth)]}
    if type(index).__name__ == "MultiIndex":
        names = [encode(name, depth) for name in index.names]
        return {"tuples": [encode(item, depth) for item in index.tolist()], "names": names}
    return {**_column(index.to_series(), depth), "names": [encode(index.name, depth)]}


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
    read = _READERS.get(data[TAG])
    if read is None:
        raise ValueError(f"unknown type {data[TAG]!r}")
    return read(data, resolve)


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _bytes(data: Any) -> bytes:
    return base64.b64decode(data["base64"], validate=True)


def _items(data: Any, resolve: Resolve | None) -> list[Any]:
    return [decode(item, resolve) for item in data["items"]]


def _dtype(data: Any) -> str:
    name = data["dtype"]
    if not isinstance(name, str) or not _DTYPE.match(name):
        raise ValueError(f"unknown array type {name!r}")
    return name


def _read_array(data: Any, resolve: Resolve | None) -> Any:
    numpy = _library("numpy")
    dtype, shape = _dtype(data), tuple(int(size) for size in data["shape"])
    if numpy is None:
        return Opaque("ndarray", f"<array {dtype} of shape {shape}; numpy is not installed here>")
    return numpy.frombuffer(_bytes(data), dtype=dtype).reshape(shape).copy()


def _read_objects(data: Any, resolve: Resolve | None) -> Any:
    numpy = _library("numpy")
    items = _items(data, resolve)
    if numpy is None:
        return items
    array = numpy.empty(len(items), dtype=object)
    array[:] = items
    return array.reshape(tuple(int(size) for size in data["shape"]))


def _read_scalar(data: Any, resolve: Resolve | None) -> Any:
    numpy = _library("numpy")
    if numpy is None:
        return decode(data["value"], resolve)
    return numpy.frombuffer(_bytes(data), dtype=_dtype(data))[0]


def _read_column(pandas: Any, data: Any, resolve: Resolve | None) -> Any:
    if "array" in data:
        return _read_array(data["array"], resolve)
    items = _items(data, resolve)
    dtype = str(data["dtype"])
    if dtype == "object":
        return pandas.Series(items, dtype=object).array
    if dtype == "category":
        return pandas.Categorical(items)
    try:
        return pandas.array(items, dtype=dtype)
    except (TypeError, ValueError):
        return pandas.Series(items, dtype=object).array


def _read_index(pandas: Any, data: Any, resolve: Resolve | None) -> Any:
    names = [decode(name, resolve) for name in data["names"]]
    if "range" in data:
        start, stop, step = (int(part) for part in data["range"])
        return pandas.RangeIndex(start, stop, step, name=names[0])
    if "tuples" in data:
        return pandas.MultiIndex.from_tuples([decode(item, resolve) for item in data["tuples"]], names=names)
    return pandas.Index(_read_column(pandas, data, resolve), name=names[0])


def _read_frame(data: Any, resolve: Resolve | None) -> Any:
    pandas = _library("pandas")
    if pandas is None:
        return Opaque("DataFrame", "<table; pandas is not installed here>")
    index = _read_index(pandas, data["index"], resolve)
    columns = [pandas.Series(_read_column(pandas, column, resolve), index=index) for column in data["data"]]
    frame = pandas.concat(columns, axis=1) if columns else pandas.DataFrame(index=index)
    frame.columns = _read_index(pandas, data["columns"], resolve)
    return frame


def _read_series(data: Any, resolve: Resolve | None) -> Any:
    pandas = _library("pandas")
    if pandas is None:
        return Opaque("Series", "<column; pandas is not installed here>")
    index = _read_index(pandas, data["index"], resolve)
    return pandas.Series(_read_column(pandas, data["data"], resolve), index=index, name=decode(data["name"], resolve))


def _read_pandas(data: Any, resolve: Resolve | None) -> Any:
    pandas = _library("pandas")
    if pandas is None:
        return Opaque(str(data[TAG]), str(data))
    if data[TAG] == "timestamp":
        return pandas.Timestamp(str(data["iso"]))
    if data[TAG] == "pandas-timedelta":
        return pandas.Timedelta(int(data["nanoseconds"]), unit="ns")
    if data[TAG] == "index":
        return _read_index(pandas, data["data"], resolve)
    return pandas.NaT if data["type"] == "NaTType" else pandas.NA


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
    "int": lambda d, r: int(d["hex"], 16),
    "dict": lambda d, r: {decode(key, r): decode(item, r) for key, item in d["items"]},
    "tuple": lambda d, r: tuple(_items(d, r)),
    "set": lambda d, r: set(_items(d, r)),
    "frozenset": lambda d, r: frozenset(_items(d, r)),
    "datetime": lambda d, r: dt.datetime.fromisoformat(d["iso"]),
    "date": lambda d, r: dt.date.fromisoformat(d["iso"]),
    "time": lambda d, r: dt.time.fromisoformat(d["iso"]),
    "timedelta": lambda d, r: dt.timedelta(days=d["days"], seconds=d["seconds"], microseconds=d["microseconds"]),
    "decimal": lambda d, r: decimal.Decimal(str(d["text"])),
    "fraction": lambda d, r: fractions.Fraction(decode(d["top"]), decode(d["bottom"])),
    "complex": lambda d, r: complex(d["real"], d["imag"]),
    "bytes": lambda d, r: _bytes(d),
    "range": lambda d, r: range(*(int(part) for part in d["parts"])),
    "uuid": lambda d, r: uuid.UUID(str(d["text"])),
    "path": lambda d, r: pathlib.Path(str(d["text"])),
    "array": _read_array,
    "objects": _read_objects,
    "scalar": _read_scalar,
    "frame": _read_frame,
    "series": _read_series,
    "timestamp": _read_pandas,
    "pandas-timedelta": _read_pandas,
    "index": _read_pandas,
    "missing": _read_pandas,
    "record": _read_record,
    "enum": _read_member,
    "opaque": lambda d, r: Opaque(str(d["type"]), str(d["text"])),
}


def dumps(data: Any) -> str:
    """Encoded data as text; NaN and infinities are kept, which plain JSON in a kernel message loses."""
    return json.dumps(data, ensure_ascii=True, separators=(",", ":"))


def encode_error(error: BaseException) -> dict[str, Any]:
    """An exception as JSON-able data: its name, its nearest builtin class, its message and its traceback."""
    builtin = next(base for base in type(error).__mro__ if base.__module__ == "builtins")
    arguments = []
    for argument in error.args:
        try:
            arguments.append(encode(argument))
        except Exception:  # an argument that does not travel must not hide the error itself
            arguments.append(_repr(argument))
    return {
        "name": type(error).__name__,
        "builtin": builtin.__name__,
        "message": _text(error),
        "arguments": arguments,
        "traceback": "".join(traceback.format_exception(type(error), error, error.__traceback__))[-8000:],
    }


def _text(error: BaseException) -> str:
    try:
        return str(error)[:8000]
    except Exception:  # an app's own __str__ may do anything
        return ""


def decode_error(data: Any) -> Exception | None:
    """The exception that :func:`encode_error` wrote: the builtin itself, or a class of its name below that builtin.

    None where its only builtin base is ``Exception`` (or one that may not be raised here, like ``SystemExit``):
    then only its text is known.
    """
    known = getattr(builtins, str(data["builtin"]), None)
    if not (isinstance(known, type) and issubclass(known, Exception)) or issubclass(known, _NOT_RAISED):
        return None
    name, message = str(data["name"]), str(data["message"])
    if known is Exception and name != "Exception":
        return None
    kind: type[Exception] = known if name == known.__name__ else type(name, (known,), {})
    try:
        error = kind(*[decode(argument) for argument in data["arguments"]])
    except Exception:  # a constructor that wants something else: the message is what matters
        error = known(message) if known not in (UnicodeDecodeError, UnicodeEncodeError) else ValueError(message)
    error.add_note(f"Raised in the app:\n{data['traceback']}")
    return error
