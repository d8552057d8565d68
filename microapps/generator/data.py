"""The schema of a data file: what a model may know of it without seeing what is in it.

Columns, types, how many values are missing and differ, and the range of numbers and dates. Values of text columns are
never in it, unless rows are asked for. Reading is bounded, and done by pandas' plain parsers only: nothing of a file
is ever executed. Whatever comes from the file (column names above all) is data: bounded, without control characters.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InvalidInput

if TYPE_CHECKING:
    import pandas as pd

MAX_BYTES = 32 << 20
"""How much of a text file is read for its schema; a longer one is described by its beginning, which is said."""

MAX_WHOLE_BYTES = 64 << 20
"""The largest Excel or Parquet file that is read; neither can be read by its beginning."""

MAX_ROWS = 200_000
MAX_COLUMNS = 100
MAX_NAME = 80
SHOWN_ROWS = 5
SHOWN_VALUE = 60
SNIFFED = 64 << 10
ENCODINGS = ("utf-8-sig", "utf-16", "cp949", "latin-1")
"""Tried in this order; UTF-16 only with its mark, and Latin-1 reads everything, so it is last."""

READERS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".txt": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".xlsx": "excel",
    ".xls": "excel",
}


@dataclass(frozen=True)
class Column:
    """One column. ``least`` and ``most`` are the range of a number or date column, empty for all others.

    ``distinct`` is how many different values it has among the rows read; None where that cannot be told.
    """

    name: str
    type: str
    missing: int = 0
    distinct: int | None = None
    least: str = ""
    most: str = ""


@dataclass(frozen=True)
class DataSchema:
    """What is known of one data file.

    Attributes
    ----------
    name, path : the file's name, and its absolute path on this machine.
    reading : how Python reads it, as an expression of pandas.
    rows : how many rows were read; ``whole`` is False where the file has more.
    shape : for JSON that is no table, what it looks like instead of columns.
    sample : the first rows, only where they were asked for.
    """

    name: str
    path: Path
    format: str
    reading: str = ""
    columns: tuple[Column, ...] = ()
    rows: int = 0
    whole: bool = True
    shape: str = ""
    sample: tuple[tuple[str, ...], ...] = ()


def schema(path: Path, *, rows: bool = False) -> DataSchema:
    """The schema of one file.

    Parameters
    ----------
    rows : whether the first rows are taken as well. Only where the person allowed it.

    Raises
    ------
    InvalidInput
        There is no such file, it is of no kind that is read here, it is too large, or it cannot be read; names it.
    """
    path = path.expanduser().resolve()
    if not path.is_file():
        raise InvalidInput(f"There is no file {path}.", "Look at its name.")
    kind = READERS.get(path.suffix.lower())
    if kind is None:
        known = ", ".join(sorted(READERS))
        raise InvalidInput(f"{path.name} is of a kind that is not read as data.", f"Known are: {known}.")
    if kind in ("excel", "parquet") and path.stat().st_size > MAX_WHOLE_BYTES:
        raise InvalidInput(
            f"{path.name} is larger than {MAX_WHOLE_BYTES >> 20} MiB.", "Save it as CSV, or a part of it."
        )
    try:
        found = {"csv": _csv, "json": _json, "jsonl": _jsonl, "parquet": _parquet, "excel": _excel}[kind](path)
    except ImportError as error:
        raise InvalidInput(
            f"{path.name} needs the package {error.name or 'for its format'}, which is not installed.",
            "Save the file as CSV, or install that package.",
        ) from error
    except Exception as error:  # a broken Excel or Parquet file raises whatever its reader does
        raise InvalidInput(
            f"{path.name} cannot be read as {kind}: {_clean(str(error), 200)}", "Look at the file."
        ) from error
    if isinstance(found, _Shape):
        return DataSchema(path.name, path, kind, found.reading, shape=found.text, whole=found.whole)
    return DataSchema(
        name=path.name,
        path=path,
        format=kind,
        reading=found.reading,
        columns=tuple(_column(found.frame, at) for at in range(min(MAX_COLUMNS, found.frame.shape[1]))),
        rows=len(found.frame),
        whole=found.whole,
        shape=f"{found.frame.shape[1]} columns, {MAX_COLUMNS} shown" if found.frame.shape[1] > MAX_COLUMNS else "",
        sample=_sample(found.frame) if rows else (),
    )


def described(schema: DataSchema) -> str:
    """The schema as text for a model and for a person who wants to see what a model is told."""
    lines = [f"file: {_clean(schema.name, 255)}", f"path: {schema.path}"]
    if schema.reading:
        lines.append(f"read it with: {schema.reading}")
    if schema.columns:
        more = "" if schema.whole else " read, the file has more"
        lines.append(f"rows: {schema.rows}{more}")
    if schema.shape:
        lines.append(f"shape: {schema.shape}")
    for column in schema.columns:
        facts = [column.type]
        if column.least or column.most:
            facts.append(f"from {column.least} to {column.most}")
        if column.distinct is not None:
            facts.append(f"{column.distinct} different")
        facts.append(f"{column.missing} missing" if column.missing else "none missing")
        lines.append(f"- {json.dumps(column.name, ensure_ascii=False)}: {', '.join(facts)}")
    if schema.sample:
        lines.append("first rows:")
        lines += [json.dumps(row, ensure_ascii=False) for row in schema.sample]
    return "\n".join(lines)


@dataclass(frozen=True)
class _Table:
    frame: pd.DataFrame
    reading: str
    whole: bool


@dataclass(frozen=True)
class _Shape:
    text: str
    reading: str
    whole: bool = True


def _csv(path: Path) -> _Table:
    import pandas as pd

    data, whole = beginning(path)
    coding = encoding(data)
    text = data.decode(coding, errors="ignore")
    if not whole:
        text = text[: text.rfind("\n") + 1] or text
    if not text.strip():
        raise ValueError("the file is empty")
    if "\0" in text:
        raise ValueError("it is no text")
    parted = delimiter(text, "\t" if path.suffix.lower() in (".tsv", ".tab") else ",")
    frame = pd.read_csv(
        io.StringIO(text), sep=parted, nrows=MAX_ROWS, on_bad_lines="skip", low_memory=False, engine="c"
    )
    options = "" if parted == "," else f", sep={parted!r}"
    options += "" if coding == "utf-8-sig" else f", encoding={coding!r}"
    return _Table(frame, f"pd.read_csv({str(path)!r}{options})", whole and len(frame) < MAX_ROWS)


def _json(path: Path) -> _Table | _Shape:
    import pandas as pd

    data, whole = beginning(path)
    if not whole:
        raise ValueError(f"it is larger than {MAX_BYTES >> 20} MiB")
    value = json.loads(data.decode(encoding(data)))
    reading = f"json.loads(Path({str(path)!r}).read_text())"
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        flat = all(not isinstance(inner, dict | list) for item in value[:1000] for inner in item.values())
        frame = pd.DataFrame.from_records(value[:MAX_ROWS])
        if frame.shape[1]:
            return _Table(frame, f"pd.read_json({str(path)!r})" if flat else reading, len(value) <= MAX_ROWS)
    return _Shape(_shape(value), reading)


def _jsonl(path: Path) -> _Table:
    import pandas as pd

    data, whole = beginning(path)
    lines = data.decode(encoding(data), errors="ignore").splitlines()
    records = [json.loads(line) for line in lines[: len(lines) if whole else -1][:MAX_ROWS] if line.strip()]
    if not records or not all(isinstance(record, dict) for record in records):
        raise ValueError("its lines are no JSON objects")
    frame = pd.DataFrame.from_records(records)
    return _Table(frame, f"pd.read_json({str(path)!r}, lines=True)", whole and len(lines) <= MAX_ROWS)


def _parquet(path: Path) -> _Table:
    import pandas as pd

    return _Table(pd.read_parquet(path), f"pd.read_parquet({str(path)!r})", True)


def _excel(path: Path) -> _Table:
    import pandas as pd

    frame = pd.read_excel(path, nrows=MAX_ROWS)
    return _Table(frame, f"pd.read_excel({str(path)!r})", len(frame) < MAX_ROWS)


def beginning(path: Path) -> tuple[bytes, bool]:
    """The first bytes of a file, and whether they are all."""
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    return data[:MAX_BYTES], len(data) <= MAX_BYTES


def encoding(data: bytes) -> str:
    """The first encoding that reads the data; its very end may be in the middle of a letter."""
    for name in ENCODINGS:
        if name == "utf-16" and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            continue
        try:
            codecs.getincrementaldecoder(name)().decode(data)
        except UnicodeDecodeError:
            continue
        return name
    return ENCODINGS[-1]


def delimiter(text: str, otherwise: str) -> str:
    """What parts the columns of a text; ``otherwise`` where that cannot be told."""
    try:
        return csv.Sniffer().sniff(text[:SNIFFED], delimiters=",;\t|").delimiter
    except csv.Error:
        return otherwise


def _column(frame: pd.DataFrame, at: int) -> Column:
    import pandas as pd

    series = frame.iloc[:, at]
    name, missing = _clean(str(frame.columns[at]), MAX_NAME), int(series.isna().sum())
    present = series.dropna()
    if pd.api.types.is_bool_dtype(series.dtype):
        return Column(name, "true or false", missing)
    if pd.api.types.is_numeric_dtype(series.dtype):
        whole = pd.api.types.is_integer_dtype(series.dtype) or bool(present.mod(1).eq(0).all() and len(present))
        least, most = (f"{present.min():.12g}", f"{present.max():.12g}") if len(present) else ("", "")
        return Column(name, "whole number" if whole else "number", missing, int(present.nunique()), least, most)
    dates = present if pd.api.types.is_datetime64_any_dtype(series.dtype) else _dates(present)
    if dates is not None and len(dates):
        timed = not bool((dates.dt.normalize() == dates).all())
        least, most = (end.isoformat(" ") if timed else end.date().isoformat() for end in (dates.min(), dates.max()))
        kind = "date and time" if timed else "date"
        written = "" if dates is present else " (as text)"
        return Column(name, kind + written, missing, int(dates.nunique()), least, most)
    try:
        distinct = int(present.nunique())
    except TypeError:  # lists and dictionaries
        return Column(name, "nested", missing)
    return Column(name, "text", missing, distinct)


def _dates(present: pd.Series[Any]) -> pd.Series[pd.Timestamp] | None:
    """A text column as dates where every value is one that begins with the year; None otherwise."""
    import pandas as pd

    if not len(present) or not all(isinstance(value, str) for value in present.head(50)):
        return None
    texts = present.astype(str)
    if not bool(texts.str.match(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([ T]\d{1,2}:\d{2}.*)?$").all()):
        return None
    dates = pd.to_datetime(texts, errors="coerce", format="mixed", utc=True)
    return None if bool(dates.isna().any()) else dates.dt.tz_localize(None)


def _sample(frame: pd.DataFrame) -> tuple[tuple[str, ...], ...]:
    rows = frame.iloc[:SHOWN_ROWS, :MAX_COLUMNS].itertuples(index=False, name=None)
    return tuple(tuple(_clean(str(value), SHOWN_VALUE) for value in row) for row in rows)


def _shape(value: object, depth: int = 3) -> str:
    """What a JSON value looks like, without its texts: kinds, keys and lengths."""
    if isinstance(value, dict):
        if not depth:
            return f"object with {len(value)} keys"
        inner = ", ".join(f"{_clean(str(key), MAX_NAME)}: {_shape(value[key], depth - 1)}" for key in list(value)[:20])
        return f"object {{{inner}{', …' if len(value) > 20 else ''}}}"
    if isinstance(value, list):
        return f"list of {len(value)}" + (f", the first: {_shape(value[0], depth - 1)}" if value and depth else "")
    names = {str: "text", bool: "true or false", int: "whole number", float: "number", type(None): "null"}
    return names.get(type(value), "value")


def _clean(text: str, longest: int) -> str:
    """Text from a file: one line, bounded, without control characters."""
    printable = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return printable if len(printable) <= longest else printable[: longest - 1] + "…"
