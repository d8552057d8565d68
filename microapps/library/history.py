"""Apps, revisions and turns as rows: how they are found, added and listed, inside a transaction of the caller.

Revisions form a tree by their ``parent``, and nothing is ever taken out of it. Undo moves the app's ``current``
towards the root; ``tip`` stays where undo began, so that redo finds its way back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from ..checks.report import Report
from ..errors import InvalidInput, UnknownApp
from ..notebook import MicroApp, dumps
from . import names, tables
from .records import Health, UsageRecord
from .tables import apps, clean, former_names, revisions, turns, written


@dataclass(frozen=True)
class Entry:
    """A row of the table ``apps``."""

    id: int
    name: str
    created: datetime
    updated: datetime
    current: int
    tip: int
    trashed: datetime | None
    place: str
    settled: bool
    ended: datetime | None


@dataclass(frozen=True)
class Draft:
    """A revision to be, with its turn."""

    app: MicroApp
    action: str
    request: str
    report: Report | None = None
    messages: Sequence[Mapping[str, Any]] = ()
    usage: UsageRecord | None = None
    seconds: float = 0.0
    maker: str = ""

    @property
    def health(self) -> Health:
        """A report counts only for exactly the content it was made of."""
        if self.report is None or self.report.digest != self.app.digest:
            return Health.UNKNOWN
        return Health.PASSED if self.report.passed else Health.FAILED


def find(
    connection: Connection, name: str | int, *, trashed: bool | None = False, former: bool = False, lock: bool = False
) -> Entry:
    """The app of that name, or the one with that number, which alone tells those in the trash apart.

    Parameters
    ----------
    trashed : False for one in use, True for the one trashed last, None for either, in use first.
    former : whether a name the app had before it was renamed will do, if no app has it now.
    lock : keep others from changing the row until the transaction ends (PostgreSQL; SQLite's writers are alone anyway).

    Raises
    ------
    UnknownApp
        There is none; the hint offers the nearest names.
    """
    if isinstance(name, int):
        return _numbered(connection, name, trashed, lock)
    for wanted in names.sought(clean(name)):
        entry = _named(connection, wanted, trashed, lock)
        if entry is None and former:
            known = connection.execute(select(former_names.c.app).where(former_names.c.name == wanted)).scalar()
            entry = None if known is None else by_id(connection, known, lock=lock)
            if entry is not None and trashed is not None and (entry.trashed is not None) is not trashed:
                entry = None
        if entry is not None:
            return entry
    if trashed is False and _named(connection, name := clean(name), True, False):
        raise UnknownApp(f"The app {name!r} is in the trash.", f"Bring it back with 'microapps restore {name}'.")
    here = apps.c.trashed.isnot(None) if trashed else apps.c.trashed.is_(None)
    others = connection.execute(select(apps.c.name).where(here)).scalars().all()
    if trashed:
        raise UnknownApp(
            f"There is no app {names.shown(name)} in the trash.", names.nearest(name, others) if others else ""
        )
    raise UnknownApp(f"There is no app {names.shown(name)}.", names.nearest(name, others))


def _numbered(connection: Connection, id: int, trashed: bool | None, lock: bool) -> Entry:
    entry = by_id(connection, id, lock=lock)
    if entry is None or not entry.name:  # one without a name is being purged
        raise UnknownApp(f"There is no app number {id}.", "Look at the list again: it may be gone.")
    if trashed is not None and (entry.trashed is not None) is not trashed:
        where = "not in the trash" if trashed else "in the trash"
        raise UnknownApp(f"The app {names.shown(entry.name)} (number {id}) is {where}.", "Look at the list again.")
    return entry


def by_id(connection: Connection, id: int, *, lock: bool = False) -> Entry | None:
    """The app with that number, None if it was purged."""
    return _one(connection, apps.c.id == id, lock)


def _named(connection: Connection, name: str, trashed: bool | None, lock: bool) -> Entry | None:
    condition = apps.c.name == name
    if trashed is not None:
        condition &= apps.c.trashed.isnot(None) if trashed else apps.c.trashed.is_(None)
    return _one(connection, condition, lock)


def _one(connection: Connection, condition: ColumnElement[bool], lock: bool) -> Entry | None:
    order = (apps.c.trashed.isnot(None), apps.c.trashed.desc(), apps.c.id.desc())
    query = select(apps).where(condition).order_by(*order).limit(1)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return None if row is None else Entry(**row._mapping)


def taken(connection: Connection, name: str) -> bool:
    """Whether an app in use has that name, or a folder of that name holds the files of one that is yet to be moved."""
    held = select(apps.c.id).where(apps.c.place.startswith(f"apps/{name}/", autoescape=True))
    return _named(connection, name, False, False) is not None or connection.execute(held).first() is not None


def condemn(connection: Connection, id: int) -> None:
    """Begin to purge an app: without a name and a current revision nothing finds or lists it any more."""
    connection.execute(delete(former_names).where(former_names.c.app == id))
    connection.execute(update(apps).where(apps.c.id == id).values(name="", current=0, settled=False))


def purge(connection: Connection, id: int) -> None:
    """Delete an app's row and all that belongs to it but what was spent."""
    connection.execute(delete(apps).where(apps.c.id == id))


def add_app(connection: Connection, name: str, place: str, moment: datetime) -> int:
    """A new app without a revision yet; its number."""
    values = {"name": name, "created": moment, "updated": moment, "current": 0, "tip": 0, "place": place}
    forget_former(connection, name)
    return int(connection.execute(insert(apps).values(**values).returning(apps.c.id)).scalar_one())


def forget_former(connection: Connection, name: str) -> None:
    """An app takes this name: it no longer leads to the one that had it before."""
    connection.execute(delete(former_names).where(former_names.c.name == name))


def add_revision(connection: Connection, entry: Entry, draft: Draft, parent: int | None, moment: datetime) -> int:
    """A revision and its turn; the current one stays what it is. The new revision's number."""
    last = select(func.max(revisions.c.number)).where(revisions.c.app == entry.id)
    number = (connection.execute(last).scalar() or 0) + 1
    described = draft.app.metadata
    connection.execute(
        insert(revisions).values(
            app=entry.id,
            number=number,
            parent=parent,
            created=moment,
            digest=draft.app.digest,
            title=described.title,
            description=described.description,
            tags=json.dumps(described.tags),
            maker=draft.maker or described.provenance.maker,
            health=draft.health.value,
            notebook=dumps(draft.app),
        )
    )
    add_turn(
        connection,
        action=draft.action,
        request=draft.request,
        report=draft.report,
        messages=draft.messages,
        usage=draft.usage,
        seconds=draft.seconds,
        app=entry.id,
        revision=number,
        parent=parent,
        moment=moment,
    )
    return number


def note_report(connection: Connection, app: int, number: int, report: Report) -> None:
    """Keep the report of a later check of a revision in place of the one it had."""
    health = Health.PASSED if report.passed else Health.FAILED
    of_revision = (revisions.c.app == app) & (revisions.c.number == number)
    connection.execute(update(revisions).where(of_revision).values(health=health.value))
    its_turn = (turns.c.app == app) & (turns.c.revision == number)
    connection.execute(update(turns).where(its_turn).values(report=report.model_dump_json()))


def add_turn(
    connection: Connection,
    *,
    action: str,
    request: str,
    report: Report | None,
    messages: Sequence[Mapping[str, Any]],
    usage: UsageRecord | None,
    seconds: float,
    app: int | None,
    revision: int | None,
    parent: int | None,
    moment: datetime,
    error: str = "",
    text: str = "",
) -> int:
    """A turn with its usage; its number. ``text`` is the last draft of an interrupted one."""
    values = insert(turns).values(
        app=app,
        revision=revision,
        parent=parent,
        action=action[:40],
        request=request,
        created=moment,
        seconds=seconds,
        messages=json.dumps(list(messages)),
        error=error,
        draft=text,
        report=report.model_dump_json() if report else "",
    )
    turn = int(connection.execute(values.returning(turns.c.id)).scalar_one())
    if usage is not None:
        add_usage(connection, usage, app=app, turn=turn, moment=moment)
    return turn


def add_usage(
    connection: Connection, used: UsageRecord, *, app: int | None, turn: int | None, moment: datetime
) -> None:
    """Count what a turn, or an app of its own, spent."""
    connection.execute(insert(tables.usage).values(app=app, turn=turn, created=moment, **asdict(used)))


def notebook_text(connection: Connection, app: int, number: int) -> str | None:
    """A revision's notebook as stored, None if there is no such revision."""
    query = select(revisions.c.notebook).where(revisions.c.app == app, revisions.c.number == number)
    return connection.execute(query).scalar()


def parents(connection: Connection, app: int) -> dict[int, int | None]:
    """Every revision's parent, in the order of their numbers."""
    query = select(revisions.c.number, revisions.c.parent).where(revisions.c.app == app).order_by(revisions.c.number)
    return {row.number: row.parent for row in connection.execute(query)}


def lineage(tree: Mapping[int, int | None], number: int | None) -> Iterator[int]:
    """A revision and its ancestors, up to the first."""
    while number is not None and number in tree:
        yield number
        number = tree[number]


def before(connection: Connection, entry: Entry) -> int:
    """Where undo leads; raises ``InvalidInput`` at the first revision."""
    parent = parents(connection, entry.id)[entry.current]
    if parent is None:
        raise InvalidInput(f"There is nothing to undo: revision {entry.current} of {entry.name} is its first.")
    return parent


def after(connection: Connection, entry: Entry) -> int:
    """Where redo leads: towards the revision undo came from, else the newest made from the current one."""
    tree = parents(connection, entry.id)
    way = list(lineage(tree, entry.tip))
    if entry.current in way[1:]:
        return way[way.index(entry.current) - 1]
    children = [number for number, parent in tree.items() if parent == entry.current]
    if not children:
        raise InvalidInput(f"There is nothing to redo: no revision of {entry.name} was made from {entry.current}.")
    return children[-1]


def point(connection: Connection, entry: Entry, number: int, moment: datetime) -> None:
    """Make a revision current; ``tip`` stays where it is while the way from it leads there."""
    tip = entry.tip if number in lineage(parents(connection, entry.id), entry.tip) else number
    values = {"current": number, "tip": tip, "updated": moment, "settled": False}
    connection.execute(update(apps).where(apps.c.id == entry.id).values(**values))


def note_written(connection: Connection, app: int, digest: str, revision: int, name: str) -> None:
    """Know a file's content as ours, before it is written."""
    connection.execute(delete(written).where(written.c.app == app, written.c.digest == digest))
    connection.execute(insert(written).values(app=app, digest=digest, revision=revision, name=name))


def known(connection: Connection, app: int, digest: str) -> Row[Any] | None:
    """The revision and name that a file's content stands for, None if it is not ours."""
    return connection.execute(select(written).where(written.c.app == app, written.c.digest == digest)).first()
