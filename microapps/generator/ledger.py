"""The account of a job: tokens, money, answers, and the bounds on them."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..errors import LimitReached
from .model import Usage
from .prices import Price
from .task import Limits

LEAST_ANSWER = 2_000
"""Output tokens below which an answer is not worth asking for."""

CHARACTERS_PER_TOKEN = 3.0
"""A cautious figure: text and code have three to four characters a token, Korean about one and a half."""


@dataclass
class Ledger:
    """Counts what a job uses of ``model``. ``price`` is None where that is not known, and then no cap holds."""

    limits: Limits
    price: Price | None
    model: str = ""
    usage: Usage = field(default_factory=Usage)
    dollars: float | None = 0.0
    turns: int = 0

    def __post_init__(self) -> None:
        self._last = Usage()
        if self.price is None:
            self.dollars = None

    def add(self, usage: Usage) -> None:
        """Book one request."""
        self.usage += usage
        self._last = usage
        if self.price is not None and self.dollars is not None:
            self.dollars += self.price.dollars(usage)
            self._reserve(0.0)

    def room(self, prompt_characters: int, wanted: int) -> int:
        """How many output tokens the next answer may have: ``wanted``, or fewer where the money left allows fewer.

        Raises LimitReached when an answer is not worth asking for, or the turns are used up.
        """
        if self.turns >= self.limits.turns:
            raise LimitReached(
                f"The model answered {self.turns} times without finishing.",
                "Ask for less at once, or take a better model (--speed best).",
            )
        self.turns += 1
        if self.price is None or self.dollars is None:
            return wanted
        prompt = max(prompt_characters / CHARACTERS_PER_TOKEN, self._last.prompt_tokens)
        factor = self.price.factor(int(prompt))
        fixed = self._prompt_price(prompt) * factor / 1e6
        price = self.price.output * factor / 1e6
        most = fixed + wanted * price
        left, name, limit = most, "month", self.limits.month_dollars
        if self.limits.dollars is not None and self.limits.dollars - self.dollars < most:
            left, name, limit = self.limits.dollars - self.dollars, "job", self.limits.dollars
        if (reserved := self._reserve(max(0.0, left))) < left:
            left, name, limit = reserved, "month", self.limits.month_dollars
        affordable = wanted if left >= most else int((left - fixed) / price) if price else 0
        if left <= 0 or affordable < min(LEAST_ANSWER, wanted):
            self._reserve(0.0)
            hint = f"Raise it: microapps config set dollars_per_{name} AMOUNT."
            raise LimitReached(f"The money for this {name} (${limit or 0.0:.2f}) is used up.", hint)
        return affordable

    def _reserve(self, wanted: float) -> float:
        """Hold back ``wanted`` dollars of the month beside what was spent; how many of them may be spent."""
        if self.limits.month_dollars is None or self.dollars is None:
            return wanted
        return self.limits.reserve(self.model, self.dollars, wanted)

    def _prompt_price(self, prompt: float) -> float:
        """What a prompt costs, in dollars times a million.

        Where the endpoint caches, the last prompt is read from the cache and only the rest is new.
        """
        if self.price is None:
            return 0.0
        if self._last.cache_read_tokens or self._last.cache_write_tokens:
            new = prompt - self._last.prompt_tokens
            return self._last.prompt_tokens * self.price.cache_read + new * self.price.cache_write
        return prompt * max(self.price.input, self.price.cache_write if self._last == Usage() else 0.0)
