"""The studio refuses to give an app what no app is given, before a job begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from microapps.errors import InvalidInput
from microapps.notebook import FileAccess, Permissions
from microapps.studio import Studio

pytestmark = pytest.mark.anyio


async def test_allowing_or_attaching_what_lies_in_the_home_is_refused(offline: Studio, microapps_home: Path) -> None:
    table = microapps_home / "table.csv"
    table.write_text("a\n1\n")
    wide = Permissions(files=(FileAccess(path=str(microapps_home.parent)),))
    with pytest.raises(InvalidInput, match=r"table\.csv cannot be given"):
        offline.make("Show a table", data=[table])
    with pytest.raises(InvalidInput, match="cannot be given"):
        offline.make("Show a table", allow=wide)
    with pytest.raises(InvalidInput, match="cannot be given"):
        offline.grant("nobody", wide)
    assert offline.jobs() == ()
