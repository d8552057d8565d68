"""The table of everything the API answers."""

from __future__ import annotations

from .api import apps, checking, contents, describing, files, history, jobs, permitting, publishing, studio, variants
from .route import Route

BASE = "microapps/api/"
"""Where the API lies below the Jupyter server's base URL."""

ROUTES: tuple[Route, ...] = (
    *studio.ROUTES,
    *apps.ROUTES,
    *checking.ROUTES,
    *history.ROUTES,
    *permitting.ROUTES,
    *publishing.ROUTES,
    *jobs.ROUTES,
    *variants.ROUTES,
    *files.ROUTES,
    *contents.ROUTES,
    *describing.ROUTES,
)

__all__ = ["BASE", "ROUTES", "Route"]
