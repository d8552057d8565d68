"""What tokens cost: a dated table that ships, and the person's own beside it.

A model that is in neither has no price: tokens are shown, money is not, and nothing is guessed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..errors import InvalidSetting
from ..folders import home
from .model import Usage

OWN_FILE = "prices.toml"
_DATED = re.compile(r"[-@:](\d{8}|\d{4}-\d{2}-\d{2}|latest)\Z")
_Dollars = Annotated[float, Field(ge=0, le=100_000)]


class Price(BaseModel):
    """Prices of one model in US dollars per million tokens; see ``prices.toml`` for the meaning of each field."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    input: _Dollars
    output: _Dollars
    cache_write: _Dollars
    cache_read: _Dollars
    long_prompt_tokens: Annotated[int, Field(gt=0)] | None = None
    long_prompt_factor: Annotated[float, Field(ge=1)] = 1.0

    def factor(self, prompt_tokens: int) -> float:
        """How many times the listed price a request with a prompt of that length costs."""
        long = self.long_prompt_tokens is not None and prompt_tokens > self.long_prompt_tokens
        return self.long_prompt_factor if long else 1.0

    def dollars(self, usage: Usage) -> float:
        """What one request costs."""
        listed = (
            usage.input_tokens * self.input
            + usage.output_tokens * self.output
            + usage.cache_write_tokens * self.cache_write
            + usage.cache_read_tokens * self.cache_read
        )
        return listed * self.factor(usage.prompt_tokens) / 1e6


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    date: str = ""
    model: tuple[Price, ...] = ()


class Prices:
    """Prices by model id. ``date`` is when the shipped table was read."""

    def __init__(self, prices: Iterable[Price], date: str = "") -> None:
        self.date = date
        self._by_id = {price.id: price for price in prices}

    def of(self, model: str) -> Price | None:
        """The price of a model id or of a dated variant of it (``…-20261001``); None if it is not known."""
        return self._by_id.get(model) or self._by_id.get(_DATED.sub("", model))


def prices() -> Prices:
    """The shipped table with the person's ``prices.toml`` over it.

    Raises
    ------
    InvalidSetting
        The person's file cannot be read; names the file and the key.
    """
    shipped = _Table.model_validate(tomllib.loads(files(__package__).joinpath("prices.toml").read_text("utf-8")))
    own = home() / OWN_FILE
    listed = (*shipped.model, *(_read(own).model if own.exists() else ()))
    return Prices(listed, shipped.date)


def _read(path: Path) -> _Table:
    hint = "Mend or remove that file; the entries look like those of the shipped prices.toml."
    try:
        return _Table.model_validate(tomllib.loads(path.read_text("utf-8")))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise InvalidSetting(f"{path}: {key!r} cannot be used: {first['msg']}.", hint) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidSetting(f"{path} cannot be read: {error}.", hint) from error
