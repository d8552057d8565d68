"""What a site counts, in the text form that Prometheus reads: answers, visits, processes, memory, what went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sized
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
TRIPS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds that part the round trips."""


class Counted(Protocol):
    """What a site says of itself when it is asked."""

    @property
    def apps(self) -> Sized:
        """The apps that are served."""

    def visits_now(self) -> Mapping[str, int]:
        """How many visits of each app have a process."""

    def visits_most(self) -> int:
        """How many visits there may be at once."""

    def memory(self) -> tuple[int, int]:
        """Bytes that visitors hold together, and may."""

    def processes(self) -> tuple[int, Mapping[str, int]]:
        """How many processes visitors have been given so far, and how many of those have ended, by why."""


class Metrics:
    """The counts of one site."""

    def __init__(self, site: Counted) -> None:
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
        self._trips = Histogram(
            "microapps_round_trip_seconds",
            "From a message of a page to the end of all that its app did about it.",
            buckets=TRIPS,
            registry=self._registry,
        )
        self._registry.register(_Now(site))

    def answered(self, status: int) -> None:
        """Count an answer."""
        self._answers.labels(f"{status // 100}xx").inc()

    def noticed(self, app: str, kind: str) -> None:
        """Count what the owner of an app was told."""
        self._notices.labels(app, kind).inc()

    def handled(self, seconds: float) -> None:
        """Count a message of a page that was handled."""
        self._trips.observe(seconds)

    def text(self) -> bytes:
        """All counts as Prometheus reads them."""
        return generate_latest(self._registry)


class _Now(Collector):
    """What is asked for when somebody wants to know."""

    def __init__(self, site: Counted) -> None:
        self._site = site

    def describe(self) -> Iterable[Metric]:
        return ()  # nothing is asked while it is registered: the site is not there yet

    def collect(self) -> Iterator[Metric]:
        site = self._site
        visits = GaugeMetricFamily("microapps_visits", "Visits that have a process now.", labels=["app"])
        for app, count in site.visits_now().items():
            visits.add_metric([app], count)
        yield visits
        yield GaugeMetricFamily("microapps_apps", "Apps that are served.", len(site.apps))
        yield GaugeMetricFamily("microapps_visits_most", "Visits that there may be at once.", site.visits_most())
        held, most = site.memory()
        yield GaugeMetricFamily("microapps_memory_bytes", "Private memory of all visitors together.", held)
        yield GaugeMetricFamily("microapps_memory_most_bytes", "Memory that visitors may have together.", most)
        begun, ended = site.processes()
        yield CounterMetricFamily("microapps_forks", "Processes that were begun for visitors.", begun)
        over = CounterMetricFamily("microapps_visitors_ended", "Visitors' processes that ended.", labels=["why"])
        for why, count in ended.items():
            over.add_metric([why], count)
        yield over
