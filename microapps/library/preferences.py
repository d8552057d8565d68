"""What the person wants in every app, one plain sentence each; the generator tells the model."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import delete, insert, select

from ..errors import InvalidInput, InvalidSetting
from .database import Database
from .records import Preference
from .tables import preferences

LONGEST = 500
"""Characters of one preference: they are all sent with every request."""


class Preferences:
    """The part of a library that remembers preferences."""

    database: Database

    def remember(self, text: str) -> Preference:
        """Keep a preference; one that is kept already is not kept twice.

        Raises :class:`~microapps.errors.InvalidSetting` when it is empty or longer than 500 characters.
        """
        said = " ".join(text.split())
        if not said or len(said) > LONGEST:
            raise InvalidSetting(
                "A preference is empty or too long.", f"Say it in a sentence of at most {LONGEST} characters."
            )
        with self.database.write() as connection:
            row = connection.execute(select(preferences).where(preferences.c.text == said)).first()
            if row is None:
                values = insert(preferences).values(text=said, created=datetime.now(UTC)).returning(preferences)
                row = connection.execute(values).one()
            return Preference(row.id, row.text, row.created)

    def preferences(self) -> tuple[Preference, ...]:
        """All preferences, oldest first."""
        with self.database.read() as connection:
            rows = connection.execute(select(preferences).order_by(preferences.c.id))
            return tuple(Preference(row.id, row.text, row.created) for row in rows)

    def forget(self, id: int) -> None:
        """Drop a preference; raises :class:`~microapps.errors.InvalidInput` when there is none of that number."""
        with self.database.write() as connection:
            if not connection.execute(delete(preferences).where(preferences.c.id == id)).rowcount:
                raise InvalidInput(f"There is no preference {id}.")
