"""Words of a description: which language, which words, and their stems.

English words lose their usual endings, Korean words their particles and verb endings, so that "splitting the bills"
and "계산서를 나눠주는" meet the starters' own words. No dictionary is needed: the lists below are all there is.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Literal

Language = Literal["en", "ko"]


READ = 4000
"""Characters of a description in which numbers and wishes are looked for; lists are read to their end."""


def lexicon(text: str) -> tuple[str, ...]:
    """A list of words, written as one text so that it reads well."""
    return tuple(text.split())


_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_PARTICLES = lexicon(
    "으로부터 에서부터 이랑은 에서는 에게서 이라는 라는 으로 에서 에게 까지 부터 마다 처럼 보다 이랑 하고 한테 끼리 "
    "들이 들을 들은 들의 별로 이나 을 를 이 가 은 는 의 에 로 와 과 도 만 랑 나 들"
)
_ENDINGS = lexicon(
    "해주는 해줘 해보기 하기 하는 하고 하자 해서 되는 한다 합니다 해요 구하기 주기 내기 보기 만들기 세기"
)
FILLER = frozenset(
    # English words that say only "make me an app", or carry no subject
    lexicon(
        "a an and any app application are as at be by calculator can create do does easy for from give good have help "
        "how i if in into is it its just let lets like little make me mini my need nice of on one or our page please "
        "program quick same see show simple small so something some that the then there these they thing this to tool "
        "two up use using want was we web what when where which widget will with would you your over per each every "
        "figure out much many should could between after before it's i'd did go another new add compute work out "
        "calculate"
    )
    # and in Korean
    + lexicon(
        "앱 어플 프로그램 도구 계산기 계산 만들어줘 만들어 만들기 하나 간단한 간단 위한 좀 그냥 나 내 제 우리 "
        "수 것 및 또는 그리고 해줘 싶어 싶다 주세요 만드는 하는 있는 보기 하기 알려줘 구하기 알아보기 내기 주는 "
        "구해줘 구해 내줘 계산해줘"
    )
)


def language_of(text: str) -> Language:
    """``ko`` where there is Hangul outside of quoted examples, else ``en``."""
    letters = [c for c in text if c.isalpha()]
    hangul = sum(1 for c in letters if _HANGUL.match(c))
    return "ko" if letters and hangul / len(letters) >= 0.3 else "en"


def normal(text: str) -> str:
    """Compatibility forms folded, lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().replace("’", "'").split())


def words(text: str) -> tuple[str, ...]:
    """The words of a text, in order, as written."""
    return tuple(_WORD.findall(normal(text)))


@functools.lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word without its ending: ``splitting`` → ``split``, ``계산서를`` → ``계산서``."""
    if _HANGUL.search(word):
        return _korean_stem(word)
    word = word.removesuffix("'s").replace("'", "")
    if len(word) <= 3 or not word.isascii():
        return word
    for ending, put in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] + put
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed", "er"):
        base = word.removesuffix(ending)
        if base != word and len(base) >= 3 and re.search("[aeiouy]", base):
            if base[-1] == base[-2] and base[-1] not in "lsz":
                base = base[:-1]
            return base.removesuffix("e")
    return word.removesuffix("e") if len(word) > 3 else word


def _korean_stem(word: str) -> str:
    for ending in (*_ENDINGS, *_PARTICLES):
        base = word.removesuffix(ending)
        if base != word and (len(base) >= (2 if len(ending) == 1 else 1) or (base and base.isascii())):
            return base
    return word


def telling(text: str) -> tuple[str, ...]:
    """The words that carry a subject, as written: no filler, no bare numbers."""
    return tuple(word for word in words(text) if word not in FILLER and not word.isdigit() and stem(word) not in FILLER)


def content(text: str) -> tuple[str, ...]:
    """The stems of the words that carry a subject."""
    return tuple(map(stem, telling(text)))


def bigrams(text: str) -> frozenset[str]:
    """The character pairs of a text without its spaces."""
    packed = re.sub(r"[\W_]+", "", normal(text))
    return frozenset(packed[i : i + 2] for i in range(len(packed) - 1))
