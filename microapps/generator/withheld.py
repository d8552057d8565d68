"""What a report may not tell a model: the values of the person's files that an app under check may read.

Drafts are checked with the real files, and whatever an app raises or shows is in its report. Before the report becomes
text for the model, each value of those files that the model does not know already gives way to a note of where it is
from. The person's own view keeps the full text. A value that the app writes in another form (spelt backwards, encoded,
or cut to a piece) is not recognised, nor is one beyond the part of a large file that is read.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import keyword
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..checks.report import Finding, LayerResult, Report
from ..notebook import MicroApp
from .data import MAX_ROWS, MAX_WHOLE_BYTES, READERS, beginning, delimiter, encoding

MAX_VALUES = 200_000
"""Different values that are kept of one file."""

MAX_FILES = 50
"""Files of one granted folder that are read."""

MAX_TEXT = 100_000
"""Characters of one field of a report that are looked through; the rest is left out, as it would be anyway."""

SHORTEST = 3
"""Characters of the shortest value that is withheld: shorter ones say nothing, and would be found everywhere."""

WINDOW = 8
"""Words of the pieces in which a long text is recognised."""

_ATOM = re.compile(r"(?P<atom>(?:\w|\\u[0-9a-fA-F]{4})+)|\\.")
"""A word, or an escape as in repr(), which parts words."""

_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w])")
_COMMON = frozenset(word.casefold() for word in (*keyword.kwlist, "nan", "null", "true", "false", "nat"))


@dataclass(frozen=True)
class _Values:
    """A file's values as words joined by spaces, its numbers in one form, and how many words the longest value has."""

    name: str
    phrases: frozenset[str]
    numbers: frozenset[str]
    longest: int


class Withheld:
    """Takes the values of files out of reports.

    Parameters
    ----------
    paths : gives the files and folders whose values are withheld, as they are now.
    known : text that the model has: schemas of the files, the person's request.
    """

    def __init__(self, paths: Callable[[], Iterable[Path]], known: str) -> None:
        self._paths, self._known = paths, known
        self._read: dict[tuple[Path, int, int], _Values] = {}

    def left_out(self, report: Report, app: MicroApp) -> Report:
        """The report with a note in place of each value that is in no cell of the app. Reads the files: takes time."""
        values = [self._values(path) for path in _files(self._paths())]
        if not any(value.phrases for value in values):
            return report
        text = "\n".join((self._known, *(cell.source for cell in app.cells)))
        known = f" {' '.join(atom for atom, _, _ in _atoms(text))} "
        numbers = frozenset(number for number, _, _ in _numbers(text))

        def clean(said: str) -> str:
            return _replaced(said[:MAX_TEXT], values, known, numbers)

        return report.model_copy(update={"layers": tuple(_layer(layer, clean) for layer in report.layers)})

    def _values(self, path: Path) -> _Values:
        state = path.stat()
        key = (path, state.st_mtime_ns, state.st_size)
        if key not in self._read:
            self._read[key] = _values(path)
        return self._read[key]


def _layer(layer: LayerResult, clean: Callable[[str], str]) -> LayerResult:
    def finding(one: Finding) -> Finding:
        said = {"what": clean(one.what), "expected": clean(one.expected), "hint": clean(one.hint)}
        return one.model_copy(update=said)

    evidence = tuple(e.model_copy(update={"message": clean(e.message)}) for e in layer.evidence)
    findings = tuple(finding(one) for one in layer.findings)
    return layer.model_copy(update={"note": clean(layer.note), "findings": findings, "evidence": evidence})


