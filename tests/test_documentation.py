"""What is public says what it is; the README says what there is."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest
import typer

import microapps
from microapps.cli.exits import MEANING
from microapps.cli.program import program
from microapps.generator.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
MODULES = [
    module.name
    for module in pkgutil.walk_packages(microapps.__path__, "microapps.")
    if not module.name.endswith("__main__")
]
FACES = ["microapps", *(name for name in MODULES if importlib.util.find_spec(name).submodule_search_locations)]  # type: ignore[union-attr]


def commands() -> dict[str, typer.core.TyperCommand]:
    """Every command by its words, those of ``config`` included."""
    found = {}
    root = typer.main.get_command(program)
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        found |= {f"{name} {sub}": it for sub, it in inner.items()} if inner else {name: command}
    return found


@pytest.mark.parametrize("name", FACES)
def test_a_package_says_what_it_is_for(name: str) -> None:
    package = importlib.import_module(name)
    assert package.__doc__ and len(package.__doc__) > 30


@pytest.mark.parametrize("name", FACES)
def test_what_a_package_offers_is_documented(name: str) -> None:
    package = importlib.import_module(name)
    bare = []
    for public in getattr(package, "__all__", []):
        thing = getattr(package, public)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            bare += [public] if not inspect.getdoc(thing) else []
        if inspect.isclass(thing) and thing.__module__.startswith("microapps."):
            bare += [
                f"{public}.{method}"
                for method, value in vars(thing).items()
                if inspect.isfunction(value) and not method.startswith("_") and not inspect.getdoc(value)
            ]
    assert bare == []


@pytest.mark.parametrize("command", commands())
def test_the_readme_names_every_command(command: str) -> None:
    assert f"`{command}" in README


@pytest.mark.parametrize("setting", Settings.model_fields)
def test_the_readme_names_every_setting(setting: str) -> None:
    assert f"`{setting}`" in README


def test_the_readme_names_every_exit_code() -> None:
    for code, meaning in MEANING.items():
        assert re.search(rf"^\| {code.value} +\| {re.escape(meaning)}", README, re.MULTILINE)


def test_the_commands_and_options_that_the_readme_shows_exist() -> None:
    known = commands()
    shown = re.findall(
        r"\bmicroapps ((?:config )?[a-z]+)\b(.*)", "\n".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL))
    )
    assert len(shown) > 5
    for words, rest in shown:
        assert words in known
        options = {name for parameter in known[words].params for name in (*parameter.opts, *parameter.secondary_opts)}
        assert set(re.findall(r"(?<= )--?[a-z][a-z-]*", re.sub(r"\"[^\"]*\"", "", rest))) <= options


@pytest.mark.parametrize("name", re.findall(r"\]\((?!https?:)([^)#]+)\)", README))
def test_the_files_that_the_readme_links_exist(name: str) -> None:
    assert (ROOT / name).exists()
