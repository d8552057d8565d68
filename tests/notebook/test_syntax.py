"""Trees of syntax made in several threads."""

from __future__ import annotations

import ast
import gc
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from microapps.notebook.syntax import compiled, expression_tree, module_tree

SECONDS = 1.0  # with ast.parse itself, Python 3.11 failed here in 0.3
FUNCTION = "def f(a, b):\n    return (a + b * 2) ** 2 if a > b else [x % 2 for x in a]\n"
SOURCE = FUNCTION * 200


class Knot:
    """What only the collector ends, with code that lets another thread in."""

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        sum(range(200))


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads take turns, and the collector runs, as often as can be."""
    interval, threshold = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-6)
    gc.set_threshold(50, 2, 2)
    yield
    sys.setswitchinterval(interval)
    gc.set_threshold(*threshold)


def below(depth: int, act: Callable[[], object]) -> object:
    return act() if depth == 0 else below(depth - 1, act)


@pytest.mark.usefixtures("restless")
def test_threads_that_make_trees_at_once_do_not_disturb_each_other() -> None:
    ended, raised = time.monotonic() + SECONDS, []

    def work(depth: int) -> None:
        try:
            while time.monotonic() < ended and not raised:
                for _ in range(20):
                    Knot()
                tree = below(depth, lambda: module_tree(SOURCE))
                assert isinstance(tree, ast.Module) and len(tree.body) == 200
                below(depth, lambda: compiled(module_tree("x = 1 + 2"), "cell"))
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=work, args=(depth,)) for depth in (1, 60, 170)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert raised == []


def test_what_python_says_of_bad_text_is_raised() -> None:
    for make in (module_tree, expression_tree):
        with pytest.raises(SyntaxError):
            make("1 +")
    with pytest.raises(SyntaxError, match="outside function"):
        compiled(module_tree("return 1"), "cell")


def test_a_warning_about_the_text_is_not_printed(recwarn: pytest.WarningsRecorder) -> None:
    module_tree("x = 1 is 1")
    assert not recwarn.list
