"""A job, a report and permissions as words for a person: shared by the front ends that show text.

``story`` (events to lines) and ``reports`` are imported by their module names, since they bring the checks with them;
what is here is light enough for ``microapps --help``.
"""

from .allow import WAYS, allowed, spelled
from .amounts import money, spent
from .plain import plain

__all__ = ["WAYS", "allowed", "money", "plain", "spelled", "spent"]
