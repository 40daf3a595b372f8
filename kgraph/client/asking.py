"""What a drawn answer asks of the graph it came from: types, what stands near a thing, who says a triple."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from kgraph.client import columns, names, terms
from kgraph.client.faults import told
from kgraph.client.http import Document
from kgraph.client.rows import Json
from kgraph.namespaces import Namespaces

WANTED = "sparql-tsv,ntriples"
"""What a query is answered in: whole terms, of rows or triples."""


class Asked(Protocol):
    """A graph that can be asked."""

    def ask(self, verb: str, names: Sequence[Any], options: Mapping[str, Any]) -> Json:
        """The JSON answer of a verb."""

    def sparql(self, query: str, format: str) -> Document:
        """The answer of a query."""


class Asking:
    """The graph behind an answer. Raises errors of `kgraph.errors`."""

    def __init__(self, graph: Asked, namespaces: Callable[[], Namespaces]) -> None:
        self._graph, self._namespaces = graph, namespaces

    def types(self, iris: Sequence[str]) -> dict[str, tuple[str, str]]:
        """A type of each IRI that has one, as its short name and its label, in one request."""
        with told():
            found = names.types(self._graph.sparql(names.types_query(iris), WANTED).body)
        short = self._namespaces().compress
        return {iri: (short(type), label if label != type else short(type)) for iri, (type, label) in found.items()}

    def near(self, id: str, options: Mapping[str, Any]) -> Json:
        """What stands within one hop of a thing, as the verb `neighbourhood` answers."""
        with told():
            return self._graph.ask("neighbourhood", (id,), {"hops": 1, **options})

    def claims(self, source: str, predicate: str, target: str) -> list[Json]:
        """The claims that state a triple, 20 at most; names as short as in answers."""
        iris = [self._namespaces().expand(name) for name in (source, predicate, target)]
        with told():
            table = columns.read(self._graph.sparql(names.claims_query(*iris), WANTED).body)
            found = [terms.read(written).text for written in table["claim"].to_pylist()]
            return [self._graph.ask("claim", (self._namespaces().compress(iri),), {}) for iri in found]
