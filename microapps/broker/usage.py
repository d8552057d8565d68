"""What a model's work has used, as the library keeps it."""

from __future__ import annotations

from collections.abc import Sequence

from ..events import Event, Used
from ..generator import Usage
from ..library import UsageRecord


def usage_record(model: str, usage: Usage | Used, dollars: float | None) -> UsageRecord:
    """Tokens and money (US dollars; None where the model's price is not known)."""
    return UsageRecord(
        model=model,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        cache_write_tokens=usage.cache_write_tokens,
        dollars=dollars,
    )


def last_used(events: Sequence[Event]) -> Used | None:
    """What a job says last of what it has used so far; None where no model was asked."""
    return next((event for event in reversed(events) if isinstance(event, Used)), None)


def spent(events: Sequence[Event]) -> UsageRecord | None:
    """The same as the library keeps it."""
    last = last_used(events)
    return usage_record(last.model, last, last.dollars) if last is not None else None
