"""From a request to a checked app, written by a model.

:func:`write` is the loop: a :class:`Model` answers, its tools change a draft, and the result of every write is the
report of the checks. :class:`AnthropicModel` is any endpoint that speaks the Messages API, :class:`ScriptedModel` a
stand-in for tests. Settings, keys, prices and cards of the person are read here too. Starters, which need no model,
are in :mod:`microapps.generator.starters`.
"""

from typing import TYPE_CHECKING

from ..faces import on_demand
from .cards import BadCard, Card, cards
from .data import Column, DataSchema, schema
from .keys import Key, find_key, forget_key, key_file, store_key
from .loop import write
from .messages import MESSAGES, Message, without_thinking
from .model import Model, ModelEvent, ModelInfo, Retry, TextPiece, ToolPiece, Turn, TurnRequest, Usage
from .prices import Price, Prices, prices
from .retries import Retries
from .scripted import Call, ScriptedModel
from .settings import Settings, read_settings, settings_file, write_setting
from .speed import Speed, choose
from .stamp import Stamp, stamp
from .task import Checker, Failure, Limits, Look, Outcome, Person, Reference, Replaced, Reserve, Task

if TYPE_CHECKING:
    from .anthropic_model import AnthropicModel
else:
    # The client package takes a second to import, and most commands call no model.
    __getattr__, __dir__ = on_demand(__name__, {"AnthropicModel": "anthropic_model"})

__all__ = [
    "MESSAGES",
    "AnthropicModel",
    "BadCard",
    "Call",
    "Card",
    "Checker",
    "Column",
    "DataSchema",
    "Failure",
    "Key",
    "Limits",
    "Look",
    "Message",
    "Model",
    "ModelEvent",
    "ModelInfo",
    "Outcome",
    "Person",
    "Price",
    "Prices",
    "Reference",
    "Replaced",
    "Reserve",
    "Retries",
    "Retry",
    "ScriptedModel",
    "Settings",
    "Speed",
    "Stamp",
    "Task",
    "TextPiece",
    "ToolPiece",
    "Turn",
    "TurnRequest",
    "Usage",
    "cards",
    "choose",
    "find_key",
    "forget_key",
    "key_file",
    "prices",
    "read_settings",
    "schema",
    "settings_file",
    "stamp",
    "store_key",
    "without_thinking",
    "write",
    "write_setting",
]
