"""An exported page that answers without a kernel: every answer was calculated in advance.

That is possible where all that a person can set is chosen from few values, and what the app shows depends on nothing
else. :mod:`.inputs` finds what can be set, :mod:`.computing` tries every combination, in containment, and holds the app
to giving the same answer whichever way one comes to it; :mod:`.drawing` makes the page.
"""

from .computing import Answers, answered
from .drawing import drawn_answers

__all__ = ["Answers", "answered", "drawn_answers"]
