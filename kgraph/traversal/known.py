"""How things are called, remembered for one generation: answers name the same speakers, articles, hubs and relations
again and again, and what they are called does not change while the generation lasts.

It is kept with its catalogue (`Catalogue.keep`) and goes with it; it holds no reference to it.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

from kgraph.model import EntityRef
from kgraph.namespaces import Namespaces
from kgraph.traversal import naming
from kgraph.traversal.records import Catalogue
from kgraph.traversal.things import Node

NAMED = 1 << 14
"""How many names are remembered at most, of every kind: about 10 MB of nodes."""

Key = TypeVar("Key")
Value = TypeVar("Value")


class Named(NamedTuple):
    """A node, class, code or unknown term by name; whether its label is a plural description and it is a person."""

    ref: EntityRef
    plural: bool
    person: bool

    @property
    def within(self) -> str:
        """The label within a sentence: a description begins in lower case, a name as it is."""
        label = self.ref.label
        return label[:1].lower() + label[1:] if self.plural else label


class Known:
    """What was found out about names so far. Several threads may ask: at worst two of them find out the same."""

    def __init__(self, namespaces: Namespaces) -> None:
        self.negated = f"{namespaces.kgs}negated"
        self.plain = frozenset((f"{namespaces.kgs}reported", f"{namespaces.kgs}affirmed"))
        """The codes of a claim that is a plain report."""
        self._plural = f"{namespaces.kg}pluralDescription"
        self._named: dict[str, Named] = {}
        self._types: dict[str, tuple[str, str]] = {}
        self._persons: dict[tuple[str, ...], bool] = {}
        self._verbs: dict[tuple[str, bool, bool, bool], str] = {}
        self._codes: dict[str, str] = {}

    @classmethod
    def of(cls, catalogue: Catalogue) -> Known:
        """What is known of a catalogue's generation."""
        return catalogue.keep("known", lambda: cls(catalogue.namespaces))

    def named(self, catalogue: Catalogue, iri: str) -> Named:
        """What something is called."""
        found = self._named.get(iri)
        return found or _remember(self._named, iri, self._name(catalogue, iri, catalogue.nodes.get(iri)))

    def _name(self, catalogue: Catalogue, iri: str, node: Node | None) -> Named:
        compress = catalogue.namespaces.compress
        type_iri = node.type if node else f"{catalogue.namespaces.prefixes['rdfs']}Resource"
        of_type = self._types.get(type_iri) or _remember(
            self._types, type_iri, (compress(type_iri), catalogue.label(type_iri))
        )
        ref = EntityRef(compress(iri), iri, node.label if node else catalogue.label(iri), *of_type)
        if node is None:
            return Named(ref, False, False)
        return Named(ref, self._plural in node.flags, self._is_person(catalogue, (*node.types, node.type)))

    def _is_person(self, catalogue: Catalogue, types: tuple[str, ...]) -> bool:
        found = self._persons.get(types)
        if found is None:
            person = f"{catalogue.namespaces.kg}Person"
            found = _remember(self._persons, types, any(catalogue.is_a(t, person) for t in types))
        return found

    def verb(self, catalogue: Catalogue, predicate: str, subject: str, object_: str, forward: bool = True) -> str:
        """The words between two ends, agreeing in number with the one that is said first."""
        plural = self.named(catalogue, subject).plural
        first = plural if forward else self.named(catalogue, object_).plural
        key = (predicate, forward, plural, first)
        return self._verbs.get(key) or _remember(self._verbs, key, _verb(catalogue, *key))

    def code(self, catalogue: Catalogue, iri: str) -> str:
        """The bare name of a code."""
        return self._codes.get(iri) or _remember(self._codes, iri, catalogue.schema.code(iri))


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
