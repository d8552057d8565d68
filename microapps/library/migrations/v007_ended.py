"""Version 7: when all links to an app were ended, those too that sites make themselves and nobody keeps."""

from __future__ import annotations

from sqlalchemy import Connection

_MOMENT = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}


def upgrade(connection: Connection) -> None:
    """Add the column ``ended`` to ``apps``."""
    connection.exec_driver_sql(f"ALTER TABLE apps ADD COLUMN ended {_MOMENT[connection.dialect.name]}")
