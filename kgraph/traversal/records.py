"""The catalogue: every record of one generation, and the relations between them grouped as steps.

Relations are grouped by (subject, predicate, object): a step holds all claims that state it, of every modality and
polarity; what may be walked is the lens's matter, decided inside the search. Immutable once built.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar, cast

from kgraph.model import Quantity, Span, TimeSpan
from kgraph.namespaces import Namespaces
from kgraph.rdf import Quad
from kgraph.schema import Schema
from kgraph.search import Name
from kgraph.traversal import naming
from kgraph.traversal.reading import Description, Things, read
from kgraph.traversal.things import Article, ClaimRecord, Kind, Layer, MentionRecord, Node, NoteRecord, Step

T = TypeVar("T")
_REMEMBERED = 16


@dataclass(frozen=True)
class Catalogue:
    """Everything the verbs need, of one generation. Mappings are keyed by IRI."""

    generation: int
    namespaces: Namespaces
    schema: Schema
    nodes: Mapping[str, Node]
    claims: Mapping[str, ClaimRecord]
    spans: Mapping[str, Span]
    quantities: Mapping[str, Quantity]
    times: Mapping[str, TimeSpan]
    mentions: Mapping[str, MentionRecord]
    notes: Mapping[str, NoteRecord]
    articles: Mapping[str, Article]
    steps: tuple[Step, ...]
    _outgoing: Mapping[str, tuple[Step, ...]]
    _incoming: Mapping[str, tuple[Step, ...]]
    _notes_about: Mapping[str, tuple[NoteRecord, ...]]
    _qualified_by: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, str] = field(default_factory=dict)
    _remembered: dict[Hashable, object] = field(default_factory=dict, repr=False, compare=False)
    _lasting: dict[Hashable, object] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def build(cls, quads: Iterable[Quad], namespaces: Namespaces, schema: Schema, generation: int) -> Catalogue:
        """Read the quads of a graph (any of its named graphs, or flattened) into a catalogue."""
        things = read(quads, namespaces, schema.relations)
        nodes = _Nodes(things, namespaces, schema)
        steps = nodes.steps()
        outgoing, incoming = defaultdict(list), defaultdict(list)
        for step in steps:
            outgoing[step.subject].append(step)
            incoming[step.object].append(step)
        about, qualified_by = defaultdict(list), defaultdict(list)
        for note in things.notes.values():
            for target in note.about:
                about[target].append(note)
        for claim in things.claims.values():
            for qualified in claim.qualifies:
                qualified_by[qualified].append(claim.iri)
        return cls(
            generation=generation,
            namespaces=namespaces,
            schema=schema,
            nodes=dict(sorted(nodes.found.items())),
            claims=things.claims,
            spans=things.spans,
            quantities=things.quantities,
            times=things.times,
            mentions=things.mentions,
            notes=things.notes,
            articles=things.articles,
            steps=steps,
            _outgoing=_frozen(outgoing),
            _incoming=_frozen(incoming),
            _notes_about=_frozen(about),
            _qualified_by=_frozen(qualified_by),
        )

    def with_texts(self, texts: Mapping[str, str]) -> Catalogue:
        """The same catalogue with the texts of attached sources, by article IRI; spans then show their slice."""
        return replace(self, texts=dict(texts), _remembered={})

    def keep(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for this generation, with texts or without."""
        if key not in self._lasting:
            self._lasting[key] = make()
        return cast("T", self._lasting[key])

    def remember(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for this generation while it is among the last few asked for."""
        found = cast("T | None", self._remembered.get(key))
        if found is None:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            found = make()
            self._remembered[key] = found
        return found

    def remembers(self, key: Hashable) -> bool:
        """Whether `remember` would give this without making it."""
        return key in self._remembered

    def degree(self, iri: str) -> int:
        """How many steps of all layers have `iri` as an end; a loop counts twice."""
        return len(self.outgoing(iri)) + len(self.incoming(iri))

    def outgoing(self, iri: str) -> tuple[Step, ...]:
        """The steps whose subject is `iri`, of all layers."""
        return self._outgoing.get(iri, ())

    def incoming(self, iri: str) -> tuple[Step, ...]:
        """The steps whose object is `iri`, of all layers."""
        return self._incoming.get(iri, ())

    def notes_about(self, iri: str) -> tuple[NoteRecord, ...]:
        """The editorial notes on a claim, mention, entity or span."""
        return self._notes_about.get(iri, ())

    def qualified_by(self, claim: str) -> tuple[str, ...]:
        """The claims that qualify this one."""
        return self._qualified_by.get(claim, ())

    def when(self, claim: ClaimRecord) -> TimeSpan | None:
        """The time of a claim: what it states as its time, or the period that is its object."""
        return self.times.get(claim.time or claim.object)

    def subtypes(self, type_iri: str) -> frozenset[str]:
        """The types in use that are this class or one below it."""
        used = {t for node in self.nodes.values() for t in (*node.types, node.type)}
        return frozenset(t for t in used if self.is_a(t, type_iri))

    def is_a(self, type_iri: str, class_iri: str) -> bool:
        """Whether a type is a class or below it; a type the ontology does not know is only itself."""
        return type_iri == class_iri or (type_iri in self.schema.classes and self.schema.is_a(type_iri, class_iri))

    def has_type(self, iri: str, classes: Iterable[str]) -> bool:
        """Whether a node has one of these classes among its types or their superclasses."""
        node = self.nodes[iri]
        return any(self.is_a(t, c) for t in (*node.types, node.type) for c in classes)

    def label(self, iri: str) -> str:
        """The name of a node, class, code or relation; its CURIE where it has none."""
        node = self.nodes.get(iri)
        return node.label if node else naming.term(iri, self.schema, self.namespaces)

    def told(self, iri: str) -> tuple[str, ...]:
        """What readers are told of a node's flags, such as that its members are not named."""
        return tuple(words for flag in self.nodes[iri].flags if (words := self.schema.flags[flag]))

    def is_plural(self, iri: str) -> bool:
        """Whether a node's label is a plural description, not a name."""
        node = self.nodes.get(iri)
        return node is not None and f"{self.namespaces.kg}pluralDescription" in node.flags

    def predicate_label(self, predicate: str, forward: bool = True) -> str:
        """How a relation reads from its subject, or from its object."""
        relation = self.schema.relations.get(predicate)
        if relation is not None:
            return relation.label if forward else relation.inverse_label
        words = naming.words_of(predicate)
        return words if forward else f"is the {words} of"

    def is_directed(self, predicate: str) -> bool:
        """Whether a relation has a direction; one between equals may be walked either way."""
        relation = self.schema.relations.get(predicate)
        return relation is None or relation.directed

    @cached_property
    def predicates(self) -> frozenset[str]:
        """Every relation that is declared or used."""
        return frozenset(self.schema.relations) | {step.predicate for step in self.steps}

    def names(self) -> Iterator[Name]:
        """What search should find: every entity, document and code with all its names, and the forms in which the
        sources print it (loaded ones excepted)."""
        printed = defaultdict(list)
        for mention in self.mentions.values():
            if not mention.evaluative:
                printed[mention.refers_to].append(mention.surface_form)
        for node in self.nodes.values():
            if node.kind not in ("entity", "document", "code") or node.iri in self.spans:
                continue
            yield Name(
                iri=node.iri,
                id=self.namespaces.compress(node.iri),
                label=node.label,
                type=self.namespaces.compress(node.type),
                type_label=self.label(node.type),
                types=(*node.types, node.type),
                others=(*node.alt_labels, *node.hidden_labels, *printed[node.iri]),
            )


def _frozen(lists: Mapping[str, list[T]]) -> dict[str, tuple[T, ...]]:
    return {key: tuple(values) for key, values in lists.items()}


class _Nodes:
    """The ends of all steps, and everything that has a type."""

    def __init__(self, things: Things, namespaces: Namespaces, schema: Schema) -> None:
        self._things, self._ns, self._schema = things, namespaces, schema
        self._type = f"{namespaces.prefixes['rdf']}type"
        self.found: dict[str, Node] = {}
        for iri, description in things.described.items():
            if description.all(self._type):
                self._add(iri)

    def _add(self, iri: str) -> Node:
        if iri not in self.found:
            self.found[iri] = self._node(iri, self._things.described.get(iri) or Description())
        return self.found[iri]

    def _node(self, iri: str, d: Description) -> Node:
        ns, skos = self._ns, self._ns.prefixes["skos"]
        kind = self._kind(iri)
        types = d.all(self._type)
        label = d.first(f"{skos}prefLabel", f"{ns.prefixes['rdfs']}label", f"{ns.prefixes['schema']}name")
        flags = (p for p in d.predicates() if p in self._schema.flags and d.is_true(p))
        return Node(
            iri=iri,
            kind=kind,
            label=label or self._label(iri),
            type=self._most_specific(types) or self._default_type(kind),
            types=types,
            alt_labels=d.all(f"{skos}altLabel"),
            hidden_labels=d.all(f"{skos}hiddenLabel"),
            same_as=d.all(f"{skos}exactMatch"),
            flags=tuple(flags),
            facts=tuple(sorted(self._things.plain_facts.get(iri, ()))),
        )

    def _kind(self, iri: str) -> Kind:
        things = self._things
        if iri in things.quantities:
            return "quantity"
        if iri in things.times:
            return "time"
        if iri in things.spans or iri in things.articles:
            return "document"
        if iri in self._schema.classes:
            return "class"
        return "code" if iri in self._schema.concepts or iri.startswith(self._ns.kgs) else "entity"

    def _label(self, iri: str) -> str:
        if quantity := self._things.quantities.get(iri):
            return naming.quantity(quantity, self._schema, self._ns)
        if time := self._things.times.get(iri):
            return time.text
        if span := self._things.spans.get(iri):
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

    def steps(self) -> tuple[Step, ...]:
        """All steps in the order of their IRIs: relations, what types them, where they are stated, plain triples."""
        found: dict[tuple[str, str, str], tuple[Layer, list[ClaimRecord]]] = {}
        for _, claim in sorted(self._things.claims.items()):
            ends = self._add(claim.subject), self._add(claim.object)
            layer: Layer = "relations"
            if "document" in (ends[0].kind, ends[1].kind):
                layer = "documents"
            elif {"code", "class"} & {ends[0].kind, ends[1].kind}:
                layer = "codes"
            found.setdefault((claim.subject, claim.predicate, claim.object), (layer, []))[1].append(claim)
            for predicate, document in self._documents(claim):
                if document != claim.subject:
                    self._add(document)
                    found.setdefault((claim.subject, predicate, document), ("documents", []))[1].append(claim)
        for node in list(self.found.values()):
            for type_iri in node.types:
                self._add(type_iri)
                found.setdefault((node.iri, self._type, type_iri), ("types", []))
        for subject, predicate, object_ in self._things.plain:
            self._add(subject), self._add(object_)
            found.setdefault((subject, predicate, object_), ("unattributed", []))
        return tuple(Step(i, *key, found[key][0], tuple(found[key][1])) for i, key in enumerate(sorted(found)))

    def _documents(self, claim: ClaimRecord) -> Iterator[tuple[str, str]]:
        yield f"{self._ns.kg}assertedIn", claim.article
        for span in claim.spans:
            yield f"{self._ns.kg}evidence", span
