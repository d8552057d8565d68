"""A question goes to the fast model, is paid from the app's own money, and is counted and logged under its name."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from microapps.broker import Broker
from microapps.errors import ModelFault, ModelRejected, ModelUnreachable, TurnIncomplete
from microapps.generator import ModelInfo, ScriptedModel, Settings, Usage
from microapps.library import Library, UsageRecord
from microapps.notebook import Permissions

from .asking import NAME, allowed, ask, say, socket_of

pytestmark = pytest.mark.anyio
HAIKU = ModelInfo(id="claude-haiku-5-5", line="haiku", thinking=True)
SONNET = ModelInfo(id="claude-sonnet-5-5", line="sonnet")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "home") as made:
        yield made


@pytest.fixture
async def broker(anyio_backend: str, library: Library) -> AsyncIterator[Callable[..., Broker]]:
    made: list[Broker] = []

    def make(answering: object, **settings: object) -> Broker:
        made.append(Broker(library, answering, Settings(**settings)))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        await each.close()


def scripted(*answers: object, model: ModelInfo = HAIKU, usage: Usage = Usage(1000, 100)) -> ScriptedModel:  # noqa: B008
    return ScriptedModel(answers, models=(SONNET, model), usage=usage)  # type: ignore[arg-type]


async def test_the_fast_model_answers_without_tools_or_thinking(
    library: Library, broker: Callable[..., Broker]
) -> None:
    model = scripted("Four.")
    digest, granted = allowed(library)
    path = socket_of(broker(model), digest, granted)
    assert await ask(path, "2+2?", "Be short.", 50) == {"text": "Four."}
    (request,) = model.requests
    assert (request.model.id, request.model.thinking, request.max_tokens) == ("claude-haiku-5-5", False, 50)
    assert (request.system, request.tools, request.messages[0].text) == (("Be short.",), (), "2+2?")
    assert request.seconds < granted.seconds


async def test_a_call_is_counted_and_logged_under_the_apps_name(
    library: Library, broker: Callable[..., Broker]
) -> None:
    path = socket_of(broker(scripted("a", "b")), *allowed(library))
    await ask(path)
    await ask(path)
    cost = (1000 * 0.1 + 100 * 0.5) / 1e6
    (used,) = library.own_usage(NAME)
    assert used == UsageRecord("claude-haiku-5-5", 2000, 200, 0, 0, used.dollars)
    assert used.dollars == pytest.approx(2 * cost)
    assert library.spent_this_month() == pytest.approx(2 * cost)
    (access,) = library.accesses(NAME)
    assert (access.kind, access.target, access.allowed, access.count) == ("model", "claude-haiku-5-5", True, 2)


async def test_without_a_grant_there_is_no_socket(library: Library, broker: Callable[..., Broker]) -> None:
    digest, _ = allowed(library)
    assert broker(scripted()).sockets(NAME, digest, Permissions()) == ()


async def test_a_socket_is_given_in_any_thread(library: Library, broker: Callable[..., Broker]) -> None:
    """A site that runs is told of a new grant beside the event loop."""
    digest, granted = allowed(library)
    async with broker(scripted("yes")) as opened:
        [(_, path)] = await asyncio.to_thread(opened.sockets, NAME, digest, granted)
        assert (await ask(path))["text"] == "yes"


async def test_a_grant_that_is_taken_back_ends_the_calls_at_once(
    library: Library, broker: Callable[..., Broker]
) -> None:
    model = scripted("a", "b")
    path = socket_of(broker(model), *allowed(library))
    assert "text" in await ask(path)
    library.revoke(NAME)
    assert (await ask(path))["error"] == "permission"
    assert len(model.requests) == 1


async def test_the_budget_holds_over_calls_and_restarts(library: Library, broker: Callable[..., Broker]) -> None:
    dear = Usage(1_000_000, 0)  # 50 cents, being a long prompt
    digest, granted = allowed(library, 1.0)
    path = socket_of(broker(scripted("a", "b", "c", usage=dear)), digest, granted)
    assert "text" in await ask(path)
    assert "text" in await ask(path)
    refused = await ask(path)
    assert refused["error"] == "budget"
    assert "used up" in refused["what"]
    again = socket_of(broker(scripted("c")), digest, granted)
    assert (await ask(again))["error"] == "budget"
    library.grant(NAME, Permissions(model_budget=2.0), digest)
    assert "text" in await ask(again)
    assert any(not access.allowed and "$1.00" in access.detail for access in library.accesses(NAME))


async def test_money_for_making_the_app_is_not_the_apps_own(library: Library, broker: Callable[..., Broker]) -> None:
    digest, granted = allowed(library, 0.5)
    library.record_interrupted(
        name=NAME, action="change", request="x", messages=(), draft=None, report=None, error="x",
        usage=UsageRecord("claude-opus-5-5", 1, 1, 0, 0, 5.0), parent=1, seconds=1.0,
    )  # fmt: skip
    assert "text" in await ask(socket_of(broker(scripted("a")), digest, granted))


async def test_the_months_money_holds_too(library: Library, broker: Callable[..., Broker]) -> None:
    path = socket_of(broker(scripted("a"), dollars_per_month=0), *allowed(library))
    refused = await ask(path)
    assert refused["error"] == "budget"
    assert "month" in refused["what"]


async def test_questions_at_the_same_time_cannot_pass_the_cap_together(
    library: Library, broker: Callable[..., Broker]
) -> None:
    refused = asyncio.Event()

    class Held(ScriptedModel):
        async def turn(self, request):  # type: ignore[no-untyped-def]
            await refused.wait()
            async for event in super().turn(request):
                yield event

    model = Held(["a"] * 4, models=(HAIKU,))
    path = socket_of(broker(model), *allowed(library, 0.005))  # each may cost 0.4 cents
    asking = [asyncio.ensure_future(ask(path, max_tokens=8000)) for _ in range(4)]
    async with asyncio.timeout(30):
        for answered in itertools.islice(asyncio.as_completed(asking), 3):
            await answered
    refused.set()
    answers = await asyncio.gather(*asking)
    assert len(model.requests) == 1
    assert sorted(answer.get("error", "text") for answer in answers) == ["budget", "budget", "budget", "text"]


async def test_tokens_without_a_price_count_as_dear_ones(library: Library, broker: Callable[..., Broker]) -> None:
    local = ScriptedModel(["a", "b"], models=(ModelInfo(id="local"),), usage=Usage(100_000, 0))
    path = socket_of(broker(local), *allowed(library, 1.0))
    assert "text" in await ask(path)
    assert (await ask(path))["error"] == "budget"
    (used,) = library.own_usage(NAME)
    assert used.dollars is None


async def test_a_local_server_is_asked_for_the_model_that_was_named(
    library: Library, broker: Callable[..., Broker]
) -> None:
    local = ScriptedModel(["a"], models=(ModelInfo(id="one"), ModelInfo(id="two")))
    await ask(socket_of(broker(local, model="two"), *allowed(library)))
    assert local.requests[0].model.id == "two"


@pytest.mark.parametrize(
    ("fault", "kind", "told"),
    [
        (ModelUnreachable("down at http://secret.example", "h"), "unavailable", "Try again in a few minutes"),
        (ModelRejected("It says: account org-123", "h"), "unavailable", "owner of this app"),
        (TurnIncomplete("cut", "h"), "answer", "longer than 100 tokens"),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_a_fault_is_told_in_plain_words_and_in_full_to_the_owner(
    library: Library, broker: Callable[..., Broker], fault: Exception, kind: str, told: str
) -> None:
    path = socket_of(broker(scripted(fault)), *allowed(library))
    refused = await ask(path)
    assert refused["error"] == kind
    assert told in refused["what"]
    assert str(fault) not in refused["what"]
    (access,) = library.accesses(NAME)
    assert str(fault) in access.detail
    assert not access.allowed


async def test_without_a_model_the_owner_is_told_what_is_missing(
    library: Library, broker: Callable[..., Broker]
) -> None:
    refused = await ask(socket_of(broker(None), *allowed(library)))
    assert refused["error"] == "unavailable"
    assert "key" in library.accesses(NAME)[0].detail


async def test_a_model_that_takes_too_long_is_paid_in_full(library: Library, broker: Callable[..., Broker]) -> None:
    class Slow(ScriptedModel):
        async def turn(self, request):  # type: ignore[no-untyped-def]
            await asyncio.Event().wait()
            yield

    slow = Slow([], models=(HAIKU,))
    path = socket_of(broker(slow), *allowed(library, seconds=1))
    refused = await ask(path, max_tokens=500)
    assert refused["error"] == "unavailable"
    assert "within 1 seconds" in refused["what"]
    (used,) = library.own_usage(NAME)
    assert used.output_tokens == 500


async def test_an_app_that_is_gone_gets_a_sentence(library: Library, broker: Callable[..., Broker]) -> None:
    path = socket_of(broker(scripted("a")), *allowed(library))
    library.remove(NAME)
    library.purge(NAME)
    assert (await ask(path))["error"] == "unavailable"


async def test_the_socket_stays_the_same_while_the_broker_is_open(
    library: Library, broker: Callable[..., Broker]
) -> None:
    made = broker(scripted())
    digest, granted = allowed(library)
    path = socket_of(made, digest, granted)
    assert socket_of(made, "0" * 64, granted) == path
    await made.close()
    assert not path.parent.exists()
    with pytest.raises(OSError):
        await say(path, b"")


@pytest.mark.parametrize(
    ("fault", "told", "tokens"),
    [
        (ModelUnreachable("down", "h"), None, (506, 500)),
        (ModelUnreachable("broke off", "h"), Usage(40, 1), (40, 500)),
        (TurnIncomplete("cut", "h"), Usage(40, 500), (40, 500)),
        (ModelRejected("no credit", "h"), None, None),
    ],
    ids=["without a word", "in the middle", "at its end", "not accepted"],
)
async def test_a_call_that_fails_costs_what_it_can_have_cost(
    library: Library,
    broker: Callable[..., Broker],
    fault: ModelFault,
    told: Usage | None,
    tokens: tuple[int, int] | None,
) -> None:
    fault.usage = told
    await ask(socket_of(broker(scripted(fault)), *allowed(library)), prompt="안녕?" * 58, max_tokens=500)
    used = [(record.input_tokens, record.output_tokens) for record in library.own_usage(NAME)]
    assert used == ([] if tokens is None else [tokens])
