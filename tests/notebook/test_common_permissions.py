"""What is granted is never more than what was asked for."""

from __future__ import annotations

from pathlib import Path

from microapps.notebook import FileAccess, Host, MicroApp, Permissions, adopt, compose, write

A, B = Host(name="a.example.org"), Host(name="b.example.org")


def test_only_what_both_hold_is_common() -> None:
    given = Permissions(
        hosts=(A, B), files=(FileAccess(path="/d/x", mode="read-write"), FileAccess(path="/d/y")), model_budget=2.0
    )
    asked = Permissions(hosts=(B,), files=(FileAccess(path="/d/x"),), model_budget=0.5)
    common = given.common(asked)
    assert common == asked.common(given)
    assert (common.hosts, common.files, common.model_budget) == ((B,), (FileAccess(path="/d/x"),), 0.5)


def test_an_app_that_asks_for_nothing_has_nothing_in_common() -> None:
    given = Permissions(hosts=(A,), storage="shared", memory=4096, seconds=600)
    assert given.common(Permissions()) == Permissions()


def test_common_is_within_both() -> None:
    given, asked = Permissions(hosts=(A,), seconds=60), Permissions(hosts=(A, B), seconds=20)
    common = given.common(asked)
    assert common.beyond(given) == Permissions() and common.beyond(asked) == Permissions()


def test_a_micro_app_is_adopted_under_the_name_that_was_asked_for(tmp_path: Path) -> None:
    app: MicroApp = compose(title="Tip", about="# Tip", imports="", logic="", ui="app = 1", tests="")
    write(app, tmp_path / "tip.ipynb", expected=None)
    assert adopt(tmp_path / "tip.ipynb", name="my-tool").metadata.name == "my-tool"
    assert adopt(tmp_path / "tip.ipynb").metadata.name == "tip"
