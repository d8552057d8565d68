"""Version 5: a count of the changes that others are to learn of.

Triggers count, so that no way to change something is forgotten, and a process of an earlier version counts as well.
"""

from __future__ import annotations

from sqlalchemy import Connection

_WATCHED = {
    "apps": "name, current, updated, trashed",
    "grants": "app, digest, permissions, ended",
    "publications": "changed",
    "links": "role, label, digest, password, store, expires, revoked",
}
"""Tables any new or deleted row of which counts, and the columns any change of which does."""
_COUNT = "UPDATE changes SET number = number + 1"
_KEY = {"sqlite": "INTEGER NOT NULL PRIMARY KEY", "postgresql": "INTEGER PRIMARY KEY"}


def upgrade(connection: Connection) -> None:
    """Add the table ``changes`` of one row, and what counts in it."""
    name = connection.dialect.name
    connection.exec_driver_sql(f"CREATE TABLE changes (id {_KEY[name]}, number BIGINT NOT NULL)")
    connection.exec_driver_sql("INSERT INTO changes (id, number) VALUES (1, 0)")
    if name == "postgresql":
        body = f"BEGIN {_COUNT}; RETURN NULL; END"
        connection.exec_driver_sql(f"CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS $${body}$$")
    for table, columns in _WATCHED.items():
        for what, event in (("made", "INSERT"), ("changed", f"UPDATE OF {columns}"), ("deleted", "DELETE")):
            done = f"BEGIN {_COUNT}; END" if name == "sqlite" else "FOR EACH ROW EXECUTE FUNCTION count_change()"
            connection.exec_driver_sql(f"CREATE TRIGGER {table}_{what} AFTER {event} ON {table} {done}")
