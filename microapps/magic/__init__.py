"""``%load_ext microapps`` in a notebook: ``%%microapp`` makes or changes an app, ``%microapp`` lists and shows them.

The magics are called in the kernel's main thread, whose event loop is busy running the cell; the studio and its site
live in an event loop of their own, in a thread of :mod:`~microapps.magic.household`.
"""

from .magics import MicroappMagics

__all__ = ["MicroappMagics"]
