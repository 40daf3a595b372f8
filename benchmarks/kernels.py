"""The kernels against their peers: same graph, same pairs, same process; integers in, integers out.

    python benchmarks/kernels.py single --nodes 1000000 --edges 10000000        # one shortest path, directed and not
    python benchmarks/kernels.py several --nodes 100000 --edges 1000000         # all shortest; k = 5 loopless

Peers are built once, each dropped before the next kind is built. Every answer's length is compared with ours; a
difference ends the run. A peer is stopped after `--seconds`; the table says how many pairs it did, and compares those.
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
from measure import Pair, Timed, built, machine, spread, table, timed
from physical import limit
from synthetic import SyntheticGraph, one_way, scale_free

from kgraph.traversal.kernels.limits import Limits, Verdict
from kgraph.traversal.kernels.searcher import Searcher
from kgraph.traversal.kernels.simple import SimplePaths
from kgraph.traversal.kernels.topology import Direction, Topology

PEERS = ["kgraph-claims", "numba", "numpy", "networkx", "igraph", "rustworkx", "networkit"]

Ask = Callable[[int, int], Any]

ENDLESS, DEADLINE = 100, 50
"""How many searches without end are ended by a deadline, and after how many milliseconds."""


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


def single(graph: SyntheticGraph, directed: bool, pairs: list[Pair], peers: list[str], seconds: float) -> None:
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
    makers: dict[str, tuple[Callable[[SyntheticGraph, bool], Any], Callable[[Any], Ask]]] = {
        "networkit": (as_networkit, networkit_path),
        "networkx": (as_networkx, networkx_path),
        "igraph": (as_igraph, lambda g: lambda a, b: g.get_shortest_path(a, b)),
    }
    for name in (peer for peer in peers if peer in makers):
        make, asking = makers[name]
        peer = built(name, partial(make, graph, directed))
        rows.append(timed(name, hops(asking(peer)), pairs, seconds))
        del peer
        gc.collect()
    compared(*rows)
    table(f"One shortest path, {'directed' if directed else 'undirected'}", rows)
    print(f"\n{found} of {len(pairs)} pairs connected; edges looked at: median {np.median(edges):,.0f}, ", end="")
    print(f"p99 {np.percentile(edges, 99):,.0f}; as networkx chooses: ", end="")
    edges = [like.shortest(a, b).edges for a, b in pairs]
    print(f"median {np.median(edges):,.0f}, p99 {np.percentile(edges, 99):,.0f}.", flush=True)
    _beside_the_limit(ours, graph, pairs, rows[0])
    _deadline(ours, pairs)


def _beside_the_limit(ours: Searcher, graph: SyntheticGraph, pairs: list[Pair], row: Timed) -> None:
    """How near the searches come to what the call and the memory take at least."""
    small = Searcher(Topology.from_edges(2, [0], [1]))
    call = timed("", lambda a, b: small.shortest(a, b).path, [(0, 1)] * 2000).p50
    best = limit(len(graph.source))
    edges = np.array([ours.shortest(a, b).edges for a, b in pairs])
    least = call + edges * best.gathers / 1e6
    took = np.array(row.ms)
    print(f"\n{best}\nA call that looks at one edge: {call * 1000:.1f} µs. ", end="")
    print(
        f"Call and one gather an edge: p50 {np.median(least):.4f} ms, p99 {np.percentile(least, 99):.4f} ms; ", end=""
    )
    print(f"we take {np.median(took / least):.1f} times that at the median of pairs, ", end="")
    print(f"{(took.sum() - call * len(took)) * 1e6 / edges.sum():.1f} ns an edge over all.\n", flush=True)


def _topology(graph: SyntheticGraph) -> Topology:
    return Topology.from_edges(graph.nodes, graph.source, graph.target)


def _deadline(searcher: Searcher, pairs: list[Pair]) -> None:
    """When endless searches end that have a deadline: they tell the loopless paths of a pair one after another.

    Twice, as a full collection of Python's garbage, over the objects of all libraries loaded, takes longer than the ten
    milliseconds that are allowed: a service that has set these objects aside (`gc.freeze`) does not meet it.
    """
    for collector in ("as Python has it", "after gc.freeze()"):
        if ended := _endless(searcher, pairs):
            print(
                f"- a deadline of {DEADLINE} ms, garbage collector {collector}, {spread('endless search ends', ended)}"
            )
        gc.collect()
        gc.freeze()
    gc.unfreeze()
    print(flush=True)


def _endless(searcher: Searcher, pairs: list[Pair]) -> list[float]:
    """Milliseconds that searches took which a deadline ended."""
    ended = []
    for a, b in pairs:
        began = time.perf_counter()
        search = SimplePaths(searcher, a, b, Limits.within(ms=DEADLINE))
        for _ in search:
            pass
        if search.verdict == Verdict.MAX_MS:
            ended.append((time.perf_counter() - began) * 1000)
            if len(ended) == ENDLESS:
                break
    return ended


def several(graph: SyntheticGraph, directed: bool, pairs: list[Pair], peers: list[str], seconds: float) -> None:
    """All shortest paths, and the five shortest loopless ones."""
    topology = built("kgraph rows, forward and backward", lambda: _topology(graph))
    name = "directed" if directed else "undirected"
    ours = Searcher(topology, "forward" if directed else "both")
    every = timed("kgraph", hops(lambda a, b: list(ours.all_shortest(a, b))), pairs)
    five = timed("kgraph", lambda a, b: [len(p) for p in islice(SimplePaths(ours, a, b), 5)], pairs)
    all_rows, five_rows = [every], [five]
    if "networkx" in peers:
        peer = built("networkx", lambda: as_networkx(graph, directed))
        all_rows.append(timed("networkx", hops(_networkx_all(peer)), pairs, seconds))
        five_rows.append(timed("networkx", _networkx_five(peer), pairs, seconds))
    if "igraph" in peers:
        drawn = built("igraph", lambda: as_igraph(graph, directed))
        all_rows.append(timed("igraph", hops(drawn.get_all_shortest_paths), pairs, seconds))
        drawn_five: Ask = lambda a, b: list(map(len, drawn.get_k_shortest_paths(a, b, k=5)))  # noqa: E731
        five_rows.append(timed("igraph", drawn_five, pairs, seconds))
    if "rustworkx" in peers:
        held = built("rustworkx", lambda: as_rustworkx(graph, directed))
        all_rows.append(timed("rustworkx", hops(_rustworkx_all(held)), pairs, seconds))
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
    parser.add_argument("--seconds", type=float, default=60, help="for each peer and table")
    given = parser.parse_args()
    machine(PEERS)
    networkit.setNumberOfThreads(1)
    drawn = built("the synthetic graph", lambda: scale_free(given.nodes, given.edges))
    for directed in (True, False):
        graph = drawn if directed else one_way(drawn)
        hub = int(np.bincount(np.concatenate((graph.source, graph.target))).max())
        print(f"- {graph.nodes:,} nodes, {len(graph.source):,} edges, largest hub {hub:,} edges, {given.pairs} pairs")
        measure = single if given.what == "single" else several
        measure(graph, directed, pairs_of(graph, given.pairs), given.peers, given.seconds)


if __name__ == "__main__":
    main()
