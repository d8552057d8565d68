"""Version 7: when all links to an app were ended, those too that sites make themselves and nobody keeps."""

from __future__ import annotations

from sqlalchemy import Connection

_COUNTED = {
    "sqlite": "BEGIN UPDATE changes SET number = number + 1; END",
    "postgresql": "FOR EACH ROW EXECUTE FUNCTION count_change()",
}
"""As version 5 counts changes that sites follow."""
_MOMENT = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}


def upgrade(connection: Connection) -> None:
    """Add the column ``ended`` to ``apps``, and count its changes."""
    name = connection.dialect.name
    connection.exec_driver_sql(f"ALTER TABLE apps ADD COLUMN ended {_MOMENT[name]}")
    connection.exec_driver_sql(f"CREATE TRIGGER apps_ended AFTER UPDATE OF ended ON apps {_COUNTED[name]}")
