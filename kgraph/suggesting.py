"""Suggests what a table of entities may mean: entities, types and properties by what was typed or by their ids.

Types are the classes of the ontology; properties are its relations, in both directions, and what an entity has beside
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from kgraph.errors import ParameterError
from kgraph.model import Hit
from kgraph.model.reconciliation import Named, Proposal, Suggestion, Suggestions
from kgraph.schema import ClassInfo, Relation
from kgraph.search.names import fold
from kgraph.verbs import Verbs

NAMES = {"rdfs:label": "name", "skos:altLabel": "other name", "skos:hiddenLabel": "misprint", "rdf:type": "type"}
"""What an entity has beside relations, with its words here."""


class Suggesting:
    """The suggestions of a reconciliation service, and what the names of types and properties stand for."""

    def __init__(self, graph: Verbs) -> None:
        self._graph = graph
        self._namespaces = graph.namespaces
        self._schema = graph.schema

    def entities(self, prefix: str, *, type: str = "", skip: int = 0, limit: int = 10) -> Suggestions:
        """Entities by the beginning of a name. Raises ParameterError for a type that is not known."""
        if not fold(prefix):
            return Suggestions(())
        hits = self._graph.search(prefix, type=type or None, limit=skip + limit).items[skip:]
        named = ((hit, (Named(hit.type, hit.type_label),)) for hit in hits)
        return Suggestions(tuple(Suggestion(self.id(h.iri, h.id), h.label, described(h), types) for h, types in named))

    def types(self, prefix: str, *, skip: int = 0, limit: int = 10) -> Suggestions:
        """Classes by words that their names hold; all of them without any."""
        every = sorted((c for c in self._schema.classes.values() if c.walked), key=lambda c: c.label)
        found = [self._of_class(one) for one in every if _begins(prefix, one.label, self._namespaces.compress(one.iri))]
        return Suggestions(tuple(found[skip : skip + limit]))

    def properties(self, prefix: str, *, skip: int = 0, limit: int = 10) -> Suggestions:
        """Relations in both directions, and names, by words that they hold; all of them without any."""
        found = [one for one in self._properties() if _begins(prefix, one.name, one.id)]
        return Suggestions(tuple(found[skip : skip + limit]))

    def proposal(self, type: str = "", *, limit: int = 20) -> Proposal:
        """Properties that things of a type may have: those of a class in the ontology, of any without a type."""
        of = self._class(type).iri if type else None
        return Proposal(type, limit, tuple(islice(self._properties(of), limit)))

    def top_types(self) -> tuple[Named, ...]:
        """The classes right below the one of all entities, by name: good guesses for a column."""
        roots = {c.iri for c in self._schema.classes.values() if c.walked and not c.parents}
        below = [c for c in self._schema.classes.values() if roots & set(c.parents) and c.walked]
        ordered = sorted(below, key=lambda c: c.label)
        return tuple(Named(self._namespaces.compress(one.iri), one.label) for one in ordered)

    def suggested(self, kind: str, id: str) -> Suggestion:
        """One entity, type or property by its id. Raises EntityNotFoundError, ParameterError."""
        if kind == "type":
            return self._of_class(self._class(id))
        if kind == "property":
            pid = self._property(id)
            return next(one for one in self._properties() if one.id == pid)
        entity = self._graph.entity(id, limit=1)
        told = f"{entity.type_label}; {len(entity.labels.alt_labels)} other names"
        return Suggestion(id, entity.label, told, (Named(entity.type, entity.type_label),))

    def _of_class(self, info: ClassInfo) -> Suggestion:
        above = [self._schema.classes[p] for p in info.parents if p in self._schema.classes]
        broader = tuple(Named(self._namespaces.compress(one.iri), one.label) for one in above)
        told = next(iter(self._schema.values(info.iri, "rdfs:comment")), "")
        return Suggestion(self._namespaces.compress(info.iri), info.label, told, broader=broader)

    def _properties(self, of: str | None = None) -> Iterator[Suggestion]:
        for relation in sorted(self._schema.relations.values(), key=lambda one: one.label):
            if self._may_have(of, relation.domain):
                yield Suggestion(relation.curie, relation.label, self._joins(relation))
        for relation in sorted(self._schema.relations.values(), key=lambda one: one.inverse_label):
            if "entity" in relation.kinds and self._may_have(of, relation.range):
                yield Suggestion(f"^{relation.curie}", relation.inverse_label, f"{relation.label}, read backward")
        yield from (Suggestion(curie, label, "not a claim") for curie, label in NAMES.items())

    def _may_have(self, type: str | None, classes: tuple[str, ...]) -> bool:
        return type is None or not classes or any(self._schema.is_a(type, one) for one in classes)

    def _joins(self, relation: Relation) -> str:
        ends = (relation.domain, relation.range)
        words = [", ".join(self._schema.classes[c].label for c in e if c in self._schema.classes) for e in ends]
        return f"{words[0] or 'anything'} → {words[1] or 'anything'}"

    # ------------------------------------------------------------------ names

    def id(self, iri: str, curie: str) -> str:
        """What an entity is called in a table: its slug in our own namespace, else its CURIE or IRI."""
        slug = iri.removeprefix(self._namespaces.id)
        return slug if slug != iri and self._namespaces.expand(slug) == iri else curie

    def _class(self, name: str) -> ClassInfo:
        iri = self._namespaces.expand(name, "kg")
        if iri not in self._schema.classes:
            raise ParameterError("type", name, "is no class of the ontology; /reconcile/suggest/type lists them")
        return self._schema.classes[iri]

    def _property(self, name: str) -> str:
        """A property as it is written here: a CURIE, behind `^` where it is read backward."""
        back, bare = name.startswith("^"), name.removeprefix("^")
        if bare in NAMES and not back:
            return bare
        relation = self._schema.relations.get(self._namespaces.expand(bare, "kg"))
        if relation is None or (back and "entity" not in relation.kinds):
            raise ParameterError("pid", name, "is no property here; /reconcile/suggest/property lists them")
        return f"^{relation.curie}" if back else relation.curie


def _begins(prefix: str, *texts: str) -> bool:
    """Whether each word of a prefix begins a word of a text."""
    held = " ".join(map(fold, texts)).split()
    return all(any(word.startswith(part) for word in held) for part in fold(prefix).split())


def described(hit: Hit) -> str:
    """Its type, and the name that it was found by where that is another one."""
    return hit.type_label if hit.matched == hit.label else f"{hit.type_label}; also called “{hit.matched}”"
