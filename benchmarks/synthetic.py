"""Synthetic graphs with the shape of reported relations: scale-free, 50 predicates, hubs.

    python benchmarks/synthetic.py --nodes 1000000 --edges 10000000 graph.npz

Ends are drawn by rank with weights (rank + shift)^-a, as in the model of Chung and Lu (Annals of Combinatorics 6,
2002): targets with a = 0.75 (degrees fall with exponent 2.3), the shift such that the first hub has `hub` edges on
average; sources with a = 0.5. Ranks are dealt to node numbers at random. Predicates fall off as Zipf's law has it. No
loops, no two edges with the same source and target. The same seed gives the same graph.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Int32 = npt.NDArray[np.int32]

PREDICATES = 50
HUB_SHARE = 70_000 / 10_000_000


@dataclass(frozen=True)
class SyntheticGraph:
    """`source`, `target`: int32[m], node numbers; `predicate`: uint8[m]."""

    nodes: int
    source: Int32
    target: Int32
    predicate: npt.NDArray[np.uint8]


def _cumulated(nodes: int, exponent: float, shift: float) -> npt.NDArray[np.float64]:
    weights = (np.arange(nodes) + shift) ** -exponent
    return np.cumsum(weights / weights.sum())


def _shift(nodes: int, exponent: float, share: float) -> float:
    """The shift at which the first rank has a share of all edges, by bisection."""
    low, high = 0.01, 1000.0
    for _ in range(40):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if _cumulated(nodes, exponent, middle)[0] > share else (low, middle)
    return low


def scale_free(nodes: int, edges: int, *, hub: int | None = None, seed: int = 7) -> SyntheticGraph:
    """A graph of so many nodes and edges. `hub`: the edges of the largest target, 70,000 in 10 million if not given."""
    random = np.random.default_rng(seed)
    share = HUB_SHARE if hub is None else hub / edges
    of_target = _cumulated(nodes, 0.75, _shift(nodes, 0.75, share))
    of_source = _cumulated(nodes, 0.5, 1.0)
    source_rank, target_rank = random.permutation(nodes), random.permutation(nodes)
    keys = np.empty(0, np.int64)
    while len(keys) < edges:
        missing = int((edges - len(keys)) * 1.1) + 1000
        source = source_rank[np.minimum(np.searchsorted(of_source, random.random(missing)), nodes - 1)]
        target = target_rank[np.minimum(np.searchsorted(of_target, random.random(missing)), nodes - 1)]
        drawn = source.astype(np.int64) * nodes + target
        keys = np.unique(np.concatenate((keys, drawn[source != target])))
    keys = random.permutation(keys)[:edges]
    predicates = np.searchsorted(_cumulated(PREDICATES, 1.0, 1.0), random.random(edges)).clip(0, PREDICATES - 1)
    return SyntheticGraph(
        nodes, (keys // nodes).astype(np.int32), (keys % nodes).astype(np.int32), predicates.astype(np.uint8)
    )


def one_way(graph: SyntheticGraph) -> SyntheticGraph:
    """Without the second of two edges that differ in direction only: a simple graph when direction is forgotten."""
    low, high = np.minimum(graph.source, graph.target), np.maximum(graph.source, graph.target)
    _, first = np.unique(low.astype(np.int64) * graph.nodes + high, return_index=True)
    first.sort()
    return SyntheticGraph(graph.nodes, graph.source[first], graph.target[first], graph.predicate[first])


def main() -> None:
    """Write a graph as arrays."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--nodes", type=int, default=1_000_000)
    parser.add_argument("--edges", type=int, default=10_000_000)
    parser.add_argument("--hub", type=int)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("file", type=Path)
    given = parser.parse_args()
    graph = scale_free(given.nodes, given.edges, hub=given.hub, seed=given.seed)
    np.savez(given.file, nodes=graph.nodes, source=graph.source, target=graph.target, predicate=graph.predicate)


if __name__ == "__main__":
    main()
