"""The person's settings: one flat TOML file, ``config.toml``, in the folder of microapps.

Setting one value changes its own line and leaves the rest of the file, comments too, as it is. A key is never in here.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ..errors import InvalidSetting
from ..folders import home
from .saving import save
from .speed import Speed

FILE = "config.toml"
BASE_URL_VARIABLE = "ANTHROPIC_BASE_URL"


def _address(value: str) -> str:
    if value and not re.match(r"https?://[^\s/]+", value):
        raise ValueError("an address begins with https:// or http://")
    return value.rstrip("/")


class Settings(BaseModel):
    """What can be set, with its default.

    Attributes
    ----------
    speed : ``fast``, ``balanced`` or ``best``; chooses the model and its effort.
    model : the id of a model, in place of the speed's; empty for none.
    base_url : a server that speaks the Messages API; empty for Anthropic's own. ``ANTHROPIC_BASE_URL`` goes before it.
    dollars_per_job, dollars_per_month : caps on money in US dollars; 0 lets no model be called.
    seconds : the longest a job may take, in seconds, waiting for the person left out.
    repairs : how often a draft that failed its checks may be mended.
    rows : whether a model may see the first rows of an attached file, and not only its schema.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    speed: Speed = Speed.BALANCED
    model: Annotated[str, Field(max_length=200)] = ""
    base_url: Annotated[str, Field(max_length=500), AfterValidator(_address)] = ""
    dollars_per_job: Annotated[float, Field(ge=0, le=1000)] = 1.0
    dollars_per_month: Annotated[float, Field(ge=0, le=100_000)] = 20.0
    seconds: Annotated[float, Field(ge=10, le=86_400)] = 900.0
    repairs: Annotated[int, Field(ge=0, le=20)] = 3
    rows: bool = False

    @property
    def endpoint(self) -> str:
        """The address to use: the environment's, else this one; empty for Anthropic's own."""
        return os.environ.get(BASE_URL_VARIABLE, "").strip().rstrip("/") or self.base_url


def settings_file() -> Path:
    """Where the settings are; the file need not exist."""
    return home() / FILE


def read_settings() -> Settings:
    """The settings, each at its default where the file does not say.

    Raises
    ------
    InvalidSetting
        The file cannot be read, or a value cannot be used; names the file and the key.
    """
    path = settings_file()
    return _parsed(_text(path), path)


def write_setting(key: str, value: str) -> Settings:
    """Set one setting from text as a person types it; an empty text puts it back to its default.

    Raises
    ------
    InvalidSetting
        There is no such setting, or it takes no such value; nothing is written.
    """
    path = settings_file()
    if key not in Settings.model_fields:
        raise InvalidSetting(f"There is no setting {key!r}.", f"There are: {', '.join(sorted(Settings.model_fields))}.")
    text = _text(path)
    line = None
    if value.strip():
        try:
            checked = getattr(Settings.model_validate({key: value.strip()}), key)
        except ValidationError as error:
            raise _invalid(error) from error
        line = f"{key} = {_toml(checked)}"
    result = _with_line(text, key, line)
    settings = _parsed(result, path)
    save(path, result)
    return settings


def _with_line(text: str, key: str, line: str | None) -> str:
    kept = []
    for present in text.splitlines():
        if re.match(rf"\s*{key}\s*=", present):
            if line is not None:
                kept.append(line)
            line = None
        else:
            kept.append(present)
    return "\n".join((*kept, *((line,) if line is not None else ()), ""))


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidSetting(f"{path} cannot be read: {error}.", "Mend or remove that file.") from error


def _parsed(text: str, path: Path) -> Settings:
    try:
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InvalidSetting(f"{path} is not valid TOML: {error}.", "Mend or remove that file.") from error
    except ValidationError as error:
        raise _invalid(error, str(path)) from error


def _invalid(error: ValidationError, file: str = "") -> InvalidSetting:
    first = error.errors(include_url=False, include_input=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    known = f"There are: {', '.join(sorted(Settings.model_fields))}."
    hint = known if first["type"] == "extra_forbidden" else f"Set another value: microapps config set {key} VALUE."
    what = f"{file}: {key!r}" if file else f"What was given for {key!r}"
    return InvalidSetting(f"{what} cannot be used: {first['msg'].replace('Input should', 'it should')}.", hint)
