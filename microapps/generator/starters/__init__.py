"""Starters: small apps that need no model, chosen by the description and filled from it.

``match`` ranks them, ``best`` takes the first that is sure enough or says that none is, ``build`` fills its notebook
(constants, formulas, texts, the values its tests expect), ``explain`` says in a sentence what was taken and left out.
The notebooks and their words are data, in ``templates/starters``.
"""

from .building import build, explain
from .catalogue import Recipe, Starter, catalogue, templates
from .choosing import best
from .formulas import Formula, parse
from .matching import THRESHOLD, Match, match

__all__ = [
    "THRESHOLD",
    "Formula",
    "Match",
    "Recipe",
    "Starter",
    "best",
    "build",
    "catalogue",
    "explain",
    "match",
    "parse",
    "templates",
]
