"""Which starter a description asks for, and how sure that is: a small scorer that shows its reasons.

A starter and a recipe each say in ``starter.toml`` or ``recipes.toml`` by which words they are asked for. A *sure*
entry whose words are all in the description carries most of the score, a *hint* half; likeness to the example phrases
(words and pairs of characters) adds the rest. Words of no starter lower it a little, words that say a request needs
what no starter has (network, language, pictures, games: ``beyond.toml``) lower it below :data:`THRESHOLD`. There is
no model and no network in it.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

from .catalogue import FORMULA, Wording, catalogue
from .hearing import HOLDING, Heard, asked, hear, heard_word, said
from .language import bigrams, content, stem, words
from .written import written

THRESHOLD = 0.5

SURE = 0.80
HINT = 0.40
LONGER = 0.02  # for each further word of an entry: the more specific one wins
LIKENESS_SURE = 0.18
LIKENESS_HINT = 0.35
LIKENESS_ALONE = 0.62
FAMILIAR = 0.1  # where a hint is given and no word is strange to the starter
STRANGE = 0.25  # lost where every word is strange to the starter
UNLESS = 0.6  # factor for what a starter says it is not for
BEYOND = 0.45  # factor for what no starter can do
_COUNTED = {
    "ONE-UNIT": "a unit",
    "TWO-UNITS": "two units",
    "A-VOLUME": "a unit of volume",
    "A-MASS": "a unit of weight",
    "ONE-DAY": "a date",
    "TWO-DAYS": "two dates",
    "POINTS": "named numbers",
    "NUMBERS-DRAWN": "numbers drawn of a range",
    "TEAMS-NAMED": "teams of named people",
}


@dataclass(frozen=True)
class Match:
    """One starter that could serve, with how well (0..1) and why.

    ``starter`` is a folder's name; ``recipe`` is empty except for the calculator. It is ``hinted`` at where
    no more than a hint may say it, and nothing speaks against it.
    """

    starter: str
    recipe: str
    score: float
    why: str
    description: str = ""
    hinted: bool = False

    @property
    def key(self) -> str:
        """``starter`` or ``starter/recipe``."""
        return f"{self.starter}/{self.recipe}" if self.recipe else self.starter

    @property
    def fits(self) -> bool:
        """Whether it is sure enough to be used without asking."""
        return self.score >= THRESHOLD


def match(description: str) -> tuple[Match, ...]:
    """All starters and recipes with any likeness to the description, best first."""
    heard = hear(description)
    beyond = [entry for entry in catalogue().beyond if said(entry, heard)]
    about = hear(asked(heard.text))
    of_head = [entry for entry in beyond if said(entry, about)]
    found = []
    for key, wording in _wordings():
        score, why = _score(wording, heard, key)
        beyond_it = of_head if key in HOLDING else beyond
        factor = BEYOND if beyond_it else 1.0
        if beyond_it:
            why += f"; but {beyond_it[0]!r} is beyond starters"
        if score * factor >= 0.05:
            starter, _, recipe = key.partition("/")
            found.append(
                Match(
                    starter,
                    recipe,
                    round(min(score * factor, 1.0), 3),
                    why,
                    description,
                    _hinted(wording, heard) and not beyond_it,
                )
            )
    formulas = written(description)
    if formulas:
        why = "a formula is written in it: " + "; ".join(f.label for f in formulas)
        found.append(Match("calculator", FORMULA, round(BEYOND if beyond else 1.0, 3), why, description))
    return tuple(sorted(found, key=lambda m: (-m.score, m.recipe != FORMULA, m.key)))


@functools.cache
def _wordings() -> tuple[tuple[str, Wording], ...]:
    known = catalogue()
    starters = [(s.name, s.wording) for s in known.starters.values() if s.name != "calculator"]
    return (*starters, *((f"calculator/{r.name}", r.wording) for r in known.recipes.values()))


def _score(wording: Wording, heard: Heard, key: str) -> tuple[float, str]:
    likeness, phrase = _likeness(key, heard)
    sure = max((e for e in wording.sure if said(e, heard)), key=lambda e: e.count(" "), default="")
    hint = max((e for e in wording.hint if said(e, heard)), key=lambda e: e.count(" "), default="")
    if sure:
        score, why = (
            SURE + LONGER * min(sure.count(" "), 2) + LIKENESS_SURE * likeness,
            f"it says {_plain(sure, heard)}",
        )
    elif hint:
        like = f", like {phrase!r}" if phrase else ""
        score, why = HINT + LIKENESS_HINT * likeness, f"it hints at {_plain(hint, heard)}{like}"
    else:
        score, why = LIKENESS_ALONE * likeness, f"it is like {phrase!r}"
    known = _vocabulary(key)
    strange = [w for w in heard.content if w not in known]
    if hint and not sure and not strange:
        score += FAMILIAR
    share = len(strange) / len(heard.content) if heard.content else 0.0
    if any(said(entry, heard) for entry in wording.unless):
        score *= UNLESS
    return score * (1 - STRANGE * share * (0.5 if sure else 1.0)), why


def _hinted(wording: Wording, heard: Heard) -> bool:
    """Whether an entry hints at it and none speaks against it."""
    return any(said(entry, heard) for entry in wording.hint) and not any(said(entry, heard) for entry in wording.unless)


def _likeness(key: str, heard: Heard) -> tuple[float, str]:
    best_value, best_phrase = 0.0, ""
    for phrase, stems, pairs in _phrases(key):
        common = len(stems & set(heard.content))
        by_words = 2 * common / (len(stems) + len(set(heard.content))) if stems and heard.content else 0.0
        by_pairs = 2 * len(pairs & heard.bigrams) / (len(pairs) + len(heard.bigrams)) if pairs else 0.0
        value = 0.6 * by_words + 0.4 * by_pairs
        if value > best_value:
            best_value, best_phrase = value, phrase
    return best_value, best_phrase


@functools.cache
def _phrases(key: str) -> tuple[tuple[str, frozenset[str], frozenset[str]], ...]:
    wording = dict(_wordings())[key]
    return tuple((phrase, frozenset(content(phrase)), bigrams(phrase)) for phrase in wording.phrases)


@functools.cache
def _vocabulary(key: str) -> frozenset[str]:
    wording = dict(_wordings())[key]
    entries = " ".join((*wording.sure, *wording.hint)).replace("|", " ").replace("=", "")
    return frozenset(stem(w) for text in (*wording.phrases, entries) for w in words(text)) | frozenset(words(entries))


def _plain(entry: str, heard: Heard) -> str:
    """The words of an entry that were said, for a person to read."""
    found = [next(w for w in group.split("|") if heard_word(w, heard)) for group in entry.split()]
    return " + ".join(_COUNTED.get(w) or repr(w.removeprefix("=")) for w in found)
