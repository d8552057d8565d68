"""What all parts of a studio stand on."""

from __future__ import annotations

from pathlib import Path

from ..broker import Broker
from ..generator import Model, Settings
from ..library import Library
from ..sandbox import Sandbox
from .happenings import AppChanged, Change, Happenings


class Ground:
    """The parts of a studio that its use cases share; see :class:`microapps.studio.Studio`."""

    home: Path
    library: Library
    settings: Settings
    model: Model | None
    sandbox: Sandbox
    broker: Broker
    happenings: Happenings

    def changed(self, app: str, what: Change, was: str = "") -> None:
        """Tell whoever listens that an app is not as it was."""
        self.happenings.tell(AppChanged(app, what, was))
