"""The exit codes: one table over the whole error tree."""

import inspect

import pytest

from microapps import errors
from microapps.cli.exits import MEANING, Exit, exit_of

TREE = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.MicroappsError)]


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_every_error_of_the_tree_has_a_code_other_than_success(kind: type[errors.MicroappsError]) -> None:
    assert exit_of(kind("what", "hint")) not in (Exit.DONE, Exit.BUG)
    assert exit_of(kind.__name__) == exit_of(kind("what", "hint"))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.ModelRejected("no"), Exit.MODEL),
        (errors.UnknownApp("no"), Exit.USAGE),
        (errors.CallbackFailed("no"), Exit.FAILED),
        (errors.MachineFault("no"), Exit.MACHINE),
        (errors.Stopped("no"), Exit.STOPPED),
        (errors.LimitReached("no"), Exit.LIMIT),
        (ValueError("no"), Exit.BUG),
    ],
)
def test_the_nearest_class_up_the_tree_decides(error: BaseException, code: Exit) -> None:
    assert exit_of(error) is code


def test_a_failed_job_of_no_known_error_is_a_failure() -> None:
    assert exit_of("ChecksFailed") is Exit.FAILED
    assert exit_of("annotations") is Exit.FAILED


def test_every_code_has_a_meaning() -> None:
    assert set(MEANING) == set(Exit)
