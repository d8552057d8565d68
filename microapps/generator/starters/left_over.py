"""What of a description has no place in an app: its numbers that no input took, its words that the app does not know.

It decides three things: whether the app is another than was asked for, whether it may carry the person's words as its
title, and what the person is told was left out.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from .catalogue import Recipe, catalogue
from .filling import Filling, Request
from .language import FILLER, READ, Language, language_of, lexicon, normal, stem, telling, words
from .reading import MONEY, MONEY_WORDS, is_percent, number_words, quantities
from .spelling import meant
from .titles import title_from
from .units import unit_behind
from .wishes import is_first, unmet

COLLECTIONS = ("chart", "checklist", "csv-explorer", "flashcards", "tracker")
"""Starters that hold the person's own things, whatever these are called."""

_PLAIN = frozenset(
    lexicon("no not know find tell get got number amount total us me them value result answer today exactly please x")
)

_PARTICLES = frozenset(lexicon("원 명 인 당 씩 몇 한 총 데 개 은 는 이 가 을 를 로 의 에 면 때"))

_BESIDES = re.compile(
    r"\s*(?:,|;|:|\band\b)?\s*\b(?:with|including|plus|but|(?:that |which |and |, ?|to )(?:it |also |then |can )*"
    r"(?:shows?|tells?|lets?|counts?|plays?|gives?|makes?|has|sends?|warns?|alerts?|calculates?|sorts?|prints?|plots?))"
    r"\b.*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class LeftOver:
    """What was left out, and of how much.

    Attributes
    ----------
    numbers, words : as written; in Korean only few words are known by all their forms, so these say little.
    wishes : what is asked for besides, and the starter lacks.
    lost, asked : how many of the things asked for are among them, and how many there are: its numbers, and in English
        the words that say what is wanted and not for whom.
    taken : how many of its numbers were taken.
    unplaced : the words that have no place in it at all, units too.
    another : the filler saw that something else is asked for, or what is asked for first is what the starter lacks.
    """

    numbers: tuple[str, ...]
    words: tuple[str, ...]
    wishes: tuple[str, ...]
    lost: int
    asked: int
    taken: int
    unplaced: tuple[str, ...]
    another: bool

    @property
    def share(self) -> float:
        """How much of what was asked for was left out, 0 to 1."""
        return self.lost / self.asked if self.asked else 0.0

    @property
    def all(self) -> tuple[str, ...]:
        """Everything left out, for a person to read."""
        return (*self.numbers, *self.wishes, *self.words)


def left_over(request: Request, filling: Filling) -> LeftOver:
    """What of the request has no place in this app."""
    numbers = [quantity.text for quantity in quantities(request.description)]
    missing = _numbers(numbers, filling)
    known, korean = _known(request, filling), request.language == "ko"
    key = f"{request.starter.name}/{request.recipe}" if request.recipe else request.starter.name
    wishes = unmet(request.description, key)
    said = [entry for wish in wishes for entry in (*wish.said, wish.name[request.language])]
    told = {part for entry in said for part in re.split(r"[ |=]+", entry)}
    unknown = [word for word in _telling(request.description) if not _is_known(word, known, request.language)]
    asked = {word for word in _telling(_wanted(request.description)) if len(word) > 1} if not korean else set()
    return LeftOver(
        numbers=tuple(missing),
        words=(
            *filling.left,
            *(f"'{word}'" for word in unknown if not {word, stem(word)} & told),
        ),
        wishes=tuple(dict.fromkeys(wish.name[request.language] for wish in wishes)),
        lost=len(missing) + len(asked & set(unknown)),
        asked=len(numbers) + len(asked),
        taken=len(numbers) - len(missing),
        unplaced=_unplaced(request, known),
        another=filling.another or any(wish.other or is_first(wish, request.description) for wish in wishes),
    )


def _numbers(numbers: list[str], filling: Filling) -> list[str]:
    """The numbers that were not used, each use counted once."""
    used = Counter(text.lower() for text in filling.used)
    used.update(
        quantity.text for text in filling.used for quantity in quantities(text) if quantity.text != text.lower()
    )
    missing = []
    for text in numbers:
        plain = text.lower().lstrip("$€£¥₩ ").replace(",", "")
        decimal = text.replace(",", ".")
        key = next((key for key in (text.lower(), plain, decimal) if used[key] > 0), "")
        if key:
            used[key] -= 1
        else:
            missing.append(text)
    return missing


def _telling(text: str) -> list[str]:
    """The words of a text that an app must know, each once; what its numbers are counted in is no such word."""
    counted = bool(quantities(text))
    return [word for word in _subjects(text) if not (counted and _is_measure(word))]


def _subjects(text: str) -> list[str]:
    """The words of a text that say something, each once, without those that are numbers."""
    numbers = number_words(text)
    found = dict.fromkeys(telling(text[:READ]))
    return [word for word in found if word.isalpha() and word not in _PLAIN and word not in numbers]


def _unplaced(request: Request, known: frozenset[str]) -> tuple[str, ...]:
    """The words without a place, each once: a unit has one behind a number where an input is measured in its kind."""
    recipe = catalogue().recipes.get(request.recipe)
    measured = [unit_behind(str(one["unit"]).lower()) for one in recipe.inputs if one.get("unit")] if recipe else []
    kinds = {unit.kind for unit in measured if unit}
    behind = [unit_behind(quantity.after[0]) for quantity in quantities(request.description) if quantity.after]
    counted = {unit for unit in behind if unit and unit.kind in kinds}
    told = telling(request.description[:READ])
    mixed = [word for word in told if word[0].isalpha() and word.isalnum() and not word.isalpha()]  # co2
    said = [word for word in (*_subjects(request.description), *mixed) if unit_behind(word) not in counted]
    other = [word for word in said if not word.startswith(MONEY_WORDS)]
    return tuple(word for word in other if not _has_place(word, known, request.language))


def _has_place(word: str, known: frozenset[str], language: Language) -> bool:
    """Whether a word is known; of one letter it says something too, as in "주 40시간"."""
    return (len(word) > 1 or word in known | _PARTICLES) and _is_known(word, known, language)


def _is_measure(word: str) -> bool:
    return unit_behind(word) is not None or is_percent(word) or word.startswith(MONEY_WORDS)


def _wanted(description: str) -> str:
    """The part of an English description that says what is wanted, and not for whom or what."""
    return re.sub(r"\bfor\b.*", " ", normal(description))


def _known(request: Request, filling: Filling) -> frozenset[str]:
    """The words by which an app is asked for, those on its page and those that went into it, and their stems."""
    recipe = catalogue().recipes.get(request.recipe)
    wording = recipe.wording if recipe else request.starter.wording
    own = (recipe or request.starter).title.values()
    titled = [_subject(request)] if request.starter.name in COLLECTIONS else []
    texts = (*wording.sure, *wording.hint, *wording.phrases, *_labels(recipe), *filling.used, *filling.taken)
    known = words(" ".join((*texts, *own, *titled)).replace("=", " "))
    return frozenset(known) | frozenset(map(stem, known))


def subject(description: str) -> str:
    """What a description is about, without what an app is to do besides: "a to-do list with due dates"."""
    return _BESIDES.sub("", description)


def _subject(request: Request) -> str:
    title = title_from(request.description, "", request.language)
    return subject(title) if request.starter.name in ("checklist", "flashcards", "tracker") else title


def _labels(recipe: Recipe | None) -> list[str]:
    """What a calculation's inputs and results are called, and by which words numbers are told to be theirs."""
    named = (*recipe.inputs, *recipe.results) if recipe else ()
    cues = [cue for one in named for other in (one, *one.get("instead", ())) for cue in other.get("cues", ())]
    units = [str(one["unit"]) for one in named if one.get("unit") not in (None, MONEY)]
    return [*cues, *units, *(one[language] for one in named for language in ("en", "ko"))]


def _is_known(word: str, known: frozenset[str], language: Language) -> bool:
    if word in known or stem(word) in known or (meant(word) != word and _is_known(meant(word), known, language)):
        return True
    if meant(word) in FILLER:
        return True
    if language == "ko" and language_of(word) == "ko":  # known by one of its forms: 대출하면, 연이율
        return len(word) < 2 or any(len(one) > 1 and (one in word or word in one) for one in known)
    return False
