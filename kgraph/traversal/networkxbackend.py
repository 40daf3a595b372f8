"""The engine as a networkx backend: existing networkx code runs on it unchanged.

    nx.config.backend_priority.algos = ["kgraph"]           # or nx.shortest_path(graph, a, b, backend="kgraph")

Answers are those of networkx itself, path for path and in its order, because the rows keep the order of the graph's
adjacency and the searches choose their sides as networkx does. What cannot be answered so (weights, one end of
`shortest_path` left open, views, whose changes nobody tells) is left to networkx. networkx keeps the converted graph
with the graph and drops it when that changes, so only the first question after a change converts.

The names and arguments of the functions are networkx's. Loaded by networkx through the entry point
`networkx.backends` when the backend is first asked for.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

import networkx as nx
import numpy as np

from kgraph.traversal.kernels.searcher import Searcher
from kgraph.traversal.kernels.simple import SimplePaths
from kgraph.traversal.kernels.topology import Rows, Topology

Node = Hashable

_FARTHEST = 2**31 - 1


class Graph:
    """A networkx graph as rows of numbers: its nodes in its order, and what searches it. Attributes are not kept."""

    __networkx_backend__ = "kgraph"

    def __init__(self, origin: nx.Graph[Node]) -> None:
        self.origin = origin
        self.nodes: list[Node] = list(origin)
        self.number: dict[Node, int] = {node: i for i, node in enumerate(self.nodes)}
        onward = _rows(self.number, (row for _, row in origin.adjacency()))
        back = (
            _rows(self.number, map(origin.pred.__getitem__, self.nodes)) if isinstance(origin, nx.DiGraph) else onward
        )
        self.searcher = Searcher(Topology(onward, back), by_nodes=True)

    def is_directed(self) -> bool:
        """Whether edges have a direction."""
        return self.origin.is_directed()

    def is_multigraph(self) -> bool:
        """Whether there may be several edges between two nodes. They are one step here, as in networkx's paths."""
        return self.origin.is_multigraph()

    def __len__(self) -> int:
        return len(self.nodes)

    def __contains__(self, node: object) -> bool:
        try:
            return node in self.number
        except TypeError:  # networkx, too, has no node that cannot be hashed
            return False

    def named(self, numbers: list[int]) -> list[Node]:
        """The nodes of numbers."""
        return [self.nodes[n] for n in numbers]


def _rows(number: Mapping[Node, int], adjacency: Iterable[Collection[Node]]) -> Rows:
    """Each node's neighbours as rows, in their order. Parallel edges are one; `step` is the place in the rows."""
    indptr = np.zeros(len(number) + 1, np.int64)
    rows = list(adjacency)
    np.cumsum(np.fromiter(map(len, rows), np.int64, len(number)), out=indptr[1:])
    far = np.fromiter(map(number.__getitem__, chain.from_iterable(rows)), np.int32, int(indptr[-1]))
    return Rows(indptr, far, np.arange(len(far), dtype=np.int32))


def convert_from_nx(graph: nx.Graph[Node], **_: object) -> Graph:
    """networkx's graph as the engine's."""
    return Graph(graph)


def convert_to_nx(result: Any, **_: object) -> Any:
    """The networkx graph that the engine's was made from; anything else as it is."""
    return result.origin if isinstance(result, Graph) else result


