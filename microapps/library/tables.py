"""The tables as this version of the code uses them, for SQLite and PostgreSQL alike.

How a database gets here is told by :mod:`microapps.library.migrations`; a test holds that both agree.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    false,
    text,
)


class Moment(TypeDecorator[datetime]):
    """A point in time, always UTC and aware; SQLite keeps no time zone of its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def clean(value: str) -> str:
    """The text with NUL and lone surrogates, which databases refuse, replaced by U+FFFD."""
    return value.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class Prose(TypeDecorator[str]):
    """Text that a person or a model supplied, made :func:`clean`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else clean(value)


metadata = MetaData()

schema_version = Table(
    "schema_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("applied", Moment, nullable=False),
)

apps = Table(
    "apps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False),
    Column("created", Moment, nullable=False),
    Column("updated", Moment, nullable=False),
    Column("current", Integer, nullable=False),  # a revision's number
    Column("tip", Integer, nullable=False),  # where redo leads: the revision last reached otherwise than by undo
    Column("trashed", Moment),
    Column("place", String(400), nullable=False),  # where its notebook was last put, below home
    Column("settled", Boolean, nullable=False, server_default=false()),  # whether the files follow the row
    Column("ended", Moment),  # up to when links were made by sites themselves that are good no more
    # Two apps in use never share a name; those in the trash may.
    Index(
        "apps_name", "name", unique=True, sqlite_where=text("trashed IS NULL"), postgresql_where=text("trashed IS NULL")
    ),
    sqlite_autoincrement=True,
)

former_names = Table(
    "former_names",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("app", ForeignKey("apps.id", ondelete="CASCADE"), nullable=False),
)

revisions = Table(
    "revisions",
    metadata,
    Column("app", ForeignKey("apps.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("parent", Integer),
    Column("created", Moment, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("title", Prose, nullable=False),
    Column("description", Prose, nullable=False),
    Column("tags", Text, nullable=False),  # JSON
    Column("maker", Prose, nullable=False),
    Column("health", String(8), nullable=False),
    Column("notebook", Text, nullable=False),
    ForeignKeyConstraint(["app", "parent"], ["revisions.app", "revisions.number"], ondelete="CASCADE"),
)

turns = Table(
    "turns",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("app", ForeignKey("apps.id", ondelete="CASCADE")),  # none: a first turn that never made an app
    Column("revision", Integer),  # none: interrupted
    Column("parent", Integer),
    Column("action", String(40), nullable=False),
    Column("request", Prose, nullable=False),
    Column("created", Moment, nullable=False),
    Column("seconds", Double, nullable=False),
    Column("messages", Text, nullable=False),  # JSON
    Column("error", Prose, nullable=False),
    Column("draft", Text, nullable=False),
    Column("report", Text, nullable=False),  # JSON
    ForeignKeyConstraint(["app", "revision"], ["revisions.app", "revisions.number"], ondelete="CASCADE"),
    Index("turns_app", "app", "revision"),
    sqlite_autoincrement=True,
)

stories = Table(  # what the jobs of turns told while they worked
    "stories",
    metadata,
    Column("turn", ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("job", String(40), nullable=False),
    Column("events", Text, nullable=False),  # JSON
    Index("stories_job", "job"),
)

written = Table(  # every file content that was put, or is about to be put, in an app's place: all else is a hand edit
    "written",
    metadata,
    Column("app", ForeignKey("apps.id", ondelete="CASCADE"), primary_key=True),
    Column("digest", String(64), primary_key=True),  # of the file's bytes
    Column("revision", Integer, nullable=False),
    Column("name", String(64), nullable=False),  # the name the file carries in its metadata
)

usage = Table(  # money stays counted when its app is purged
    "usage",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("app", ForeignKey("apps.id", ondelete="SET NULL")),
    Column("turn", ForeignKey("turns.id", ondelete="SET NULL")),
    Column("created", Moment, nullable=False),
    Column("model", Prose, nullable=False),
    Column("input_tokens", Integer, nullable=False),
    Column("output_tokens", Integer, nullable=False),
    Column("cache_read_tokens", Integer, nullable=False),
    Column("cache_write_tokens", Integer, nullable=False),
    Column("dollars", Double),
    Index("usage_created", "created"),
    Index("usage_turn", "turn"),
    sqlite_autoincrement=True,
)

holds = Table(  # money for calls that are under way
    "holds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("app", ForeignKey("apps.id", ondelete="SET NULL")),
    Column("expires", Moment, nullable=False),
    Column("model", Prose, nullable=False),
    Column("input_tokens", Integer, nullable=False),
    Column("output_tokens", Integer, nullable=False),
    Column("dollars", Double),
    Column("worth", Double, nullable=False),  # for the caps: that of tokens without a price too
    sqlite_autoincrement=True,
)

publications = Table(
    "publications",
    metadata,
    Column("app", ForeignKey("apps.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("since", Moment, nullable=False),
    Column("changed", Moment, nullable=False),  # when a way into it was last made or closed
    Column("trouble", Prose, nullable=False),  # the last error of a visit
    Column("troubled", Moment),
)

links = Table(  # ways into apps; rows stay when they are closed
    "links",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("app", ForeignKey("apps.id", ondelete="CASCADE"), nullable=False),
    Column("role", String(8), nullable=False),
    Column("label", Prose, nullable=False),
    Column("digest", String(64), nullable=False),  # of the secret; empty for a way without one
    Column("salt", String(64), nullable=False),  # from which, and a key that is not here, the secret is made
    Column("password", Text, nullable=False),  # slowly hashed
    Column("store", String(40), nullable=False),  # the folder of the guest's own data
    Column("created", Moment, nullable=False),
    Column("expires", Moment),
    Column("revoked", Moment),
    Column("visits", Integer, nullable=False),
    Column("last", Moment),
    Index("links_app", "app"),
    sqlite_autoincrement=True,
)

grants = Table(
    "grants",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("app", ForeignKey("apps.id", ondelete="CASCADE"), nullable=False),
    Column("digest", String(64), nullable=False),  # of the content the person saw
    Column("permissions", Text, nullable=False),  # JSON
    Column("granted", Moment, nullable=False),
    Column("ended", Moment),
    Index("grants_app", "app", "digest"),
    sqlite_autoincrement=True,
)

accesses = Table(
    "accesses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("app", ForeignKey("apps.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("target", Prose, nullable=False),
    Column("allowed", Boolean, nullable=False),
    Column("detail", Prose, nullable=False),
    Column("times", Integer, nullable=False),
    Column("first", Moment, nullable=False),
    Column("last", Moment, nullable=False),
    Index("accesses_app", "app", "kind", "target"),
    sqlite_autoincrement=True,
)

faults = Table(
    "faults",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("app", ForeignKey("apps.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("what", Prose, nullable=False),
    Column("detail", Prose, nullable=False),
    Column("times", Integer, nullable=False),
    Column("first", Moment, nullable=False),
    Column("last", Moment, nullable=False),
    Index("faults_app", "app"),
    sqlite_autoincrement=True,
)

changes = Table(  # one row; triggers on other tables count in it
    "changes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
)

preferences = Table(
    "preferences",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("text", Prose, nullable=False),
    Column("created", Moment, nullable=False),
    sqlite_autoincrement=True,
)
