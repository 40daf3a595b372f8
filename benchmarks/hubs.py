"""The ranked first page of a hub, 50 edges and all counts, beside LadybugDB and Oxigraph: same order, same counts.

    python benchmarks/hubs.py --nodes 1000000 --edges 10000000 --hub 76500

kgraph answers with the verb: names, claims and passages of every edge included. The peers' databases and kgraph's index
are made once, in `--folder`. Every answer is compared with the one of plain Python (`ranked.py`); a difference ends the
run. Hubs asked in turn are not those just answered, which an engine may remember.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hubpeers import Ladybug, Oxigraph
from journalled import Asked, JournalFolder, journal_of
from kept import FOLDER
from measure import Pair, Timed, built, machine, table, timed
from ranked import SHOWN, FirstPage, FirstPages, RankedGraph

from kgraph.model import Neighbourhood

PACKAGES = ["kgraph-claims", "numba", "numpy", "ladybug", "pyoxigraph", "pyarrow"]
MOST = 20
ROUNDS = 5


class Kgraph:
    """The verb, over the index of the same graph as a claim table."""

    def __init__(self, folder: Path, drawn: RankedGraph) -> None:
        self._asked = Asked(JournalFolder(journal_of(folder, lambda: drawn)))
        self._drawn = drawn
        compress = self._asked.namespaces.compress
        self._predicate = {compress(iri): number for number, iri in enumerate(drawn.relations)}
        self._type = {compress(iri): number for number, iri in enumerate(drawn.types)}

    def close(self) -> None:
        """Nothing is held but mapped files."""

    def ways(self) -> dict[str, Any]:
        """By what is asked."""
        return {"kgraph": lambda hub: self._asked.neighbourhood(self._drawn.iri(hub), limit=SHOWN)}

    def read(self, answer: Neighbourhood) -> FirstPage:
        """The numbers in an answer."""
        edges = [
            (
                self._predicate[edge.predicate],
                edge.forward,
                int((edge.target if edge.forward else edge.source).rpartition(":n")[2]),
            )
            for edge in answer.edges
        ]
        counts = answer.counts
        return FirstPage(
            edges,
            {self._predicate[name]: count for name, count in counts.by_predicate.items()},
            {self._type[name]: count for name, count in counts.by_type.items()},
        )


def measured(name: str, ask: FirstPages, nodes: list[int], seconds: float, rounds: int = ROUNDS) -> Timed:
    """The nodes one after another, so many times."""
    pairs: list[Pair] = [(node, 0) for _ in range(rounds) for node in nodes]
    return timed(name, lambda node, _: ask(node), pairs, seconds)


def checked(rows: list[Timed], nodes: list[int], expected: dict[int, FirstPage], kgraph: Kgraph) -> list[Timed]:
    """The same rows, once every answer is seen to be right."""
    for row in rows:
        for number, answer in enumerate(row.answers):
            node = nodes[number % len(nodes)]
            page = kgraph.read(answer) if isinstance(answer, Neighbourhood) else answer
            if page != expected[node]:
                raise SystemExit(f"{row.name} gives for node {node}\n{page}\ninstead of\n{expected[node]}")
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
    hubs, leaves = drawn.hubs(MOST), drawn.leaves(MOST)
    expected = {node: drawn.first_page(node) for node in (*hubs, *leaves)}
    degrees = [drawn.degree(node) for node in (*hubs, *leaves)]
    print(f"- {given.nodes:,} nodes, {given.edges:,} edges; hubs of {degrees[0]:,}, {degrees[1]:,} … ", end="")
    print(f"{degrees[MOST - 1]:,} edges; leaves of {min(degrees)} to {max(degrees[MOST:])}")
    kgraph = built("kgraph, opened", lambda: Kgraph(folder / "kgraph", drawn))
    largest: list[Timed] = []
    many: list[Timed] = []
    makers: dict[str, Callable[[], Any]] = {
        "kgraph": lambda: kgraph,
        "ladybug": lambda: Ladybug(folder / "ladybug", drawn),
        "oxigraph": lambda: Oxigraph(folder / "oxigraph", drawn),
    }
    for name in ("kgraph", *given.peers):
        engine = makers[name]()
        for way, ask in engine.ways().items():
            largest.append(measured(way, ask, hubs[:1], given.seconds, MOST * ROUNDS))
            many.append(measured(way, ask, hubs, given.seconds))
        engine.close()
    table(f"The first page of a hub of {degrees[0]:,} edges", checked(largest, hubs[:1], expected, kgraph))
    table(f"The first pages of the {MOST} largest hubs in turn", checked(many, hubs, expected, kgraph))
    own = kgraph.ways()["kgraph"]
    few = [measured("kgraph, leaves in turn", own, leaves, given.seconds), many[0]]
    table("A leaf and a hub", checked(few[:1], leaves, expected, kgraph) + few[1:])


if __name__ == "__main__":
    main()
