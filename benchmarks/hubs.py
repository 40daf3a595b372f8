"""The ranked first page of a hub, 50 edges and all counts, beside LadybugDB and Oxigraph: same order, same counts.

    python benchmarks/hubs.py --nodes 1000000 --edges 10000000 --hub 70000

The peers' databases are made once, in `--folder`. Every answer is compared with the one of plain Python (`ranked.py`);
a difference ends the run.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from hubpeers import FirstPages, Ladybug, Oxigraph
from kept import FOLDER
from kernels import built
from measure import Pair, Timed, machine, table, timed
from ranked import FirstPage, RankedGraph

PACKAGES = ["kgraph-claims", "numba", "numpy", "ladybug", "pyoxigraph", "pyarrow"]


def measured(name: str, ask: FirstPages, hubs: list[int], seconds: float, rounds: int) -> Timed:
    """The hubs one after another, so many times."""
    pairs: list[Pair] = [(hub, 0) for _ in range(rounds) for hub in hubs]
    return timed(name, lambda hub, _: ask(hub), pairs, seconds)


def checked(rows: list[Timed], hubs: list[int], expected: dict[int, FirstPage]) -> list[Timed]:
    """The same rows, once every answer is seen to be right."""
    for row in rows:
        for number, answer in enumerate(row.answers):
            hub = hubs[number % len(hubs)]
            if answer != expected[hub]:
                raise SystemExit(f"{row.name} gives for node {hub}\n{answer}\ninstead of\n{expected[hub]}")
    return rows


def main() -> None:
    """Measure and print as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--nodes", type=int, default=1_000_000)
    parser.add_argument("--edges", type=int, default=10_000_000)
    parser.add_argument("--hub", type=int, help="edges to draw for the largest hub; in proportion if not given")
    parser.add_argument("--seconds", type=float, default=60, help="for each way of asking, and table")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--peers", nargs="*", default=["ladybug", "oxigraph"])
    given = parser.parse_args()
    machine(PACKAGES)
    drawn = built("the synthetic graph", lambda: RankedGraph.drawn(given.nodes, given.edges, given.hub))
    folder = given.folder / f"hubs-{given.nodes}-{given.edges}-{given.hub or 0}"
    hubs = drawn.hubs(20)
    expected = {hub: drawn.first_page(hub) for hub in hubs}
    degrees = [drawn.degree(hub) for hub in hubs]
    print(f"- {given.nodes:,} nodes, {given.edges:,} edges, hubs of {degrees[0]:,}, {degrees[1]:,} … {degrees[-1]:,}")
    largest: list[Timed] = []
    twenty: list[Timed] = []
    makers = {"ladybug": Ladybug, "oxigraph": Oxigraph}
    for name in (peer for peer in given.peers if peer in makers):
        peer = makers[name](folder / name, drawn)
        for way, ask in peer.ways().items():
            largest.append(measured(way, ask, hubs[:1], given.seconds, 100))
            twenty.append(measured(way, ask, hubs, given.seconds, 5))
        peer.close()
    table(f"The first page of a hub of {degrees[0]:,} edges", checked(largest, hubs[:1], expected))
    table("The first pages of the twenty largest hubs in turn", checked(twenty, hubs, expected))


if __name__ == "__main__":
    main()
