"""What starters there are: one folder each in ``templates/starters``, read once.

A folder holds ``app.ipynb``, a micro-app that works as it stands and whose constants are its parameters, and
``starter.toml``: the words by which a description asks for it, and its texts in Korean. The calculator's folder also
holds ``recipes.toml``, the formulas it knows. All of it is data; adding a recipe needs no code.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...errors import MachineFault, UnknownApp
from .language import Language

FORMULA = "formula"  # the calculator's recipe for a formula written in the description


@dataclass(frozen=True)
class Wording:
    """How a description asks for one thing: see the head of ``recipes.toml``."""

    sure: tuple[str, ...] = ()
    hint: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


@dataclass(frozen=True)
class Starter:
    """One folder of ``templates/starters``."""

    name: str
    title: Mapping[str, str]
    about: Mapping[str, str]
    wording: Wording
    notebook: Path
    korean: Mapping[str, Any]
    more: Mapping[str, Any]


@dataclass(frozen=True)
class Recipe:
    """One formula, or several that belong together, that the calculator knows.

    ``bare`` ones are of numbers alone, whatever these are of; ``exact`` ones are of nothing but what they have a place
    for.
    """

    name: str
    title: Mapping[str, str]
    about: Mapping[str, str]
    wording: Wording
    inputs: tuple[Mapping[str, Any], ...]
    results: tuple[Mapping[str, Any], ...]
    bare: bool = False
    exact: bool = False


@dataclass(frozen=True)
class Wish:
    """What people ask of such apps: its name by language, how it is said, and who lacks it.

    With an ``other`` wish the app would be another one; so it would with any wish that a request begins with, where it
    ``leads``.
    """

    name: Mapping[str, str]
    said: tuple[str, ...]
    lacks: tuple[str, ...]
    other: bool
    leads: bool


@dataclass(frozen=True)
class Catalogue:
    """All starters and recipes, the words that say a request is beyond them, and what some starters lack."""

    starters: Mapping[str, Starter]
    recipes: Mapping[str, Recipe]
    beyond: tuple[str, ...] = field(default=())
    wishes: tuple[Wish, ...] = field(default=())

    def starter(self, name: str) -> Starter:
        """The starter of that name (``calculator/bmi`` is the calculator).

        Raises
        ------
        UnknownApp
            There is none; the hint lists what there is.
        """
        first = name.split("/")[0]
        if first not in self.starters:
            raise UnknownApp(f"There is no starter {first!r}.", f"There are {', '.join(sorted(self.starters))}.")
        return self.starters[first]

    def title(self, key: str, language: Language) -> str:
        """What ``starter`` or ``calculator/recipe`` is called."""
        recipe = self.recipes.get(key.partition("/")[2])
        return (recipe or self.starter(key)).title[language]


def templates() -> Path:
    """The folder ``templates``: inside the package in a wheel, beside it in a checkout.

    Raises
    ------
    MachineFault
        Neither is there.
    """
    package = Path(__file__).resolve().parents[2]
    for folder in (package / "templates", package.parent / "templates"):
        if (folder / "starters").is_dir():
            return folder
    raise MachineFault("The starters are missing from this installation.", "Install microapps again.")


@functools.cache
def catalogue() -> Catalogue:
    """Everything in ``templates/starters``, by name."""
    root = templates() / "starters"
    starters = {}
    for file in sorted(root.glob("*/starter.toml")):
        data = _read(file)
        starters[file.parent.name] = Starter(
            name=file.parent.name,
            title=data["title"],
            about=data["about"],
            wording=_wording(data),
            notebook=file.with_name("app.ipynb"),
            korean=data.get("korean", {}),
            more=data,
        )
    unless = starters["calculator"].wording.unless
    recipes = {
        name: Recipe(
            name,
            data["title"],
            data["about"],
            _wording(data, unless),
            tuple(data["inputs"]),
            tuple(data["results"]),
            data.get("bare", False),
            data.get("exact", False),
        )
        for name, data in _read(root / "calculator" / "recipes.toml").items()
    }
    wishes = [
        Wish(
            name={"en": one["en"], "ko": one["ko"]},
            said=tuple(one["said"]),
            lacks=tuple(one["lacks"]),
            other=one.get("other", False),
            leads=one.get("leads", True),
        )
        for one in _read(root / "wishes.toml")["wish"]
    ]
    return Catalogue(starters, recipes, tuple(_read(root / "beyond.toml")["words"]), tuple(wishes))


def _wording(data: Mapping[str, Any], unless: tuple[str, ...] = ()) -> Wording:
    told = {key: tuple(data.get(key, ())) for key in ("sure", "hint", "phrases", "unless")}
    return Wording(**{**told, "unless": (*told["unless"], *unless)})


def _read(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))
