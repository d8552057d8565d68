"""Words of a description that are one slip of the finger from a word that starters know: "calcultor", "mortage"."""

from __future__ import annotations

import functools
import re

from .catalogue import catalogue
from .language import FILLER, READ, normal, stem, words

SHORTEST = 7
"""Letters from which on a word that is nearly another is taken for a slip: of shorter ones too many are words too."""
_WORD = re.compile(r"(?<!\w)[a-z]{7,}(?!\w)")


def respelled(text: str) -> str:
    """The beginning of a text in normal form, its slips mended, all other words as they are."""
    return _WORD.sub(lambda found: meant(found.group()), normal(text[:READ]))


def with_slips_mended(text: str) -> str:
    """A text as it is written, its slips in small letters mended."""
    return _WORD.sub(lambda found: meant(found.group()), text)


@functools.lru_cache(maxsize=20_000)
def meant(word: str) -> str:
    """The known word that a word of small letters is a slip of; the word itself where it is known, or of none."""
    known = _known()
    if len(word) < SHORTEST or not (word.isascii() and word.isalpha()) or stem(word) in known:
        return word
    near = {one for one in _by_letter().get(word[0], ()) if abs(len(one) - len(word)) < 2 and _one_slip(word, one)}
    best = min(near, key=lambda one: (abs(len(one) - len(word)), one), default=word)
    return best if len({stem(one) for one in near}) == 1 or (near and near <= FILLER) else word


@functools.cache
def _known() -> frozenset[str]:
    """The stems of all words of starters, and of those that say little."""
    wordings = [starter.wording for starter in catalogue().starters.values()]
    wordings += [recipe.wording for recipe in catalogue().recipes.values()]
    entries = [entry for wording in wordings for entry in (*wording.sure, *wording.hint, *wording.phrases)]
    entries += catalogue().beyond
    entries += [entry for wish in catalogue().wishes for entry in wish.said]
    found = {word for entry in entries for word in words(entry.replace("|", " ").replace("=", " "))} | set(FILLER)
    return frozenset(found) | frozenset(map(stem, found))


@functools.cache
def _by_letter() -> dict[str, tuple[str, ...]]:
    """The known words that are long enough, by their first letter: slips are seldom at the first."""
    known = sorted(word for word in _known() if len(word) >= SHORTEST - 1 and word.isascii() and word.isalpha())
    return {letter: tuple(word for word in known if word[0] == letter) for letter in {word[0] for word in known}}


def _one_slip(said: str, known: str) -> bool:
    """Whether one letter is missing, too many, another one, or changed places with the next."""
    at = next(
        (place for place, (a, b) in enumerate(zip(said, known, strict=False)) if a != b), min(len(said), len(known))
    )
    rest, other = said[at:], known[at:]
    return rest[1:] in (other, other[1:]) or rest == other[1:] or (rest[:2] == other[1::-1] and rest[2:] == other[2:])
