"""The `paths` verb, evidence and sentence included, with the claim index and record by record: the same pairs.

    python benchmarks/verbs.py --nodes 50000 --claims 250000

Claims lie on a synthetic graph, over twelve relations of the ontology, five articles, some alleged or negated, all with
a time; questions look through the standing lens, then through one with speakers and time bounds.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from kernels import built, pairs_of
from measure import machine, table, timed
from synthetic import scale_free

from kgraph.model import Lens, PathQuestion, Span, TimeSpan
from kgraph.namespaces import Namespaces
from kgraph.schema import Schema
from kgraph.traversal import Catalogue, compile_lens, paths
from kgraph.traversal.things import Article, ClaimRecord, Node, Step


def catalogue_of(nodes: int, claims: int) -> tuple[Catalogue, list[tuple[int, int]], Callable[[int], str]]:
    """A catalogue of one claim a relation, pairs of nodes, and the IRI of a node's number."""
    namespaces = Namespaces.load()
    schema = Schema.load(namespaces)
    graph = scale_free(nodes, claims, hub=claims // 50)
    random = np.random.default_rng(5)
    relations = sorted(p for p, r in schema.relations.items() if r.directed)[:12]

    def iri(number: int) -> str:
        return namespaces.expand(f"n{number:07}", "id")

    kgs, articles = namespaces.kgs, [namespaces.expand(f"a{i}", "id") for i in range(5)]
    days = [f"20{y:02}-01-01" for y in range(20)]
    times = {(t := namespaces.expand(f"t{d}", "id")): TimeSpan(t, d, d, d, d, "stated") for d in days}
    span = Span("span", articles[0], 1, 1, 0, 1, None)
    stamps = list(times)
    columns = (graph.source.tolist(), graph.target.tolist(), (graph.predicate % len(relations)).tolist())
    chance = random.random((claims, 2)).tolist()
    records = sorted(
        (iri(s), relations[p], iri(o), number) for number, (s, o, p) in enumerate(zip(*columns, strict=True))
    )
    steps, outgoing, incoming, stated = [], defaultdict(list), defaultdict(list), {}
    for index, (subject, predicate, object_, number) in enumerate(records):
        claim = ClaimRecord(
            namespaces.expand(f"c{number:08}", "id"), subject, predicate, object_, articles[number % 5],
            (iri(number % 50),), (), ("span",), f"{kgs}article-voice",
            f"{kgs}negated" if chance[number][0] < 0.1 else f"{kgs}affirmed",
            f"{kgs}alleged" if chance[number][1] < 0.2 else f"{kgs}reported",
            f"{kgs}current", time=stamps[number % 20],
        )  # fmt: skip
        stated[claim.iri] = claim
        step = Step(index, subject, predicate, object_, "relations", (claim,))
        steps.append(step)
        outgoing[subject].append(step)
        incoming[object_].append(step)
    organisation = f"{namespaces.kg}Organisation"
    found = {n: Node(n, "entity", n.rpartition("/")[2], organisation, (organisation,)) for n in map(iri, range(nodes))}
    found |= {a: Node(a, "document", a, organisation) for a in articles}
    catalogue = Catalogue(
        1, namespaces, schema, found, stated, {"span": span}, {}, times, {}, {},
        {a: Article(a, "", 1) for a in articles}, tuple(steps),
        {n: tuple(s) for n, s in outgoing.items()}, {n: tuple(s) for n, s in incoming.items()}, {}, {},
    )  # fmt: skip
    return catalogue, pairs_of(graph, 1000), iri


def asking(catalogue: Catalogue, iri: Callable[[int], str], options: dict[str, Any]) -> Callable[[int, int], Any]:
    """A question for a pair; its answer without what it cost."""

    def ask(a: int, b: int) -> Any:
        question = PathQuestion((iri(a),), (iri(b),), max_ms=60_000, max_edges=10**9, **options)
        return replace(paths(catalogue, question), work=None)  # type: ignore[arg-type]

    return ask


def main() -> None:
    """Measure and print as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--nodes", type=int, required=True)
    parser.add_argument("--claims", type=int, required=True)
    given = parser.parse_args()
    machine(["kgraph-claims", "numba", "numpy"])
    plain, pairs, iri = built("catalogue", lambda: catalogue_of(given.nodes, given.claims))
    plain = replace(plain, _lasting={"index": None})
    indexed = replace(plain, _lasting={}, _remembered={})
    built("index", lambda: compile_lens(indexed, Lens()))
    narrow = Lens(said_by=tuple(map(iri, range(25))), valid_from="2005-01-01", valid_until="2014-12-31")
    modes: dict[str, dict[str, Any]] = {
        "shortest": {},
        "k_shortest": {"mode": "k_shortest", "k": 5},
        "shortest, through a lens": {"lens": narrow},
    }
    for name, options in modes.items():
        rows = [
            timed("with the index", asking(indexed, iri, options), pairs, 30),
            timed("record by record", asking(plain, iri, options), pairs, 30),
        ]
        if any(a != b for a, b in zip(rows[0].answers, rows[1].answers, strict=False)):
            raise SystemExit("the answers differ")
        table(f"paths, {name}", rows)


if __name__ == "__main__":
    main()
