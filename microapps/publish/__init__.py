"""Publishing: apps as pages, served by a Voila of our own in a process of its own, and exports of an app.

:class:`Site` starts and steers that process. Each app page has an opaque origin, a policy that lets nothing out, a
confined kernel, and a secret in its address in place of cookies.
"""

from .notices import NO_FAULT, Notice
from .settings import Capacity, Gateway, PublishedApp, SiteSettings, WayIn
from .site import Site

__all__ = ["NO_FAULT", "Capacity", "Gateway", "Notice", "PublishedApp", "Site", "SiteSettings", "WayIn"]
