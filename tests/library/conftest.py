"""A library on SQLite; on PostgreSQL as well where a test asks for it, and all where MICROAPPS_TEST_POSTGRES names one.

Where it names none, those that ask have a server of their own.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from microapps.library import Library

from . import postgres

POSTGRES = os.environ.get("MICROAPPS_TEST_POSTGRES", "")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server."""
    if POSTGRES:
        yield POSTGRES
        return
    if why := postgres.missing():
        pytest.skip(why)
    with postgres.server() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRES else ["sqlite"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database; empty for the one that the library makes itself."""
    if request.param == "sqlite":
        yield ""
        return
    address = request.getfixturevalue("server")
    schema = f"microapps_{secrets.token_hex(6)}"
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    own = make_url(address).update_query_dict({"options": f"-csearch_path={schema}"})
    yield own.render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def library(home: Path, url: str) -> Iterator[Library]:
    with Library(home, url) as library:
        yield library
