"""From the names people write to IRIs: entities, codes, relations, spans; what does not resolve becomes a fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from kgraph.errors import ClaimFileError
from kgraph.ingest.suggest import did_you_mean
from kgraph.ingest.symbols import Symbols
from kgraph.namespaces import Namespaces
from kgraph.places import Place
from kgraph.schema import Relation, Schema

SHOWN_CODES = 12
"""Most codes a message lists; longer lists only get a suggestion."""


class Resolver:
    """Resolves names against the document, the ontology and the graph (`known`), and collects faults."""

    def __init__(self, symbols: Symbols, namespaces: Namespaces, schema: Schema, known: Callable[[str], bool]) -> None:
        self.faults: list[ClaimFileError] = list(symbols.faults)
        self._symbols = symbols
        self._namespaces = namespaces
        self._schema = schema
        self._known = known

    def fault(self, place: Place, reason: str) -> None:
        """Note a fault; compiling goes on, so that all are found at once."""
        self.faults.append(ClaimFileError(place, reason))

    # -------------------------------------------------------------- entities

    def entity(self, name: str, place: Place) -> str | None:
        """The IRI of something declared in the document, known to the graph, or a code written as one."""
        iri = self._namespaces.expand(name)
        if self._declared(iri) or iri in self._schema.concepts:
            return iri
        if not self._namespaces.is_iri(iri):
            self.fault(place, f"{name!r} is not an IRI")
        elif self._known(iri):
            return iri
        elif iri.startswith(self._namespaces.kgs):
            self.fault(place, f"the ontology has no code {name!r}{self._close_code(name, self._schema.concepts)}")
        elif self._namespaces.expand(name, "kgs") in self._schema.concepts:
            self.fault(place, f"{name!r} is no entity; did you mean the code kgs:{name}?")
        else:
            reason = f"nothing is called {name!r} in the document or the graph"
            self.fault(place, reason + did_you_mean(name, self._entity_names()))
        return None

    def entities(self, names: Iterable[str], place: Place) -> list[str]:
        """The IRIs of several."""
        return [iri for iri in (self.entity(name, place) for name in names) if iri is not None]

    def _entity_names(self) -> list[str]:
        return [*self._symbols.entities, *([self._symbols.source] if self._symbols.source else [])]

    def _declared(self, iri: str) -> bool:
        slug = iri.removeprefix(self._namespaces.id)
        return slug != iri and (slug in self._symbols.entities or slug in (s.value.id for s in self._symbols.sources))

    def source(self) -> str | None:
        """The IRI of the document's source, declared in it or known to the graph."""
        if self._symbols.source is None:
            return None
        iri = self._namespaces.expand(self._symbols.source)
        if not self._symbols.sources and not self._known(iri):
            slug, place = self._symbols.references[0]
            self.fault(place, f"no source {slug!r} is loaded, and none is declared here")
        return iri

    # -------------------------------------------------------------- terms of the ontology

    def type(self, name: str, place: Place) -> str | None:
        """The IRI of a class."""
        iri = self._namespaces.expand(name, "kg")
        if iri in self._schema.classes:
            return iri
        names = [c.removeprefix(self._namespaces.kg) for c in self._schema.classes]
        self.fault(place, f"{name!r} is no class of the ontology{did_you_mean(name, names)}")
        return None

    def has_relation(self, name: str) -> bool:
        """Whether the ontology declares a relation of that name."""
        return self._namespaces.expand(name, "kg") in self._schema.relations

    def relation(self, name: str, place: Place) -> Relation | None:
        """The relation of that name."""
        iri = self._namespaces.expand(name, "kg")
        if iri in self._schema.relations:
            return self._schema.relations[iri]
        names = [r.removeprefix(self._namespaces.kg) for r in self._schema.relations]
        self.fault(place, f"{name!r} is no relation of the ontology{did_you_mean(name, names)}")
        return None

    def code(self, name: str | None, of: str, place: Place, prefix: str = "") -> str | None:
        """The IRI of a code of property `of`; with a prefix, `groups` may stand for `unit-groups`."""
        if name is None:
            return None
        allowed = self._schema.codes_for(self._namespaces.expand(of))
        for candidate in (name, f"{prefix}{name}"):
            iri = self._namespaces.expand(candidate, "kgs")
            if iri in allowed:
                return iri
        if len(allowed) <= SHOWN_CODES:
            known = ", ".join(sorted(self._schema.code(iri) for iri in allowed))
            self.fault(place, f"{name!r} is not one of {known}{self._close_code(name, allowed)}")
        else:
            self.fault(place, f"the ontology has no code {name!r}{self._close_code(name, allowed)}")
        return None

    def _close_code(self, name: str, among: Iterable[str]) -> str:
        return did_you_mean(name.removeprefix("kgs:"), (self._schema.code(iri) for iri in among))

    def flag(self, name: str, place: Place) -> str | None:
        """The IRI of an editorial flag; `members-unstated` stands for kg:membersUnstated."""
        iri = self._namespaces.kg + re.sub(r"-(.)", lambda found: found[1].upper(), name)
        if iri in self._schema.flags:
            return iri
        names = [_kebab(flag.removeprefix(self._namespaces.kg)) for flag in self._schema.flags]
        self.fault(place, f"{name!r} is no flag; known are {', '.join(sorted(names))}{did_you_mean(name, names)}")
        return None

    def object_fits(self, relation: Relation, iri: str, place: Place) -> None:
        """Whether an entity or code may be the object of a relation; a fault where it may not."""
        takes = relation.kinds
        name = self._namespaces.compress(iri)
        if takes and not takes & {"entity", "code"}:
            field = "amount" if "quantity" in takes else "period"
            self.fault(place, f"{relation.curie} takes a {' or '.join(sorted(takes))}: write {field} instead of object")
        elif takes and iri in self._schema.concepts and "code" not in takes:
            self.fault(place, f"{relation.curie} takes an entity, and {name} is a code")
        elif iri in self._schema.concepts and iri not in (allowed := self._schema.codes_for(relation.iri)):
            self.fault(place, f"{relation.curie} takes no {name}{self._close_code(name, allowed)}")
        elif takes and "entity" not in takes and not self._is_code(iri):
            self.fault(place, f"{relation.curie} takes a code such as kgs:…, and {name} is an entity")

    def _is_code(self, iri: str) -> bool:
        if iri in self._schema.concepts:
            return True
        item = self._symbols.entities.get(iri.removeprefix(self._namespaces.id))
        if item is None:
            return True  # known to the graph: its class is the shapes' business
        return self._schema.is_a(self._namespaces.expand(item.value.type, "kg"), f"{self._namespaces.kg}Code")

    def value_fits(self, relation: Relation, kind: str, place: Place) -> None:
        """Whether a quantity or a period may be the object of a relation; a fault where it may not."""
        if relation.kinds and kind not in relation.kinds:
            takes = " or ".join(sorted(relation.kinds))
            self.fault(place, f"{relation.curie} takes {'an' if takes[0] in 'aeiou' else 'a'} {takes}, not a {kind}")

    # -------------------------------------------------------------- what notes and claims refer to

    def key(self, name: str, keys: Mapping[str, str], place: Place, what: str) -> str | None:
        """The IRI of a key of the document, or of something the graph knows."""
        if name in keys:
            return keys[name]
        iri = self._namespaces.expand(name)
        if iri in keys.values() or (self._namespaces.is_iri(iri) and self._known(iri)):
            return iri
        self.fault(place, f"no {what} has the key {name!r}{did_you_mean(name, keys)}")
        return None


def _kebab(name: str) -> str:
    return re.sub(r"[A-Z]", lambda found: f"-{found[0].lower()}", name)
