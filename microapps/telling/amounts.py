"""Money and tokens as a person reads them."""

from __future__ import annotations


def money(dollars: float | None) -> str:
    """US dollars; empty when the price is not known. Small sums keep four places."""
    if dollars is None:
        return ""
    return f"${dollars:.2f}" if dollars >= 0.1 or not dollars else f"${dollars:.4f}"


def spent(read: int, cached: int, written: int, dollars: float | None) -> str:
    """Tokens read (``cached`` of them from the cache) and written, and the money they cost."""
    from_cache = f" ({cached:,} cached)" if cached else ""
    return ", ".join(part for part in (f"{read:,} tokens in{from_cache}", f"{written:,} out", money(dollars)) if part)
