"""The kernels against their peers: same graph, same pairs, same process; integers in, integers out.

    python benchmarks/kernels.py single --nodes 1000000 --edges 10000000        # one shortest path, directed and not
    python benchmarks/kernels.py several --nodes 100000 --edges 1000000         # all shortest; k = 5 loopless

Peers are built once, each dropped before the next kind is built. Every answer's length is compared with ours; a
difference ends the run.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import Any

import igraph
import networkit
import networkx as nx
import numpy as np
import rustworkx
from measure import Pair, Timed, built, machine, table, timed
from synthetic import SyntheticGraph, one_way, scale_free

from kgraph.traversal.kernels.limits import Limits, Verdict
from kgraph.traversal.kernels.searcher import Searcher
from kgraph.traversal.kernels.simple import SimplePaths
from kgraph.traversal.kernels.topology import Direction, Topology

PEERS = ["kgraph-claims", "numba", "numpy", "networkx", "igraph", "rustworkx", "networkit"]

Ask = Callable[[int, int], Any]


def pairs_of(graph: SyntheticGraph, count: int) -> list[Pair]:
    """Different nodes at random: one with an edge that leaves it, one with an edge that comes to it."""
    random = np.random.default_rng(11)
    ends = zip(
        random.choice(np.unique(graph.source), 2 * count).tolist(),
        random.choice(np.unique(graph.target), 2 * count).tolist(),
        strict=True,
    )
    return [(a, b) for a, b in ends if a != b][:count]


def compared(ours: Timed, *others: Timed) -> list[Timed]:
    """All of them, once their answers are seen to agree."""
    for other in others:
        for mine, theirs in zip(ours.answers, other.answers, strict=False):
            if mine != theirs:
                raise SystemExit(f"{other.name} has {theirs}, we have {mine}")
    return [ours, *others]


def hops(call: Ask) -> Ask:
    """A call whose path is kept as its number of nodes; taking that costs the same for all."""

    def ask(a: int, b: int) -> int:
        return len(call(a, b))

    return ask


def networkx_path(graph: Any) -> Ask:
    """networkx's shortest path, an empty one where there is none."""

    def ask(a: int, b: int) -> Any:
        try:
            return nx.bidirectional_shortest_path(graph, a, b, backend="networkx")
        except nx.NetworkXNoPath:
            return []

    return ask


def networkit_path(graph: Any) -> Ask:
    """networkit's, with its ends, which it leaves out."""

    def ask(a: int, b: int) -> Any:
        search = networkit.distance.BidirectionalBFS(graph, a, b)
        search.run()
        return [a, *search.getPath(), b] if search.getDistance() < graph.numberOfNodes() else []

    return ask


def as_networkx(graph: SyntheticGraph, directed: bool) -> Any:
    """The graph for networkx."""
    made = nx.DiGraph() if directed else nx.Graph()
    made.add_nodes_from(range(graph.nodes))
    made.add_edges_from(zip(graph.source.tolist(), graph.target.tolist(), strict=True))
    return made


def as_networkit(graph: SyntheticGraph, directed: bool) -> Any:
    """The graph for networkit."""
    ends = (graph.source.astype(np.uint64), graph.target.astype(np.uint64))
    return networkit.GraphFromCoo(ends, n=graph.nodes, directed=directed)


def as_igraph(graph: SyntheticGraph, directed: bool) -> Any:
    """The graph for igraph."""
    return igraph.Graph(graph.nodes, np.stack((graph.source, graph.target), 1), directed=directed)


def as_rustworkx(graph: SyntheticGraph, directed: bool) -> Any:
    """The graph for rustworkx."""
    made = rustworkx.PyDiGraph() if directed else rustworkx.PyGraph()
    made.add_nodes_from(range(graph.nodes))
    made.add_edges_from_no_data(list(zip(graph.source.tolist(), graph.target.tolist(), strict=True)))
    return made


def single(graph: SyntheticGraph, directed: bool, pairs: list[Pair], peers: list[str]) -> None:
    """One shortest path."""
    topology = built("kgraph rows, forward and backward", lambda: _topology(graph))
    direction: Direction = "forward" if directed else "both"
    ours = built(f"kgraph searcher, {direction}", lambda: Searcher(topology, direction))
    like = Searcher(topology, direction, by_nodes=True)
    ways: list[tuple[str, Ask]] = [
        ("kgraph", lambda a, b: ours.shortest(a, b).path),
        ("kgraph, sides chosen as networkx does", lambda a, b: like.shortest(a, b).path),
    ]
    rows = []
    for name, ask in ways:
        rows.append(timed(name, hops(ask), pairs))
    edges = [ours.shortest(a, b).edges for a, b in pairs]
    found = sum(1 for size in rows[0].answers if size)
    _deadline(ours)
    makers: dict[str, tuple[Callable[[SyntheticGraph, bool], Any], Callable[[Any], Ask]]] = {
        "networkit": (as_networkit, networkit_path),
        "networkx": (as_networkx, networkx_path),
        "igraph": (as_igraph, lambda g: lambda a, b: g.get_shortest_path(a, b)),
    }
    for name in (peer for peer in peers if peer in makers):
        make, asking = makers[name]
        peer = built(name, partial(make, graph, directed))
        rows.append(timed(name, hops(asking(peer)), pairs))
        del peer
        gc.collect()
    compared(*rows)
    table(f"One shortest path, {'directed' if directed else 'undirected'}", rows)
    print(f"\n{found} of {len(pairs)} pairs connected; edges looked at: median {np.median(edges):,.0f}, ", end="")
    print(f"p99 {np.percentile(edges, 99):,.0f}; as networkx chooses: ", end="")
    edges = [like.shortest(a, b).edges for a, b in pairs]
    print(f"median {np.median(edges):,.0f}, p99 {np.percentile(edges, 99):,.0f}.\n", flush=True)


