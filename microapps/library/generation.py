"""Whether the apps or what they may reach changed, whichever process changed them.

The database counts, in the transaction of the change itself. No moment is compared: clocks of machines differ, and are
set back.
"""

from __future__ import annotations

from sqlalchemy import select

from .database import Database
from .tables import changes


class Generation:
    """The part of a library that tells of changes."""

    database: Database

    def generation(self) -> str:
        """A text that differs once an app is made, changed, renamed, removed, permitted something else, or
        published otherwise.

        Asking takes a fraction of a millisecond, so it may be asked every second.
        """
        with self.database.read() as connection:
            return str(connection.execute(select(changes.c.number)).scalar_one())
