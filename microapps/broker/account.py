"""What one app may spend, and has: the person's grant against what the library counted.

Money is held back in the library before a question is passed on, as much as it can cost, and settled afterwards, so
that questions at the same time, of whatever process, cannot pass the caps together. Tokens of a model without a known
price are counted at the price of the dearest: a cap that does not hold would be none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..generator import Price, Usage
from ..library import Library, UsageRecord
from .questions import Refusal
from .usage import usage_record

DEAREST = Price(id="", input=10.0, output=50.0, cache_write=12.5, cache_read=1.0)
"""US dollars per million tokens, at least those of every model in the shipped ``prices.toml`` (of 2026-11)."""


class Hold:
    """What a question under way may use, and in the end did."""

    def __init__(self, usage: Usage) -> None:
        self.usage = usage
        """Set by whoever asks; until then the most it can be, for a call that is cut off is paid for too."""


class Account:
    """The money of one app. ``digest`` names the content that runs, to which the person's grant is bound."""

    def __init__(self, library: Library, app: str, digest: str, month_dollars: float) -> None:
        self.library = library
        self.app = app
        self.digest = digest
        self._month_dollars = month_dollars

    def cap(self, month_dollars: float) -> None:
        """The person changed what a month may cost."""
        self._month_dollars = month_dollars

    def spent(self) -> float:
        """US dollars the app has spent, in all; what has no price, as if it were dear."""
        return sum(map(_cautious, self.library.own_usage(self.app)))

    @contextmanager
    def holding(self, model: str, price: Price | None, most: Usage, seconds: float) -> Iterator[Hold]:
        """Hold back what ``most`` costs for a call of so many seconds, then book what the hold's ``usage`` says.

        Raises Refusal when the app was not given that much, or the month's money is used up.
        """
        budget = self.library.granted(self.app, self.digest).model_budget
        if not budget:
            raise Refusal("permission", "This app has no permission to ask the language model.")
        held = self.library.hold(
            self.app,
            usage_record(model, most, _dollars(most, price)),
            worth=_cautious,
            budget=budget,
            month=self._month_dollars,
            seconds=seconds,
        )
        if held.lacking == "app":
            detail = f"all of ${budget:.2f} is spent or under way"
            raise Refusal("budget", "The money this app may spend on the language model is used up.", detail)
        if held.lacking:
            detail = f"the month's ${self._month_dollars:.2f} are spent or under way"
            raise Refusal("budget", "This month's money for the language model is used up.", detail)
        hold = Hold(most)
        try:
            yield hold
        finally:
            used = usage_record(model, hold.usage, _dollars(hold.usage, price))
            self.library.settle(held.id, None if hold.usage == Usage() else used)


def _dollars(usage: Usage, price: Price | None) -> float | None:
    return None if price is None else price.dollars(usage)


def _cautious(record: UsageRecord) -> float:
    if record.dollars is not None:
        return record.dollars
    used = Usage(record.input_tokens, record.output_tokens, record.cache_read_tokens, record.cache_write_tokens)
    return DEAREST.dollars(used)
