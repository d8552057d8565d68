"""What an accepted app did it must go on doing: its criteria and tests are gates for every change.

A change may add tests and criteria. It may alter or drop an accepted one only by naming the criterion and saying why,
which is then reported to the person. Tests are compared as syntax trees, so layout and comments may change; what an
accepted test calls in its own cell (helpers, constants) belongs to it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..notebook import Criterion, MicroApp, Role
from ..notebook.source import tree


@dataclass(frozen=True)
class Gates:
    """The gates of one accepted app."""

    criteria: tuple[Criterion, ...] = ()
    tests: str = ""

    @classmethod
    def of(cls, app: MicroApp | None) -> Gates:
        """The gates of an accepted app; none for None."""
        if app is None:
            return cls()
        return cls(app.metadata.criteria, "\n\n".join(cell.source for cell in app.of(Role.TESTS)))

    def broken(self, draft: MicroApp, replaced: Iterable[str] = ()) -> tuple[str, ...]:
        """What a draft breaks, one sentence each, for the model; empty if it keeps all gates.

        ``replaced`` names criteria (by id) and tests (by name) that the change replaces on purpose.
        """
        named = set(replaced)
        freed = named | {test for criterion in self.criteria if criterion.id in named for test in criterion.tests}
        for criterion in self.criteria:  # a test that also shows a kept criterion stays, unless it is named itself
            if criterion.id not in named:
                freed -= set(criterion.tests) - named
        return (*self._criteria(draft, named), *self._tests(draft, freed))

    def replaced_by(self, draft: MicroApp, named: str) -> bool:
        """Whether an accepted criterion (by id) or test (by name) is there no longer as it was accepted."""
        accepted = [c for c in self.criteria if c.id == named or named in c.tests]
        if not accepted and named not in _Definitions(self.tests).tests:
            return False
        tests = {test for criterion in accepted if criterion.id == named for test in criterion.tests} | {named}
        changed = Gates(tests=self.tests).broken(draft, set(_Definitions(self.tests).tests) - tests)
        kept = all(any(c == now for now in draft.metadata.criteria) for c in accepted if c.id == named)
        return bool(changed) or not kept

    def _criteria(self, draft: MicroApp, named: set[str]) -> Iterable[str]:
        now = {criterion.id: criterion for criterion in draft.metadata.criteria}
        for criterion in self.criteria:
            if criterion.id in named:
                continue
            kept = now.get(criterion.id)
            if kept is None:
                yield f"The accepted criterion {criterion.id!r} ({criterion.text}) is gone."
            elif kept.text != criterion.text:
                yield f"The accepted criterion {criterion.id!r} has another text; it was: {criterion.text}"
            elif lost := [test for test in criterion.tests if test not in kept.tests and test not in named]:
                yield f"The accepted criterion {criterion.id!r} is no longer tied to {', '.join(lost)}."

    def _tests(self, draft: MicroApp, freed: set[str]) -> Iterable[str]:
        before = _Definitions(self.tests)
        after = _Definitions("\n\n".join(cell.source for cell in draft.of(Role.TESTS)))
        if not before.readable:
            return
        kept = [name for name in before.tests if name not in freed]
        if kept and not after.readable:
            yield "The tests cell is not valid Python, so the accepted tests cannot be found in it."
            return
        for name in kept:
            if name not in after.found:
                yield f"The accepted test {name} is gone."
            elif len(after.found[name]) > 1:
                yield f"The accepted test {name} is defined twice."
            elif after.found[name] != before.found[name]:
                yield f"The accepted test {name} was changed."
        for name in sorted(before.needed(kept) - set(kept)):
            if after.found.get(name) != before.found[name]:
                yield f"{name}, which an accepted test uses, was changed or is gone."


class _Definitions:
    """The names a cell binds at its top, each with the syntax trees that bind it."""

    def __init__(self, source: str) -> None:
        self.found: dict[str, list[str]] = {}
        self._uses: dict[str, set[str]] = {}
        self.readable = True
        try:
            body: Sequence[ast.stmt] = tree(source).body
        except (SyntaxError, RecursionError):
            self.readable, body = False, ()
        for statement in body:
            for name in _bound(statement):
                self.found.setdefault(name, []).append(ast.dump(statement))
                self._uses.setdefault(name, set()).update(_read(statement))

    @property
    def tests(self) -> tuple[str, ...]:
        return tuple(name for name in self.found if name.startswith("test_"))

    def needed(self, names: Iterable[str]) -> set[str]:
        """These names and whatever of this cell they use, directly or through others."""
        seen: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name in self.found and name not in seen:
                seen.add(name)
                waiting += self._uses[name]
        return seen


def _bound(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).split(".")[0] for alias in statement.names}
    return {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store | ast.Del)}


def _read(statement: ast.stmt) -> set[str]:
    return {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def explained(broken: Sequence[str]) -> str:
    """The refusal of a change that breaks gates, for the model."""
    return "\n".join(
        (
            "Refused, nothing was changed: what the person accepted earlier must go on working.",
            *(f"- {sentence}" for sentence in broken),
            "Leave accepted tests and criteria as they are and add new ones beside them. Only where the request itself "
            "asks for different behaviour, send the change again with 'replaces_criteria' naming each criterion (by "
            "its id) or test (by its name) and the reason.",
        )
    )
