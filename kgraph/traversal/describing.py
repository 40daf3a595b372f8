"""What things are, as a change and the columns there are describe them: their kind, their type, their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kgraph.namespaces import Namespaces
from kgraph.rdf import Quad
from kgraph.schema import Schema
from kgraph.traversal import naming
from kgraph.traversal.columns import Columns, Records
from kgraph.traversal.reading import Description, Things
from kgraph.traversal.things import Kind, Node

QuadsOf = Callable[[str], Iterable[Quad]]


class Describing:
    """Describes what a change speaks of: what it says itself, else what the columns have."""

    def __init__(
        self,
        base: Columns,
        things: Things,
        namespaces: Namespaces,
        schema: Schema,
        touched: frozenset[str] = frozenset(),
        quads_of: QuadsOf = lambda _: (),
    ) -> None:
        self._base, self._things, self._schema = base, things, schema
        self.namespaces = self._ns = namespaces
        self._touched, self._quads_of = touched, quads_of
        self._type = f"{namespaces.prefixes['rdf']}type"
        self._nodes: dict[str, Node] = {}

    def node(self, iri: str, d: Description | None = None) -> Node:
        """A node as it is described; one that is not has its name made from its IRI."""
        d = d or Description()
        ns, skos = self._ns, self._ns.prefixes["skos"]
        kind = self.kind(iri)
        types = d.all(self._type)
        label = d.first(f"{skos}prefLabel", f"{ns.prefixes['rdfs']}label", f"{ns.prefixes['schema']}name")
        return Node(
            iri=iri,
            kind=kind,
            label=label or self._label(iri),
            type=self._most_specific(types) or self._default_type(kind),
            types=types,
            alt_labels=d.all(f"{skos}altLabel"),
            hidden_labels=d.all(f"{skos}hiddenLabel"),
            same_as=d.all(f"{skos}exactMatch"),
            flags=tuple(p for p in d.predicates() if p in self._schema.flags and d.is_true(p)),
            facts=tuple(sorted(self._things.plain_facts.get(iri, ()))),
        )

    def kind(self, iri: str) -> Kind:
        """What sort of thing a node is."""
        things, records = self._things, Records() if iri in self._touched else self._base.records
        if iri in things.quantities or iri in records.quantities:
            return "quantity"
        if iri in things.times or iri in records.times:
            return "time"
        if any(iri in them for them in (things.spans, things.articles, records.spans, records.articles)):
            return "document"
        if iri in self._schema.classes:
            return "class"
        return "code" if iri in self._schema.concepts or iri.startswith(self._ns.kgs) else "entity"

    def _label(self, iri: str) -> str:
        things, records = self._things, self._base.records
        if quantity := things.quantities.get(iri) or records.quantities.get(iri):
            return naming.quantity(quantity, self._schema, self._ns)
        if time := things.times.get(iri) or records.times.get(iri):
            return time.text
        if span := things.spans.get(iri) or records.spans.get(iri):
            return naming.place(span)
        return naming.term(iri, self._schema, self._ns)

    def _default_type(self, kind: Kind) -> str:
        ns = self._ns
        if kind == "document":
            return f"{ns.kg}EvidenceSpan"
        by_kind: dict[Kind, str] = {
            "quantity": f"{ns.kg}Quantity",
            "time": f"{ns.kg}TimeSpan",
            "code": f"{ns.prefixes['skos']}Concept",
            "class": f"{ns.prefixes['rdfs']}Class",
        }
        return by_kind.get(kind, f"{ns.prefixes['rdfs']}Resource")

    def _most_specific(self, types: tuple[str, ...]) -> str | None:
        known = [t for t in types if t in self._schema.classes] or types
        for candidate in known:
            if not any(t != candidate and t in self._schema.classes and self._schema.is_a(t, candidate) for t in known):
                return candidate
        return None
