"""What an app may use inside its kernel: ``from microapps.runtime import store, ask``.

``store`` keeps an app's data between visits; ``ask`` asks the language model, where the person allowed it. Standard
library only, nothing else of this package is imported, and nothing is opened before it is used: importing costs a few
milliseconds. An exported notebook carries the same code in a cell of its own (:mod:`microapps.publish.inlining`).
"""

from .asking import ask
from .errors import AskBudgetError, AskError, AskNotPermittedError, StoreError, StoreFullError, StoreNotPermittedError
from .storage import Store, Table, store

__all__ = [
    "AskBudgetError",
    "AskError",
    "AskNotPermittedError",
    "Store",
    "StoreError",
    "StoreFullError",
    "StoreNotPermittedError",
    "Table",
    "ask",
    "store",
]
