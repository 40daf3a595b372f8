"""The verbs on a large graph, names, claims, passages and sentences included, and how a deadline ends them.

    python benchmarks/verbs.py --edges 1000000

What is asked is different each time. Endless searches are told to end after 50 ms, as in `kernels.py`.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from journalled import Asked, JournalFolder, journal_of
from kept import FOLDER
from kernels import DEADLINE, ENDLESS, pairs_of
from measure import Pair, Timed, built, machine, spread, timed
from ranked import RankedGraph

PACKAGES = ["kgraph-claims", "numba", "numpy"]


def questions(graph: Asked, drawn: RankedGraph) -> dict[str, Callable[[int, int], Any]]:
    """What is asked of two nodes; mostly how they are connected."""
    name = drawn.iri
    narrow: dict[str, Any] = {
        "said_by": [name(node) for node in range(25)],
        "valid_from": "2005-01-01",
        "valid_until": "2014-12-31",
    }

    def paths(**options: Any) -> Callable[[int, int], Any]:
        return lambda a, b: graph.paths(name(a), name(b), **options)

    return {
        "paths, shortest": paths(),
        "paths, shortest, forward": paths(direction="forward"),
        "paths, shortest, half the speakers, half the years": paths(**narrow),
        "paths, cheapest by sources": paths(weight="sources"),
        "paths, five shortest": paths(mode="k_shortest", k=5),
        "paths, all shortest": paths(mode="all_shortest"),
        "connect, three entities": lambda a, b: graph.connect([name(a), name(b), name((a + b) % drawn.graph.nodes)]),
        "neighbourhood": lambda a, _: graph.neighbourhood(name(a)),
        "entity": lambda a, _: graph.entity(name(a)),
        "timeline": lambda a, _: graph.timeline(name(a)),
    }


def table(rows: list[Timed]) -> None:
    """Each question, and how its answers ended."""
    print("\n| verb | times | p50 ms | p99 ms | ended |\n|---|---|---|---|---|")
    for row in rows:
        ends = Counter(getattr(answer, "verdict", "found") for answer in row.answers)
        told = ", ".join(f"{count} {end}" for end, count in ends.most_common())
        print(f"| {row.name} | {len(row.ms)} | {row.p50:.3f} | {row.p99:.3f} | {told} |", flush=True)


ENDLESS_PATHS: dict[str, dict[str, Any]] = {
    "all simple paths of nine or ten hops": {"mode": "all_simple", "min_hops": 9, "max_hops": 10, "limit": 1000},
    "a thousand shortest": {"mode": "k_shortest", "k": 1000, "limit": 1000},
    "all simple paths, cheapest by sources": {"mode": "all_simple", "weight": "sources", "limit": 1000},
}


def deadline(graph: Asked, drawn: RankedGraph, pairs: list[Pair]) -> None:
    """When searches end that have far more to tell than they have time for, what they found told as well."""
    print()
    for collector in ("as Python has it", "after gc.freeze()"):
        for name, options in ENDLESS_PATHS.items():
            if ended := _endless(graph, drawn, pairs, options):
                print(f"- {DEADLINE} ms, garbage collector {collector}, {spread(name, ended)}", flush=True)
        gc.collect()
        gc.freeze()
    gc.unfreeze()


def _endless(graph: Asked, drawn: RankedGraph, pairs: list[Pair], options: dict[str, Any]) -> list[float]:
    ended = []
    for a, b in [*pairs[-3:], *pairs[:ENDLESS]]:
        began = time.perf_counter()
        answer = graph.paths(drawn.iri(a), drawn.iri(b), max_ms=DEADLINE, max_edges=10**7, **options)
        if answer.stopped_by == "max_ms":
            ended.append((time.perf_counter() - began) * 1000)
    return ended[3:]


def main() -> None:
    """Measure and print as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--edges", type=int, default=1_000_000)
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=30, help="for each question")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    given = parser.parse_args()
    machine(PACKAGES)
    drawn = built("the synthetic graph", lambda: RankedGraph.drawn(given.edges // 10, given.edges, once=True))
    path = journal_of(given.folder / f"journal-{given.edges}", lambda: drawn)
    graph = built("kgraph, opened", lambda: Asked(JournalFolder(path)))
    pairs = pairs_of(drawn.graph, given.pairs)
    rows = [timed(name, ask, pairs, given.seconds) for name, ask in questions(graph, drawn).items()]
    table(rows)
    deadline(graph, drawn, pairs)


if __name__ == "__main__":
    main()
