"""The model hears why a path is not asked for, and the person is not asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from microapps.generator import Call

from .jobs import Run, write_app


@pytest.mark.anyio
async def test_a_path_no_app_is_given_is_not_asked_for(microapps_home: Path) -> None:
    wish = {"files": [{"path": str(microapps_home / "key"), "mode": "read"}], "reason": "to read it"}
    run = Run(write_app(), Call("propose_permission", wish), "Done.")
    await run()
    assert "cannot be given to an app" in run.told(2)
    assert run.person.wanted == []
