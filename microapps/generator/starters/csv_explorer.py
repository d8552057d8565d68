"""Fills the CSV explorer: an example table in the request's language until a file is chosen."""

from __future__ import annotations

from .filling import Filling, Request

_KOREAN = """도시,월,매출,가격
서울,1월,120,3500
부산,1월,80,3200
서울,2월,150,3600
부산,2월,95,
제주,2월,40,4100
서울,3월,170,3400
"""


def fill(request: Request) -> Filling:
    """The CSV explorer for a request."""
    return Filling(
        constants={"EXAMPLE": _KOREAN if request.language == "ko" else request.defaults["EXAMPLE"]},
    )
