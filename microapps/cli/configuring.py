"""``config``: the person's settings and the key for a model, which is stored and never shown."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ..errors import InvalidSetting
from ..telling import plain
from . import options as o
from .console import Output

config = typer.Typer(no_args_is_help=True, help="Settings and the key for a model.")


def setting_names(incomplete: str) -> list[str]:
    """The settings that begin so, for the shell."""
    from ..generator.settings import Settings

    return [name for name in Settings.model_fields if name.startswith(incomplete)]


SettingName = Annotated[str, typer.Argument(metavar="KEY", autocompletion=setting_names, help="A setting.")]


@config.command("list")
@o.command
def list_(output: Output) -> None:
    """Show every setting, and whether there is a key."""
    from ..generator.keys import find_key
    from ..generator.settings import read_settings

    settings = read_settings().model_dump(mode="json")
    key = find_key()
    output.document({**settings, "key": key.source if key else None})
    for name, value in settings.items():
        output.show(f"{name} = {_shown(value)}")
    output.say(f"A key is set, from {key.source}." if key else "No key is set; microapps config key sets one.")


@config.command("get")
@o.command
def get(output: Output, name: SettingName) -> None:
    """Show one setting."""
    from ..generator.settings import read_settings

    settings = read_settings().model_dump(mode="json")
    if name not in settings:
        raise InvalidSetting(f"There is no setting {plain(name)!r}.", f"There are: {', '.join(sorted(settings))}.")
    output.document({name: settings[name]})
    output.show(_shown(settings[name]))


@config.command("set")
@o.command
def set_(
    output: Output,
    name: SettingName,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="The new value; '' puts it back to its default.")],
) -> None:
    """Change one setting."""
    from ..generator.settings import write_setting

    changed = write_setting(name, value).model_dump(mode="json")[name]
    output.document({name: changed})
    output.say(f"{name} = {_shown(changed)}")


@config.command("key")
@o.command
def key(
    output: Output,
    forget: Annotated[bool, typer.Option("--forget", help="Remove the stored key instead.")] = False,
) -> None:
    """Store the key for a model.

    It is typed unseen, or read from the input where that is no terminal; it is kept in the system's keyring where
    there is one, else in a file that only you can read. It is never shown.
    """
    from ..generator.keys import forget_key, store_key

    if forget:
        places = forget_key()
        output.document({"forgotten": list(places)})
        output.say(f"Removed from {' and '.join(places)}." if places else "There was no stored key.")
        return
    if sys.stdin.isatty():
        typed = typer.prompt("Key (it is not shown)", hide_input=True, err=True)
    else:
        typed = sys.stdin.readline()
    place = store_key(typed)
    output.document({"stored": place})
    output.say(f"Stored in {place}.")


@config.command("path")
@o.command
def path(output: Output) -> None:
    """Show the folder of apps, settings and keys."""
    from ..folders import home

    output.document({"path": str(home())})
    output.show(str(home()))


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
