"""Which model a speed takes of what an endpoint lists."""

from __future__ import annotations

import pytest

from microapps.errors import InvalidSetting
from microapps.generator import ModelInfo, Speed, choose
from microapps.generator.speed import effort

HAIKU, SONNET, OPUS, FABLE = (
    ModelInfo(id=f"claude-{line}-5-5", line=line, created="2026-01-01") for line in ("haiku", "sonnet", "opus", "fable")
)
ALL = (FABLE, OPUS, SONNET, HAIKU)


def named(*ids: str) -> tuple[ModelInfo, ...]:
    return tuple(ModelInfo(id=name) for name in ids)


def test_each_speed_has_its_line() -> None:
    assert [choose(ALL, speed) for speed in Speed] == [HAIKU, SONNET, OPUS]


def test_a_missing_line_falls_back_to_the_nearest() -> None:
    assert choose((OPUS, FABLE), Speed.FAST) == OPUS
    assert choose((HAIKU, FABLE), Speed.BALANCED) == HAIKU
    assert choose((HAIKU, SONNET), Speed.BEST) == SONNET


def test_the_newest_active_model_of_a_line() -> None:
    new = ModelInfo(id="claude-sonnet-6", line="sonnet", created="2027-01-01")
    old = ModelInfo(id="claude-sonnet-9", line="sonnet", created="2028-01-01", lifecycle="deprecated")
    gone = ModelInfo(id="claude-sonnet-10", line="sonnet", created="2029-01-01", lifecycle="retired")
    assert choose((SONNET, new, old, gone), Speed.BALANCED) == new


def test_a_named_model_goes_before_the_speed() -> None:
    assert choose(ALL, Speed.FAST, "claude-opus-5-5") == OPUS
    assert choose(ALL, Speed.FAST, "my-own") == ModelInfo(id="my-own")
    assert choose((), Speed.FAST, "my-own") == ModelInfo(id="my-own")


def test_a_local_servers_models_are_chosen_by_name() -> None:
    local = named("nomic-embed-text", "llama3.3:70b", "qwen3-coder:30b")
    assert choose(local, Speed.BALANCED).id == "qwen3-coder:30b"
    assert choose(local[:2], Speed.BALANCED).id == "llama3.3:70b"
    assert choose(local[:1], Speed.BALANCED).id == "nomic-embed-text"
    assert choose(named("vendor/claude-opus", "vendor/claude-haiku"), Speed.FAST).id == "vendor/claude-haiku"


def test_nothing_listed_and_nothing_named() -> None:
    with pytest.raises(InvalidSetting, match="lists no models"):
        choose((), Speed.FAST)


def test_effort_is_left_out_where_the_model_takes_none() -> None:
    assert effort(Speed.BEST, OPUS) == "high"
    assert effort(Speed.BEST, ModelInfo(id="x", efforts=("low",))) is None
    assert effort(Speed.FAST, ModelInfo(id="x", efforts=("low",))) == "low"
