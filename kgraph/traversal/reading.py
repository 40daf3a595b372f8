"""Quads → records: what the named graphs hold, sorted into the things of `things.py`.

A record is known by its class (kg:Claim, kg:EvidenceSpan, …), not by its graph, so a flattened file reads the same.
The direct triples of the reported graph are an index of the claims and are not read; the ontology is the schema's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field

from kgraph.model import Quantity, Span, TimeSpan
from kgraph.namespaces import Namespaces
from kgraph.rdf import Literal, NamedNode, Quad
from kgraph.traversal.things import Article, ClaimRecord, MentionRecord, NoteRecord

_UNREAD = ("ontology", "reported")
_OWN = ("entities", "claims", "notes")

Value = NamedNode | Literal


@dataclass
class Things:
    """Everything read, by IRI; `described` holds what is left: the properties of entities."""

    claims: dict[str, ClaimRecord] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    quantities: dict[str, Quantity] = field(default_factory=dict)
    times: dict[str, TimeSpan] = field(default_factory=dict)
    mentions: dict[str, MentionRecord] = field(default_factory=dict)
    notes: dict[str, NoteRecord] = field(default_factory=dict)
    articles: dict[str, Article] = field(default_factory=dict)
    described: dict[str, Description] = field(default_factory=dict)
    plain: set[tuple[str, str, str]] = field(default_factory=set)
    plain_facts: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))


class Description:
    """The properties of one subject."""

    __slots__ = ("_values",)

    def __init__(self) -> None:
        self._values: dict[str, list[Value]] = {}

    def add(self, predicate: str, value: Value) -> None:
        """Add one value."""
        self._values.setdefault(predicate, []).append(value)

    def all(self, predicate: str) -> tuple[str, ...]:
        """The values of a property, sorted, each once."""
        return tuple(sorted({v.value for v in self._values.get(predicate, ())}))

    def first(self, *predicates: str) -> str | None:
        """The first value of the first of these properties that has one; English labels come first."""
        for predicate in predicates:
            if values := self._values.get(predicate):
                return min(values, key=_english_first).value
        return None

    def text(self, predicate: str) -> str:
        """The value of a property, or the empty text."""
        return self.first(predicate) or ""

    def integer(self, predicate: str) -> int | None:
        """The value of a property as an integer."""
        value = self.first(predicate)
        return None if value is None else int(value)

    def number(self, predicate: str) -> float | int | None:
        """The value of a property as a number, an integer where it is one."""
        value = self.first(predicate)
        if value is None:
            return None
        number = float(value)
        return int(number) if number.is_integer() else number

    def is_true(self, predicate: str) -> bool:
        """Whether a boolean property is true."""
        return any(v.value in ("true", "1") for v in self._values.get(predicate, ()))

    def predicates(self) -> Iterator[str]:
        """The properties that have a value."""
        return iter(sorted(self._values))


def _english_first(value: Value) -> tuple[bool, str]:
    return (getattr(value, "language", None) != "en", value.value)


def read(quads: Iterable[Quad], namespaces: Namespaces, relations: Container[str]) -> Things:
    """Sort the quads into records. Blank nodes are skipped: kgraph's graphs have none.

    A triple that no claim states is plain, unless its term is one of kgraph's own that is no relation.
    """
    unread = {namespaces.graph(name) for name in _UNREAD}
    own = {namespaces.graph(name) for name in _OWN}
    subjects: dict[str, Description] = defaultdict(Description)
    foreign: list[tuple[str, str, Value]] = []
    for quad in quads:
        graph = getattr(quad.graph_name, "value", "")
        subject, value = quad.subject, quad.object
        if graph in unread or not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
            continue
        subjects[subject.value].add(quad.predicate.value, value)
        if graph not in own:
            foreign.append((subject.value, quad.predicate.value, value))
    return _Reader(namespaces, relations).read(subjects, foreign)


class _Reader:
    def __init__(self, namespaces: Namespaces, relations: Container[str]) -> None:
        self._ns, self._relations = namespaces, relations
        self._kg = namespaces.kg
        self._rdf, self._schema, self._oa, self._rdfs, self._skos = (
            namespaces.prefixes[prefix] for prefix in ("rdf", "schema", "oa", "rdfs", "skos")
        )

    def read(self, subjects: dict[str, Description], foreign: list[tuple[str, str, Value]]) -> Things:
        things = Things()
        records = {
            f"{self._kg}Claim": lambda i, d: things.claims.__setitem__(i, self._claim(i, d)),
            f"{self._kg}EvidenceSpan": lambda i, d: things.spans.__setitem__(i, self._span(i, d)),
            f"{self._kg}Quantity": lambda i, d: things.quantities.__setitem__(i, self._quantity(i, d)),
            f"{self._kg}TimeSpan": lambda i, d: things.times.__setitem__(i, self._time(i, d)),
            f"{self._kg}Mention": lambda i, d: things.mentions.__setitem__(i, self._mention(i, d)),
            f"{self._kg}EditorialNote": lambda i, d: things.notes.__setitem__(i, self._note(i, d)),
        }
        sources = {f"{self._kg}Article", f"{self._kg}Dataset"}
        for iri in sorted(subjects):
            description = subjects[iri]
            types = description.all(f"{self._rdf}type")
            record = next((records[t] for t in types if t in records), None)
            if record is not None:
                record(iri, description)
                continue
            things.described[iri] = description
            if sources.intersection(types):
                things.articles[iri] = self._article(iri, description)
        self._plain(things, foreign)
        return things

    def _plain(self, things: Things, foreign: list[tuple[str, str, Value]]) -> None:
        """Triples that no claim states, of things that are not records, and that do not only describe."""
        stated = {(c.subject, c.predicate, c.object) for c in things.claims.values()}
        for subject, predicate, value in foreign:
            if subject not in things.described or self._describes(predicate):
                continue
            if isinstance(value, Literal):
                things.plain_facts[subject].add((predicate, value.value))
            elif (subject, predicate, value.value) not in stated:
                things.plain.add((subject, predicate, value.value))

    def _describes(self, predicate: str) -> bool:
        """Whether a property belongs to the description of a thing: its names, types and bookkeeping."""
        bookkeeping = predicate.startswith(self._kg) and predicate not in self._relations
        return (
            bookkeeping or predicate.startswith(self._skos) or predicate in (f"{self._rdfs}label", f"{self._rdf}type")
        )

    def _claim(self, iri: str, d: Description) -> ClaimRecord:
        kg, rdf = self._kg, self._rdf
        confidence = d.number(f"{kg}extractionConfidence")
        return ClaimRecord(
            iri=iri,
            subject=d.text(f"{rdf}subject"),
            predicate=d.text(f"{rdf}predicate"),
            object=d.text(f"{rdf}object"),
            article=d.text(f"{kg}assertedIn"),
            said_by=d.all(f"{kg}attributedTo"),
            via=d.all(f"{kg}reportedVia"),
            spans=d.all(f"{kg}evidence"),
            voice=d.text(f"{kg}voice"),
            polarity=d.text(f"{kg}polarity"),
            modality=d.text(f"{kg}modality"),
            status=d.text(f"{kg}status"),
            certainty=d.first(f"{kg}sourceCertainty"),
            confidence=None if confidence is None else float(confidence),
            role=d.first(f"{kg}role"),
            time=d.first(f"{kg}time"),
            conflicts_with=d.all(f"{kg}conflictsWith"),
            qualifies=d.all(f"{kg}qualifies"),
        )

    def _span(self, iri: str, d: Description) -> Span:
        return Span(
            id=self._ns.compress(iri),
            article=self._ns.compress(d.text(f"{self._kg}article")),
            paragraph=d.integer(f"{self._kg}paragraph"),
            sentence=d.integer(f"{self._kg}sentence"),
            start=d.integer(f"{self._kg}start"),
            end=d.integer(f"{self._kg}end"),
            hash=d.first(f"{self._kg}sliceHash"),
            table=d.first(f"{self._kg}table"),
            row=d.integer(f"{self._kg}row"),
        )

    def _code(self, iri: str) -> str:
        return iri.removeprefix(self._ns.kgs)

    def _quantity(self, iri: str, d: Description) -> Quantity:
        unit = d.first(f"{self._kg}unit")
        return Quantity(
            id=self._ns.compress(iri),
            text=d.text(f"{self._kg}surfaceForm"),
            value=d.number(f"{self._schema}value"),
            min_value=d.number(f"{self._schema}minValue"),
            max_value=d.number(f"{self._schema}maxValue"),
            approximation=self._code(d.text(f"{self._kg}approximation")),
            strict_bound=d.is_true(f"{self._kg}strictBound"),
            unit=None if unit is None else self._code(unit),
        )

    def _time(self, iri: str, d: Description) -> TimeSpan:
        anchor = d.first(f"{self._kg}anchor")
        return TimeSpan(
            id=self._ns.compress(iri),
            text=d.text(f"{self._kg}surfaceForm"),
            edtf=d.text(f"{self._kg}edtf"),
            earliest=d.first(f"{self._kg}earliest"),
            latest=d.first(f"{self._kg}latest"),
            basis=self._code(d.text(f"{self._kg}dateBasis")),
            anchor=None if anchor is None else self._ns.compress(anchor),
        )

    def _mention(self, iri: str, d: Description) -> MentionRecord:
        return MentionRecord(
            iri=iri,
            surface_form=d.text(f"{self._kg}surfaceForm"),
            refers_to=d.text(f"{self._kg}refersTo"),
            evaluative=d.is_true(f"{self._kg}evaluative"),
            spans=d.all(f"{self._kg}evidence"),
        )

    def _note(self, iri: str, d: Description) -> NoteRecord:
        return NoteRecord(
            iri=iri,
            about=d.all(f"{self._oa}hasTarget"),
            kind=d.text(f"{self._kg}noteKind"),
            text=d.text(f"{self._rdfs}comment"),
            basis=d.text(f"{self._kg}basis"),
        )

    def _article(self, iri: str, d: Description) -> Article:
        return Article(
            iri=iri,
            hash=d.text(f"{self._kg}textHash"),
            length=d.integer(f"{self._kg}textLength") or 0,
            unknown=d.all(f"{self._kg}unknown"),
            published=d.first(f"{self._kg}published"),
        )
