"""Of several answers to one request one is kept, whatever is asked again."""

from __future__ import annotations

import pytest

from microapps.checks import Report
from microapps.errors import InvalidInput, MachineFault, UnknownApp
from microapps.events import Finished
from microapps.notebook import compose
from microapps.studio import Studio
from microapps.studio.groups import Group
from microapps.studio.jobs import Job

pytestmark = pytest.mark.anyio


@pytest.fixture
async def group(offline: Studio) -> Group:
    """Three answers that are there."""
    jobs = tuple(Job("make", "count") for _ in range(3))
    for number, job in enumerate(jobs):
        app = compose(title=f"Answer {number}", about="# It", imports="", logic="", ui="app = 1", tests="")
        job.app = offline.library.accept(app, name=None, action="make", request="count", report=None).app
        report = Report(digest=app.digest, layers=())
        job.emit(Finished(app=job.app, revision=1, title=app.metadata.title, report=report, seconds=1))
    made = Group("count", jobs)
    offline._groups[made.id] = made
    return made


def _there(studio: Studio) -> set[str]:
    return {app.name for app in studio.library.apps()}


async def test_the_same_answer_is_kept_again_and_no_other(offline: Studio, group: Group) -> None:
    first, second, third = group.jobs
    kept = (first.app, (second.app, third.app))
    assert offline.keep(group.id, first.id) == kept == offline.keep(group.id, first.id)
    with pytest.raises(InvalidInput, match="Another answer was kept"):
        offline.keep(group.id, second.id)
    assert _there(offline) == {first.app}
    offline.restore(second.app)
    assert offline.keep(group.id, first.id) == kept
    assert _there(offline) == {first.app, second.app}


async def test_keeping_again_ends_what_failed_half_way(
    offline: Studio, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = group.jobs

    def full(name: str) -> None:
        raise MachineFault("The disk is full.")

    with monkeypatch.context() as patch, pytest.raises(MachineFault):
        patch.setattr(offline, "remove", full)
        offline.keep(group.id, first.id)
    with pytest.raises(InvalidInput, match="Another answer was kept"):
        offline.keep(group.id, third.id)
    assert offline.keep(group.id, first.id) == (first.app, (second.app, third.app))
    assert _there(offline) == {first.app}


async def test_an_answer_that_was_removed_is_not_kept(offline: Studio, group: Group) -> None:
    first, second, _ = group.jobs
    offline.remove(first.app)
    with pytest.raises(UnknownApp):
        offline.keep(group.id, first.id)
    assert offline.keep(group.id, second.id)[0] == second.app
    assert _there(offline) == {second.app}