def can_run(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool | str:
    """Whether the engine answers a call as networkx would; else why not."""
    given = dict(zip(_ARGUMENTS[name], args, strict=False)) | kwargs
    graph = given.get("G")
    if not isinstance(graph, Graph) and (not isinstance(graph, nx.Graph) or hasattr(graph, "_graph")):
        return "a view changes with another graph, without being told"
    if given.get("weight") is not None:
        return "the engine's networkx functions have no weights"
    if name == "shortest_path" and (given.get("source") is None or given.get("target") is None):
        return "the engine's shortest_path needs both ends"
    if given.get("method", "dijkstra") not in ("dijkstra", "bellman-ford"):
        return "networkx says that there is no such method"
    cutoff = given.get("cutoff")
    if cutoff is not None and not isinstance(cutoff, int | float):
        return "a cutoff is a number"
    return True


def should_run(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:  # noqa: ARG001
    """Always: the conversion is kept with the graph."""
    return True


_ARGUMENTS = {
    "all_shortest_paths": ("G", "source", "target", "weight", "method"),
    "bidirectional_shortest_path": ("G", "source", "target"),
    "shortest_path": ("G", "source", "target", "weight", "method"),
    "shortest_simple_paths": ("G", "source", "target", "weight"),
    "single_source_shortest_path_length": ("G", "source", "cutoff"),
}


def bidirectional_shortest_path(G: Graph, source: Node, target: Node) -> list[Node]:  # noqa: N803
    """A shortest path. Raises NodeNotFound, NetworkXNoPath."""
    for name, node in (("Source", source), ("Target", target)):
        if node not in G:
            raise nx.NodeNotFound(f"{name} {node} is not in G")
    path = G.searcher.shortest(G.number[source], G.number[target]).path
    if not path:
        raise nx.NetworkXNoPath(f"No path between {source} and {target}.")
    return G.named(path)


def shortest_path(
    G: Graph,  # noqa: N803
    source: Node,
    target: Node,
    weight: None = None,  # noqa: ARG001
    method: str = "dijkstra",  # noqa: ARG001
) -> list[Node]:
    """A shortest path between two nodes. Raises NodeNotFound, NetworkXNoPath."""
    return bidirectional_shortest_path(G, source, target)


def all_shortest_paths(
    G: Graph,  # noqa: N803
    source: Node,
    target: Node,
    weight: None = None,  # noqa: ARG001
    method: str = "dijkstra",  # noqa: ARG001
) -> Iterator[list[Node]]:
    """All shortest paths, in networkx's order. Raises NodeNotFound at once, NetworkXNoPath with the first path."""
    if source not in G:
        raise nx.NodeNotFound(f"Source {source} not in G")
    return _all_shortest(G, source, target)


def _all_shortest(graph: Graph, source: Node, target: Node) -> Iterator[list[Node]]:
    found = False
    if target in graph:
        for path in graph.searcher.all_shortest(graph.number[source], graph.number[target]):
            found = True
            yield graph.named(path)
    if not found:
        raise nx.NetworkXNoPath(f"Target {target} cannot be reached from given sources")


def shortest_simple_paths(
    G: Graph,  # noqa: N803
    source: Node,
    target: Node,
    weight: None = None,  # noqa: ARG001
) -> Iterator[list[Node]]:
    """Loopless paths, shorter ones first, in networkx's order. Raises, when the first is asked for, NodeNotFound and
    NetworkXNoPath."""
    for name, node in (("source", source), ("target", target)):
        if node not in G:
            raise nx.NodeNotFound(f"{name} node {node} not in graph")
    found = False
    for path in SimplePaths(G.searcher, G.number[source], G.number[target]):
        found = True
        yield G.named(path)
    if not found:
        raise nx.NetworkXNoPath(f"No path between {source} and {target}.")


def single_source_shortest_path_length(
    G: Graph,  # noqa: N803
    source: Node,
    cutoff: float | None = None,
) -> dict[Node, int]:
    """How far each node is that can be reached, nearer ones first. Raises NodeNotFound."""
    if source not in G:
        raise nx.NodeNotFound(f"Source {source} is not in G")
    farthest = _FARTHEST if cutoff is None or cutoff > _FARTHEST else max(0, math.ceil(cutoff)) if cutoff > 0 else 0
    reached = G.searcher.distances(G.number[source], cutoff=farthest)
    return dict(zip(G.named(reached.nodes.tolist()), reached.levels.tolist(), strict=True))
