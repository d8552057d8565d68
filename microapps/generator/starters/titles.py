"""A title made from a description: its request without "please make me a", if that is short and plain enough."""

from __future__ import annotations

import re

from .language import Language

LONGEST = 60
_LEADS = re.compile(
    r"^(?:(?:please|hi|hello|hey)[, ]+|(?:can|could) you |i(?:'d| would)? (?:need|want|like)(?: to(?: have)?)? |let's |"
    r"(?:make|build|create|write|give|show|generate|design)(?: me| us)? (?=(?:a|an|the|my|our|some)\b)|"
    r"(?:a|an|the|some) |(?:simple|small|little|quick|nice|basic) (?=\w+ \w+)|"
    r"(?:app|tool|page|widget|program) (?:that|to|which|for) )+",
    re.IGNORECASE,
)
_TAILS = re.compile(
    r"(?:\s*(?:please|을|를|하나|좀|앱|어플|프로그램)?"
    r"\s*(?:(?:만들어|구해|계산해|내)\s*(?:줘|주세요|줄래)(?:요)?|부탁해(?:요)?|해\s*줘|해주세요|please))?[\s.!~]*$"
)
_COUNTS = re.compile(r"how many (?!.*\b(?:is|are|am|i|do|does|did|should|would|can|will|to)\b)[^?]+", re.IGNORECASE)
_PLAIN = re.compile(r"[\w\s'’,.&/+%°$€£₩()·-]+")
_NUMBERS = re.compile(r"^[^:：;]*\d[^:：;]*,\s+\d(?!\d{3}\b)")  # it lists numbers, and would be cut off at one
_QUESTION = re.compile(
    r"^(?:how|what|which|when|who|where|am|is|do|does|would|should|compute|calculate)\b|\?", re.IGNORECASE
)


def title_from(description: str, fallback: str, language: Language) -> str:
    """The title; ``fallback`` where the description is a question, long, or holds more than plain words."""
    text = " ".join(description.split())
    if _NUMBERS.search(text):
        return fallback
    request = re.split(r"[:：;]\s|\.\s|,\s+\d(?!\d{3}\b)| = ", text, maxsplit=1)[0]
    if _COUNTS.fullmatch(request):
        request = request.split(" ", 2)[2]
    title = _TAILS.sub("", _LEADS.sub("", request)).strip(" .,!-").removesuffix(" 앱").removesuffix(" 어플")
    words = title.split()
    fewest = 1 if language == "ko" else 2
    plain = bool(_PLAIN.fullmatch(title)) and "__" not in title and "=" not in text[: len(title) + 4]
    if not plain or _QUESTION.search(request) or len(title) > LONGEST or len(words) < fewest or len(title) < 3:
        return fallback
    return title[0].upper() + title[1:]


def markdown_text(text: str) -> str:
    """A text that Markdown and HTML show as it is written."""
    return re.sub(r"([\\`*_{}\[\]()#+!|<>&$~-])", r"\\\1", text.replace("\r", " ").replace("\n", " "))
