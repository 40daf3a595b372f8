"""Drawings: the graph under a lens as GraphML or GEXF, one edge a claim."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import networkx as nx

from kgraph.model import Lens
from kgraph.traversal.networkx import to_networkx
from kgraph.traversal.records import Catalogue


def write(
    catalogue: Catalogue, lens: Lens | None, format: str, selection: Collection[str] | None = None
) -> Iterator[bytes]:
    """The relations that may be walked, as `graphml` or `gexf`. `selection` keeps only the edges of those claims."""
    graph = to_networkx(catalogue, lens)
    if selection is not None:
        graph.remove_edges_from([edge for edge in graph.edges(keys=True) if edge[2] not in selection])
        graph.remove_nodes_from(list(nx.isolates(graph)))
    lines = nx.generate_graphml(graph, named_key_ids=True) if format == "graphml" else nx.generate_gexf(graph)
    for line in lines:
        yield f"{line}\n".encode()
