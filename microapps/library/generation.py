"""Whether the apps or what they may reach changed, whichever process changed them."""

from __future__ import annotations

from sqlalchemy import func, select

from .database import Database
from .tables import apps, grants, publications


class Generation:
    """The part of a library that tells of changes."""

    database: Database

    def generation(self) -> str:
        """A text that differs once an app is made, changed, renamed, removed, permitted something else, or
        published otherwise.

        Asking takes a fraction of a millisecond, so it may be asked every second.
        """
        with self.database.read() as connection:
            app = connection.execute(select(func.count(), func.max(apps.c.updated), func.count(apps.c.trashed))).one()
            currents = connection.execute(select(func.sum(apps.c.current + apps.c.id))).scalar()
            shown = connection.execute(select(func.count(), func.max(publications.c.changed))).one()
            given = connection.execute(select(func.max(grants.c.id), func.count(grants.c.ended))).one()
        return repr((*app, currents, *given, *shown))
