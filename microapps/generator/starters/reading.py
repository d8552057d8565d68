"""What a description says besides its subject: numbers with their neighbours, money, lists and pairs."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .digits import DIGITS, TIMES, value_of, with_fractions_written_out, with_won_in_digits
from .language import READ, Language, lexicon, normal
from .units import SpokenUnit, factor, spelled, unit_behind

MONEY = "money"
_CURRENCIES = (
    ("₩", re.compile(r"₩|\b(?:krw|korean won)\b|\d\s*(?:만\s*)?원|원으로|\bwon\b")),
    ("€", re.compile(r"€|\b(?:eur|euros?)\b|유로")),
    ("£", re.compile(r"£|\b(?:gbp|quid|pounds? sterling)\b")),
    ("¥", re.compile(r"¥|\b(?:jpy|yen)\b|엔화|\d\s*엔")),
    ("$", re.compile(r"\$|\b(?:usd|dollars?|bucks)\b|달러")),
)
_NUMBER = re.compile(rf"(?<![\w.])([$€£¥₩]?)\s*({DIGITS})\s*(천만|백만|억|만|천|k\b|m\b)?\s*([$€£¥₩](?!\d))?\s*")
_BY_THE_UNIT = re.compile(r"\b(?:litres?|liters?|l|kwh|fuel|petrol|diesel|gas)\b")
"""Words of what costs a few euros and a few tenths of a cent."""
THOUSANDS = {"k": 1e3, "m": 1e6}  # of money; of anything else they are units
_COUNTERS = lexicon("명 개 마리 보 걸음 번 회 건 장 권 평 km kg")
_NEAR = 80  # characters on each side of a number in which its neighbours are looked for
SMALL = frozenset(lexicon("of is was are were the my our a an about around only costs cost 은 는 이 가"))
MONEY_WORDS = lexicon("원 dollar euro pound won yen usd eur gbp krw bucks 달러 유로")
_JOINING = ("length", "mass", "volume", "time")  # kinds of units that are said together: 5 ft 7 in, 1 hour 30 minutes
_COUNTED = (
    "of us|people|friends|persons|guests|teams|groups|dice|kids|children|students|pupils|flatmates|roommates|"
    "colleagues|ways|times|rounds|coats|years|months|weeks|days|hours|minutes|miles|kilomet(?:re|er)s|km|met(?:re|er)s|"
    "feet|inches|kg|kilos|grams|pounds|ounces|lit(?:re|er)s|gallons|cups|tablespoons|tbsp|teaspoons|tsp|"
    "명|사람|팀|개|컵|큰술|작은술"
)
_SPELLED = dict(
    zip(lexicon("two three four five six seven eight nine ten eleven twelve"), range(2, 13), strict=True)
) | dict(zip(lexicon("두 세 네 다섯 여섯 일곱 여덟 아홉 열"), range(2, 11), strict=True))
_COUNTING = re.compile(rf"(?<!\w)(?:{'|'.join(_SPELLED)})(?= (?:{_COUNTED}))")
_ALL_OF = dict(zip(lexicon("둘이 셋이 넷이 다섯이 여섯이"), range(2, 7), strict=True))
_COMPANY = re.compile(rf"(?<![가-힣])({'|'.join(_ALL_OF)})서?(?![가-힣])")
_NEXT_NUMBER = re.compile(r"(?<![\w/.])\d[\d.,]*")  # neighbours of a number do not reach beyond the next one
_END = re.compile(rf"[,;](?!\d)|{_NEXT_NUMBER.pattern}")  # what stands behind a comma tells of something else
_ACROSS = re.compile(r"(?<=\d)\s*[x×]\s*(?=\d)")  # 30x30, 4 × 5
_AFTER = re.compile(r"[^\W\d_]+(?:/\w+)?|%|°")


@dataclass(frozen=True)
class Currency:
    """How money is written: before or behind the number, with how many decimals."""

    sign: str
    prefix: str = ""
    suffix: str = ""
    decimals: int = 2


@dataclass(frozen=True)
class Quantity:
    """A number in a description, with the words before and behind it."""

    value: float
    sign: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    text: str


def currency_of(text: str, language: Language) -> Currency:
    """The currency a description names; else won in Korean and dollars in English."""
    spoken = normal(text)
    sign = next((sign for sign, pattern in _CURRENCIES if pattern.search(spoken)), "₩" if language == "ko" else "$")
    if sign == "₩":
        return Currency(sign, "", "원", 0) if language == "ko" else Currency(sign, "₩", "", 0)
    return Currency(sign, sign, "", 0 if sign == "¥" else 2)


@functools.lru_cache(maxsize=32)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The numbers of a text with their neighbours, in order; "six of us", "네 명" and "셋이서" count as numbers.

    What is said in two units is one number, in the smaller: "5 ft 7 in" is 67 inches.
    """
    spoken = spelled(with_won_in_digits(with_fractions_written_out(text[:READ])))
    spoken = _COUNTING.sub(lambda said: str(_SPELLED[said[0]]), spoken)
    spoken = _COMPANY.sub(lambda said: f"{_ALL_OF[said[1]]}명이서", spoken)
    spoken = re.sub(r"\b1(?:/n|rm\b)", " ", spoken)
    spoken = _ACROSS.sub(" x ", spoken)
    found = []
    for match in _NUMBER.finditer(spoken):
        before_it, digits, times, behind_it = match.groups()
        sign = before_it or behind_it or ""
        euros = (sign == "€" or spoken.startswith("eur", match.end())) and not _BY_THE_UNIT.search(spoken)
        try:
            value = value_of(digits, euros) * TIMES.get(times or "", 1.0)
        except ValueError:
            continue
        letter = times if times in THOUSANDS else ""
        behind = _END.split(spoken[match.end() : match.end() + _NEAR], maxsplit=1)[0]
        after = ((letter,) if letter else ()) + tuple(_AFTER.findall(behind)[:4])
        ahead = _NEXT_NUMBER.split(spoken[max(0, match.start() - _NEAR) : match.start()])[-1]
        before = tuple(_AFTER.findall(ahead)[-3:])
        written = match.group().strip().removesuffix(letter).rstrip(" ,")
        if abs(value) < 1e15:
            found.append(Quantity(value, sign, before, after, written))
    return _together(found)


