"""Publications and links in the library: what is kept of a secret, and what opens what when."""

from __future__ import annotations

import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from microapps.errors import InvalidInput, InvalidSetting, UnknownApp
from microapps.library import Library, link_secrets
from microapps.library.tables import apps, links, publications
from microapps.notebook import Permissions

from .samples import make, tip

NAME = "tip-splitter"


@pytest.fixture
def library(home: Path, url: str) -> Library:
    library = Library(home, url)
    make(library)
    return library


def test_a_link_publishes_and_its_secret_is_not_in_the_database(library: Library) -> None:
    assert library.publication(NAME) is None and library.publications() == ()
    link = library.open_link(NAME, "owner")
    secret = library.link_secret(link)
    assert secret is not None and len(secret) == 32 and link_secrets.digest(secret) == link.digest
    [published] = library.publications()
    assert (published.app, published.title, published.links) == (NAME, "Tip splitter", (link,))
    assert secret not in repr(published) and link.digest not in repr(published)
    key = library.home / link_secrets.FILE
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    library.close()
    if (library.home / "library.db").exists():
        with sqlite3.connect(library.home / "library.db") as connection:
            assert secret not in "\n".join(connection.iterdump())
    assert secret.encode() not in b"".join(path.read_bytes() for path in library.home.iterdir() if path.is_file())


def test_a_link_can_be_shown_again_unless_its_key_is_gone(library: Library) -> None:
    link = library.open_link(NAME, "guest", label="Anna")
    first = library.link_secret(link)
    with Library(library.home, str(library.database.url)) as other:
        assert other.link_secret(link) == first
        (library.home / link_secrets.FILE).unlink()
        assert other.link_secret(link) is None
        again = other.open_link(NAME, "owner")
        assert other.link_secret(again) is not None and other.link_secret(link) is None


def test_a_revoked_link_stays_revoked_and_the_guests_data_waits_for_their_next(library: Library) -> None:
    first = library.open_link(NAME, "guest", label=" 안나  K ")
    assert first.label == "안나 K" and first.store
    with pytest.raises(InvalidSetting, match="already"):
        library.open_link(NAME, "guest", label="안나 K")
    closed = library.close_link(NAME, first.id)
    assert closed.revoked is not None and not closed.good(datetime.now(UTC))
    second = library.open_link(NAME, "guest", label="안나 K")
    assert second.store == first.store and second.digest != first.digest
    other = library.open_link(NAME, "guest")
    assert other.label == "guest 1" and other.store != first.store
    published = library.publication(NAME)
    assert published is not None and [link.id for link in published.open_links] == [second.id, other.id]
    with pytest.raises(InvalidInput, match="no link 99"):
        library.close_link(NAME, 99)


def test_there_is_one_plain_address(library: Library) -> None:
    library.open_link(NAME, "anyone", password="scrypt$…")
    last = library.open_link(NAME, "anyone")
    published = library.publication(NAME)
    assert published is not None and published.open_links == (last,) and library.link_secret(last) is None


def test_a_link_expires(library: Library) -> None:
    with pytest.raises(InvalidSetting, match="expired"):
        library.open_link(NAME, "owner", expires=datetime.now(UTC) - timedelta(seconds=1))
    link = library.open_link(NAME, "owner", expires=datetime.now(UTC) + timedelta(days=1))
    assert link.good(datetime.now(UTC)) and not link.good(datetime.now(UTC) + timedelta(days=2))
    with library.database.write() as connection:
        past = datetime.now(UTC) - timedelta(seconds=1)
        connection.execute(update(links).where(links.c.id == link.id).values(expires=past))
    published = library.publication(NAME)
    assert published is not None and published.open_links == ()


def test_a_change_is_noticed_though_a_clock_was_set_back(library: Library) -> None:
    other = make(library, tip(2, title="Other")).app
    library.open_link(other, "owner")
    link = library.open_link(NAME, "owner")
    ahead = datetime.now(UTC) + timedelta(minutes=2)
    with library.database.write() as connection:
        connection.execute(update(publications).values(changed=ahead))
        connection.execute(update(apps).values(updated=ahead))
    seen = [library.generation()]
    for change in (
        lambda: library.close_link(NAME, link.id),
        lambda: library.open_link(NAME, "anyone"),
        lambda: library.unpublish(NAME),
        lambda: library.rename(NAME, "renamed"),
    ):
        change()
        seen.append(library.generation())
    assert len(set(seen)) == len(seen)


def test_what_comes_and_goes_between_two_looks_is_noticed(library: Library) -> None:
    before = library.generation()
    library.grant(NAME, Permissions(packages=("numpy",)), "1" * 64)
    library.revoke(NAME)
    granted = library.generation()
    library.remove(NAME)
    library.restore(NAME)
    assert len({before, granted, library.generation()}) == 3


def test_each_change_is_another_generation_and_visits_are_none(library: Library) -> None:
    seen = [library.generation()]

    def changed() -> bool:
        seen.append(library.generation())
        return seen[-1] != seen[-2]

    link = library.open_link(NAME, "owner")
    assert changed()
    second = library.open_link(NAME, "guest")
    assert changed()
    library.count_visits({link.id: 3, 999: 1})
    library.note_trouble(NAME, "ZeroDivisionError: division by zero")
    library.note_trouble("no-such-app", "anything")
    assert not changed()
    library.close_link(NAME, second.id)
    assert changed()
    published = library.publication(NAME)
    assert published is not None and published.visits == 3 and published.links[0].last is not None
    assert published.trouble.startswith("ZeroDivision") and published.troubled is not None
    assert library.app(NAME).ended is None
    assert library.unpublish(NAME) and library.app(NAME).ended is not None
    assert changed()
    assert not library.unpublish(NAME)
    assert changed(), "links that sites made end too"
    library.close_link(NAME, link.id)
    assert library.publication(NAME) is None, "closing a link publishes nothing"


def test_a_publication_goes_with_its_app(library: Library) -> None:
    library.open_link(NAME, "owner")
    library.rename(NAME, "tips")
    [published] = library.publications()
    assert published.app == "tips" and library.app(NAME).former == (NAME,)
    library.remove("tips")
    assert library.publications() == ()
    library.restore("tips")
    assert [one.app for one in library.publications()] == ["tips"]
    library.remove("tips")
    library.purge("tips")
    with pytest.raises(UnknownApp):
        library.links("tips")
