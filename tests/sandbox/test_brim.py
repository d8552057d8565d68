"""Holes in a process's memory, filled before it is forked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from microapps.sandbox.inside import brim

_SCRIPT = """
from microapps.sandbox.inside import brim
kept = [bytes(100) for _ in range(20_000)]
holes = {id(each) for each in kept[::2]}
del kept[::2]
def in_holes():
    made = [bytes(100) for _ in range(1000)]
    return len(holes.intersection(map(id, made)))
before = in_holes()
brim.fill()
print(before, in_holes())
"""


def test_what_is_made_after_it_is_not_between_what_was_there() -> None:
    """In a process of its own, whose memory nothing else has used."""
    told = subprocess.run([sys.executable, "-c", _SCRIPT], check=True, capture_output=True, text=True, timeout=60)
    before, after = map(int, told.stdout.split())
    assert before > 900
    assert after == 0


def test_nothing_is_filled_where_a_process_is_not_told_its_memory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(brim, "_MAPS", str(tmp_path / "no-such-file"))
    brim.fill()
    assert brim._kept == []
