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


def offered(name: str) -> dict[str, object]:
    """The classes and functions that a package offers, and the public methods of its own classes."""
    package = importlib.import_module(name)
    things = {public: getattr(package, public) for public in getattr(package, "__all__", [])}
    things = {public: thing for public, thing in things.items() if inspect.isclass(thing) or inspect.isfunction(thing)}
    for public, thing in list(things.items()):
        if inspect.isclass(thing) and thing.__module__.startswith("microapps."):
            fields = getattr(thing, "__dataclass_fields__", {})
            methods = {
                key: value for key, value in vars(thing).items() if inspect.isfunction(value) and key not in fields
            }
            things |= {f"{public}.{key}": value for key, value in methods.items() if not key.startswith("_")}
    return things


@pytest.mark.parametrize("name", FACES)
def test_what_a_package_offers_is_documented(name: str) -> None:
    things = offered(name)
    # A method that fulfils a protocol of the same package is documented there.
    told = {public.rpartition(".")[2] for public, thing in things.items() if "." in public and inspect.getdoc(thing)}
    assert [
        public
        for public, thing in things.items()
        if not inspect.getdoc(thing) and not ("." in public and public.rpartition(".")[2] in told)
    ] == []


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


def test_the_readme_names_every_room_of_the_house() -> None:
    for package in (ROOT / "microapps").glob("*/__init__.py"):
        assert re.search(rf"^  {package.parent.name}/ +\S", README, re.MULTILINE), package.parent.name
