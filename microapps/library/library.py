"""The library: apps and their revisions, conversations and costs, with the current notebooks written out beside it.

Every use case is one transaction. It runs under the library's file lock: first an edit made by hand is taken in, then
the database commits, and only then the files follow. Killed anywhere, the next use finishes what the database says.
"""

from __future__ import annotations

from typing import Self

from .accesses import Accesses
from .faults import Faults
from .generation import Generation
from .grants import Grants
from .holding import Holding
from .preferences import Preferences
from .publishing import Publishing
from .reading import Reading
from .shelving import Shelving
from .spending import Spending
from .stories import Stories
from .turning import Turning


class Library(
    Reading,
    Turning,
    Shelving,
    Grants,
    Publishing,
    Generation,
    Accesses,
    Faults,
    Preferences,
    Spending,
    Holding,
    Stories,
):
    """One person's (or one team's) apps. Calls take milliseconds and may come from any thread or process.

    Parameters
    ----------
    home : the folder of ``library.db``, ``apps`` and ``trash``; :func:`microapps.folders.home` when None.
    url : an SQLAlchemy address of another database, such as ``postgresql+psycopg://host/name``. All processes that
        use one database use the same ``home`` with it.

    Every method that takes a name raises :class:`~microapps.errors.UnknownApp` when there is no such app, and every
    method :class:`~microapps.errors.MachineFault` when database or disk fail. Methods that write raise
    :class:`~microapps.errors.InvalidNotebook` when the app's file was edited into something that cannot be read;
    they leave it, and everything else, as it is.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database; the library can be used again afterwards, and then opens it again."""
        self.database.close()
