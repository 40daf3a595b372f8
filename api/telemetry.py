"""What `/metrics` shows: counts and seconds of requests by route, method and status."""

from __future__ import annotations

from collections import Counter

from starlette.types import Scope

from kgraph.model import Durations, SparqlLoad, Standing


class Telemetry:
    """Counts and seconds of requests by route, method and status."""

    def __init__(self) -> None:
        self.fixed: frozenset[str] = frozenset()
        """The addresses of routes, of those without a part that varies."""
        self.requests: Counter[tuple[str, str, int]] = Counter()
        self.seconds: Counter[str] = Counter()

    def record(self, scope: Scope, method: str, status: int, seconds: float) -> None:
        """Count one request under its route's template, so that names in addresses make no new series."""
        route = getattr(scope.get("route"), "path", "")
        if not route:  # it was answered before a route was looked for
            path = scope["path"].removeprefix(scope.get("root_path", ""))
            route = path if path in self.fixed else "other"
        self.count(route, method, status, seconds)

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request of a route."""
        self.requests[route, method, status] += 1
        self.seconds[route] += seconds  # type: ignore[assignment]

    def text(self, at: Standing, load: SparqlLoad, syncs: Durations) -> str:
        """The counts in Prometheus' text format."""
        snapshot = at.journal if at.snapshot is None else at.snapshot
        return "".join(
            [
                _metric("kgraph_generation", "gauge", "The generation that the verbs answer from.", [("", at.index)]),
                _metric(
                    "kgraph_generation_lag",
                    "gauge",
                    "Commits that a part is behind the journal.",
                    [
                        ('{part="store"}', at.journal - at.store),
                        ('{part="index"}', at.journal - at.index),
                        ('{part="snapshot"}', at.journal - snapshot),
                    ],
                ),
                _metric(
                    "kgraph_requests_total",
                    "counter",
                    "Requests answered, by route, method and status.",
                    [
                        (f'{{route="{_escaped(route)}",method="{_escaped(method)}",status="{status}"}}', count)
                        for (route, method, status), count in sorted(self.requests.items())
                    ],
                ),
                _metric(
                    "kgraph_request_seconds_total",
                    "counter",
                    "Seconds from the beginning of requests to the end of their answers, by route.",
                    [(f'{{route="{_escaped(r)}"}}', round(s, 6)) for r, s in sorted(self.seconds.items())],
                ),
                _metric("kgraph_sparql_children", "gauge", "Processes that evaluate SPARQL.", [("", load.children)]),
                _metric("kgraph_sparql_busy", "gauge", "Those of them at work.", [("", load.busy)]),
                _metric(
                    "kgraph_sparql_waiting",
                    "gauge",
                    "Requests that wait for a process, by lane.",
                    [(f'{{lane="{lane}"}}', count) for lane, count in load.waiting.items()],
                ),
                _metric(
                    "kgraph_sparql_killed_total",
                    "counter",
                    "Processes killed, by reason.",
                    [(f'{{reason="{reason}"}}', count) for reason, count in sorted(load.killed.items())],
                ),
                _metric(
                    "kgraph_commit_sync_seconds",
                    "histogram",
                    "Seconds until a commit was in the journal: write and fsync.",
                    [
                        *((f'_bucket{{le="{b:g}"}}', n) for b, n in zip(syncs.bounds, syncs.within, strict=True)),
                        ('_bucket{le="+Inf"}', syncs.count),
                        ("_sum", round(syncs.seconds, 6)),
                        ("_count", syncs.count),
                    ],
                ),
            ]
        )


def _metric(name: str, kind: str, text: str, samples: list[tuple[str, float]]) -> str:
    """One metric: what it is, of which type, and its samples (what follows the name, and the value)."""
    lines = [
        f"# HELP {name} {text}",
        f"# TYPE {name} {kind}",
        *(f"{name}{labels} {value}" for labels, value in samples),
    ]
    return "\n".join(lines) + "\n"


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
