"""Memory for edges with all that is told of them: a networkx `MultiDiGraph` with the same attributes, and kgraph.

    python benchmarks/memory.py --edges 1000000 2000000 4000000 --of 10000000

Each size is built in a process of its own, which tells by how much its memory grew. What the largest size takes is
drawn as a straight line through those measured (the growth from the smallest to the largest), unless it is among them.
Attributes that are equal are one object in networkx's graph, which is kind to it: only claims and spans have names of
their own; the names of nodes are shared by their edges.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import networkx as nx
import numpy as np
from measure import machine, resident
from ranked import RankedGraph

PACKAGES = ["kgraph-claims", "networkx", "numpy"]
DAYS = [f"{year}-{month:02}-01" for year in range(2000, 2020) for month in range(1, 13)]
CONFIDENCES = [number / 100 for number in range(101)]
BATCH = 100_000


def edges_of(drawn: RankedGraph) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """The edges as networkx takes them: both ends, the key (the claim's IRI), and the attributes."""
    random = np.random.default_rng(23)
    names = [drawn.iri(node) for node in range(drawn.graph.nodes)]
    articles = [f"{drawn.ids}article-{number}" for number in range(5)]
    codes = {"voice": f"{drawn.ids}tabular", "modality": f"{drawn.ids}reported", "polarity": f"{drawn.ids}affirmed"}
    for start in range(0, len(drawn.graph.source), BATCH):
        part = slice(start, start + BATCH)
        ends = (drawn.graph.source[part].tolist(), drawn.graph.target[part].tolist())
        chance = random.integers(0, 2**31, (len(ends[0]), 5)).tolist()
        rows = zip(*ends, drawn.graph.predicate[part].tolist(), chance, strict=True)
        for claim, (source, target, predicate, (a, b, c, d, e)) in enumerate(rows, start):
            day = DAYS[a % len(DAYS)]
            attributes = {
                "predicate": drawn.relations[predicate],
                "source": articles[b % len(articles)],
                "speaker": names[c % 50],
                "relay": names[d % 50] if d % 10 == 0 else None,
                **codes,
                "earliest": day,
                "latest": day,
                "confidence": CONFIDENCES[e % len(CONFIDENCES)],
                "span": f"{drawn.ids}span-{claim:020x}",
            }
            yield names[source], names[target], f"{drawn.ids}claim-{claim:020x}", attributes


def grown_by_networkx(nodes: int, edges: int) -> int:
    """Bytes by which this process grows when the graph is built."""
    drawn = RankedGraph.drawn(nodes, edges)
    _settled()
    before = resident()
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    gc.disable()
    for source, target, key, attributes in edges_of(drawn):
        graph.add_edge(source, target, key=key, **attributes)
    gc.enable()
    assert graph.number_of_edges() == edges
    _settled()
    return resident() - before


def _settled() -> None:
    """Memory that nobody uses any more is the system's again."""
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)


def in_a_process(what: str, nodes: int, edges: int) -> int:
    """What a child told: bytes."""
    command = [sys.executable, __file__, "--child", what, "--nodes", str(nodes), "--edges", str(edges)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    if told.returncode:
        raise SystemExit(f"{what}, {edges:,} edges: ended with {told.returncode} {told.stderr.strip()[-500:]}")
    return int(told.stdout)


def main() -> None:
    """Measure and print as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--edges", type=int, nargs="+", default=[1_000_000, 2_000_000, 4_000_000])
    parser.add_argument("--of", type=int, default=10_000_000, help="edges to tell the memory of")
    parser.add_argument("--nodes", type=int, help="a tenth of the edges if not given")
    parser.add_argument("--child", choices=["networkx"], help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        print(grown_by_networkx(given.nodes, given.edges[0]))
        return
    machine(PACKAGES)
    print("\n| edges | nodes | networkx MultiDiGraph, MiB | bytes an edge |\n|---|---|---|---|")
    sizes: dict[int, int] = {}
    for edges in sorted(given.edges):
        nodes = given.nodes or edges // 10
        sizes[edges] = size = in_a_process("networkx", nodes, edges)
        print(f"| {edges:,} | {nodes:,} | {size / 2**20:,.0f} | {size / edges:,.0f} |", flush=True)
    if given.of not in sizes:
        least, most = min(sizes), max(sizes)
        slope = (sizes[most] - sizes[least]) / (most - least) if most > least else sizes[most] / most
        sizes[given.of] = size = int(sizes[most] + slope * (given.of - most))
        print(f"| {given.of:,} (drawn on) | | {size / 2**20:,.0f} | {size / given.of:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
