"""The thin page: an app's page drawn from its snapshot, brought to life by a client without JupyterLab.

:mod:`.page` makes the page, :mod:`.drawing` the widgets in it, :mod:`.cover` what its frame shows before it is there;
:mod:`.statics` serves the client that ``extensions/page`` builds.
"""

from .cover import Cover
from .forms import said, unknown_forms
from .page import EMBED, FULL, ThinPage, unknown_modules
from .statics import Client, built_client, client_routes

__all__ = [
    "EMBED",
    "FULL",
    "Client",
    "Cover",
    "ThinPage",
    "built_client",
    "client_routes",
    "said",
    "unknown_forms",
    "unknown_modules",
]
