"""What a person is told to do about a package that is missing."""

from __future__ import annotations

import pytest

from microapps.notebook import package_of, remedy_of
from microapps.notebook.packages import OTHERWISE, SO_CALLED


@pytest.mark.parametrize(
    ("module", "package"),
    [
        ("sklearn", "scikit-learn"),
        ("cv2", "opencv-python"),
        ("PIL", "Pillow"),
        ("yaml", "PyYAML"),
        ("bs4", "beautifulsoup4"),
    ],
)
def test_a_package_is_told_by_the_name_it_is_installed_by(module: str, package: str) -> None:
    told = f"A person can add {module} where the app runs: 'pip install {package}'."
    assert remedy_of(f"Cell 'ui', line 2 raised ModuleNotFoundError: No module named '{module}'") == told


def test_a_name_that_nobody_knows_is_told_as_a_guess() -> None:
    assert ", if its package is called so: 'pip install helpers'." in remedy_of(
        "ModuleNotFoundError: No module named 'helpers'"
    )
    assert package_of("helpers") == "helpers"


@pytest.mark.parametrize(
    "error",
    [
        "ModuleNotFoundError: No module named 'numpy.nothing'",
        "ModuleNotFoundError: No module named 'json.x'; 'json' is not a package",
        "ModuleNotFoundError: No module named '$(reboot)'",
        "ImportError: cannot import name 'x' from 'numpy'",
        "ValueError: No module named 'bqplot'",
    ],
)
def test_other_errors_have_no_such_remedy(error: str) -> None:
    assert remedy_of(error) == ""


def test_a_name_is_in_one_table() -> None:
    assert not set(OTHERWISE) & SO_CALLED
