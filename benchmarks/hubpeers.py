"""How LadybugDB and Oxigraph are asked for the ranked first page of a hub, each in every way that seemed promising.

Neither can take turns in its query language, so a page is asked for one relation at a time, after the counts, which
tell how many edges of each the page needs; or all at once; or every edge is fetched and put in order in Python. They
are handed what kgraph finds out by itself, as properties: how many sources state an edge, and the bit length of a
node's degree. They give node numbers; kgraph's verb gives names, claims and passages besides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import ladybug
import pyarrow as pa
import pyarrow.parquet as pq
import pyoxigraph
from kept import made_once
from ranked import SHOWN, Beside, Edge, FirstPage, FirstPages, RankedGraph, in_turns, wanted


class Ladybug:
    """One table of nodes (id, label, type, bits), one of edges (predicate, sources)."""

    BY_WAY = "MATCH (h:Node {id: $hub})%s(n:Node) RETURN r.predicate, count(*)"
    BY_TYPE = "MATCH (h:Node {id: $hub})-[r:Edge]-(n:Node) WITH DISTINCT n RETURN n.type, count(*)"
    RELATION = (
        "MATCH (h:Node {id: $hub})%s(n:Node) WHERE r.predicate = $predicate "
        "RETURN n.id ORDER BY r.sources DESC, n.bits, n.label LIMIT $count"
    )
    COLLECTED = (
        "MATCH (h:Node {id: $hub})%s(n:Node) RETURN r.predicate, list_slice(list_sort(collect(concat("
        "cast(9 - r.sources AS STRING), cast(n.bits + 10 AS STRING), n.label, '\t', cast(n.id AS STRING)))), 1, $most)"
    )
    EVERY = "MATCH (h:Node {id: $hub})%s(n:Node) RETURN r.predicate, n.id, r.sources, n.bits, n.label, n.type"
    WAYS = ((True, "-[r:Edge]->"), (False, "<-[r:Edge]-"))

    def __init__(self, folder: Path, drawn: RankedGraph) -> None:
        made_once(folder, lambda part: self._make(part, drawn))
        self._database = ladybug.Database(folder / "graph.lbug", read_only=True)
        self._connection = ladybug.Connection(self._database)
        self._prepared: dict[str, Any] = {}

    @staticmethod
    def _make(folder: Path, drawn: RankedGraph) -> None:
        graph, nodes, edges = drawn.graph, folder / "nodes.parquet", folder / "edges.parquet"
        columns = {"id": range(graph.nodes), "label": drawn.label, "type": drawn.type, "bits": drawn.bits}
        pq.write_table(pa.table(columns), nodes)
        ends = {"from": pa.array(graph.source, pa.int64()), "to": pa.array(graph.target, pa.int64())}
        pq.write_table(pa.table(ends | {"predicate": graph.predicate, "sources": drawn.sources}), edges)
        with ladybug.Database(folder / "graph.lbug") as database, ladybug.Connection(database) as connection:
            for command in (
                "CREATE NODE TABLE Node(id INT64 PRIMARY KEY, label STRING, type UINT8, bits UINT8)",
                "CREATE REL TABLE Edge(FROM Node TO Node, predicate UINT8, sources UINT8)",
                f"COPY Node FROM '{nodes}'",
                f"COPY Edge FROM '{edges}'",
            ):
                connection.execute(command)
        nodes.unlink()
        edges.unlink()

    def close(self) -> None:
        """Give its memory back."""
        self._connection.close()
        self._database.close()

    def ways(self) -> dict[str, FirstPages]:
        """By what is asked."""
        return {
            "LadybugDB, a relation at a time": lambda hub: self._page(hub, self._relation_by_relation),
            "LadybugDB, collected in one query": lambda hub: self._page(hub, self._collected),
            "LadybugDB, every edge, put in order in Python": self._every,
        }

    def _ask(self, query: str, **values: object) -> list[list[Any]]:
        if query not in self._prepared:
            self._prepared[query] = self._connection.prepare(query, dict(values))
        return list(self._connection.execute(self._prepared[query], dict(values)).get_all())  # type: ignore[union-attr]

    def _page(self, hub: int, edges: Callable[[int, dict[tuple[int, bool], int]], list[Edge]]) -> FirstPage:
        sizes = {
            (predicate, not forward): count
            for forward, way in self.WAYS
            for predicate, count in self._ask(self.BY_WAY % way, hub=hub)
        }
        return FirstPage(edges(hub, wanted(sizes)), _by_predicate(sizes), dict(self._ask(self.BY_TYPE, hub=hub)))

    def _relation_by_relation(self, hub: int, needed: dict[tuple[int, bool], int]) -> list[Edge]:
        ways = dict(self.WAYS)
        return _interleaved(
            {
                (predicate, comes): [
                    far
                    for (far,) in self._ask(self.RELATION % ways[not comes], hub=hub, predicate=predicate, count=count)
                ]
                for (predicate, comes), count in needed.items()
            }
        )

    def _collected(self, hub: int, needed: dict[tuple[int, bool], int]) -> list[Edge]:
        found = {
            (predicate, not forward): [int(key.rpartition("\t")[2]) for key in keys]
            for forward, way in self.WAYS
            for predicate, keys in self._ask(self.COLLECTED % way, hub=hub, most=max(needed.values(), default=0))
        }
        return _interleaved({group: found[group][:count] for group, count in needed.items()})

    def _every(self, hub: int) -> FirstPage:
        return _put_in_order(
            Beside(predicate, forward, far, sources, bits, label, type_)
            for forward, way in self.WAYS
            for predicate, far, sources, bits, label, type_ in self._ask(self.EVERY % way, hub=hub)
        )


class Oxigraph:
    """Edges as triples, in named graphs that tell how many sources state them; nodes' properties in the default graph.

    That is kinder than the reification that a property of an edge needs otherwise.
    """

    BY_WAY = "SELECT ?p (COUNT(*) AS ?c) WHERE { GRAPH ?g { %s } } GROUP BY ?p"
    BY_TYPE = (
        "SELECT ?t (COUNT(DISTINCT ?n) AS ?c) WHERE { "
        "{ GRAPH ?g { %(hub)s ?p ?n } } UNION { GRAPH ?g { ?n ?p %(hub)s } } ?n a ?t } GROUP BY ?t"
    )
    RELATION = (
        "SELECT ?n WHERE { GRAPH ?g { %s } ?n <urn:bits> ?bits ; <urn:label> ?label } "
        "ORDER BY DESC(?g) ?bits ?label LIMIT %d"
    )
    EVERY = "SELECT ?p ?n ?g ?bits ?label ?t WHERE { GRAPH ?g { %s } ?n <urn:bits> ?bits ; <urn:label> ?label ; a ?t }"
    WAYS = ((True, "{hub} {p} ?n"), (False, "?n {p} {hub}"))

    def __init__(self, folder: Path, drawn: RankedGraph) -> None:
        self._drawn = drawn
        made_once(folder, lambda part: self._make(part, drawn))
        self._store = pyoxigraph.Store.read_only(str(folder))
        self._relation = {iri: number for number, iri in enumerate(drawn.relations)}
        self._type = {iri: number for number, iri in enumerate(drawn.types)}

    @staticmethod
    def _make(folder: Path, drawn: RankedGraph) -> None:
        quads = folder.with_name(f"{folder.name}.nq")
        with quads.open("w", encoding="ascii") as file:
            file.writelines(_lines(drawn))
        store = pyoxigraph.Store(str(folder))
        store.bulk_load(path=str(quads), format=pyoxigraph.RdfFormat.N_QUADS)
        store.optimize()
        store.flush()
        quads.unlink()

    def close(self) -> None:
        """Give its memory back."""
        del self._store

    def ways(self) -> dict[str, FirstPages]:
        """By what is asked."""
        return {
            "Oxigraph (SPARQL), a relation at a time": self._relation_by_relation,
            "Oxigraph (SPARQL), every edge, put in order in Python": self._every,
        }

    def _ask(self, query: str) -> Iterator[list[str]]:
        for solution in self._store.query(query):  # type: ignore[union-attr]
            yield [term.value for term in solution]  # type: ignore[union-attr]

    def _relation_by_relation(self, hub: int) -> FirstPage:
        name, ways = f"<{self._drawn.iri(hub)}>", dict(self.WAYS)
        sizes = {
            (self._relation[predicate], not forward): int(count)
            for forward, way in self.WAYS
            for predicate, count in self._ask(self.BY_WAY % way.format(hub=name, p="?p"))
        }
        edges = _interleaved(
            {
                (predicate, comes): [
                    self._node(far)
                    for (far,) in self._ask(
                        self.RELATION
                        % (ways[not comes].format(hub=name, p=f"<{self._drawn.relations[predicate]}>"), count)
                    )
                ]
                for (predicate, comes), count in wanted(sizes).items()
            }
        )
        by_type = {self._type[type_]: int(count) for type_, count in self._ask(self.BY_TYPE % {"hub": name})}
        return FirstPage(edges, _by_predicate(sizes), by_type)

    def _every(self, hub: int) -> FirstPage:
        name = f"<{self._drawn.iri(hub)}>"
        return _put_in_order(
            Beside(self._relation[p], forward, self._node(n), int(g[-1]), int(bits), label, self._type[t])
            for forward, way in self.WAYS
            for p, n, g, bits, label, t in self._ask(self.EVERY % way.format(hub=name, p="?p"))
        )

    def _node(self, iri: str) -> int:
        return int(iri.removeprefix(self._drawn.ids)[1:])


def _lines(drawn: RankedGraph) -> Iterator[str]:
    """The graph as N-Quads."""
    a = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    whole = "http://www.w3.org/2001/XMLSchema#integer"
    for node, (label, type_, bits) in enumerate(
        zip(drawn.label, drawn.type.tolist(), drawn.bits.tolist(), strict=True)
    ):
        name = drawn.iri(node)
        yield f'<{name}> <urn:label> "{label}" .\n<{name}> <{a}> <{drawn.types[type_]}> .\n'
        yield f'<{name}> <urn:bits> "{bits}"^^<{whole}> .\n'
    graph, ids, relations = drawn.graph, f"<{drawn.ids}n", [f"<{iri}>" for iri in drawn.relations]
    edges = zip(
        *(column.tolist() for column in (graph.source, graph.predicate, graph.target, drawn.sources)), strict=True
    )
    for source, predicate, target, sources in edges:
        yield f"{ids}{source:08}> {relations[predicate]} {ids}{target:08}> <urn:sources:{sources}> .\n"


def _put_in_order(edges: Iterable[Beside]) -> FirstPage:
    """A first page from all edges, as the plain Python of `ranked.py` makes it."""
    every = list(edges)
    by_predicate: dict[int, int] = {}
    by_type: dict[int, int] = {}
    for edge in every:
        by_predicate[edge.predicate] = by_predicate.get(edge.predicate, 0) + 1
    for type_ in {edge.far: edge.type for edge in every}.values():
        by_type[type_] = by_type.get(type_, 0) + 1
    return FirstPage(in_turns(every), by_predicate, by_type)


def _by_predicate(sizes: dict[tuple[int, bool], int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for (predicate, _), count in sizes.items():
        counts[predicate] = counts.get(predicate, 0) + count
    return counts


def _interleaved(columns: dict[tuple[int, bool], list[int]]) -> list[Edge]:
    """One of each relation in turn."""
    turns = max(map(len, columns.values()), default=0)
    taken = (
        (predicate, not comes, column[turn])
        for turn in range(turns)
        for (predicate, comes), column in sorted(columns.items())
        if turn < len(column)
    )
    return list(islice(taken, SHOWN))
