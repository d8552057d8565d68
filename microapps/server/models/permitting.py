"""What an app may reach, what it tried, and what it keeps."""

from __future__ import annotations

from datetime import datetime

from ...notebook import Permissions
from .value import Value


class PermissionItem(Value):
    """One thing an app asks for or was given, as a sentence; ``permissions`` is just this one, to grant or revoke."""

    sentence: str
    asked: bool
    granted: bool
    permissions: Permissions


class PermissionView(Value):
    """What an app asks for, what it was given, and what is missing between the two."""

    asked: Permissions
    granted: Permissions
    missing: Permissions
    sentences: tuple[PermissionItem, ...]


class GrantWish(Value):
    """What to grant: what the person was shown, said one by one, since the app may ask for more by now."""

    permissions: Permissions


class RevokeWish(Value):
    """What to revoke; null revokes all there is."""

    permissions: Permissions | None = None


class AccessRow(Value):
    """What an app tried, any number of times."""

    kind: str
    target: str
    allowed: bool
    detail: str
    count: int
    first: datetime
    last: datetime


class KeptValue(Value):
    """One value an app keeps by key."""

    name: str
    bytes: int


class KeptTable(Value):
    """One table an app keeps."""

    name: str
    rows: int
    bytes: int


class KeptFile(Value):
    """One file in an app's data folder."""

    name: str
    bytes: int
    modified: datetime


class GuestKept(Value):
    """What an app stores for one guest, in bytes; ``label`` is whom the link was made for."""

    label: str
    bytes: int


class AppData(Value):
    """All that an app stores, in bytes; what it stores for ``guests`` is not counted among its own."""

    bytes: int
    values: tuple[KeptValue, ...]
    tables: tuple[KeptTable, ...]
    files: tuple[KeptFile, ...]
    guests: tuple[GuestKept, ...]
