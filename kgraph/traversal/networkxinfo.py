"""What networkx reads of its backend `kgraph` when it is imported. Imports nothing, so that this costs nothing."""

from __future__ import annotations


def get_info() -> dict[str, object]:
    """The functions that the backend answers; see `networkxbackend.py`."""
    unweighted = "Only without `weight`; else networkx answers itself."
    return {
        "backend_name": "kgraph",
        "project": "kgraph-claims",
        "package": "kgraph",
        "short_summary": "Shortest paths by compiled searches from both ends.",
        "functions": {
            "all_shortest_paths": {"additional_docs": unweighted},
            "bidirectional_shortest_path": {},
            "shortest_path": {"additional_docs": f"{unweighted} Both `source` and `target` must be given."},
            "shortest_simple_paths": {"additional_docs": unweighted},
            "single_source_shortest_path_length": {},
        },
    }