def _topology(graph: SyntheticGraph) -> Topology:
    return Topology.from_edges(graph.nodes, graph.source, graph.target)


def _deadline(searcher: Searcher) -> None:
    """How far a deadline of 50 ms is overrun by endless searches from the first nodes."""
    over = []
    for node in range(20):
        began = time.perf_counter()
        search = SimplePaths(searcher, node, node + 1, Limits.within(ms=50))
        for _ in search:
            pass
        if search.verdict == Verdict.MAX_MS:
            over.append((time.perf_counter() - began) * 1000)
    if over:
        print(f"- deadline of 50 ms, loopless paths without end: {len(over)} searches ended within {max(over):.2f} ms")


def several(graph: SyntheticGraph, directed: bool, pairs: list[Pair], peers: list[str]) -> None:
    """All shortest paths, and the five shortest loopless ones."""
    topology = built("kgraph rows, forward and backward", lambda: _topology(graph))
    name = "directed" if directed else "undirected"
    ours = Searcher(topology, "forward" if directed else "both")
    every = timed("kgraph", hops(lambda a, b: list(ours.all_shortest(a, b))), pairs)
    five = timed("kgraph", lambda a, b: [len(p) for p in islice(SimplePaths(ours, a, b), 5)], pairs)
    all_rows, five_rows = [every], [five]
    if "networkx" in peers:
        peer = built("networkx", lambda: as_networkx(graph, directed))
        all_rows.append(timed("networkx", hops(_networkx_all(peer)), pairs, 15))
        five_rows.append(timed("networkx", _networkx_five(peer), pairs, 20))
    if "igraph" in peers:
        drawn = built("igraph", lambda: as_igraph(graph, directed))
        all_rows.append(timed("igraph", hops(drawn.get_all_shortest_paths), pairs, 15))
        five_rows.append(timed("igraph", lambda a, b: list(map(len, drawn.get_k_shortest_paths(a, b, k=5))), pairs, 15))
    if "rustworkx" in peers:
        all_rows.append(timed("rustworkx", hops(_rustworkx_all(as_rustworkx(graph, directed))), pairs, 15))
    table(f"All shortest paths, {name}", compared(*all_rows))
    paths = [int(str(size)) for size in every.answers]
    print(f"\nPaths a pair: median {np.median(paths):,.0f}, p99 {np.percentile(paths, 99):,.0f}.")
    table(f"The five shortest loopless paths, {name}", compared(*five_rows))
    print()


def _networkx_all(graph: Any) -> Ask:
    def ask(a: int, b: int) -> Any:
        try:
            return list(nx.all_shortest_paths(graph, a, b, backend="networkx"))
        except nx.NetworkXNoPath:
            return []

    return ask


def _networkx_five(graph: Any) -> Ask:
    def ask(a: int, b: int) -> Any:
        try:
            return [len(p) for p in islice(nx.shortest_simple_paths(graph, a, b, backend="networkx"), 5)]
        except nx.NetworkXNoPath:
            return []

    return ask


def _rustworkx_all(graph: Any) -> Ask:
    find: Any = (
        rustworkx.digraph_all_shortest_paths
        if isinstance(graph, rustworkx.PyDiGraph)
        else rustworkx.graph_all_shortest_paths
    )
    return lambda a, b: find(graph, a, b)


def main() -> None:
    """Measure and print as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=["single", "several"])
    parser.add_argument("--nodes", type=int, required=True)
    parser.add_argument("--edges", type=int, required=True)
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--peers", nargs="*", default=["networkx", "igraph", "networkit", "rustworkx"])
    given = parser.parse_args()
    machine(PEERS)
    networkit.setNumberOfThreads(1)
    drawn = built("the synthetic graph", lambda: scale_free(given.nodes, given.edges))
    for directed in (True, False):
        graph = drawn if directed else one_way(drawn)
        hub = int(np.bincount(np.concatenate((graph.source, graph.target))).max())
        print(f"- {graph.nodes:,} nodes, {len(graph.source):,} edges, largest hub {hub:,} edges, {given.pairs} pairs")
        measure = single if given.what == "single" else several
        measure(graph, directed, pairs_of(graph, given.pairs), given.peers)


if __name__ == "__main__":
    main()
