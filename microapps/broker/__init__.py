"""The other end of :func:`microapps.runtime.ask`: it answers apps that may ask the language model.

Each app that was given a budget has a unix socket of its own, which its kernels see and no other app does. Behind it
are the key, the money the person allowed, and bounds on size, number and pace; a kernel gets nothing but an answer
or a plain sentence. Every call is counted and logged under the app's name.
"""

from .broker import Broker
from .usage import last_used, spent, usage_record

__all__ = ["Broker", "last_used", "spent", "usage_record"]