def number_words(text: str) -> frozenset[str]:
    """The words of a text that are read as numbers: the "four" of "four ways", "셋이서"."""
    spoken = spelled(text[:READ])
    return frozenset(found.group() for pattern in (_COUNTING, _COMPANY) for found in pattern.finditer(spoken))


def _together(found: Sequence[Quantity]) -> tuple[Quantity, ...]:
    """Neighbours that say one amount in two units, as one quantity in the smaller unit."""
    joined: list[Quantity] = []
    for quantity in found:
        last = joined[-1] if joined else None
        large, small = (_unit(last), _unit(quantity)) if last else (None, None)
        if last and large and small and large.kind == small.kind and large.kind in _JOINING:
            word = last.after[0]
            beside = word in (quantity.before[-1:] or ("",)) or quantity.before[-2:] == (word, "and")
            if beside and factor(large) > factor(small) and last.value == int(last.value):
                value = float(f"{last.value * factor(large) / factor(small) + quantity.value:.10g}")
                said = f"{last.text} {word} {quantity.text}"
                joined[-1] = replace(quantity, value=value, before=last.before, text=said)
                continue
        joined.append(quantity)
    return tuple(joined)


def _unit(quantity: Quantity) -> SpokenUnit | None:
    """The unit that stands right behind a number."""
    return unit_behind(quantity.after[0]) if quantity.after else None


def is_percent(word: str) -> bool:
    """Whether the word behind a number makes it a percentage."""
    return word in ("%", "percent", "퍼센트", "프로")


def is_money(quantity: Quantity) -> bool:
    """Whether a number is told as a sum of money."""
    first = quantity.after[0] if quantity.after else ""
    won = quantity.text.endswith(("만", "억")) and not first.startswith(_COUNTERS)
    return bool(quantity.sign) or won or first.startswith(MONEY_WORDS)


def listed(text: str, most: int = 60) -> tuple[str, ...]:
    """The items of a list behind a colon or the word "with": "for a holiday: towel, sunscreen, passport"."""
    tail = re.split(r"[:：]\s*|\bwith (?:categories )?|\bsuch as\b|\blike\b|\bincluding\b", text, maxsplit=1)
    found = items(tail[1], most) if len(tail) > 1 else ()
    colon = len(tail) > 1 and text[len(tail[0])] in ":："
    return found if colon or len(found) > 1 else ()  # "shared with my wife" is no list


def items(text: str, most: int = 60) -> tuple[str, ...]:
    """A text split at commas, semicolons and line ends, and at the "and" before the last item; each once."""
    parts = re.split(r"[,;、\n•]|\s(?:and|그리고|및)\s", text)
    cleaned = (re.sub(r"^(?:and|or|the)\s+", "", p.strip(" .!?\t\"'“”()")) for p in parts)
    return tuple(dict.fromkeys(p[:80] for p in cleaned if p))[:most]


_SIGN = re.compile(r"=|\s[-–—→]\s")
_TWO_SCRIPTS = re.compile(r"([^A-Za-z]*[가-힣]) ([A-Za-z][^가-힣]*)|([^가-힣]*[A-Za-z]) ([가-힣][^A-Za-z]*)")


def pairs(text: str, most: int = 200) -> tuple[tuple[str, str], ...]:
    """The pairs of a text like "perro = dog; gato = cat", in order, each left side once.

    Behind a colon they may be parted by a dash, or be of two scripts: "words: perro - dog, 고양이 cat".
    """
    head, *behind = re.split(r"[:：]\s", text, maxsplit=1)
    tail = behind[0] if behind else head
    found: dict[str, str] = {}
    separator = r"[;\n]" if ";" in tail or "\n" in tail else r"[,\n]"
    for part in re.split(separator, tail):
        sides = _SIGN.split(part, maxsplit=1) if behind else part.split("=", maxsplit=1)
        if behind and (scripts := _TWO_SCRIPTS.fullmatch(" ".join(part.split()))):
            sides = [side for side in scripts.groups() if side]
        left, right = sides[0].strip(" .\"'“”"), "".join(sides[1:]).strip(" .\"'“”=")
        if left and right:
            found.setdefault(left[:200], right[:200])
    return tuple(found.items())[:most]
