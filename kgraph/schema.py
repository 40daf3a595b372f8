"""The ontology as kgraph uses it: relations, classes and codes, read from `ontology/`. Python holds no list of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kgraph import formats, rdf, resources
from kgraph.namespaces import Namespaces
from kgraph.rdf import Literal, NamedNode, Quad

Values = Mapping[str, Mapping[str, tuple[str, ...]]]
_SCHEMA_ORG = "https://schema.org/"


@dataclass(frozen=True, slots=True)
class Relation:
    """A property that claims state: its words in both directions, and what it joins (empty: anything).

    `kinds` says what may stand as object: `entity`, `code`, `quantity`, `period`.
    """

    iri: str
    curie: str
    label: str
    inverse_label: str
    domain: tuple[str, ...]
    range: tuple[str, ...]
    directed: bool
    kinds: frozenset[str]
    plural_label: str | None = None
    plural_inverse_label: str | None = None


@dataclass(frozen=True, slots=True)
class ClassInfo:
    """A class: its label, its direct superclasses, and whether walks pass through its members."""

    iri: str
    label: str
    parents: tuple[str, ...]
    walked: bool = True


@dataclass(frozen=True)
class Schema:
    """The terms of the ontology. `quads` is the content of the ontology graph: core and schemes, no blank node."""

    namespaces: Namespaces
    quads: tuple[Quad, ...]

    @classmethod
    def load(cls, namespaces: Namespaces, folder: Path | None = None) -> Schema:
        """Read `kgraph.ttl` and `schemes/*.ttl`, of the installation unless a folder is given.

        >>> schema = Schema.load(Namespaces.load())
        >>> schema.relations[schema.namespaces.kg + "demands"].label
        'demands'

        Raises RdfSyntaxError where a file does not parse.
        """
        folder = folder or resources.ontology()
        graph = NamedNode(namespaces.graph("ontology"))
        triples: list[Quad] = []
        for path in (folder / "kgraph.ttl", *sorted((folder / "schemes").glob("*.ttl"))):
            triples += rdf.parse(path.read_bytes(), formats.TURTLE, file=path.name)
        named, _ = rdf.skolemise(triples, namespaces.blank)
        canonical, _ = rdf.canonical(named)
        quads = {Quad(q.subject, q.predicate, q.object, graph) for q in canonical}
        return cls(namespaces, tuple(sorted(quads, key=rdf.sort_key)))

    # -------------------------------------------------------------- what the files say

    @cached_property
    def _values(self) -> Values:
        """Subject → predicate → objects, each in the order of the sorted quads; texts and IRIs alike as strings."""
        values: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
        for quad in self.quads:
            of = values[_value(quad.subject)]
            predicate = quad.predicate.value
            of[predicate] = (*of.get(predicate, ()), _value(quad.object))
        return dict(values)

    def values(self, subject: str, predicate: str) -> tuple[str, ...]:
        """The objects of a term of the ontology; `predicate` is an IRI or a CURIE."""
        return self._values.get(subject, {}).get(self.namespaces.expand(predicate), ())

    def _first(self, subject: str, *predicates: str) -> str | None:
        return next((v for p in predicates for v in self.values(subject, p)), None)

    def _of_type(self, type_iri: str) -> list[str]:
        wanted = self.namespaces.expand(type_iri)
        return [subject for subject in self._values if wanted in self.values(subject, "rdf:type")]

    def declares(self, iri: str) -> bool:
        """Whether the ontology says anything about a term."""
        return iri in self._values

    # -------------------------------------------------------------- relations, classes, codes

    @cached_property
    def relations(self) -> Mapping[str, Relation]:
        """Every `kg:Relation` by IRI."""
        return {iri: self._relation(iri) for iri in self._of_type("kg:Relation")}

    def _relation(self, iri: str) -> Relation:
        label = self._first(iri, "kg:edgeLabel", "rdfs:label") or self.namespaces.compress(iri)
        return Relation(
            iri=iri,
            curie=self.namespaces.compress(iri),
            label=label,
            inverse_label=self._first(iri, "kg:inverseLabel") or label,
            domain=self.values(iri, "kg:domain"),
            range=self.values(iri, "kg:range"),
            directed=self._first(iri, "kg:directed") != "false",
            kinds=frozenset(self.code(kind) for kind in self.values(iri, "kg:objectKind")),
            plural_label=self._first(iri, "kg:pluralEdgeLabel"),
            plural_inverse_label=self._first(iri, "kg:pluralInverseLabel"),
        )

    @cached_property
    def classes(self) -> Mapping[str, ClassInfo]:
        """Every class in kg: by IRI."""
        return {
            iri: ClassInfo(
                iri=iri,
                label=self._first(iri, "rdfs:label") or self.namespaces.compress(iri),
                parents=self.values(iri, "rdfs:subClassOf"),
                walked=self._first(iri, "kg:walked") != "false",
            )
            for iri in self._of_type("owl:Class")
            if iri.startswith(self.namespaces.kg)
        }

    def schema_org(self, type_curie: str) -> str:
        """The class of schema.org that a class is below, as the alignment has it: `Organization` of `kg:Coalition`;
        `Thing` where there is none."""
        todo = [self.namespaces.expand(type_curie)]
        for iri in todo:  # nearest first
            if iri in self._schema_org:
                return self._schema_org[iri]
            todo += [parent for parent in self.values(iri, "rdfs:subClassOf") if parent not in todo]
        return "Thing"

    @cached_property
    def _schema_org(self) -> Mapping[str, str]:
        path = resources.ontology() / "alignments" / "schema-org.ttl"
        below = f"{self.namespaces.prefixes['rdfs']}subClassOf"
        found = {}
        for quad in rdf.parse(path.read_bytes(), formats.TURTLE, file=path.name):
            aligned = _value(quad.object)
            if quad.predicate.value == below and aligned.startswith(_SCHEMA_ORG):
                found[_value(quad.subject)] = aligned.removeprefix(_SCHEMA_ORG)
        return found

    @cached_property
    def _ancestors(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for iri in self.classes:
            seen = {iri}
            todo = [iri]
            while todo:
                info = self.classes.get(todo.pop())
                new = [p for p in (info.parents if info else ()) if p not in seen]
                seen.update(new)
                todo += new
            found[iri] = frozenset(seen)
        return found

    def is_a(self, type_iri: str, class_iri: str) -> bool:
        """Whether a class is another or below it; both are IRIs."""
        return type_iri == class_iri or class_iri in self._ancestors.get(type_iri, frozenset())

    @cached_property
    def concepts(self) -> Mapping[str, str]:
        """Every code by IRI, with its English label."""
        return {
            iri: self._first(iri, "skos:prefLabel", "rdfs:label") or self.code(iri)
            for iri in self._of_type("skos:Concept")
        }

    @cached_property
    def flags(self) -> Mapping[str, str]:
        """The editorial flags of entities (properties whose only value is true), with what readers are told or ""."""
        return {iri: self._first(iri, "kg:edgeLabel") or "" for iri in self._of_type("kg:Flag")}

    def can_contradict(self, modality: str, other: str) -> bool:
        """Whether claims of opposite polarity in these modalities contradict each other, by `kg:assertsContent`."""
        first, second = (self._first(iri, "kg:assertsContent") for iri in (modality, other))
        return (first == second == "true") or (modality == other and first != "false")

    def codes_for(self, property_iri: str) -> frozenset[str]:
        """The codes a property may have: those of its kg:codesFrom schemes, or all where it names none."""
        schemes = set(self.values(property_iri, "kg:codesFrom"))
        if not schemes:
            return frozenset(self.concepts)
        return frozenset(iri for iri in self.concepts if schemes.intersection(self.values(iri, "skos:inScheme")))

    def code(self, iri: str) -> str:
        """The bare name of a code, as claim files write it.

        >>> Schema(Namespaces.load(), ()).code("https://w3id.org/kgraph/scheme/affirmed")
        'affirmed'
        """
        return iri.removeprefix(self.namespaces.kgs)

    # -------------------------------------------------------------- the ontology as a whole

    @cached_property
    def version(self) -> str:
        """The version the ontology gives itself."""
        return next((v for iri in self._of_type("owl:Ontology") for v in self.values(iri, "owl:versionInfo")), "")

    @staticmethod
    def shapes() -> tuple[Path, ...]:
        """The files of the SHACL shapes, by name."""
        return tuple(sorted((resources.ontology() / "shapes").glob("*.ttl")))

    @staticmethod
    def invariants() -> tuple[Path, ...]:
        """The queries that answer a row for each broken invariant, by name."""
        return tuple(sorted((resources.ontology() / "queries" / "invariants").glob("*.rq")))

    def context(self) -> dict[str, object]:
        """The JSON-LD context, as published in `ontology/context.jsonld`: prefixes, classes and properties by name.

        A term wins over a prefix of the same name (`edtf`, `time`); the prefix is then left out.
        """
        terms: dict[str, object] = {}
        kinds = ("owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty", "kg:Relation")
        for iri in sorted({iri for kind in kinds for iri in self._of_type(kind)}):
            if iri.startswith(self.namespaces.kg):
                name = iri.removeprefix(self.namespaces.kg)
                coercion = self._coercion(iri)
                terms[name] = {"@id": f"kg:{name}", **coercion} if coercion else f"kg:{name}"
        prefixes = {name: iri for name, iri in sorted(self.namespaces.prefixes.items()) if name not in terms}
        return {"@context": {"@version": 1.1, **prefixes, **terms}}

    def _coercion(self, iri: str) -> dict[str, str]:
        """How JSON-LD reads a plain string under a term; numbers and booleans of JSON speak for themselves."""
        expand = self.namespaces.expand
        if expand("owl:ObjectProperty") in self.values(iri, "rdf:type") or iri in self.relations:
            return {"@type": "@id"}
        datatype = self._first(iri, "rdfs:range")
        if datatype == expand("rdf:langString"):
            return {"@language": "en"}
        native = {expand(name) for name in ("xsd:string", "xsd:integer", "xsd:boolean")}
        return {"@type": datatype} if datatype and datatype not in native else {}


def _value(term: object) -> str:
    assert isinstance(term, (NamedNode, Literal))
    return term.value
