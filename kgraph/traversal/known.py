"""How things are called, remembered for one generation: answers name the same speakers, articles, hubs and relations
again and again, and what they are called does not change while the generation lasts.

It is kept with its catalogue (`Catalogue.keep`) and goes with it; it holds no reference to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from kgraph.model import EntityRef, Quantity, TimeSpan
from kgraph.namespaces import Namespaces
from kgraph.traversal import naming
from kgraph.traversal.columns import KindOfNode
from kgraph.traversal.records import Catalogue

NAMED = 1 << 15
"""How many names are remembered at most, of every kind: about 20 MB of nodes."""

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(slots=True)
class Named:
    """A node, class, code or unknown term, as it is shown: by name, whether its label is a plural description, whether
    it is a person, what readers are told of it, its number or its period. `text` is for who writes it down again and
    again.
    """

    ref: EntityRef
    plural: bool
    person: bool
    told: tuple[str, ...] = ()
    quantity: Quantity | None = None
    period: TimeSpan | None = None
    text: str = ""

    @property
    def within(self) -> str:
        """The label within a sentence: a description begins in lower case, a name as it is."""
        label = self.ref.label
        return label[:1].lower() + label[1:] if self.plural else label


class Codes(NamedTuple):
    """The codes of a claim that are shown with it, bare; whether it is denied; and those that keep it from being a
    plain report, each with its words."""

    voice: str
    modality: str
    polarity: str
    denied: bool
    standing: tuple[tuple[str, str], ...]


class Relation(NamedTuple):
    """A relation by IRI and by CURIE."""

    iri: str
    id: str


class _Type(NamedTuple):
    id: str
    label: str
    person: bool


class Known:
    """What was found out about names so far. Several threads may ask: at worst two of them find out the same."""

    def __init__(self, namespaces: Namespaces) -> None:
        self.own = namespaces.compress(f"{namespaces.id}x")[:-1]
        """What the CURIEs of data begin with."""
        self._negated = f"{namespaces.kgs}negated"
        self._plain = frozenset((f"{namespaces.kgs}reported", f"{namespaces.kgs}affirmed"))
        self._plural = f"{namespaces.kg}pluralDescription"
        self._nodes: dict[int, Named] = {}
        self._others: dict[str, Named] = {}
        self._types: dict[tuple[str, tuple[str, ...]], _Type] = {}
        self._verbs: dict[tuple[str, bool, bool, bool], str] = {}
        self._relations: dict[int, Relation] = {}
        self._sources: dict[int, Named] = {}
        self._combos: dict[tuple[str, str, str], Codes] = {}

    @classmethod
    def of(cls, catalogue: Catalogue) -> Known:
        """What is known of a catalogue's generation."""
        return catalogue.keep("known", lambda: cls(catalogue.namespaces))

    def named(self, catalogue: Catalogue, iri: str) -> Named:
        """What something is called."""
        number = catalogue.nodes.number(iri)
        if number >= 0:
            return self.node(catalogue, number)
        return self._others.get(iri) or _remember(self._others, iri, self._other(catalogue, iri))

    def node(self, catalogue: Catalogue, number: int) -> Named:
        """What a node of the columns is called."""
        return self._nodes.get(number) or _remember(self._nodes, number, self._node(catalogue, number))

    def _node(self, catalogue: Catalogue, number: int) -> Named:
        columns = catalogue.columns
        iri, kind = columns.iris[number], columns.kinds[columns.kind.item(number)]
        of_type = self._type(catalogue, kind.type, kind.types)
        details = columns.records.details.get(iri)
        flags = details.flags if details else ()
        return Named(
            EntityRef(catalogue.namespaces.compress(iri), iri, columns.labels[number], of_type.id, of_type.label),
            self._plural in flags,
            of_type.person,
            tuple([words for flag in flags if (words := catalogue.schema.flags[flag])]),
            columns.records.quantities.get(iri),
            columns.records.times.get(iri),
        )

    def _other(self, catalogue: Catalogue, iri: str) -> Named:
        node = catalogue.nodes.get(iri)  # the row of a table
        resource = f"{catalogue.namespaces.prefixes['rdfs']}Resource"
        of_type = self._type(catalogue, *((node.type, node.types) if node else (resource, ())))
        label = node.label if node else catalogue.label(iri)
        ref = EntityRef(catalogue.namespaces.compress(iri), iri, label, of_type.id, of_type.label)
        return Named(ref, False, of_type.person)

    def _type(self, catalogue: Catalogue, type_: str, types: tuple[str, ...]) -> _Type:
        found = self._types.get((type_, types))
        if found is None:
            kind, person = KindOfNode("entity", type_, types), f"{catalogue.namespaces.kg}Person"
            found = _Type(
                catalogue.namespaces.compress(type_), catalogue.label(type_), catalogue.is_one_of(kind, (person,))
            )
            _remember(self._types, (type_, types), found)
        return found

    def type_id(self, catalogue: Catalogue, kind: KindOfNode) -> str:
        """The CURIE of a kind's type."""
        return self._type(catalogue, kind.type, kind.types).id

    def source(self, catalogue: Catalogue, number: int) -> Named:
        """What a source is called, by its place in the columns' sources."""
        found = self._sources.get(number)
        return found or _remember(self._sources, number, self.named(catalogue, catalogue.columns.sources[number]))

    def relation(self, catalogue: Catalogue, number: int) -> Relation:
        """A relation by its place in the columns' predicates."""
        found = self._relations.get(number)
        if found is None:
            iri = catalogue.columns.predicates[number]
            found = _remember(self._relations, number, Relation(iri, catalogue.namespaces.compress(iri)))
        return found

    def verb(self, catalogue: Catalogue, predicate: str, subject: Named, object_: Named, forward: bool = True) -> str:
        """The words between two ends, agreeing in number with the one that is said first."""
        key = (predicate, forward, subject.plural, subject.plural if forward else object_.plural)
        return self._verbs.get(key) or _remember(self._verbs, key, _verb(catalogue, *key))

    def codes(self, catalogue: Catalogue, voice: str, modality: str, polarity: str) -> Codes:
        """The codes of a claim as they are shown."""
        key = (voice, modality, polarity)
        return self._combos.get(key) or _remember(self._combos, key, self._shown(catalogue, *key))

    def _shown(self, catalogue: Catalogue, voice: str, modality: str, polarity: str) -> Codes:
        code = catalogue.schema.code
        standing = [(c, naming.words_of(c)) for c in (modality, polarity) if c and c not in self._plain]
        return Codes(code(voice), code(modality), code(polarity), polarity == self._negated, tuple(standing))


def _verb(catalogue: Catalogue, predicate: str, forward: bool, subject_is_plural: bool, first_is_plural: bool) -> str:
    relation = catalogue.schema.relations.get(predicate)
    if relation and subject_is_plural:
        own = relation.plural_label if forward else relation.plural_inverse_label
        if own:
            return own
    label = catalogue.predicate_label(predicate, forward)
    return naming.plural(label) if first_is_plural else label


def _remember(among: dict[Key, Value], key: Key, value: Value) -> Value:
    if len(among) >= NAMED:
        among.clear()
    among[key] = value
    return value
