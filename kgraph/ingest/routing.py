"""Which graph a loaded triple belongs to. RDF says the same whether it comes flat or in named graphs.

Claims and what they rest on, notes, and descriptions of entities go to kgraph's own graphs; triples of the packaged
ontology are known already; relations are the index of claims and computed anew; what is left is foreign, and keeps
the named graph it came in or goes to the graph `imported`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kgraph.namespaces import Namespaces
from kgraph.places import Violation
from kgraph.rdf import NamedNode, Quad
from kgraph.schema import Schema

RECORD_GRAPHS = {
    "Claim": "claims",
    "EvidenceSpan": "claims",
    "Quantity": "claims",
    "TimeSpan": "claims",
    "Mention": "notes",
    "EditorialNote": "notes",
}
"""Where the records of each class live; everything else the ontology has a class for is described in `entities`."""


@dataclass(frozen=True, slots=True)
class Routed:
    """Quads in their graphs; the relations the document states, to be matched with claims; and what is wrong."""

    quads: tuple[Quad, ...]
    relations: tuple[Quad, ...]
    violations: tuple[Violation, ...]


def route(
    quads: Iterable[Quad], namespaces: Namespaces, schema: Schema, types: Callable[[NamedNode], frozenset[str]]
) -> Routed:
    """Sort the quads of a document (no blank nodes, canonical literals) into graphs.

    `types` gives the classes the graph already knows of a node that the document describes without typing it.
    """
    return _Router(list(quads), namespaces, schema, types).routed()


class _Router:
    def __init__(
        self,
        quads: list[Quad],
        namespaces: Namespaces,
        schema: Schema,
        types: Callable[[NamedNode], frozenset[str]],
    ) -> None:
        self._quads = quads
        self._ns = namespaces
        self._schema = schema
        self._known_types = types
        self._type = namespaces.expand("rdf:type")
        self._skos = namespaces.prefixes["skos"]
        self._reifies = namespaces.expand("rdf:reifies")
        self._own = namespaces.graph("")
        self._ontology = {(q.subject, q.predicate, q.object) for q in schema.quads}
        self._records = {f"{namespaces.kg}{name}": graph for name, graph in RECORD_GRAPHS.items()}
        self._typed: dict[NamedNode, set[str]] = defaultdict(set)
        for quad in quads:
            if quad.predicate.value == self._type and isinstance(quad.object, NamedNode):
                self._typed[_named(quad)].add(quad.object.value)
        self._places: dict[NamedNode, str | None] = {}

    def routed(self) -> Routed:
        kept: dict[Quad, None] = {}
        relations: dict[Quad, None] = {}
        violations: dict[Violation, None] = {}
        for quad in self._quads:
            if (quad.subject, quad.predicate, quad.object) in self._ontology:
                continue
            wrong = self._undeclared(quad)
            if wrong is not None:
                violations[wrong] = None
            elif quad.predicate.value in self._schema.relations:
                relations[quad] = None
            elif not self._redundant(quad):
                kept[Quad(quad.subject, quad.predicate, quad.object, self._graph(quad))] = None
        return Routed(tuple(kept), tuple(relations), tuple(violations))

    def _undeclared(self, quad: Quad) -> Violation | None:
        """A term in kg: that the ontology does not have is a slip, not somebody else's vocabulary."""
        predicate = quad.predicate.value
        subject = _named(quad).value
        if predicate.startswith(self._ns.kg) and not self._schema.declares(predicate):
            path = self._ns.compress(predicate)
            return Violation(self._ns.compress(subject), path, None, "the ontology has no such property")
        if predicate == self._type and isinstance(quad.object, NamedNode):
            wanted = quad.object.value
            if wanted.startswith(self._ns.kg) and wanted not in self._schema.classes:
                name = self._ns.compress(wanted)
                return Violation(self._ns.compress(subject), "rdf:type", name, "the ontology has no such class")
        return None

    def _redundant(self, quad: Quad) -> bool:
        """The RDF 1.2 form of a claim says again what its subject, predicate and object say."""
        return quad.predicate.value == self._reifies and self._home(_named(quad)) == "claims"

    def _graph(self, quad: Quad) -> NamedNode:
        subject = _named(quad)
        home = self._home(subject)
        if home == "entities" and not self._describes(quad):
            home = None
        if home is not None:
            return NamedNode(self._ns.graph(home))
        name = quad.graph_name
        if isinstance(name, NamedNode) and not name.value.startswith(self._own):
            return name
        return NamedNode(self._ns.graph("imported"))

    def _home(self, subject: NamedNode) -> str | None:
        if subject not in self._places:
            self._places[subject] = self._find_home(subject)
        return self._places[subject]

    def _find_home(self, subject: NamedNode) -> str | None:
        iri = subject.value
        if iri.startswith(self._own):
            return "notes"
        if iri.startswith((self._ns.kg, self._ns.kgs)):
            return None
        types = self._typed.get(subject) or self._known_types(subject)
        for type_iri in sorted(types):
            if type_iri in self._records:
                return self._records[type_iri]
        return "entities" if any(type_iri in self._schema.classes for type_iri in types) else None

    def _describes(self, quad: Quad) -> bool:
        """Whether a triple about an entity is one kgraph itself would write: its class, names, flags."""
        predicate = quad.predicate.value
        if predicate == self._type:
            return isinstance(quad.object, NamedNode) and quad.object.value in self._schema.classes
        return predicate.startswith((self._ns.kg, self._skos))


def _named(quad: Quad) -> NamedNode:
    assert isinstance(quad.subject, NamedNode), "blank nodes are named before routing"
    return quad.subject
