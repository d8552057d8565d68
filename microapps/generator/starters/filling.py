"""What a filler hands back: the values to put into a starter, and what it took from the description."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .catalogue import Starter
from .language import Language
from .parameters import constants


@dataclass(frozen=True)
class Request:
    """A description on its way into a starter; ``recipe`` is empty except for the calculator."""

    description: str
    starter: Starter
    recipe: str
    language: Language

    @property
    def defaults(self) -> Mapping[str, Any]:
        """The constants of the starter's notebook."""
        return constants(self.starter.notebook)

    @property
    def words(self) -> dict[str, str]:
        """The app's own words in the request's language."""
        english = dict(self.defaults["WORDS"])
        return english | dict(self.starter.korean.get("words", {})) if self.language == "ko" else english

    def pick(self, english: str, korean: str) -> str:
        """One of two texts, by language."""
        return korean if self.language == "ko" else english


@dataclass(frozen=True)
class Filling:
    """The values for one app.

    Attributes
    ----------
    title, about : the recipe's own heading and the sentence below it; an empty one means the starter's own.
    constants : values for the notebook's constants, by name; ``WORDS`` need not be among them.
    taken : what was read from the description, each as "label value".
    used : numbers and words of the description that went into the app, as written there.
    left : what of the description the filler saw and could not place, in words for a person.
    another : the description asks for what this starter cannot do, though it may use its words.
    examples : inputs that open with an example value although the description gives others.
    logic : Python functions that take the place of the template's own of ``replaces``.
    """

    title: str = ""
    about: str = ""
    constants: Mapping[str, object] = field(default_factory=dict)
    taken: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    another: bool = False
    examples: tuple[str, ...] = ()
    logic: str = ""
    replaces: tuple[str, ...] = ()
