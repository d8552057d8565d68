"""Finding a thing on the page by what it is called."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Callable, Sequence
from typing import TypeVar

from ..errors import ControlAmbiguous, ControlNotFound
from .tree import Seen

T = TypeVar("T")
_MOST_LISTED = 40
_LONGEST = 100  # characters of a label in a message


def exact(text: str) -> str:
    """A label for exact comparison: composed characters, no blanks around it."""
    return unicodedata.normalize("NFC", text).strip()


def cut(text: str) -> str:
    """A label for a message."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def folded(text: str) -> str:
    """A label for lenient comparison: without case, runs of blanks, and the colon or star at its end."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(plain.split()).rstrip(" :*…").strip()


def best(label: str, things: Sequence[T], names: Callable[[T], Sequence[str]]) -> list[T]:
    """The things that answer best to a label: exactly, else leniently, else by how their name begins.

    A thing's first name counts before its others.
    """
    for fold in (exact, folded):
        wanted = fold(label)
        for part in (slice(0, 1), slice(1, None)):
            found = [thing for thing in things if any(fold(name) == wanted for name in names(thing)[part])]
            if found:
                return found
    wanted = folded(label)
    return [thing for thing in things if wanted and any(folded(name).startswith(wanted) for name in names(thing))]


def find(label: str, seen: Sequence[Seen], wanted: Callable[[Seen], bool], *, within: str = "", what: str) -> Seen:
    """The one thing on the page with that label.

    Parameters
    ----------
    label : a description, neighbouring label, placeholder, tooltip, or kind such as ``"Dropdown"``.
    seen : the page.
    wanted : which things can be meant; others are named in the error only.
    within : title of a tab or accordion page that it is in.
    what : what is looked for, in the plural, for errors.

    Raises
    ------
    ControlNotFound
        Nothing answers; the error lists what is there and the nearest match.
    ControlAmbiguous
        Several do; those a person cannot see count only when no visible one answers.
    """
    candidates = [item for item in seen if wanted(item)]
    if within:
        inside = [item for item in candidates if any(folded(title) == folded(within) for title in item.path)]
        if not inside:
            pages = sorted({title for item in seen for title in item.path})
            raise ControlNotFound(
                f"There is no '{cut(label)}' within '{cut(within)}'.",
                f"Pages: {_listed([repr(page) for page in pages])}." if pages else "The app has no tabs or accordion.",
            )
        candidates = inside
    found = best(label, candidates, lambda item: item.names)
    if not found:
        found = [item for item in candidates if item.kind.casefold() == label.strip().casefold()]
    if len(found) > 1 and any(item.visible for item in found):
        found = [item for item in found if item.visible]
    if len(found) == 1:
        return found[0]
    if found:
        raise ControlAmbiguous(
            f"{len(found)} {what} answer to '{cut(label)}': {_listed([spelled(item) for item in found])}.",
            "Use the whole label, or name the tab or page with within=….",
        )
    raise missing(label, candidates, seen, what)


def missing(label: str, candidates: Sequence[Seen], seen: Sequence[Seen], what: str) -> ControlNotFound:
    """The error for a label that nothing answers to."""
    names = {folded(name): name for item in candidates for name in item.names}
    near = difflib.get_close_matches(folded(label)[:_LONGEST], list(names), n=1, cutoff=0.5)
    others = best(label, [item for item in seen if item not in candidates], lambda item: item.names)
    if others:
        hint = f"'{cut(label)}' names a {others[0].kind}."
    elif near:
        hint = f"The nearest is '{names[near[0]]}'."
    else:
        hint = ""
    there = _listed([spelled(item) for item in candidates]) if candidates else "none"
    return ControlNotFound(
        f"There is no '{cut(label)}' among the {what} of the app.", f"{hint} There are: {there}.".strip()
    )


def spelled(item: Seen) -> str:
    """A thing on the page, for a list."""
    name = f"'{item.label}' ({item.kind}" if item.label else f"(unlabelled {item.kind}"
    return f"{name}, {item.note})" if item.note else f"{name})"


def _listed(items: Sequence[str]) -> str:
    more = f" and {len(items) - _MOST_LISTED} more" if len(items) > _MOST_LISTED else ""
    return ", ".join(items[:_MOST_LISTED]) + more
