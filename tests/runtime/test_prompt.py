"""What the model is told of the runtime is true of it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from microapps.generator.conversation import prompt
from microapps.runtime.asking import placeholder


def test_the_piece_of_code_in_the_prompt_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICROAPPS_DATA", str(tmp_path))
    monkeypatch.setenv("MICROAPPS_ASK", "rehearsal")
    (code,) = re.findall(r"```python\n(.*?)```", prompt("runtime"), re.DOTALL)
    names: dict[str, Any] = {"date": date}
    exec(code, names)
    assert names["store"]["goal"] == 30
    assert names["store"]["count"] == 1
    assert names["entries"].rows(done=True) == [{"id": 1, "day": date.today(), "text": "…", "done": True}]
    assert names["answer"] == placeholder("…")
    names["store"].close()


def test_the_placeholder_is_the_one_the_prompt_names() -> None:
    head, _, tail = placeholder("QUESTION").partition("QUESTION")
    assert f"`{head}…{tail}`" in prompt("runtime")
