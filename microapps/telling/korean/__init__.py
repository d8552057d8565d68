"""What the program says, in Korean: each sentence as it stands in the code, with ``{}`` where something else is put in.

``{0}``, ``{1}`` … in the Korean are what stood there, in order. Tests hold that every sentence of the checks, of jobs
and of the errors that a person can meet in JupyterLab is here.
"""

from __future__ import annotations

from .asking import ASKING
from .checks import CHECKS, LOOSE, PHRASES
from .jobs import JOBS, NOTES, REASONS
from .keeping import KEEPING
from .running import RUNNING

ERRORS = ASKING | KEEPING | RUNNING

__all__ = ["CHECKS", "ERRORS", "JOBS", "LOOSE", "NOTES", "PHRASES", "REASONS"]
