"""What a site counts, in the text form that Prometheus reads: answers, visits, and what went wrong for each app."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The counts of one site; ``visits`` and ``apps`` are asked for how many there are now."""

    def __init__(self, visits: Callable[[], int], apps: Callable[[], int]) -> None:
        self._registry = CollectorRegistry()
        self._answers = Counter(
            "microapps_answers", "Answers over HTTP, by class of status.", ["status"], registry=self._registry
        )
        self._notices = Counter(
            "microapps_notices",
            "What an app's owner was told, by app and kind.",
            ["app", "kind"],
            registry=self._registry,
        )
        Gauge("microapps_visits", "Visits that have a kernel now.", registry=self._registry).set_function(visits)
        Gauge("microapps_apps", "Apps that are served.", registry=self._registry).set_function(apps)

    def answered(self, status: int) -> None:
        """Count an answer."""
        self._answers.labels(f"{status // 100}xx").inc()

    def noticed(self, app: str, kind: str) -> None:
        """Count what the owner of an app was told."""
        self._notices.labels(app, kind).inc()

    def text(self) -> bytes:
        """All counts as Prometheus reads them."""
        return generate_latest(self._registry)
