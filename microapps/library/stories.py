"""What each job told while it worked, kept for front ends that draw it again. Bounded: old ones make room.

A turn without its story is no loss of substance: messages, report and cost are kept with the turn itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select

from ..errors import UnknownApp
from . import history
from .database import Database
from .records import Story
from .tables import clean, stories, turns

MOST = 100
"""Stories kept for each app, and for the turns that never had one; the oldest make room."""
LONGEST = 400_000
"""Characters of one story; a longer one is not kept."""


class Stories:
    """The part of a library that keeps what jobs told."""

    database: Database

    def keep_story(self, turn: int, job: str, events: Sequence[Mapping[str, Any]]) -> bool:
        """Keep the events (JSON-able) of a turn's job; whether they were few enough and the turn is there."""
        text = clean(json.dumps(list(events), ensure_ascii=False))
        if len(text) > LONGEST:
            return False
        with self.database.write() as connection:
            found = connection.execute(select(turns.c.app).where(turns.c.id == turn)).first()
            if found is None:
                return False
            connection.execute(delete(stories).where(stories.c.turn == turn))
            connection.execute(insert(stories).values(turn=turn, job=job, events=text))
            same = turns.c.app.is_(None) if found.app is None else turns.c.app == found.app
            kept = select(stories.c.turn).join(turns, turns.c.id == stories.c.turn).where(same)
            surplus = connection.execute(kept.order_by(stories.c.turn.desc()).offset(MOST).limit(MOST)).scalars().all()
            if surplus:
                connection.execute(delete(stories).where(stories.c.turn.in_(surplus)))
            return True

    def stories(self, name: str | None) -> dict[int, Story]:
        """The stories of an app's turns by the number of the turn; None for the turns that never had an app."""
        with self.database.read() as connection:
            app = None if name is None else history.find(connection, name, trashed=None, former=True).id
            of_app = turns.c.app.is_(None) if app is None else turns.c.app == app
            rows = connection.execute(select(stories).join(turns, turns.c.id == stories.c.turn).where(of_app))
            return {row.turn: Story(row.turn, row.job, tuple(json.loads(row.events))) for row in rows}

    def story(self, job: str) -> Story:
        """What the job of that id told; raises ``UnknownApp`` if it is not, or no longer, kept."""
        with self.database.read() as connection:
            row = connection.execute(select(stories).where(stories.c.job == job)).first()
        if row is None:
            raise UnknownApp(f"There is no job {job[:40]!r}.", "It may have run in another process.")
        return Story(row.turn, row.job, tuple(json.loads(row.events)))
