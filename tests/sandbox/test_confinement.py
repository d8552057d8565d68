"""What a confinement allows, as it is told to the programs inside; and what a kernel's environment holds."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pytest

from microapps.errors import InvalidInput, MachineFault
from microapps.notebook.permissions import Host, Permissions
from microapps.sandbox import Confinement, policy, visible
from microapps.sandbox.policy import Shape
from microapps.sandbox.provisioner import visible as visible_environment

SHAPE = Shape(namespaces=True, nested=True)


@pytest.mark.parametrize("name", ["os; import sys", "a-b", "", "a..b", "a.", "../a"])
def test_only_names_of_modules_can_be_preloaded(name: str) -> None:
    with pytest.raises(InvalidInput):
        Confinement("app", preload=(name,))


@pytest.mark.parametrize("name", ["../x", "A", "", "a/b"])
def test_only_plain_names_are_given_to_sockets(name: str) -> None:
    with pytest.raises(InvalidInput):
        Confinement("app", sockets=((name, Path("/run/x")),))


def test_equal_confinements_share_a_parent_and_others_do_not() -> None:
    one = Confinement("app", granted=Permissions(hosts=(Host(name="example.org"),)))
    assert hash(one) == hash(dataclasses.replace(one))
    assert one != dataclasses.replace(one, app="other")
    assert one != dataclasses.replace(one, granted=Permissions())


def test_the_environment_is_made_from_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "JUPYTER_TOKEN", "JPY_PARENT_PID", "PYTHONPATH", "LD_PRELOAD", "AWS_PROFILE"):
        monkeypatch.setenv(name, "canary")
    assert "canary" not in policy.environment(Confinement("app")).values()


def test_only_hosts_bring_a_proxy() -> None:
    with_hosts = Confinement("app", granted=Permissions(hosts=(Host(name="example.org"),)))
    assert policy.environment(with_hosts)["HTTPS_PROXY"].startswith("http://127.0.0.1:")
    assert "HTTPS_PROXY" not in policy.environment(Confinement("app"))


def test_a_visitors_query_comes_through_without_secrets() -> None:
    given = {
        "QUERY_STRING": "rate=3&token=canary&api_key=canary&x=a%26b",
        "VOILA_REQUEST_URL": "http://h/canary",
        "HTTP_COOKIE": "canary",
    }
    assert visible_environment(given) == {"QUERY_STRING": "rate=3&x=a%26b"}
    assert visible_environment({}) == {}


def test_what_is_told_is_json(tmp_path: Path) -> None:
    import json

    told = policy.inside(Confinement("app", source=tmp_path, data=tmp_path), SHAPE, Path("/run/x"))
    assert json.loads(json.dumps(told)) == told


def test_every_app_has_a_user_of_its_own_under_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 0)
    one, two = policy.user_of("one"), policy.user_of("two")
    assert one is not None and two is not None
    assert one != two
    assert min(*one, *two) > 1000
    assert policy.user_of("one") == one


def test_an_ordinary_user_keeps_being_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    assert policy.user_of("one") is None


def test_a_python_that_is_the_home_folder_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    (tmp_path / "me").mkdir()
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    with pytest.raises(MachineFault, match="home folder"):
        visible.python_paths()
