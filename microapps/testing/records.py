"""Values of classes that only the other side has: what is left of them when they have travelled.

Sent to kernels as source (see :mod:`.sent`), so it imports the standard library only.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterator
from typing import Any


class Record:
    """An object of a class that only the app has: its fields as attributes, equal when name and fields are equal."""

    _plain = False

    def __init__(self, type_name: str, fields: dict[str, Any]) -> None:
        self.__dict__["_type_name"] = type_name
        self.__dict__["_fields"] = fields

    def __getattr__(self, name: str) -> Any:
        fields = self.__dict__.get("_fields", {})
        if name in fields:
            return fields[name]
        raise AttributeError(f"{self.__dict__.get('_type_name')} has no {name!r}; it has {', '.join(fields)}")

    def __getitem__(self, key: Any) -> Any:
        return self._fields[key]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Record):
            return bool(self._type_name == other._type_name and self._fields == other._fields)
        if isinstance(other, dict):
            return bool(self._fields == other)
        if type(other).__name__ == self._type_name and hasattr(other, "__dict__"):
            return bool(self._fields == vars(other))
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{self._type_name}({', '.join(f'{key}={value!r}' for key, value in self._fields.items())})"


class NamedRecord(Record):
    """A named tuple of a class that only the app has; it is equal to a plain tuple of its values."""

    def __iter__(self) -> Iterator[Any]:
        return iter(self._fields.values())

    def __len__(self) -> int:
        return len(self._fields)

    def __getitem__(self, key: Any) -> Any:
        return tuple(self._fields.values())[key]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, tuple):
            return tuple(self) == tuple(other)
        return super().__eq__(other)

    __hash__ = None


@dataclasses.dataclass(frozen=True)
class Member:
    """A member of an enumeration that only the app has."""

    type_name: str
    name: str
    value: Any = dataclasses.field(compare=False, hash=False, default=None)
    mixed: bool = dataclasses.field(compare=False, hash=False, default=False)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Member):
            return (self.type_name, self.name) == (other.type_name, other.name)
        if isinstance(other, enum.Enum):
            return (self.type_name, self.name) == (type(other).__name__, other.name)
        return bool(self.mixed and self.value == other)

    def __hash__(self) -> int:
        return hash(self.value if self.mixed else self.name)

    def __str__(self) -> str:
        return str(self.value) if self.mixed else f"{self.type_name}.{self.name}"


@dataclasses.dataclass(frozen=True)
class Opaque:
    """A value that does not travel (a function, a figure, a widget): only its type and its ``repr``."""

    type_name: str
    text: str

    def __repr__(self) -> str:
        return self.text
