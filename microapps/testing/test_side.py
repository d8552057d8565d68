"""The runner's part inside the test kernel: runs test functions, and hands them an ``app`` that asks the harness.

Sent to the kernel as source, together with :mod:`.wire`; it imports the standard library, and pytest where it is
there, for its assertion rewriting. Each use of ``app`` is one request on the kernel's stdin, answered by the harness.
"""

from __future__ import annotations

import ast
import inspect
import itertools
import json
import pathlib
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from typing import Any

FILE = "<tests>"
MARK = "microapps-request:"
MOST_LINES = 16  # of a comparison's explanation
LONGEST = 4000  # characters of one test's message
GIVEN = ("app", "tmp_path")
READING = ("text", "value", "table", "controls")
ACTING = ("set", "click", "choose", "submit", "set_trait", "wait")


class Harness:
    """The other end: sends one request and returns its decoded answer, or raises what it says."""

    def __init__(self, shell: Any, wire: Any, faults: dict[str, type[Exception]]) -> None:
        self.shell = shell
        self.wire = wire
        self.faults = faults

    def ask(self, do: str, *arguments: Any, **keywords: Any) -> Any:
        encoded = [self.wire.encode(item) for item in arguments]
        named = {key: self.wire.encode(item) for key, item in keywords.items()}
        text = self.wire.dumps({"do": do, "arguments": encoded, "keywords": named})
        answer = json.loads(self.shell.kernel.raw_input(MARK + text))
        if "fault" in answer:
            fault = answer["fault"]
            raise self.faults.get(fault["name"], self.faults["AppFault"])(fault["what"], fault["hint"])
        if "error" in answer:
            error = self.wire.decode_error(answer["error"])
            if error is not None:
                raise error
            name, message = answer["error"]["name"], answer["error"]["message"]
            raise self.faults["AppFault"](f"The app raised {name}: {message}", answer["error"]["traceback"])
        return self.wire.decode(answer["value"])


class AppProxy:
    """What a test gets as ``app``; it has the interface of ``microapps.testing.App``."""

    def __init__(self, harness: Harness) -> None:
        self._harness = harness

    def __getattr__(self, name: str) -> Any:
        if name in ("errors", "stdout", "stderr", "tree"):
            return self._harness.ask(name)
        if name in READING or name in ACTING:
            return lambda *arguments, **keywords: self._harness.ask(name, *arguments, **keywords)
        public = [*READING, *ACTING, "call", "upload", "wait_until", "errors", "stdout", "stderr", "tree"]
        raise AttributeError(f"app has no {name!r}; it has {', '.join(sorted(public))}")

    def call(self, function: str, /, *arguments: Any, **keywords: Any) -> Any:
        return self._harness.ask("call", function, *arguments, **keywords)

    def upload(self, label: str, *files: Any, within: str = "") -> None:
        # A path is read here: the harness opens nothing that a test names.
        sent = [
            (pathlib.Path(f).name, pathlib.Path(f).read_bytes()) if isinstance(f, str | pathlib.Path) else f
            for f in files
        ]
        self._harness.ask("upload", label, *sent, within=within)

    def wait_until(self, predicate: Callable[[], Any], timeout: float = 10.0) -> Any:
        end = time.monotonic() + timeout
        while not (result := predicate()):
            left = end - time.monotonic()
            if left <= 0:
                page = str(self.text())[:500]
                what = f"What was waited for did not come within {timeout:g} seconds."
                raise self._harness.faults["AppFault"](what, f"The page reads: {page}")
            self._harness.ask("next_change", left)
        return result


