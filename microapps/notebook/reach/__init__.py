"""What an app's code reaches for, found by reading it: packages, hosts, files, commands, secrets, scripts.

This explains an app to a person and proposes its permissions. It protects nobody: code can always hide what it does
from a reader, and only the sandbox keeps it from doing it. What cannot be read off is said so, as ``dynamic`` or
with an empty detail, not guessed.
"""

from .analysis import reach
from .items import Item, Origin, Reach, ReachKind
from .proposal import names_relative_paths, proposed_permissions

__all__ = ["Item", "Origin", "Reach", "ReachKind", "names_relative_paths", "proposed_permissions", "reach"]
