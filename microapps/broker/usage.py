"""What a model's work has used, as the library keeps it."""

from __future__ import annotations

from collections.abc import Sequence

from ..events import Event, Used
from ..generator import Usage
from ..library import UsageRecord


def usage_record(model: str, usage: Usage, dollars: float | None) -> UsageRecord:
    """Tokens and money (US dollars; None where the model's price is not known)."""
    return UsageRecord(
        model=model,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        cache_write_tokens=usage.cache_write_tokens,
        dollars=dollars,
    )


def spent(events: Sequence[Event]) -> UsageRecord | None:
    """What the last of a job's events says it has used so far; None where no model was asked."""
    last = next((event for event in reversed(events) if isinstance(event, Used)), None)
    if last is None:
        return None
    return UsageRecord(
        model=last.model,
        input_tokens=last.input_tokens,
        output_tokens=last.output_tokens,
        cache_read_tokens=last.cache_read_tokens,
        cache_write_tokens=last.cache_write_tokens,
        dollars=last.dollars,
    )
