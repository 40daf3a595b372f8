"""What `/metrics` shows: counts and seconds of requests by route, method and status."""

from __future__ import annotations

from collections import Counter

from starlette.types import Scope

from kgraph.model import SparqlLoad


class Telemetry:
    """Counts and seconds of requests by route, method and status."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str, int]] = Counter()
        self.seconds: Counter[str] = Counter()

    def record(self, scope: Scope, method: str, status: int, seconds: float) -> None:
        """Count one request under its route's template, so that names in addresses make no new series."""
        self.count(getattr(scope.get("route"), "path", "other"), method, status, seconds)

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request of a route."""
        self.requests[route, method, status] += 1
        self.seconds[route] += seconds  # type: ignore[assignment]

    def text(self, generation: int, load: SparqlLoad) -> str:
        """The counts in Prometheus' text format."""
        lines = [
            "# TYPE kgraph_generation gauge",
            f"kgraph_generation {generation}",
            "# TYPE kgraph_requests_total counter",
        ]
        for (route, method, status), count in sorted(self.requests.items()):
            lines.append(f'kgraph_requests_total{{route="{route}",method="{method}",status="{status}"}} {count}')
        lines += [
            "# TYPE kgraph_sparql_children gauge",
            f"kgraph_sparql_children {load.children}",
            "# TYPE kgraph_sparql_busy gauge",
            f"kgraph_sparql_busy {load.busy}",
            "# TYPE kgraph_sparql_waiting gauge",
            *(f'kgraph_sparql_waiting{{lane="{lane}"}} {count}' for lane, count in load.waiting.items()),
            "# TYPE kgraph_sparql_killed_total counter",
            *(
                f'kgraph_sparql_killed_total{{reason="{reason}"}} {count}'
                for reason, count in sorted(load.killed.items())
            ),
        ]
        lines.append("# TYPE kgraph_request_seconds_total counter")
        lines += [f'kgraph_request_seconds_total{{route="{r}"}} {s:.6f}' for r, s in sorted(self.seconds.items())]
        return "\n".join(lines) + "\n"
