"""Version 2: what each job told while it worked, so that a front end can draw it again."""

from __future__ import annotations

from sqlalchemy import Connection

_SERIAL = {"sqlite": "INTEGER NOT NULL PRIMARY KEY", "postgresql": "INTEGER PRIMARY KEY"}


def upgrade(connection: Connection) -> None:
    """Add the table ``stories``."""
    connection.exec_driver_sql(
        f"CREATE TABLE stories (turn {_SERIAL[connection.dialect.name]}, job VARCHAR(40) NOT NULL, "
        "events TEXT NOT NULL, FOREIGN KEY(turn) REFERENCES turns (id) ON DELETE CASCADE)"
    )
    connection.exec_driver_sql("CREATE INDEX stories_job ON stories (job)")
