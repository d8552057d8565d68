"""numpy's and pandas' values as typed JSON; the libraries are used where they are, and never imported to encode.

Sent to kernels as source (see :mod:`.sent`), so it imports the standard library only.
"""

from __future__ import annotations

import base64
import importlib
import re
from collections.abc import Callable
from typing import Any

from .records import Opaque

TAG = "$"
Encode = Callable[[Any], Any]
Decode = Callable[[Any], Any]
_DTYPE = re.compile(r"[<>|=]?[?biufcmMSU]\d*(\[\w+\])?\Z")


def encode_numpy(value: Any, encode: Encode) -> Any:
    if type(value).__name__ == "ndarray":
        if value.dtype.kind in "OV":
            items = [encode(item) for item in value.ravel().tolist()]
            return {TAG: "objects", "shape": list(value.shape), "items": items}
        raw = base64.b64encode(value.tobytes()).decode("ascii")
        return {TAG: "array", "dtype": value.dtype.str, "shape": list(value.shape), "base64": raw}
    if hasattr(value, "dtype") and getattr(value, "shape", None) == ():
        raw = base64.b64encode(value.tobytes()).decode("ascii")
        return {TAG: "scalar", "dtype": value.dtype.str, "base64": raw, "value": encode(value.item())}
    return {TAG: "opaque", "type": type(value).__name__, "text": repr(value)[:2000]}


def encode_pandas(value: Any, encode: Encode) -> Any:
    name = type(value).__name__
    if name == "DataFrame":
        return {
            TAG: "frame",
            "columns": _index(value.columns, encode),
            "index": _index(value.index, encode),
            "data": [_column(value.iloc[:, position], encode) for position in range(value.shape[1])],
        }
    if name == "Series":
        inner = _column(value, encode)
        return {TAG: "series", "name": encode(value.name), "index": _index(value.index, encode), "data": inner}
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
        return {TAG: "index", "data": _index(value, encode)}
    if name.endswith("Array") or name == "Categorical":
        return [encode(item) for item in value.tolist()]
    return {TAG: "opaque", "type": name, "text": repr(value)[:2000]}


def _column(series: Any, encode: Encode) -> Any:
    dtype = series.dtype
    if type(dtype).__module__.startswith("numpy") and dtype.kind in "biufcmM":
        return {"array": encode_numpy(series.to_numpy(), encode)}
    return {"dtype": str(dtype), "items": [encode(item) for item in series.tolist()]}


def _index(index: Any, encode: Encode) -> Any:
    if type(index).__name__ == "RangeIndex":
        return {"range": [index.start, index.stop, index.step], "names": [encode(index.name)]}
    if type(index).__name__ == "MultiIndex":
        names = [encode(name) for name in index.names]
        return {"tuples": [encode(item) for item in index.tolist()], "names": names}
    return {**_column(index.to_series(), encode), "names": [encode(index.name)]}


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _dtype(data: Any) -> str:
    name = data["dtype"]
    if not isinstance(name, str) or not _DTYPE.match(name):
        raise ValueError(f"unknown array type {name!r}")
    return name


def _read_array(data: Any, decode: Decode) -> Any:
    numpy = _library("numpy")
    dtype, shape = _dtype(data), tuple(int(size) for size in data["shape"])
    if numpy is None:
        return Opaque("ndarray", f"<array {dtype} of shape {shape}; numpy is not installed here>")
    return numpy.frombuffer(base64.b64decode(data["base64"], validate=True), dtype=dtype).reshape(shape).copy()


def _read_objects(data: Any, decode: Decode) -> Any:
    numpy = _library("numpy")
    items = [decode(item) for item in data["items"]]
    if numpy is None:
        return items
    array = numpy.empty(len(items), dtype=object)
    array[:] = items
    return array.reshape(tuple(int(size) for size in data["shape"]))


def _read_scalar(data: Any, decode: Decode) -> Any:
    numpy = _library("numpy")
    if numpy is None:
        return decode(data["value"])
    return numpy.frombuffer(base64.b64decode(data["base64"], validate=True), dtype=_dtype(data))[0]


def _read_column(pandas: Any, data: Any, decode: Decode) -> Any:
    if "array" in data:
        return _read_array(data["array"], decode)
    items = [decode(item) for item in data["items"]]
    dtype = str(data["dtype"])
    if dtype == "object":
        return pandas.Series(items, dtype=object).array
    if dtype == "category":
        return pandas.Categorical(items)
    try:
        return pandas.array(items, dtype=dtype)
    except (TypeError, ValueError):
        return pandas.Series(items, dtype=object).array


def _read_index(pandas: Any, data: Any, decode: Decode) -> Any:
    names = [decode(name) for name in data["names"]]
    if "range" in data:
        start, stop, step = (int(part) for part in data["range"])
        return pandas.RangeIndex(start, stop, step, name=names[0])
    if "tuples" in data:
        return pandas.MultiIndex.from_tuples([decode(item) for item in data["tuples"]], names=names)
    return pandas.Index(_read_column(pandas, data, decode), name=names[0])


def _read_frame(data: Any, decode: Decode) -> Any:
    pandas = _library("pandas")
    if pandas is None:
        return Opaque("DataFrame", "<table; pandas is not installed here>")
    index = _read_index(pandas, data["index"], decode)
    columns = [pandas.Series(_read_column(pandas, column, decode), index=index) for column in data["data"]]
    frame = pandas.concat(columns, axis=1) if columns else pandas.DataFrame(index=index)
    frame.columns = _read_index(pandas, data["columns"], decode)
    return frame


def _read_series(data: Any, decode: Decode) -> Any:
    pandas = _library("pandas")
    if pandas is None:
        return Opaque("Series", "<column; pandas is not installed here>")
    index = _read_index(pandas, data["index"], decode)
    return pandas.Series(_read_column(pandas, data["data"], decode), index=index, name=decode(data["name"]))


def _read_pandas(data: Any, decode: Decode) -> Any:
    pandas = _library("pandas")
    if pandas is None:
        return Opaque(str(data[TAG]), str(data))
    if data[TAG] == "timestamp":
        return pandas.Timestamp(str(data["iso"]))
    if data[TAG] == "pandas-timedelta":
        return pandas.Timedelta(int(data["nanoseconds"]), unit="ns")
    if data[TAG] == "index":
        return _read_index(pandas, data["data"], decode)
    return pandas.NaT if data["type"] == "NaTType" else pandas.NA


ARRAY_READERS: dict[str, Callable[[Any, Decode], Any]] = {
    "array": _read_array,
    "objects": _read_objects,
    "scalar": _read_scalar,
    "frame": _read_frame,
    "series": _read_series,
    "timestamp": _read_pandas,
    "pandas-timedelta": _read_pandas,
    "index": _read_pandas,
    "missing": _read_pandas,
}
