"""The package's public face."""

from __future__ import annotations

import inspect

import microapps.testing
from microapps.testing import App, AsyncApp


def test_the_face_is_sorted_and_complete() -> None:
    names = microapps.testing.__all__
    assert names == sorted(names, key=lambda name: (not name.isupper(), name.islower(), name))
    assert all(hasattr(microapps.testing, name) for name in microapps.testing.__all__)


def test_both_drivers_do_the_same() -> None:
    private = {"page", "next_change", "call_encoded"}
    methods = {name for name in vars(AsyncApp) if not name.startswith("_")} - private
    assert methods | {"close"} == {name for name in vars(App) if not name.startswith("_")}
    for name in methods - {"open"}:
        ours, theirs = getattr(App, name), getattr(AsyncApp, name)
        if callable(ours):
            assert list(inspect.signature(ours).parameters) == list(inspect.signature(theirs).parameters), name


def test_everything_public_is_documented() -> None:
    for owner in (App, AsyncApp):
        for name, member in vars(owner).items():
            if not name.startswith("_"):
                assert inspect.getdoc(member), f"{owner.__name__}.{name}"
