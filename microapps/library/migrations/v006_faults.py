"""Version 6: what the owner of an app should know of its visits: its errors, with their traces."""

from __future__ import annotations

from sqlalchemy import Connection

_SERIAL = {"sqlite": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "postgresql": "SERIAL PRIMARY KEY"}
_MOMENT = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}


def upgrade(connection: Connection) -> None:
    """Add the table ``faults``."""
    name = connection.dialect.name
    connection.exec_driver_sql(
        f"CREATE TABLE faults (id {_SERIAL[name]}, app INTEGER NOT NULL, kind VARCHAR(40) NOT NULL, "
        f"what TEXT NOT NULL, detail TEXT NOT NULL, times INTEGER NOT NULL, first {_MOMENT[name]} NOT NULL, "
        f"last {_MOMENT[name]} NOT NULL, FOREIGN KEY(app) REFERENCES apps (id) ON DELETE CASCADE)"
    )
    connection.exec_driver_sql("CREATE INDEX faults_app ON faults (app)")
