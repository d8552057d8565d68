"""What an accepted app did it goes on doing: gates on criteria and tests."""

from __future__ import annotations

from typing import Any

import pytest

from microapps.generator import Call, Task
from microapps.generator.gates import Gates
from microapps.notebook import MicroApp, Role

from .jobs import SOURCES, TESTS, Checks, Run, accepted, write_app

BETTER = TESTS.replace('"30"', '"30.00"')


def with_tests(source: str, app: MicroApp | None = None) -> MicroApp:
    return (app or accepted()).with_cell("tests", source)


def broken(draft: MicroApp, *replaced: str, tests: str = TESTS) -> tuple[str, ...]:
    return Gates.of(accepted(tests=tests)).broken(draft, replaced)


def test_an_unchanged_app_keeps_its_gates() -> None:
    assert broken(accepted()) == ()


def test_more_tests_and_other_layout_keep_the_gates() -> None:
    more = "# more\n" + TESTS.replace('app.set("Bill", 90)', 'app.set( "Bill", 90 )')
    assert broken(with_tests(more + "\n\ndef test_new(app):\n    assert True")) == ()


def test_a_new_app_has_no_gates() -> None:
    assert Gates.of(None).broken(accepted()) == ()


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (BETTER, "test_shares was changed"),
        (TESTS.replace("test_shares", "test_other"), "test_shares is gone"),
        (TESTS + "\n\ndef test_shares(app):\n    pass", "test_shares is defined twice"),
        (TESTS + "\n\ntest_shares = None", "test_shares is defined twice"),
        (TESTS + "\n\ndel test_shares", "test_shares is defined twice"),
        ("import skip\n\n\n@skip.always\n" + TESTS, "test_shares was changed"),
        ("", "test_shares is gone"),
        ("def (", "not valid Python"),
    ],
)
def test_an_accepted_test_is_neither_altered_nor_dropped(source: str, why: str) -> None:
    assert any(why in sentence for sentence in broken(with_tests(source)))


def test_what_an_accepted_test_uses_belongs_to_it() -> None:
    with_helper = "LEAST = 30\n\n\ndef shown(app):\n    return app.text()\n\n\n" + TESTS.replace(
        'assert "30" in app.text()', "assert str(LEAST) in shown(app)"
    )
    other = with_helper.replace("return app.text()", "return '30'")
    assert any("shown, which an accepted test uses" in s for s in broken(with_tests(other), tests=with_helper))
    other = with_helper.replace("LEAST = 30", "LEAST = ''")
    assert any("LEAST, which an accepted test uses" in s for s in broken(with_tests(other), tests=with_helper))


def test_an_accepted_criterion_is_neither_altered_nor_dropped() -> None:
    shares, bad = accepted().metadata.criteria
    for criteria, why in (
        ((bad,), "'shares' (Everyone pays the same.) is gone"),
        ((shares.model_copy(update={"text": "Other."}), bad), "it was: Everyone pays the same."),
        ((shares.model_copy(update={"tests": ("test_new",)}), bad), "no longer tied to test_shares"),
    ):
        assert any(why in sentence for sentence in broken(accepted().with_metadata(criteria=criteria)))


def test_a_criterion_that_is_named_may_go_with_its_tests() -> None:
    app = with_tests(BETTER).with_metadata(criteria=accepted().metadata.criteria[1:])
    assert broken(app, "shares") == ()
    assert broken(app, "bad-bill") != ()


def test_a_test_that_is_named_may_change_alone() -> None:
    assert broken(with_tests(BETTER), "test_shares") == ()


def test_a_test_that_shows_another_criterion_too_stays() -> None:
    criteria = [dict(c) for c in SOURCES["criteria"]]
    criteria[1]["tests"] = ["test_bad_bill", "test_shares"]
    gates = Gates.of(accepted(criteria=criteria))
    app = with_tests(BETTER, accepted(criteria=criteria))
    assert gates.broken(app, ["shares"]) != ()


def test_tests_without_a_criterion_are_gates_too() -> None:
    gates = Gates.of(accepted(criteria=[]))
    assert gates.broken(with_tests(BETTER, accepted(criteria=[]))) != ()


def test_an_adopted_app_without_tests_has_no_gates() -> None:
    app = accepted(criteria=[], tests="")
    assert Gates.of(app).broken(app.with_cell("ui", "app = None")) == ()
    assert app.of(Role.TESTS)


def change(**more: Any) -> Call:
    return Call("edit_cell", {"cell": "tests", "old": '"30"', "new": '"30.00"', **more})


REPLACES = {"replaces_criteria": [{"criterion": "shares", "reason": "The request asks for cents."}]}


@pytest.mark.anyio
async def test_an_edit_of_an_accepted_test_is_refused() -> None:
    run = Run(change(), "I cannot.", "I cannot.")
    outcome = await run(Task("Show cents", current=accepted()))
    assert "Refused" in run.told(1)
    assert run.results(1)[0].is_error
    assert run.checks.apps == []
    assert outcome.app is None


@pytest.mark.anyio
async def test_a_replaced_criterion_is_reported() -> None:
    outcome = await Run(change(**REPLACES), "Done.")(Task("Show cents", current=accepted()))
    assert outcome.app is not None
    assert [(item.criterion, item.reason) for item in outcome.replaced] == [("shares", "The request asks for cents.")]


@pytest.mark.anyio
async def test_naming_a_criterion_without_altering_it_is_not_reported() -> None:
    edit = Call("edit_cell", {"cell": "ui", "old": "[bill]", "new": "[bill, bill]", **REPLACES})
    outcome = await Run(edit, "Done.")(Task("More", current=accepted()))
    assert outcome.app is not None
    assert outcome.replaced == ()


@pytest.mark.anyio
async def test_a_change_keeps_name_permissions_and_provenance() -> None:
    current = accepted().with_metadata(permissions={"hosts": ({"name": "api.example.org"},)})
    run = Run(write_app(title="Another name"), "Done.")
    outcome = await run(Task("Rename it", current=current))
    assert outcome.app is not None
    assert outcome.app.metadata.title == "Another name"
    assert outcome.app.metadata.name == current.metadata.name
    assert outcome.app.metadata.permissions == current.metadata.permissions
    assert outcome.app.metadata.provenance == current.metadata.provenance


@pytest.mark.anyio
async def test_tests_a_job_wrote_itself_may_change_in_that_job() -> None:
    run = Run(write_app(), change(), "Done.", checks=Checks("the test is wrong"))
    outcome = await run()
    assert outcome.app is not None
    assert '"30.00"' in outcome.app.cell("tests").source
