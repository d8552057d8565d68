"""The people a description names: "Ana, Ben and Cid paid 30, 45 and 15", "정산: 민수 30000원, 지영 12000원 냄"."""

from __future__ import annotations

import re

from .language import FILLER, READ, content, stem
from .reading import items

_LEADS = (
    re.compile(r"[:：]\s*"),
    re.compile(r"\b(?:with|between|among|from|for|of)\b\s+", re.IGNORECASE),
    re.compile(r"\b(?:split|divide|shuffle|assign|pick|choose|pair(?: up| off)?)\b\s+(?=[^,]+,)", re.IGNORECASE),
)
_BEFORE_FIRST = re.compile(r"^[^,;]*\b(?:with|between|among|from|of)\s+", re.IGNORECASE)
"""What stands before the names though behind a lead: the "3 from" of "teams of 3 from Ann, Bob and Cy"."""
_ENDS = re.compile(r"\s+(?:into|in|at|by|for|with)\s")
_PAID = re.compile(
    r"\b(?:has |have |had )?(?:paid|pays?|spent|owes?|gave|bought|chipped)\b.*|(?:이|가|은|는)?\s*[$€£¥₩]?\s*\d.*$"
    r"|\s(?:nothing|none|zero|nil|no (?:money|cash)|not|never|only|just|(?:has|have|had|did|does|was)(?:n['’]?t)?)\b.*"
    r"|(?:이|가|은|는)?\s(?:안|못) ?(?:냈|냄|낸|내).*|(?:이|가|은|는)?\s(?:아무것도|없음).*",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_]+(?:[ '’.-]{1,2}[^\W\d_]+){0,2}\.?")
_KOREAN_FIRST = re.compile(
    r"^\s*((?:[^\W\d_]+\s*,\s*)+[^\W\d_]+?)(?:을|를|이|의)?\s"
    r"(?:중|가운데|짝|팀|(?:두|세|네|\d+) ?(?:팀|조|명씩)|순서|당첨|제비)"
)
_BEFORE_VERB = re.compile(r"\b([A-Z]\w+(?:,? (?:and )?[A-Z]\w+)*)\s+(?:has |have )?(?:paid|pays|spent|owes?|gave)\b")


def people_named(description: str, unlike: frozenset[str], most: int = 50) -> tuple[str, ...]:
    """The names of a list behind a colon, "with", "between", "from" or before "paid", two at least; else none.

    Parameters
    ----------
    unlike : stems of words that are no names, as those by which the starter is asked for.
    """
    description = description[:READ]
    for lead in _LEADS:
        for match in lead.finditer(description):
            text = _ENDS.split(description[match.end() :])[0]
            found = max((_names(items(t, most), unlike) for t in (text, _BEFORE_FIRST.sub("", text))), key=len)
            if len(found) > 1:
                return found
    if first := _KOREAN_FIRST.match(description):
        return _names(items(first[1], most), unlike)
    told = [part for match in _BEFORE_VERB.finditer(description) for part in items(match.group(1), most)]
    return _names(tuple(dict.fromkeys(told)), unlike)


def _names(parts: tuple[str, ...], unlike: frozenset[str]) -> tuple[str, ...]:
    """What of the parts is a name, without what the person paid."""
    found = []
    for part in parts:
        name = _PAID.sub("", part).strip(" .,:;?!")
        words = name.lower().split()
        strange = any(stem(word) in unlike or word in FILLER for word in words)
        if name and _NAME.fullmatch(name) and len(name) <= 40 and not strange and content(name):
            found.append(name)
    return tuple(dict.fromkeys(found))
