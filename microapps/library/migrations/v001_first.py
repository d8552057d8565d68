"""Version 1: apps, revisions, turns, files written, usage, grants, accesses and preferences.

The tables are spelled out here, apart from :mod:`microapps.library.tables`, which goes on changing.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    DateTime,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    false,
    text,
)

_METADATA = MetaData()


def _number() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _app(**options: bool) -> Column[int]:
    return Column("app", Integer, ForeignKey("apps.id", ondelete="CASCADE"), **options)  # type: ignore[arg-type]


def _moment(name: str, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _text(*names: str) -> list[Column[str]]:
    return [Column(name, Text, nullable=False) for name in names]


_IN_USE = text("trashed IS NULL")

Table(
    "apps",
    _METADATA,
    _number(),
    Column("name", String(64), nullable=False),
    _moment("created"),
    _moment("updated"),
    Column("current", Integer, nullable=False),
    Column("tip", Integer, nullable=False),
    _moment("trashed", nullable=True),
    Column("place", String(400), nullable=False),
    Column("settled", Boolean, nullable=False, server_default=false()),
    Index("apps_name", "name", unique=True, sqlite_where=_IN_USE, postgresql_where=_IN_USE),
    sqlite_autoincrement=True,
)
Table("former_names", _METADATA, Column("name", String(64), primary_key=True), _app(nullable=False))
Table(
    "revisions",
    _METADATA,
    _app(primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("parent", Integer),
    _moment("created"),
    Column("digest", String(64), nullable=False),
    *_text("title", "description", "tags", "maker"),
    Column("health", String(8), nullable=False),
    *_text("notebook"),
    ForeignKeyConstraint(["app", "parent"], ["revisions.app", "revisions.number"], ondelete="CASCADE"),
)
Table(
    "turns",
    _METADATA,
    _number(),
    _app(),
    Column("revision", Integer),
    Column("parent", Integer),
    Column("action", String(40), nullable=False),
    *_text("request"),
    _moment("created"),
    Column("seconds", Double, nullable=False),
    *_text("messages", "error", "draft", "report"),
    ForeignKeyConstraint(["app", "revision"], ["revisions.app", "revisions.number"], ondelete="CASCADE"),
    Index("turns_app", "app", "revision"),
    sqlite_autoincrement=True,
)
Table(
    "written",
    _METADATA,
    _app(primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("name", String(64), nullable=False),
)
Table(
    "usage",
    _METADATA,
    _number(),
    Column("app", Integer, ForeignKey("apps.id", ondelete="SET NULL")),
    Column("turn", Integer, ForeignKey("turns.id", ondelete="SET NULL")),
    _moment("created"),
    *_text("model"),
    *(Column(f"{kind}_tokens", Integer, nullable=False) for kind in ("input", "output", "cache_read", "cache_write")),
    Column("dollars", Double),
    Index("usage_created", "created"),
    Index("usage_turn", "turn"),
    sqlite_autoincrement=True,
)
Table(
    "grants",
    _METADATA,
    _number(),
    _app(nullable=False),
    Column("digest", String(64), nullable=False),
    *_text("permissions"),
    _moment("granted"),
    _moment("ended", nullable=True),
    Index("grants_app", "app", "digest"),
    sqlite_autoincrement=True,
)
Table(
    "accesses",
    _METADATA,
    _number(),
    _app(nullable=False),
    Column("kind", String(40), nullable=False),
    *_text("target"),
    Column("allowed", Boolean, nullable=False),
    *_text("detail"),
    Column("times", Integer, nullable=False),
    _moment("first"),
    _moment("last"),
    Index("accesses_app", "app", "kind", "target"),
    sqlite_autoincrement=True,
)
Table("preferences", _METADATA, _number(), *_text("text"), _moment("created"), sqlite_autoincrement=True)


def upgrade(connection: Connection) -> None:
    """Make the tables in an empty database."""
    _METADATA.create_all(connection, checkfirst=False)
