"""Nothing that can be granted is without words, or cannot be granted by itself."""

from __future__ import annotations

from microapps.notebook import FileAccess, Host, Permissions
from microapps.telling import allowed, spelled

ALL = Permissions(
    hosts=(Host(name="api.example.org"), Host(name="other.example.org", port=8443)),
    files=(FileAccess(path="/d/read"), FileAccess(path="/d/written", mode="read-write")),
    packages=("numpy",),
    storage="shared",
    model_budget=0.5,
    memory=4096,
    seconds=120,
    scripts=True,
)
"""Every permission there is, each beyond what an app has anyway."""


def test_every_permission_is_in_these_tests() -> None:
    default = Permissions()
    assert [name for name in Permissions.model_fields if getattr(ALL, name) == getattr(default, name)] == []


def test_every_permission_has_a_sentence_and_a_form_of_its_own() -> None:
    parts = ALL.parts()
    assert [part.sentences() for part in parts] == [(sentence,) for sentence in ALL.sentences()]
    together = Permissions()
    for part in parts:
        assert part.beyond(Permissions()) == part and allowed(spelled(part)) == part
        together = together.merged(part)
    assert together == ALL
    said = {name for name in Permissions.model_fields for part in parts if getattr(part, name) == getattr(ALL, name)}
    assert said >= {"storage", "model_budget", "memory", "seconds", "scripts"} and Permissions().parts() == ()
