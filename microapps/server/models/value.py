"""What every request and answer of the API is: a frozen value that knows all of its fields."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A part of the API; a field it does not know is an error of the request."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class Fault(Value):
    """Why a request was not done: ``error`` is a class of :mod:`microapps.errors`, ``hint`` what to do next."""

    error: str
    what: str
    hint: str = ""


class Done(Value):
    """A request was done, and there is nothing more to say of it."""

    done: bool = True
