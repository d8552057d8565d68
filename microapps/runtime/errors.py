"""What goes wrong with an app's data and its questions to the model, in words that an app can show to its visitor.

A class of its own and not :mod:`microapps.errors`, because an exported notebook carries this file.
"""


class StoreError(Exception):
    """The app's data could not be read or written; the text says which, and what to do."""


class StoreFullError(StoreError):
    """The store, or the disk it is on, has no room for this; what was there is unchanged."""


class StoreNotPermittedError(StoreError):
    """The app was not given leave to keep data."""


class AskError(Exception):
    """The model gave no answer; the text says why, and what to do."""


class AskNotPermittedError(AskError):
    """The app was not given leave to ask the model, or runs where there is none."""


class AskBudgetError(AskError):
    """The money that the app may spend on the model is used up."""
