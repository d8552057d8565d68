"""The language that a page declares, for screen readers and hyphenation: guessed from the letters that are used."""

from __future__ import annotations

from collections.abc import Iterable

_SCRIPTS = (
    ("ko", ((0xAC00, 0xD7A3), (0x1100, 0x11FF))),
    ("ja", ((0x3040, 0x30FF),)),
    ("zh", ((0x4E00, 0x9FFF),)),
    ("ar", ((0x0600, 0x06FF),)),
    ("he", ((0x0590, 0x05FF),)),
    ("hi", ((0x0900, 0x097F),)),
    ("th", ((0x0E00, 0x0E7F),)),
    ("el", ((0x0370, 0x03FF),)),
    ("ru", ((0x0400, 0x04FF),)),
)
_SHARE = 0.15  # of the letters; Japanese and Korean texts mix scripts
_LOOKED_AT = 5000


def language(title: str, sources: Iterable[str]) -> str:
    """A language tag; ``en`` for any text in Latin letters."""
    letters = [ord(letter) for letter in f"{title} {' '.join(sources)}"[:_LOOKED_AT] if letter.isalpha()]
    for tag, ranges in _SCRIPTS:
        if sum(any(low <= letter <= high for low, high in ranges) for letter in letters) > _SHARE * len(letters):
            return tag
    return "en"
