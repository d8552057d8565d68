"""The part of a style sheet that a drawn page needs: no rule for what it does not have.

The client's sheet knows every widget, and what is inside the response that a page comes with is waited for: on a slow
link each further packet is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

import tinycss2  # type: ignore[import-untyped]
from tinycss2.ast import (  # type: ignore[import-untyped]
    AtRule,
    HashToken,
    IdentToken,
    LiteralToken,
    Node,
    QualifiedRule,
)

_ALWAYS = frozenset({"html", "body", "main", "noscript"})
"""Elements of every page, around what is drawn."""
_HOLDS_RULES = frozenset({"media", "supports", "layer", "container"})


@dataclass(frozen=True)
class _Rule:
    """A rule, or what holds rules.

    ``fits`` are, for each of its selectors, the names without any one of which it matches nothing.
    """

    text: str
    fits: tuple[frozenset[str], ...] = ()
    within: tuple[_Rule, ...] | None = None


def needed(sheet: str, page: str) -> str:
    """The rules of a sheet that can match in a page (HTML), where no class, id or element is added to it later."""
    return "".join(_kept(_rules(sheet), _names_of(page)))


def _kept(rules: Iterable[_Rule], names: frozenset[str]) -> Iterable[str]:
    for rule in rules:
        if rule.within is not None:
            if within := "".join(_kept(rule.within, names)):
                yield f"{rule.text}{{{within}}}"
        elif not rule.fits or any(each <= names for each in rule.fits):
            yield rule.text


@lru_cache(maxsize=4)
def _rules(sheet: str) -> tuple[_Rule, ...]:
    return tuple(map(_rule, tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)))


def _rule(node: Node) -> _Rule:
    if isinstance(node, QualifiedRule):
        return _Rule(node.serialize(), tuple(map(_named, _selectors(node.prelude))))
    if isinstance(node, AtRule) and node.content is not None and node.lower_at_keyword in _HOLDS_RULES:
        within = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
        head = f"@{node.at_keyword}{tinycss2.serialize(node.prelude)}"
        return _Rule(head, within=tuple(map(_rule, within)))
    return _Rule(node.serialize())


def _selectors(prelude: Iterable[Node]) -> list[list[Node]]:
    found: list[list[Node]] = [[]]
    for node in prelude:
        if node == ",":
            found.append([])
        else:
            found[-1].append(node)
    return found


def _named(selector: Iterable[Node]) -> frozenset[str]:
    """The names that a selector asks for, as :func:`_names_of` writes them; what is in brackets may ask for less."""
    found, before = set(), ""
    for node in selector:
        if isinstance(node, HashToken):
            found.add(f"#{node.value}")
        elif isinstance(node, IdentToken) and before == ".":
            found.add(f".{node.value}")
        elif isinstance(node, IdentToken) and before != ":":
            found.add(node.lower_value)
        before = node.value if isinstance(node, LiteralToken) else ""
    return frozenset(found)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names = set(_ALWAYS)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        for name, value in attrs:
            if name == "class":
                self.names.update(f".{one}" for one in (value or "").split())
            elif name == "id":
                self.names.add(f"#{value}")


def _names_of(page: str) -> frozenset[str]:
    """The elements of a page by their names, its classes with a dot and its ids with a hash before them."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return frozenset(reader.names)
