"""What a description asks of an app besides its subject, where its starter cannot do that.

"A to-do list with due dates" is a to-do list, and the starter's has no dates: the person is told. "Merge two csv files"
is no look at a table at all: there the app would be another one. Which wishes there are, and who lacks what, is data,
in ``templates/starters/wishes.toml``.
"""

from __future__ import annotations

import re

from .catalogue import Wish, catalogue
from .hearing import HOLDING, Heard, asked, hear, said
from .language import FILLER, READ, normal, stem, words

_DENIED = re.compile(
    r"\b(?:no|without|not|don't (?:need|want)|never)\b(?: an?\b| any\b| the\b)? [a-z]+"
    r"|[가-힣]+(?:은|는|이|가)? (?:없이|말고|빼고|필요 ?없)"
)


def unmet(description: str, key: str) -> tuple[Wish, ...]:
    """What is wished for that the starter or recipe of this name lacks."""
    text = normal(description[:READ])
    if key in HOLDING:
        text = asked(text)
    heard, wanted = hear(text), hear(_DENIED.sub(" ", text))
    return tuple(wish for wish in catalogue().wishes if key in wish.lacks and _wished(wish, heard, wanted))


def denied_words(description: str) -> frozenset[str]:
    """The stems of the words behind a "no" or "without": what is not wished for."""
    denied = " ".join(_DENIED.findall(normal(description[:READ])))
    return frozenset(map(stem, words(denied)))


def is_first(wish: Wish, description: str) -> bool:
    """Whether a request begins with a wish: "sort my reading list", "merge files"."""
    first = [word for word in words(description[:READ]) if word not in FILLER and stem(word) not in FILLER][:1]
    return wish.leads and bool(first) and any(" " not in entry and said(entry, hear(first[0])) for entry in wish.said)


def _wished(wish: Wish, heard: Heard, wanted: Heard) -> bool:
    denying = [entry for entry in wish.said if re.search(r"(?:^|[|= ])(?:no|not|never|without)(?:[| ]|$)", entry)]
    return any(said(entry, wanted) for entry in wish.said) or any(said(entry, heard) for entry in denying)
