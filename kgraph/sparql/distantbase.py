"""A graph on another server, as far as a change is worked out on it (`changes.py`).

What is asked of it is asked there: which of some quads it holds, what a graph holds, what `WHERE` finds. A later
operation that looks at what earlier ones did needs a copy, and so does any `WHERE` on a server that changes terms
(`exact.py`): what it finds there is not what is stored, and would take nothing away. The copy is read page by page, and
is no larger than one update may be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Unpack

from pyoxigraph import BlankNode, NamedNode, Quad, QueryResultsFormat, Store, parse_query_results

from kgraph.sparql import blanknodes
from kgraph.sparql.changes import Graph, QueryOptions, UnappliedError
from kgraph.sparql.sendable import sendable
from kgraph.store.remote import results
from kgraph.store.remote.server import JSON
from kgraph.store.remote.store import RemoteStore


class DistantBase:
    """A `changes.FarStore`; all of it raises RemoteStoreError."""

    def __init__(self, judge: Store, remote: RemoteStore, request: Mapping[str, Any]) -> None:
        self._judge, self._remote, self._request = judge, remote, request

    def named_graphs(self) -> Iterator[NamedNode | BlankNode]:
        """The named graphs."""
        return self._remote.graphs()

    def held(self, quads: Iterable[Quad]) -> set[Quad]:
        """Those of some quads that it holds."""
        wanted = set(quads)
        subjects = sorted({quad.subject for quad in wanted if isinstance(quad.subject, NamedNode)}, key=str)
        return {quad for quad in self._remote.about(subjects) if quad in wanted}

    def quads_for_pattern(self, subject: None, predicate: None, object: None, graph: Graph) -> Iterator[Quad]:
        """The quads of a graph."""
        return self._remote.quads(subject, predicate, object, graph)

    def copied(self) -> Store:
        """A store here with the same quads. Raises UnappliedError where they are too many."""
        most = self._request["quads"]
        quads = list(islice(self._remote.quads(), most + 1))
        if len(quads) > most:
            how = "" if self._remote.standing.beside else ": send one operation at a time"
            reason = f"this has to be worked out on a copy, and the graph has more than {most:,} quads{how}"
            raise UnappliedError("rows", reason)
        copy = Store()
        copy.extend(quads)
        for graph in self._remote.graphs():
            copy.add_graph(graph)
        return copy

    def query(self, query: str, **options: Unpack[QueryOptions]) -> Any:
        """The solutions of a SELECT that the service made of an update."""
        if self._remote.standing.beside:
            return blanknodes.query(self.copied(), query, **options)
        prefixes, base_iri = options.get("prefixes"), options.get("base_iri")
        self._judge.query(query, prefixes=prefixes, base_iri=base_iri)
        made = sendable(query, prefixes or {}, self._remote.standing.graphs, base_iri)
        self._judge.query(made.text)
        graphs = options.get("default_graph"), options.get("named_graphs")
        default, named = (None if g is None else [graph.value for graph in g] for g in graphs)
        if default is not None and named is None:
            named = [graph.value for graph in self._remote.graphs() if isinstance(graph, NamedNode)]
        union = options.get("use_default_graph_as_union", False)
        dataset = self._remote.dataset(union=union, default=default, named=named)
        body = self._remote.server.query(made.text, JSON, dataset, limit=self._request["bytes"])
        return parse_query_results(results.plain(body)[0], format=QueryResultsFormat.JSON)
