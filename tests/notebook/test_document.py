from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from microapps.errors import InvalidNotebook
from microapps.notebook.document import MAX_BYTES, checked, decode, parse, read_bytes, with_ids


def notebook(*cells: object, **keys: object) -> str:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells), **keys})


CODE = {"id": "one", "cell_type": "code", "metadata": {}, "source": [], "outputs": [], "execution_count": None}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[]", "no notebook"),
        ("{}", "no notebook"),
        ("12", "no notebook"),
        ('{"nbformat": "4"}', "nbformat is no whole number"),
        ('{"nbformat": true}', "nbformat is no whole number"),
        ('{"nbformat": 2, "worksheets": []}', "too old"),
        ('{"nbformat": 5, "nbformat_minor": 0, "cells": []}', "newer"),
        ('{"nbformat": 4, "nbformat_minor": 9, "cells": []}', "newer"),
        ('{"nbformat": 4}', "no list of cells"),
        ('{"nbformat": 4, "cells": "abc"}', "no list of cells"),
        ('{"nbformat": 4, "cells": {}}', "no list of cells"),
        ('{"nbformat": 3, "worksheets": [{"cells": [{}]}]}', "cannot be upgraded"),
        ('{"nbformat": 3, "worksheets": 7}', "cannot be upgraded"),
        (notebook(metadata=[]), "'metadata' of the notebook must be an object"),
        (notebook(metadata={"x": float("nan")}), "holds nan"),
        ('{"nbformat": 4, "cells": [], "metadata": {"x": 1e999}}', "holds inf"),
        (notebook(metadata={"x": "\ud800"}), "half of a character"),
        ("[" * 100_000, "nested too deeply"),
        ('{"nbformat": 4, "cells": [], "metadata": {"x": ' + "[" * 300 + "]" * 300 + "}}", "nested deeper"),
        ('{"nbformat": 4, "x": ' + "9" * 5000 + "}", "not JSON"),
    ],
)
def test_what_is_no_notebook_is_named(text: str, what: str) -> None:
    with pytest.raises(InvalidNotebook, match=what):
        parse(text)


@pytest.mark.parametrize(
    ("change", "cell", "key"),
    [
        ({"id": "no spaces"}, "number 2", "id"),
        ({"id": 7}, "number 2", "id"),
        ({"id": "a" * 65}, "number 2", "id"),
        ({"cell_type": "heading"}, "two", "cell_type"),
        ({"cell_type": ["code"]}, "two", "cell_type"),
        ({"source": 3}, "two", "source"),
        ({"source": ["a", 3]}, "two", "source"),
        ({"source": "\udfff"}, "two", "source"),
        ({"metadata": None}, "two", "metadata"),
        ({"cell_type": "markdown", "attachments": ["x"]}, "two", "attachments"),
    ],
)
def test_a_bad_cell_is_named_with_its_key(change: dict[str, object], cell: str, key: str) -> None:
    with pytest.raises(InvalidNotebook) as caught:
        parse(notebook(CODE, {**CODE, "id": "two", **change}))
    assert (caught.value.cell, caught.value.key) == (cell, key)
    assert key in caught.value.what


def test_a_cell_that_is_no_object_is_named() -> None:
    with pytest.raises(InvalidNotebook, match="number 1"):
        parse(notebook("code"))


def test_200_megabytes_are_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "large.ipynb"
    with path.open("wb") as file:
        file.truncate(200 << 20)
    begun = time.monotonic()
    with pytest.raises(InvalidNotebook, match="larger than"):
        read_bytes(path)
    with pytest.raises(InvalidNotebook, match="larger than"):
        parse(" " * (MAX_BYTES + 1))
    assert time.monotonic() - begun < 5


def test_too_many_cells_are_refused() -> None:
    with pytest.raises(InvalidNotebook, match="cells; at most"):
        checked({"nbformat": 4, "cells": [{}] * 6000})


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(InvalidNotebook, match="UTF-8"):
        decode(b"\xff\xfe{}")
    assert decode(b"\xef\xbb\xbf{}") == "{}"


@pytest.mark.parametrize("minor", [0, 1, 2, 3, 4, 5])
def test_every_minor_version_is_read(minor: int) -> None:
    cell = {key: value for key, value in CODE.items() if minor >= 5 or key != "id"}
    node = parse(notebook(cell, nbformat_minor=minor))
    assert (node["nbformat"], node["nbformat_minor"]) == (4, 5)


def test_format_3_is_upgraded_the_same_way_each_time() -> None:
    old = nbformat.v3.new_notebook(
        worksheets=[
            nbformat.v3.new_worksheet(
                cells=[nbformat.v3.new_code_cell("x = 1"), nbformat.v3.new_text_cell("heading", "T")]
            )
        ]
    )
    assert parse(json.dumps(old)) == parse(json.dumps(old))
    assert [cell["source"] for cell in parse(json.dumps(old))["cells"]] == ["x = 1", "# T"]


def test_missing_ids_are_named_by_what_the_cells_are() -> None:
    cells = [{}, {"id": "ui-2"}, {}, {}]
    assert with_ids(cells, ["ui", "ui", "ui", "show"], repair=False) == ["ui", "ui-2", "ui-3", "show"]


def test_a_second_cell_of_one_id_is_refused_or_renamed() -> None:
    cells = [{"id": "a"}, {"id": "a"}]
    with pytest.raises(InvalidNotebook) as caught:
        with_ids(cells, ["ui", "ui"], repair=False)
    assert (caught.value.cell, caught.value.key) == ("a", "id")
    assert with_ids(cells, ["ui", "ui"], repair=True) == ["a", "ui"]


def test_reading_a_notebook_does_not_wait_for_slow_libraries() -> None:
    code = "import sys, microapps.notebook; print({'nbformat', 'jsonschema', 'black', 'IPython'} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"
