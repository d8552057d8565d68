"""Packages whose faces are loaded on demand: they cost nothing until a name is asked for, and then have it."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

WHOLE = ("microapps.sandbox", "microapps.studio", "microapps.testing")
PARTLY = ("microapps.checks", "microapps.generator")


def test_importing_them_brings_nothing_of_what_they_export() -> None:
    code = f"import sys, {', '.join(WHOLE)}; print(*(name for name in sys.modules if name.startswith('microapps')))"
    brought = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert set(brought) == {"microapps", "microapps._version", "microapps.faces", *WHOLE}


@pytest.mark.parametrize("package", WHOLE + PARTLY)
def test_every_name_that_they_export_is_there_and_listed(package: str) -> None:
    module = import_module(package)
    assert set(module.__all__) <= set(dir(module))
    assert all(hasattr(module, name) for name in module.__all__)


@pytest.mark.parametrize("package", WHOLE + PARTLY)
def test_another_name_is_refused_as_any_module_does(package: str) -> None:
    with pytest.raises(AttributeError, match=rf"module '{package}' has no attribute 'nothing'"):
        import_module(package).nothing  # noqa: B018
