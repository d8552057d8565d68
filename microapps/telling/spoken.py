"""A sentence of the program in the language of the person who reads it.

What is kept and what models read is English: a library outlives the language of a browser. A sentence is known by
what is the same in it each time; what stands between, such as a traceback or a label, is left as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Literal

from .korean import CHECKS, ERRORS, JOBS, LOOSE, NOTES, PHRASES, REASONS
from .sentences import BEGINNING, HOLE, Found, Sentence, Sentences, small

Language = Literal["en", "ko"]
LONGEST = 8_000
"""Characters of a text that is looked through; what is longer is an app's own."""
DEEPEST = 4
"""Sentences in a hole of one another that are looked for. That a check failed, by what fault, which ended the app's
process while it ran what, is three deep; a text that repeats a beginning would be taken apart as deep as it is long."""
MOST = 200
"""Sentences one after the other that are looked for: more than any app has permissions. The rest stays as it is."""
KEPT = 2000
"""Sentences that are kept once they were said: a conversation says the same ones again and again."""


def said(text: str, language: Language) -> str:
    """A sentence of the program, or several, in this language; as it is where it is not known."""
    return text if language == "en" or len(text) > LONGEST else _korean(text)


@lru_cache(KEPT)
def _korean(text: str) -> str:
    if (whole := _translated(text, _known())) != text:
        return whole
    if (several := _one_by_one(text)) != text:
        return several
    if (loosely := _translated(text, _loose())) != text:
        return loosely
    return _of_a_file(text)


@cache
def _known() -> Sentences:
    errors = {english: korean for english, korean in _ordered(ERRORS).items() if not english.startswith(HOLE)}
    return Sentences(CHECKS | JOBS | errors)


@cache
def _loose() -> Sentences:
    return Sentences(LOOSE)


@cache
def _parts() -> Sentences:
    return Sentences(PHRASES | REASONS | CHECKS | JOBS | _ordered(ERRORS) | LOOSE)


@cache
def _notes() -> Sentences:
    return Sentences(NOTES | _ordered(ERRORS))


def _ordered(sentences: Mapping[str, str]) -> dict[str, str]:
    """Those first that begin with words, and those with the most words: another may hold theirs in a hole."""
    return dict(sorted(sentences.items(), key=lambda item: (item[0].startswith(HOLE), -len(item[0].replace(HOLE, "")))))


def _translated(text: str, table: Sentences, depth: int = 0) -> str:
    low = small(text)
    for sentence in table.likely(low):
        if found := sentence.whole(low):
            return _told(sentence, found, text, depth)
    return text


def _told(sentence: Sentence, found: Found, text: str, depth: int) -> str:
    return sentence.told.format(*(_part(text[hole], depth + 1) for hole in found.holes))


def _part(text: str, depth: int) -> str:
    if depth > DEEPEST:
        return text
    whole, bare = _translated(text, _parts(), depth), text.strip()
    if whole != text or bare in ("", text):
        return whole
    return text.replace(bare, _translated(bare, _parts(), depth))


def _of_a_file(text: str) -> str:
    """A sentence behind the name of the file that it is about."""
    name, colon, rest = text.partition(": ")
    named = bool(colon) and len(name) <= BEGINNING and (" " not in name or name.endswith(".ipynb"))
    known = _translated(rest, _known()) if named else rest
    return f"{name}: {known}" if known != rest else text


def _one_by_one(text: str) -> str:
    """Sentences that stand one after the other; from the first that is not known on, as they are."""
    told: list[str] = []
    low, at = small(text), 0
    while at < len(text) and len(told) < MOST:
        for sentence in _notes().likely(low, at):
            if found := sentence.first(low, at):
                told.append(_told(sentence, found, text, 0))
                at = found.end
                break
        else:
            break
    return " ".join((*told, text[at:]) if at < len(text) else told)
