"""Apps as cards: the library's record with what is said of the last check and of permissions.

What needs a notebook or a report to be parsed is kept by revision, since a library of hundreds is listed at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ..library import AppRecord, Health, Publication
from ..notebook import Permissions
from ..studio import Studio
from ..telling.spoken import Language
from .models import AppCard, AppDetail
from .models.apps import Health as ShownHealth
from .summaries import summary

MOST = 2000
"""Revisions of which the facts are kept."""


@dataclass(frozen=True)
class _Facts:
    summary: str
    asked: Permissions
    digest: str


class Cards:
    """Makes cards, and keeps what does not change with each look. Its methods may be called from any thread."""

    def __init__(self) -> None:
        self._facts: dict[tuple[int, int, Health, Language], _Facts] = {}

    def forget(self) -> None:
        """Something changed; what was kept may be of another content."""
        self._facts.clear()

    def all(self, studio: Studio, *, removed: bool, language: Language = "en") -> tuple[AppCard, ...]:
        """The apps in use, or those in the trash."""
        published = {one.app for one in studio.library.publications()}
        apps = studio.library.apps(trashed=removed)
        return tuple(AppCard(**self._card(studio, record, record.name in published, language)) for record in apps)

    def one(self, studio: Studio, name: str, language: Language = "en") -> AppDetail:
        """One app in use, with what its document needs."""
        record = studio.library.app(name)
        tree = {revision.number: revision.parent for revision in studio.library.revisions(record.name)}
        return AppDetail(
            **self._card(studio, record, (published := studio.library.publication(record.name)) is not None, language),
            notebook=f"{record.name}.ipynb",
            link=_own_link(studio, published),
            criteria=studio.library.revision(record.name).notebook.metadata.criteria,
            can_undo=tree[record.current] is not None,
            can_redo=record.current in tree.values(),
        )

    def _card(self, studio: Studio, record: AppRecord, published: bool, language: Language) -> dict[str, Any]:
        facts = self._known(studio, record, language)
        granted = studio.library.granted(record.id, facts.digest)
        return {
            "id": record.id,
            "name": record.name,
            "title": record.title,
            "description": record.description,
            "tags": record.tags,
            "created": record.created,
            "updated": record.updated,
            "current": record.current,
            "health": shown_health(record.health),
            "summary": facts.summary,
            "thumbnail": self._picture(studio, record, facts.digest),
            "job": _job(studio, record.name) if record.trashed is None else None,
            "published": published and record.trashed is None,
            "asks_missing": bool(to_ask(facts.asked.beyond(granted)).sentences()),
            "removed": record.trashed,
        }

    def _picture(self, studio: Studio, record: AppRecord, digest: str) -> str | None:
        if studio.pictures.of(digest) is None:
            return None
        return picture_address(record.name, digest) + (f"&id={record.id}" if record.trashed else "")

    def _known(self, studio: Studio, record: AppRecord, language: Language) -> _Facts:
        key = (record.id, record.current, record.health, language)
        if key not in self._facts:
            revision = studio.library.revision(record.id, record.current)
            app = revision.notebook
            if len(self._facts) >= MOST:
                self._facts.clear()
            self._facts[key] = _Facts(summary(revision.report, app, language), app.metadata.permissions, app.digest)
        return self._facts[key]


def _own_link(studio: Studio, published: Publication | None) -> str | None:
    """The path of the person's own link to an app, where it has one."""
    links = published.open_links if published is not None else ()
    paths = [studio.link_path(link) for link in links if link.role == "owner"]
    return next((f"{studio.stage.settings.base_url}{path}" for path in paths if path), None)


def shown_health(health: Health) -> ShownHealth:
    """The library's word for how a check ended as the API's."""
    return "unchecked" if health is Health.UNKNOWN else health.value  # type: ignore[return-value]


def picture_address(name: str, digest: str) -> str:
    """Where the picture of an app's content is, below the server's base URL."""
    return f"microapps/api/apps/{quote(name)}/thumbnail?digest={digest}"


def to_ask(permissions: Permissions) -> Permissions:
    """What a person is asked for: not packages, which reach no further than the containment lets them."""
    return permissions.model_copy(update={"packages": ()})


def _job(studio: Studio, name: str) -> str | None:
    going: Iterable[str] = (job.id for job in studio.jobs() if job.app == name and not job.done)
    return next(iter(going), None)
