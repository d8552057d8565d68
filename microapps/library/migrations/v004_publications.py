"""Version 4: the apps that are published, and the ways into them."""

from __future__ import annotations

from sqlalchemy import Connection

_SERIAL = {"sqlite": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "postgresql": "SERIAL PRIMARY KEY"}
_KEY = {"sqlite": "INTEGER NOT NULL PRIMARY KEY", "postgresql": "INTEGER PRIMARY KEY"}
_MOMENT = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}


def upgrade(connection: Connection) -> None:
    """Add the tables ``publications`` and ``links``."""
    name = connection.dialect.name
    connection.exec_driver_sql(
        f"CREATE TABLE publications (app {_KEY[name]}, since {_MOMENT[name]} NOT NULL, "
        f"changed {_MOMENT[name]} NOT NULL, trouble TEXT NOT NULL, troubled {_MOMENT[name]}, "
        "FOREIGN KEY(app) REFERENCES apps (id) ON DELETE CASCADE)"
    )
    connection.exec_driver_sql(
        f"CREATE TABLE links (id {_SERIAL[name]}, app INTEGER NOT NULL, role VARCHAR(8) NOT NULL, "
        "label TEXT NOT NULL, digest VARCHAR(64) NOT NULL, salt VARCHAR(64) NOT NULL, password TEXT NOT NULL, "
        f"store VARCHAR(40) NOT NULL, created {_MOMENT[name]} NOT NULL, expires {_MOMENT[name]}, "
        f"revoked {_MOMENT[name]}, visits INTEGER NOT NULL, last {_MOMENT[name]}, "
        "FOREIGN KEY(app) REFERENCES apps (id) ON DELETE CASCADE)"
    )
    connection.exec_driver_sql("CREATE INDEX links_app ON links (app)")
