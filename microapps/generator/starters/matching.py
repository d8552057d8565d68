"""Which starter a description asks for, and how sure that is: a small scorer that shows its reasons.

A starter and a recipe each say in ``starter.toml`` or ``recipes.toml`` by which words they are asked for. A *sure*
entry whose words are all in the description carries most of the score, a *hint* half; likeness to the example phrases
(words and pairs of characters) adds the rest. Words of no starter lower it a little, words that say a request needs
what no starter has (network, language, pictures, games: ``beyond.toml``) lower it below :data:`THRESHOLD`. There is
no model and no network in it.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from ...errors import UnknownApp
from .catalogue import FORMULA, Wording, catalogue
from .language import bigrams, content, language_of, normal, stem, words
from .units import names_two_units, units_said
from .written import written

THRESHOLD = 0.5
KEY_HINT = "For anything else add a model key with 'microapps config key'."

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


@dataclass(frozen=True)
class Match:
    """One starter that could serve, with how well (0..1) and why.

    ``starter`` is a folder's name; ``recipe`` is empty except for the calculator.
    """

    starter: str
    recipe: str
    score: float
    why: str
    description: str = ""

    @property
    def key(self) -> str:
        """``starter`` or ``starter/recipe``."""
        return f"{self.starter}/{self.recipe}" if self.recipe else self.starter

    @property
    def fits(self) -> bool:
        """Whether it is sure enough to be used without asking."""
        return self.score >= THRESHOLD


@dataclass(frozen=True)
class _Heard:
    """A description, taken apart once for all starters."""

    text: str
    packed: str
    words: tuple[str, ...]
    stems: frozenset[str]
    content: tuple[str, ...]
    bigrams: frozenset[str]
    units: int


def match(description: str) -> tuple[Match, ...]:
    """All starters and recipes with any likeness to the description, best first."""
    heard = _heard(description)
    beyond = [entry for entry in catalogue().beyond if _said(entry, heard)]
    factor = BEYOND if beyond else 1.0
    found = []
    for key, wording in _wordings():
        score, why = _score(wording, heard, key)
        if beyond:
            why += f"; but {beyond[0]!r} is beyond starters"
        if score * factor >= 0.05:
            starter, _, recipe = key.partition("/")
            found.append(Match(starter, recipe, round(min(score * factor, 1.0), 3), why, description))
    formulas = written(description)
    if formulas:
        why = "a formula is written in it: " + "; ".join(f.label for f in formulas)
        found.append(Match("calculator", FORMULA, round(factor, 3), why, description))
    return tuple(sorted(found, key=lambda m: (-m.score, m.recipe != FORMULA, m.key)))


def best(description: str) -> Match:
    """The best match that is sure enough.

    Raises
    ------
    UnknownApp
        None is; the message offers the nearest, the hint says how to add a key.
    """
    matches = match(description)
    if matches and matches[0].fits:
        return matches[0]
    language = language_of(description)
    near = [f"{catalogue().title(m.key, language)} ({m.key})" for m in matches[:3]]
    offered = f"The nearest are: {'; '.join(near)}." if near else f"There are {', '.join(catalogue().starters)}."
    said = " ".join(description.split())[:80]
    raise UnknownApp(f"No starter can do {said!r} without a model. {offered}", KEY_HINT)


def _heard(description: str) -> _Heard:
    text = normal(description[:4000])
    # What stands behind a colon is content for the app (cards, items), not a request.
    request = re.split(r":\s", text, maxsplit=1)[0] if len(text.split(":")[0]) >= 4 else text
    spoken = words(text)
    return _Heard(
        text=text,
        packed=re.sub(r"[\W_]+", "", text),
        words=spoken,
        stems=frozenset(stem(w) for w in spoken) | frozenset(spoken),
        content=content(request),
        bigrams=bigrams(request),
        units=2 if names_two_units(text) else min(len(units_said(text)), 1),
    )


@functools.cache
def _wordings() -> tuple[tuple[str, Wording], ...]:
    known = catalogue()
    starters = [(s.name, s.wording) for s in known.starters.values() if s.name != "calculator"]
    return (*starters, *((f"calculator/{r.name}", r.wording) for r in known.recipes.values()))


def _score(wording: Wording, heard: _Heard, key: str) -> tuple[float, str]:
    likeness, phrase = _likeness(key, heard)
    sure = max((e for e in wording.sure if _said(e, heard)), key=lambda e: e.count(" "), default="")
    hint = max((e for e in wording.hint if _said(e, heard)), key=lambda e: e.count(" "), default="")
    if sure:
        score, why = (
            SURE + LONGER * min(sure.count(" "), 2) + LIKENESS_SURE * likeness,
            f"it says {_plain(sure, heard)}",
        )
    elif hint:
        score, why = HINT + LIKENESS_HINT * likeness, f"it hints at {_plain(hint, heard)}, like {phrase!r}"
    else:
        score, why = LIKENESS_ALONE * likeness, f"it is like {phrase!r}"
    known = _vocabulary(key)
    strange = [w for w in heard.content if w not in known]
    if hint and not sure and not strange:
        score += FAMILIAR
    share = len(strange) / len(heard.content) if heard.content else 0.0
    if any(_said(entry, heard) for entry in wording.unless):
        score *= UNLESS
    return score * (1 - STRANGE * share * (0.5 if sure else 1.0)), why


def _likeness(key: str, heard: _Heard) -> tuple[float, str]:
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


def _said(entry: str, heard: _Heard) -> bool:
    """Whether all words of an entry are in the description; ``|`` parts alternatives, ``=`` asks for the exact form."""
    return all(any(_heard_word(w, heard) for w in group.split("|")) for group in entry.split())


def _heard_word(word: str, heard: _Heard) -> bool:
    if word in ("ONE-UNIT", "TWO-UNITS"):
        return heard.units >= (1 if word == "ONE-UNIT" else 2)
    if word.startswith("="):
        return word[1:] in heard.words
    if word.isascii() and word.isalpha():
        return word in heard.stems or stem(word) in heard.stems
    if word == "%":
        return "%" in heard.text
    packed = re.sub(r"[\W_]+", "", word)
    if len(packed) == 1:
        return any(spoken.startswith(packed) for spoken in heard.words)
    return packed in heard.packed


def _plain(entry: str, heard: _Heard) -> str:
    """The words of an entry that were said, for a person to read."""
    if "TWO-UNITS" in entry:
        return "two units"
    said = [next(w for w in group.split("|") if _heard_word(w, heard)) for group in entry.split()]
    return " + ".join("a unit" if w == "ONE-UNIT" else repr(w.removeprefix("=")) for w in said)
