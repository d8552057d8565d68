"""Answers from the model: which one, how it is asked, and what its faults mean to an app's visitor.

The endpoint's own words may name accounts or addresses; they go to the owner's log, never to the kernel.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace

from ..errors import InvalidSetting, ModelFault, ModelRefused, ModelRejected, ModelUnreachable, TurnIncomplete
from ..generator import Message, Model, ModelInfo, Retry, Settings, Speed, Turn, TurnRequest, Usage, choose, prices
from .account import Account, Hold
from .questions import Kind, Question, Refusal

PROMPT_FRAME = 100
"""Tokens that a request adds to its texts."""

LATER = "The language model cannot be reached just now. Try again in a few minutes."
OWNER = "The language model cannot be used here. The owner of this app finds the reason in its log."


class Answers:
    """Asks the fast model of an endpoint; ``model`` is None where none is set up.

    An app's question is small and someone waits for the answer, so it goes to the fast line and without thinking.
    """

    def __init__(self, model: Model | None, settings: Settings) -> None:
        self._model = model
        self._settings = settings
        self._chosen: ModelInfo | None = None

    async def answer(self, question: Question, account: Account, seconds: float) -> str:
        """The model's text, within ``seconds``. Raises Refusal, and books in any case what was used."""
        if self._model is None:
            raise Refusal("unavailable", OWNER, "no key for a model is set: microapps config key")
        try:
            async with asyncio.timeout(seconds):
                chosen = await self._choose(self._model)
                price = prices().of(chosen.id)
                most = Usage(input_tokens=question.most_tokens + PROMPT_FRAME, output_tokens=question.max_tokens)
                with account.holding(chosen.id, price, most, seconds) as hold:
                    text = await self._turn(self._model, chosen, question, hold, seconds)
        except TimeoutError as error:
            what = f"The language model did not answer within {seconds:.0f} seconds. Ask for less at once."
            raise Refusal("unavailable", what, what) from error
        except (ModelFault, InvalidSetting) as fault:
            raise Refusal(*_meaning(fault, question)) from fault
        account.library.log_access(account.app, "model", chosen.id, allowed=True)
        return text

    async def _choose(self, model: Model) -> ModelInfo:
        if self._chosen is None:
            models = await model.models()
            lines = any(listed.line for listed in models)
            named = "" if lines else self._settings.model  # of a local server's models, only that one may be loaded
            self._chosen = replace(choose(models, Speed.FAST, named), thinking=False)
        return self._chosen

    async def _turn(self, model: Model, chosen: ModelInfo, question: Question, hold: Hold, seconds: float) -> str:
        request = TurnRequest(
            model=chosen,
            system=(question.system,) if question.system.strip() else (),
            tools=(),
            messages=(Message.user(question.prompt),),
            max_tokens=min(question.max_tokens, chosen.max_tokens or question.max_tokens),
            effort="low",
            seconds=seconds * 0.95,  # so that it ends by itself, and says what it used
        )
        lost = Usage()
        try:
            async with aclosing(model.turn(request)) as events:
                async for event in events:
                    if isinstance(event, Retry):
                        lost += event.usage
                    elif isinstance(event, Turn):
                        hold.usage = lost + event.usage
                        return event.message.text
        except ModelFault as fault:
            hold.usage = lost + _charged(fault, hold.usage)
            raise
        raise TurnIncomplete("The model's answer ended without an end.")


def _charged(fault: ModelFault, most: Usage) -> Usage:
    """What a call that failed can have cost.

    A stream that breaks off has told what the prompt was, and of the answer at most the beginning. A fault that tells
    nothing may have come after all was written; only a request that was not accepted costs nothing.
    """
    if fault.usage is None:
        return Usage() if isinstance(fault, ModelRejected) else most
    told: Usage = fault.usage
    if isinstance(fault, ModelUnreachable) and told.prompt_tokens:
        return replace(told, output_tokens=most.output_tokens)
    return told


def _meaning(fault: ModelFault | InvalidSetting, question: Question) -> tuple[Kind, str, str]:
    """A fault as kind, words for the visitor, words for the owner's log."""
    owner = f"{fault.what} {fault.hint}".strip()
    if isinstance(fault, ModelRefused):
        return "answer", "The language model declined to answer this.", owner
    if isinstance(fault, TurnIncomplete):
        what = f"The language model's answer was longer than {question.max_tokens} tokens. Ask for less at once."
        return "answer", what, owner
    return "unavailable", LATER if isinstance(fault, ModelUnreachable) else OWNER, owner
