"""One small billed call of the model, to see that key and endpoint work."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import MicroappsError
from ..generator import Message, Model, Settings, Turn, TurnRequest, choose, prices

SECONDS = 60.0


@dataclass(frozen=True)
class Tried:
    """What came of it, in words; ``cost`` is what it cost."""

    ok: bool
    what: str
    hint: str = ""
    cost: str = ""


async def try_model(model: Model | None, settings: Settings) -> Tried:
    """Ask the model that jobs would take for one word."""
    if model is None:
        return Tried(False, "There is no key yet.", "Add one first.")
    try:
        chosen = choose(await model.models(), settings.speed, settings.model)
        request = TurnRequest(
            chosen, ("Answer with one word.",), (), (Message.user("Say yes."),), max_tokens=1000, seconds=SECONDS
        )
        async for event in model.turn(request):
            if isinstance(event, Turn):
                price = prices().of(event.model or chosen.id)
                spent = f"{event.usage.prompt_tokens + event.usage.output_tokens} tokens"
                if price is not None:
                    spent += f", ${price.dollars(event.usage):.5f}"
                return Tried(True, f"{chosen.name or chosen.id} answered.", cost=spent)
    except MicroappsError as error:
        return Tried(False, error.what, error.hint)
    return Tried(False, "The endpoint gave no answer.", "Try again.")