class TestSide:
    """Holds the tests of one cell and runs them by name."""

    __test__ = False

    def __init__(self, shell: Any, wire: Any, source: str, cell: str) -> None:
        self.harness = Harness(shell, wire, fault_classes())
        self.source = source
        self.cell = cell
        self.names: dict[str, Any] = {"__name__": "tests", "__file__": FILE, "__builtins__": __builtins__}
        self.broken = ""

    def load(self) -> None:
        """Run the cell once, so that its functions are there; a failure is told by every test."""
        try:
            exec(compile(rewritten(self.source), FILE, "exec"), self.names)  # noqa: S102 - this is the test kernel
        except BaseException as error:
            self.broken = self.told(error)

    async def run(self, name: str) -> None:
        """Run one test and tell the harness how it ended."""
        message = self.broken
        if not message:
            try:
                await self.attempt(name)
            except BaseException as error:
                message = "" if type(error).__name__ == "Skipped" else self.told(error) or "failed"
        self.harness.ask("finished", message[:LONGEST])

    async def attempt(self, name: str) -> None:
        test = self.names.get(name)
        if not callable(test):
            raise NameError(f"the tests cell defines no {name} when it runs")
        for number, (values, words) in enumerate(cases(test)):
            if number:
                self.harness.ask("fresh")
            try:
                await self.once(test, values)
            except Exception as error:
                if words:
                    error.add_note(f"with {words}")
                raise

    async def once(self, test: Any, values: dict[str, Any]) -> None:
        wanted = [p.name for p in inspect.signature(test).parameters.values() if p.default is p.empty]
        unknown = [name for name in wanted if name not in GIVEN and name not in values]
        if unknown:
            raise TypeError(f"{test.__name__} asks for {', '.join(unknown)}; a test is given {' and '.join(GIVEN)}")
        with tempfile.TemporaryDirectory() as folder:
            given = {"app": AppProxy(self.harness), "tmp_path": pathlib.Path(folder), **values}
            result = test(**{name: given[name] for name in wanted})
            if inspect.isawaitable(result):
                await result

    def told(self, error: BaseException) -> str:
        """A failure as a person and a model read it: where in the tests, the line, and what was compared."""
        if isinstance(error, SyntaxError) and error.filename == FILE:
            return f"The tests cell does not compile: {error.msg}, line {error.lineno}: {(error.text or '').strip()}"
        lines = self.source.splitlines()
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == FILE and f.lineno]
        place = "".join(
            f"line {frame.lineno} of cell '{self.cell}': {lines[frame.lineno - 1].strip()}\n"
            for frame in frames[:1] + frames[1:][-2:]
            if frame.lineno and frame.lineno <= len(lines)
        )
        name, text = type(error).__name__, str(error)
        what = text if isinstance(error, AssertionError) and text.startswith("assert") else f"{name}: {text}"
        notes = "".join(f"\n{note[:1500]}" for note in getattr(error, "__notes__", ()))
        return f"{place}{what}{notes}{self.hint(error)}".strip()

    def hint(self, error: BaseException) -> str:
        if isinstance(error, NameError):
            name = getattr(error, "name", None) or "name"
            return (
                f"\nTests run apart from the app and see none of its names: reach a function of the app with "
                f"app.call('{name}', …), a control by its label, and import modules in the tests cell."
            )
        if isinstance(error, EOFError):
            return "\nA test has nobody to answer input()."
        return ""


def cases(test: Any) -> list[tuple[dict[str, Any], str]]:
    """The argument sets of ``pytest.mark.parametrize``, each with words for messages; one empty set without it."""
    groups: list[list[dict[str, Any]]] = []
    for mark in getattr(test, "pytestmark", ()):
        if mark.name in ("skip", "skipif") and (mark.name == "skip" or (mark.args and mark.args[0])):
            return []
        if mark.name != "parametrize":
            continue
        names = mark.args[0]
        names = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
        rows = [getattr(row, "values", row) if hasattr(row, "marks") else row for row in mark.args[1]]
        groups.append(
            [dict(zip(names, row if len(names) > 1 or hasattr(row, "marks") else (row,), strict=True)) for row in rows]
        )
    if not groups:
        return [({}, "")]
    sets = [{key: value for part in parts for key, value in part.items()} for parts in itertools.product(*groups)]
    return [(values, ", ".join(f"{key}={value!r}" for key, value in values.items())) for values in sets]


def rewritten(source: str) -> ast.Module:
    """The tests with pytest's assertion rewriting, where pytest is installed."""
    tree = ast.parse(source, FILE)
    try:
        from _pytest.assertion import rewrite, util
    except ImportError:
        return tree

    def explain(op: str, left: object, right: object) -> str | None:
        try:
            lines = util.assertrepr_compare(
                op=op,
                left=left,
                right=right,
                verbose=0,
                highlighter=lambda text, lexer="python": text,
                assertion_text_diff_style="ndiff",
            )
            shown = [line.replace("\n", "\\n") for line in itertools.islice(lines, MOST_LINES)]
        except TypeError:  # an older pytest, whose function takes its configuration: the plain comparison will do
            return None
        return "\n~".join(shown).replace("%", "%%") if shown else None

    util._reprcompare = explain
    rewrite.rewrite_asserts(tree, source.encode("utf-8"))
    return tree


def fault_classes() -> dict[str, type[Exception]]:
    """The faults that a test may expect, by name; stand-ins of the same names where microapps is not installed."""
    names = ("CellFailed", "CallbackFailed", "ControlNotFound", "ControlAmbiguous", "ControlUnusable", "RunExceeded")
    try:
        from microapps import errors
    except ImportError:

        class MicroappsError(Exception):
            def __init__(self, what: str, hint: str = "", **more: Any) -> None:
                super().__init__(f"{what} {hint}".rstrip())
                self.what, self.hint = what, hint

        module: Any = type(sys)("microapps.errors")
        module.MicroappsError = MicroappsError
        module.AppFault = type("AppFault", (MicroappsError,), {})
        module.InvalidInput = type("InvalidInput", (MicroappsError,), {})
        for name in names:
            setattr(module, name, type(name, (module.AppFault,), {}))
        package: Any = type(sys)("microapps")
        package.errors, package.__path__ = module, []
        sys.modules.update({"microapps": package, "microapps.errors": module})
        errors = module
    return {name: getattr(errors, name) for name in (*names, "AppFault", "InvalidInput")}
