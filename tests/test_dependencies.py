"""Every package that is imported at the top of a module is named among the dependencies."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            names.add(node.module.partition(".")[0])
    return names - set(sys.stdlib_module_names) - {"microapps"}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_what_is_imported_is_a_dependency() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    named = {_plain(re.split(r"[^\w.-]", line)[0]) for line in listed}
    known = packages_distributions()
    code = [path for path in (ROOT / "microapps").rglob("*.py") if "starters" not in path.parts]
    imported = set[str]().union(*map(_imported, code))
    missing = {name for name in imported if not {_plain(d) for d in known.get(name, [name])} & named}
    assert missing == set()
