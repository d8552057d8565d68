"""What crosses an app's socket: one line of JSON each way. Nothing in a line is believed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from ..runtime.asking import MOST_CHARACTERS, MOST_TOKENS

LONGEST_LINE = 1 << 20
"""Bytes of a question's line: :data:`~microapps.runtime.asking.MOST_CHARACTERS`, however they are written."""

Kind = Literal["permission", "budget", "busy", "unavailable", "question", "answer"]


class Refusal(Exception):
    """Why there is no answer.

    ``kind`` is for the kernel's side to choose a class by, ``what`` for the app's visitor, and ``detail`` for the log
    that only the app's owner sees. ``logged`` is False where nothing of worth happened.
    """

    def __init__(self, kind: Kind, what: str, detail: str = "", *, logged: bool = True) -> None:
        super().__init__(what)
        self.kind, self.what, self.detail, self.logged = kind, what, detail, logged


@dataclass(frozen=True)
class Question:
    """One question of an app, checked."""

    prompt: str
    system: str
    max_tokens: int

    @classmethod
    def parse(cls, line: bytes) -> Question:
        """Read a line. Raises Refusal for what is no question."""
        try:
            said = json.loads(line)
            prompt, system, most = said["prompt"], said["system"], said["max_tokens"]
        except (ValueError, RecursionError, LookupError, TypeError) as error:
            raise Refusal("question", "This is no question for the language model.", logged=False) from error
        texts = isinstance(prompt, str) and isinstance(system, str) and bool(prompt.strip())
        if not texts or type(most) is not int or not 1 <= most <= MOST_TOKENS:
            raise Refusal("question", "This is no question for the language model.", logged=False)
        if len(prompt) + len(system) > MOST_CHARACTERS:
            what = f"The question is too long: it may have {MOST_CHARACTERS} characters in all."
            raise Refusal("question", what, logged=False)
        return cls(_whole(prompt), _whole(system), most)

    @property
    def most_tokens(self) -> int:
        """No text has more tokens than bytes."""
        return len(self.prompt.encode()) + len(self.system.encode())


def answered(text: str) -> bytes:
    """The line of an answer."""
    return _line({"text": _whole(text)})


def refused(refusal: Refusal) -> bytes:
    """The line of a refusal."""
    return _line({"error": refusal.kind, "what": refusal.what})


def _line(said: dict[str, str]) -> bytes:
    return json.dumps(said).encode() + b"\n"


def _whole(text: str) -> str:
    """Text without halves of characters, which no endpoint takes."""
    return text.encode("utf-8", "replace").decode()