def _replaced(text: str, values: list[_Values], known: str, known_numbers: frozenset[str]) -> str:
    spans: list[tuple[int, int, str]] = []
    atoms = list(_atoms(text))
    words = [atom for atom, _, _ in atoms]
    for value in values:
        for first in range(len(atoms)):
            for last in range(min(first + value.longest, len(atoms)), first, -1):
                phrase = " ".join(words[first:last])
                if phrase in value.phrases and f" {phrase} " not in known:
                    spans.append((atoms[first][1], atoms[last - 1][2], value.name))
                    break
        for number, start, end in _numbers(text):
            if number in value.numbers and number not in known_numbers:
                spans.append((start, end, value.name))
    said: list[str] = []
    done = 0
    for start, end, name in sorted(spans):
        if start >= done:
            said += [text[done:start], f"[a value of {name}]"]
        done = max(done, end)
    return "".join((*said, text[done:]))


def _atoms(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of a text, small, with where they begin and end."""
    for found in _ATOM.finditer(text):
        if atom := found["atom"]:
            yield _ESCAPED.sub(lambda code: chr(int(code[1], 16)), atom).casefold(), found.start(), found.end()


def _numbers(text: str) -> Iterator[tuple[str, int, int]]:
    """The numbers of a text in one form, whether written 12000, 12,000 or 12000.0."""
    for found in _NUMBER.finditer(text):
        try:
            yield f"{float(found[0].replace(',', '')):.12g}", found.start(), found.end()
        except (ValueError, OverflowError):
            continue


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files of kinds that are read as data, those in granted folders as well."""
    seen: set[Path] = set()
    for path in paths:
        inner = itertools.islice(path.rglob("*"), 20 * MAX_FILES) if path.is_dir() else iter((path,))
        kinds = (file for file in inner if file.suffix.lower() in READERS and file.is_file())
        for file in itertools.islice(kinds, MAX_FILES):
            if file not in seen:
                seen.add(file)
                yield file


def _values(path: Path) -> _Values:
    phrases: set[str] = set()
    numbers: set[str] = set()
    longest = 1
    for cell in itertools.islice(_distinct(_cells(path)), MAX_VALUES):
        atoms = [atom for atom, _, _ in _atoms(cell)]
        numbers |= {number for number, start, end in _numbers(cell) if end - start >= SHORTEST and len(number) >= 3}
        for phrase in (atoms[at : at + WINDOW] for at in range(0, len(atoms), WINDOW)):
            joined = " ".join(phrase)
            if len(joined) >= SHORTEST and joined not in _COMMON:
                phrases.add(joined)
                longest = max(longest, len(phrase))
    return _Values(path.name, frozenset(phrases), frozenset(numbers), longest)


def _distinct(cells: Iterator[str]) -> Iterator[str]:
    seen: set[str] = set()
    for cell in cells:
        if len(cell) >= SHORTEST and cell not in seen:
            seen.add(cell)
            yield cell


def _cells(path: Path) -> Iterator[str]:
    """The values of a file as they are written in it; a file that its reader cannot read is taken word by word."""
    kind = READERS[path.suffix.lower()]
    try:
        if kind in ("excel", "parquet"):
            if path.stat().st_size <= MAX_WHOLE_BYTES:
                yield from _frame_cells(path, kind)
            return
        data, _ = beginning(path)
        text = data.decode(encoding(data), errors="ignore")
    except Exception:  # a broken file raises whatever its reader does; an app cannot read it any better
        return
    if kind == "csv":
        try:
            for row in csv.reader(io.StringIO(text), delimiter=delimiter(text, ",")):
                yield from row
        except csv.Error:
            yield from text.split()
        return
    for piece in text.splitlines() if kind == "jsonl" else (text,):
        try:
            yield from _leaves(json.loads(piece))
        except (ValueError, RecursionError):
            yield from piece.split()


def _frame_cells(path: Path, kind: str) -> Iterator[str]:
    import pandas as pd

    frame = pd.read_excel(path, nrows=MAX_ROWS) if kind == "excel" else pd.read_parquet(path)
    for row in frame.head(MAX_ROWS).itertuples(index=False, name=None):
        for value in row:
            yield str(value)


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif value is not None:
        yield str(value)
