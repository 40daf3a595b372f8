"""The catalogue: everything the verbs need of one generation, read from its columns when it is asked for.

Nodes, claims and steps are made of columns one by one; what is made is kept while there is room. Relations are grouped
by (subject, predicate, object): a step holds all claims that state it, of every modality and polarity; what may be
walked is the lens's matter, decided inside the search. Immutable once built.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple, TypeVar, cast

from kgraph.model import Quantity, TimeSpan
from kgraph.namespaces import Namespaces
from kgraph.rdf import Quad
from kgraph.schema import Schema
from kgraph.search import Name
from kgraph.traversal import naming, views
from kgraph.traversal.changes import Change
from kgraph.traversal.columns import Columns, Combo, KindOfNode
from kgraph.traversal.decoding import Decoding
from kgraph.traversal.describing import QuadsOf
from kgraph.traversal.gathering import RebuildError, change
from kgraph.traversal.lookup import ClaimsByIri, NodesByIri, SpansByIri
from kgraph.traversal.merging import merged
from kgraph.traversal.reading import read
from kgraph.traversal.things import Article, ClaimRecord, MentionRecord, Node, NoteRecord
from kgraph.traversal.views import View

T = TypeVar("T")
_REMEMBERED = 16


@dataclass(frozen=True)
class Catalogue:
    """Everything the verbs need, of one generation. Mappings are keyed by IRI."""

    columns: Columns
    namespaces: Namespaces
    schema: Schema
    texts: Mapping[str, str] = field(default_factory=dict)
    indexed_from: int = 5_000
    """Views of fewer steps are walked step by step: the kernels would take longer to load than any question."""
    _remembered: dict[Hashable, object] = field(default_factory=dict, repr=False, compare=False)
    _lasting: dict[Hashable, object] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def build(
        cls, quads: Iterable[Quad], namespaces: Namespaces, schema: Schema, generation: int, mark: str = ""
    ) -> Catalogue:
        """Read the quads of a graph (any of its named graphs, or flattened) into a catalogue. `mark` is the hash of the
        commit that made it."""
        things = read(quads, namespaces, schema.relations)
        empty = cls(Columns.empty(), namespaces, schema)
        return empty.with_change(change(empty.columns, things, namespaces, schema, generation=generation, mark=mark))

    def updated(self, touched: frozenset[str], quads_of: QuadsOf, generation: int, mark: str = "") -> Updated | None:
        """The catalogue of a later generation, in which what is said of some subjects is other; None where it has to be
        built anew. `quads_of` gives all that is said of a subject there."""
        quads = (quad for iri in sorted(touched) for quad in quads_of(iri))
        things = read(quads, self.namespaces, self.schema.relations)
        try:
            step = change(
                self.columns,
                things,
                self.namespaces,
                self.schema,
                generation=generation,
                mark=mark,
                touched=touched,
                quads_of=quads_of,
            )
        except RebuildError:
            return None
        mentioned = {self.mentions[iri].refers_to for iri in touched if iri in self.mentions}
        mentioned |= {mention.refers_to for mention in things.mentions.values()}
        return Updated(self.with_change(step), frozenset({*step.nodes, *mentioned}))

    def with_change(self, step: Change) -> Catalogue:
        """The catalogue after a change of its columns."""
        columns = merged(self.columns, step, self.namespaces.id, default_of(self.namespaces))
        return Catalogue(columns, self.namespaces, self.schema, self.texts, self.indexed_from)

    @property
    def generation(self) -> int:
        """The generation this is of."""
        return self.columns.generation

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
        """How many steps a node has under the standing lens; 0 for what is none."""
        node = self.columns.iris.find(iri)
        return self.columns.degree.item(node) if node >= 0 else 0

    # -------------------------------------------------------------- things by IRI

    @cached_property
    def nodes(self) -> NodesByIri:
        """Whatever can be the end of a step."""
        return NodesByIri(self.columns, self.namespaces)

    @cached_property
    def claims(self) -> ClaimsByIri:
        """The claims, whatever their status."""
        return ClaimsByIri(self.columns, self.namespaces.id, self.claim_record)

    @cached_property
    def spans(self) -> SpansByIri:
        """The passages, rows of tables among them."""
        return SpansByIri(self.columns, self.namespaces)

    @property
    def quantities(self) -> Mapping[str, Quantity]:
        """Numbers with their qualifiers."""
        return self.columns.records.quantities

    @property
    def times(self) -> Mapping[str, TimeSpan]:
        """Periods."""
        return self.columns.records.times

    @property
    def mentions(self) -> Mapping[str, MentionRecord]:
        """Printed forms."""
        return self.columns.records.mentions

    @property
    def notes(self) -> Mapping[str, NoteRecord]:
        """Editorial notes."""
        return self.columns.records.notes

    @property
    def articles(self) -> Mapping[str, Article]:
        """Articles and claim tables; what claims of tables are said to stand in, too, of which no more is known."""
        return self.keep("articles", self._articles)

    def _articles(self) -> Mapping[str, Article]:
        known = self.columns.records.articles
        named = {iri: Article(iri, "", 0) for iri in self.columns.sources.values if iri not in known}
        return dict(sorted({**known, **named}.items())) if named else known

    def claim_record(self, number: int) -> ClaimRecord:
        """A claim by its number in the columns."""
        return self._claims_made(number)

    @property
    def _claims_made(self) -> Decoding:
        return self.keep("claims made", lambda: Decoding(self.columns, self.namespaces.id, self.nodes, self.spans))

    def agents(self, agent: int) -> tuple[str, ...]:
        """Those that a record names by its SPEAKER or RELAY."""
        return self._claims_made.agents(agent)

    # -------------------------------------------------------------- steps

    @cached_property
    def stated(self) -> View:
        """The relations that claims state."""
        return self.keep("stated", lambda: views.stated(self))

    @property
    def whole(self) -> View:
        """Every step of every layer."""
        return self.keep("whole", lambda: views.whole(self))

    def view(self, include: Iterable[str]) -> View:
        """The steps a lens that includes these layers looks at."""
        return self.stated if set(include) <= {"codes"} else self.whole

    def notes_about(self, iri: str) -> tuple[NoteRecord, ...]:
        """The editorial notes on a claim, mention, entity or span."""
        return self._notes_about.get(iri, ())

    @cached_property
    def _notes_about(self) -> dict[str, tuple[NoteRecord, ...]]:
        return _grouped((target, note) for note in self.notes.values() for target in note.about)

    def mentions_of(self, iri: str) -> tuple[MentionRecord, ...]:
        """The printed forms of an entity."""
        return self._mentions_of.get(iri, ())

    @cached_property
    def _mentions_of(self) -> dict[str, tuple[MentionRecord, ...]]:
        return _grouped((mention.refers_to, mention) for mention in self.mentions.values())

    def qualified_by(self, claim: str) -> tuple[str, ...]:
        """The claims that qualify this one."""
        return self._qualified_by.get(claim, ())

    @cached_property
    def _qualified_by(self) -> dict[str, tuple[str, ...]]:
        links = self.columns.records.links
        return _grouped((qualified, iri) for iri, link in links.items() for qualified in link.qualifies)

    def when(self, claim: ClaimRecord) -> TimeSpan | None:
        """The time of a claim: what it states as its time, or the period that is its object."""
        return self.times.get(claim.time or claim.object)

    # -------------------------------------------------------------- names and types

    def subtypes(self, type_iri: str) -> frozenset[str]:
        """The types in use that are this class or one below it."""
        used = {t for kind in self.columns.kinds.values for t in (*kind.types, kind.type)}
        return frozenset(t for t in used if self.is_a(t, type_iri))

    def is_a(self, type_iri: str, class_iri: str) -> bool:
        """Whether a type is a class or below it; a type the ontology does not know is only itself."""
        return type_iri == class_iri or (type_iri in self.schema.classes and self.schema.is_a(type_iri, class_iri))

    def has_type(self, iri: str, classes: Iterable[str]) -> bool:
        """Whether a node has one of these classes among its types or their superclasses."""
        return self.is_one_of(self.nodes[iri], classes)

    def is_one_of(self, node: Node | KindOfNode, classes: Iterable[str]) -> bool:
        """Whether something with types has one of these classes among them or their superclasses."""
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
        return frozenset(self.schema.relations) | frozenset(self.columns.predicates.values)

    def names(self) -> Iterator[Name]:
        """What search should find: every entity, document and code with all its names."""
        for iri in self.nodes:
            if (name := self.name(iri)) is not None:
                yield name

    def name(self, iri: str) -> Name | None:
        """All names of a node, and the forms in which the sources print it (loaded ones excepted); None for what search
        does not find: numbers, periods, passages, classes."""
        node = self.nodes[iri]
        if node.kind not in ("entity", "document", "code") or iri in self.spans:
            return None
        printed = tuple(m.surface_form for m in self.mentions_of(iri) if not m.evaluative)
        return Name(
            iri=iri,
            id=self.namespaces.compress(iri),
            label=node.label,
            type=self.namespaces.compress(node.type),
            type_label=self.label(node.type),
            types=(*node.types, node.type),
            others=(*node.alt_labels, *node.hidden_labels, *printed),
        )


class Updated(NamedTuple):
    """A later generation's catalogue, and the nodes whose names are new or other."""

    catalogue: Catalogue
    named: frozenset[str]


def default_of(namespaces: Namespaces) -> Callable[[Combo], bool]:
    """Which combinations of codes the default lens sees."""
    seen = tuple(f"{namespaces.kgs}{code}" for code in ("current", "reported", "affirmed"))
    return lambda combo: combo.layer == "relations" and combo[1:4] == seen


def _grouped(pairs: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    groups: dict[str, list[T]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}
