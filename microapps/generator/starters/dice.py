"""The dice a description asks for: "3 dice with 20 sides", "4d8 plus 3", "주사위 3개"; other numbers stay."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .language import lexicon
from .reading import Quantity, number_words, quantities

MOST = 20  # dice, as in the notebook
_MOST_SIDES = 1_000_000
_WORDS = lexicon("one two three four five six seven eight nine ten eleven twelve")
_SPELLED = dict(zip(_WORDS, range(1, 13), strict=True)) | {"twenty": 20}
_N = rf"(?<![\w.,])(\d{{1,15}}|{'|'.join(_SPELLED)})"
_DIE = re.compile(rf"(?:{_N} ?)?(?<![a-z])d(\d{{1,15}})(?![a-z\d])")
_SIDED = re.compile(rf"{_N}(?:[- ]?(?:sided|faced)|[- ](?:sides?|faces)\b)|(?<!\d)(\d{{1,15}})면|면이? ?(\d{{1,15}})개")
_ONE = re.compile(r"\ba (?:random )?(?:dice|die)\b|\bone (?:die|dice)\b|주사위 하나")
_DICE = re.compile(r"dice$|die$|주사위|개")
_TIMES = re.compile(r"times$|번|회")


@dataclass(frozen=True)
class Dice:
    """How many dice of how many sides, what said so, and whether there are others that cannot be thrown with them."""

    count: int
    sides: int
    taken: tuple[str, ...]
    used: tuple[str, ...]
    others: bool


def dice_said(text: str) -> Dice:
    """The dice of a description in lower case; two of six sides where it says nothing of them."""
    known = [(found.group(1), found.group(2), found.group()) for found in _DIE.finditer(text)]
    rest = _DIE.sub(" it ", text)
    sided = [(next(part for part in found.groups() if part), found.group()) for found in _SIDED.finditer(rest)]
    rest = _SIDED.sub(" it ", rest)
    counting = [quantity for quantity in quantities(rest) if _counts(quantity)]
    counts = [_number(count) for count, _, _ in known if count] + [int(quantity.value) for quantity in counting]
    repeats = [quantity for quantity in quantities(rest) if _repeats(quantity)]
    single = bool(known or _ONE.search(text) or (re.search(r"\bdie\b", text) and "dice" not in text))
    used = [*(count for count, _, _ in known if count), *(quantity.text for quantity in counting)]
    used += [sides for sides, _ in sided]
    taken = [*(said for _, _, said in known), *(_said(quantity) for quantity in counting), *(said for _, said in sided)]
    if not counts and repeats and (single or not re.search(r"\bdice\b", text) or "주사위" in text):
        counts = [int(repeats[0].value)]
        used.append(repeats[0].text)
        taken.append(_said(repeats[0]))
    count = counts[0] if counts else 1 if single else 2
    kinds = {_number(sides) for sides in (*(sides for _, sides, _ in known), *(sides for sides, _ in sided))}
    sides = min(kinds) if kinds else 6
    others = len(counts) > 1 or len(kinds) > 1 or (len(known) > 1 and bool(counts))
    return Dice(
        count=min(max(count, 1), MOST),
        sides=min(max(sides, 2), _MOST_SIDES),
        taken=tuple(dict.fromkeys(taken)),
        used=tuple(word for said in used for word in _words(said, text)),
        others=others or not 1 <= count <= MOST or not 2 <= sides <= _MOST_SIDES,
    )


def _counts(quantity: Quantity) -> bool:
    """Whether a number counts dice: "3 red dice", "주사위 3개", "dice: 3"; "plus 3" and "4 players" do not."""
    if quantity.value != int(quantity.value):
        return False
    behind = quantity.after[:3]
    if any(_DICE.match(word) for word in behind[:1]) or any(word in ("dice", "die") for word in behind):
        return not {"of", "with", "for", "and", "or", "per"} & set(behind[: _place(behind)])
    return not behind and quantity.before[-1:] in (("dice",), ("die",), ("주사위",))


def _place(behind: tuple[str, ...]) -> int:
    return next((place for place, word in enumerate(behind) if word in ("dice", "die")), 0)


def _repeats(quantity: Quantity) -> bool:
    return bool(quantity.after and _TIMES.match(quantity.after[0])) and quantity.value == int(quantity.value)


def _said(quantity: Quantity) -> str:
    word = next((word for word in quantity.after[:3] if word in ("dice", "die")), " ".join(quantity.after[:1]))
    return f"{quantity.text} {word}".strip()


def _number(said: str) -> int:
    return _SPELLED.get(said) or int(said)


def _words(said: str, text: str) -> tuple[str, ...]:
    """A number as the description has it: a word, digits, or the digits that a word in it is read as."""
    if said.isdigit():
        return (said,)
    return (said, str(_SPELLED[said])) if said in number_words(text) else (said,)
