"""What a browser reports when the policy of an app's page kept a script from running.

The visitor's page says so by itself (``templates/voila/bridge.js``); here the owner is told which permission the app
lacks, or that it asked another site, which none allows. A page may send what it likes, so one report of each visit
counts, and of its words only whether it was about a script.
"""

from __future__ import annotations

import json
from typing import Any

from .handlers import SiteHandler
from .notices import Notice
from .visits import Visit

LONGEST = 64_000
"""Bytes of a report that are read."""


class Blocked(SiteHandler):
    """Takes the reports of one visit."""

    def post(self, secret: str) -> None:
        visit = self.site.visits.find(secret)
        if visit is not None and not visit.blocked and about_a_script(self.request.body):
            visit.blocked = True
            self.tell(visit)
        self.set_status(204)

    def tell(self, visit: Visit) -> None:
        """Tell the owner."""
        app = self.site.app_of(visit)
        if app is not None and app.confinement.granted.scripts:
            notice = Notice(
                "script_blocked",
                visit.app,
                "The app's page asked another site for a script and did not get it: none is loaded from there.",
                "Where a part of it is missing, have the app bring that script along, or do without it.",
            )
        else:
            notice = Notice(
                "script_blocked",
                visit.app,
                "A part of the app's page did not run: the app brings scripts of its own and has no permission for it.",
                "Allow it the permission 'scripts' (page:scripts), or ask for a change that does without scripts.",
            )
        self.site.notify(notice)


def about_a_script(body: bytes) -> bool:
    """Whether a report says that a script was kept from running."""
    try:
        told: Any = json.loads(body[:LONGEST])["csp-report"]
        directive = str(told.get("effective-directive") or told["violated-directive"])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return False
    return directive.startswith(("script-src", "worker-src"))
