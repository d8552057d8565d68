"""Version 3: money held back for calls of the model that are under way, in whatever process."""

from __future__ import annotations

from sqlalchemy import Connection

_SERIAL = {"sqlite": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "postgresql": "SERIAL PRIMARY KEY"}
_MOMENT = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}
_DOUBLE = {"sqlite": "DOUBLE", "postgresql": "DOUBLE PRECISION"}


def upgrade(connection: Connection) -> None:
    """Add the table ``holds``."""
    name = connection.dialect.name
    connection.exec_driver_sql(
        f"CREATE TABLE holds (id {_SERIAL[name]}, app INTEGER, expires {_MOMENT[name]} NOT NULL, model TEXT NOT NULL, "
        f"input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, dollars {_DOUBLE[name]}, "
        f"worth {_DOUBLE[name]} NOT NULL, FOREIGN KEY(app) REFERENCES apps (id) ON DELETE SET NULL)"
    )
