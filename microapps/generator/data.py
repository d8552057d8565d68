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
from collections.abc import Iterator
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
