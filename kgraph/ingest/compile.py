"""A document of claim files becomes RDF: named graphs, IRIs by content, every reference resolved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kgraph.ingest import claimfile
from kgraph.ingest.claimfile import Document
from kgraph.ingest.claimmodel import ClaimEntry, Mention, Note
from kgraph.ingest.nodes import Located, Nodes
from kgraph.ingest.resolve import Resolver
from kgraph.ingest.statements import Pairs
from kgraph.ingest.symbols import Item, Symbols
from kgraph.namespaces import Namespaces
from kgraph.places import Place
from kgraph.rdf import Quad
from kgraph.schema import Schema

OWN_VOICE = "article-voice"
"""The voice of a claim that names no speaker and no voice: the source speaks, and for itself."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """The quads of a document, where each node stands (`places`), and what each key became (`keys`)."""

    quads: tuple[Quad, ...]
    places: Mapping[str, Place]
    keys: Mapping[str, str]
    claims: tuple[str, ...]
    mentions: tuple[str, ...]
    entities: tuple[str, ...]


def compile(document: Document, namespaces: Namespaces, schema: Schema, known: Callable[[str], bool]) -> Compiled:
    """Compile a document. `known` tells whether an IRI is in the graph already.

    Raises ClaimFileError with every fault, in the order of the files.
    """
    symbols = Symbols.of(document)
    resolver = Resolver(symbols, namespaces, schema, known)
    nodes = Nodes(symbols, resolver, namespaces)
    nodes.declared()
    claims = _Claims(nodes, resolver, namespaces)
    claims.read(symbols.claims)
    mentions = tuple(iri for item in symbols.mentions if (iri := _mention(item, nodes, resolver)) is not None)
    claims.link()
    for note in symbols.notes:
        _note(note, nodes, resolver, namespaces)
    order = {file.name: number for number, file in enumerate(document.files)}
    claimfile.raise_all(sorted(resolver.faults, key=lambda f: (order.get(f.place.file, 0), f.place.line or 0)))
    entities = tuple(namespaces.expand(slug) for slug in symbols.entities)
    return Compiled(nodes.out.quads, nodes.places, nodes.keys, tuple(claims.by_iri), mentions, entities)


class _Claims:
    """The claims of a document: first what each says, then how they refer to each other."""

    def __init__(self, nodes: Nodes, resolver: Resolver, namespaces: Namespaces) -> None:
        self.by_iri: dict[str, Item[ClaimEntry]] = {}
        self._nodes = nodes
        self._resolve = resolver
        self._namespaces = namespaces

    def read(self, items: list[Item[ClaimEntry]]) -> None:
        """Write every claim."""
        for item in items:
            self._claim(item)

    def _claim(self, item: Item[ClaimEntry]) -> None:
        entry, defaults, resolve, out = item.value, item.file.content.defaults, self._resolve, self._nodes.out
        subject = resolve.entity(entry.subject, item.place("subject"))
        relation = resolve.relation(entry.predicate, item.place("predicate"))
        target = self._object(item)
        spans = self._nodes.spans_at(entry.at, item)
        speakers = self._speakers(item)
        via = resolve.entities(entry.via or defaults.via, item.place("via"))
        voice = self._voice(item, speakers)
        polarity = resolve.code(entry.polarity or defaults.polarity, "kg:polarity", item.place("polarity"))
        modality = resolve.code(entry.modality or defaults.modality, "kg:modality", item.place("modality"))
        status = resolve.code(entry.status or defaults.status, "kg:status", item.place("status"))
        certainty = resolve.code(
            entry.certainty or defaults.certainty, "kg:sourceCertainty", item.place("certainty"), "certainty-"
        )
        role = resolve.code(entry.role, "kg:role", item.place("role"), "role-")
        time = self._nodes.time_at(entry.time, item, "time") if entry.time is not None else None
        confidence = defaults.confidence if entry.confidence is None else entry.confidence
        if subject is None or relation is None or target is None or polarity is None or modality is None:
            return
        short = self._nodes.short
        identity: list[object] = [
            short(subject),
            short(relation.iri),
            short(target),
            short(self._nodes.source),
            sorted({str(span.locator): span.locator for span in spans}.values(), key=str),
            sorted(self._namespaces.compress(iri) for iri in speakers),
            short(time),
            short(polarity),
            short(modality),
        ]
        iri = self._nodes.node("claim", identity, item.place())
        if self._is_new(iri, item):
            pairs: Pairs = [
                ("rdf:type", out.iri("kg:Claim")),
                ("rdf:subject", out.iri(subject)),
                ("rdf:predicate", out.iri(relation.iri)),
                ("rdf:object", out.iri(target)),
                ("kg:assertedIn", out.iri(self._nodes.source) if self._nodes.source else None),
                *(("kg:attributedTo", out.iri(speaker)) for speaker in speakers),
                *(("kg:reportedVia", out.iri(relay)) for relay in via),
                *(("kg:evidence", out.iri(span.iri)) for span in spans),
                ("kg:voice", out.iri(voice) if voice else None),
                ("kg:polarity", out.iri(polarity)),
                ("kg:modality", out.iri(modality)),
                ("kg:status", out.iri(status) if status else None),
                ("kg:sourceCertainty", out.iri(certainty) if certainty else None),
                ("kg:extractionConfidence", out.number(confidence, "xsd:decimal")),
                ("kg:time", out.iri(time) if time else None),
                ("kg:role", out.iri(role) if role else None),
            ]
            out.add("claims", iri, pairs)

    def _is_new(self, iri: str, item: Item[ClaimEntry]) -> bool:
        if iri in self.by_iri:
            first = self.by_iri[iri].place()
            reason = f"is the same claim as the one at {first}: same relation, passage, speakers and time"
            self._resolve.fault(item.place(), reason)
            return False
        self.by_iri[iri] = item
        if item.value.key is not None:
            self._nodes.keys.setdefault(item.value.key, iri)
        return True

    def _object(self, item: Item[ClaimEntry]) -> str | None:
        entry, resolve = item.value, self._resolve
        iri = relation = None
        if resolve.has_relation(entry.predicate):
            relation = resolve.relation(entry.predicate, item.place("predicate"))
        if entry.object is not None:
            iri = resolve.entity(entry.object, item.place("object"))
            if relation and iri:
                resolve.object_fits(relation, iri, item.place("object"))
        elif entry.amount is not None:
            iri = self._nodes.amount_at(entry.amount, item)
            if relation:
                resolve.value_fits(relation, "quantity", item.place("amount"))
        elif entry.period is not None:
            iri = self._nodes.time_at(entry.period, item, "period")
            if relation:
                resolve.value_fits(relation, "period", item.place("period"))
        return iri

    def _speakers(self, item: Item[ClaimEntry]) -> list[str]:
        named = item.value.said_by or item.file.content.defaults.said_by
        if named:
            return self._resolve.entities(named, item.place("said_by"))
        return [self._nodes.source] if self._nodes.source else []

    def _voice(self, item: Item[ClaimEntry], speakers: list[str]) -> str | None:
        voice = item.value.voice or item.file.content.defaults.voice
        if voice is None and speakers and speakers != [self._nodes.source]:
            self._resolve.fault(item.place("voice"), "is missing: say how the source gives what others say")
            return None
        return self._resolve.code(voice or OWN_VOICE, "kg:voice", item.place("voice"))

    def link(self) -> None:
        """Write what claims say of other claims; a conflict is stated on both."""
        out = self._nodes.out
        for iri, item in self.by_iri.items():
            for field, predicate in (("conflicts_with", "kg:conflictsWith"), ("qualifies", "kg:qualifies")):
                for name in getattr(item.value, field):
                    other = self._resolve.key(name, self._nodes.keys, item.place(field), "claim")
                    if other == iri:
                        self._resolve.fault(item.place(field), "names the claim itself")
                    elif other is not None and not other.startswith(f"{self._namespaces.id}claim-"):
                        self._resolve.fault(item.place(field), f"{name!r} is not a claim")
                    elif other is not None:
                        out.add("claims", iri, [(predicate, out.iri(other))])
                        if field == "conflicts_with":
                            out.add("claims", other, [(predicate, out.iri(iri))])


def _mention(item: Item[Mention], nodes: Nodes, resolver: Resolver) -> str | None:
    mention, out = item.value, nodes.out
    meant = resolver.entity(mention.of, item.place("of"))
    spans: list[Located] = nodes.spans_at(mention.at, item)
    if meant is None:
        return None
    parts: list[object] = [mention.text, nodes.short(meant), nodes.short(nodes.source)]
    iri = nodes.node("mention", [*parts, sorted((span.locator for span in spans), key=str)], item.place())
    if mention.key is not None:
        nodes.keys.setdefault(mention.key, iri)
    out.add(
        "notes",
        iri,
        [
            ("rdf:type", out.iri("kg:Mention")),
            ("kg:surfaceForm", out.text(mention.text)),
            ("kg:refersTo", out.iri(meant)),
            *(("kg:evidence", out.iri(span.iri)) for span in spans),
            ("kg:evaluative", out.truth(True) if mention.evaluative else None),
        ],
    )
    return iri


def _note(item: Item[Note], nodes: Nodes, resolver: Resolver, namespaces: Namespaces) -> None:
    note, out = item.value, nodes.out
    targets = [
        resolver.key(name, nodes.keys, item.place("about"), "claim, mention, entity or span") for name in note.about
    ]
    about = sorted(iri for iri in targets if iri is not None)
    kind = resolver.code(note.kind, "kg:noteKind", item.place("kind"))
    basis = _basis(note, item, resolver, namespaces)
    if not about or kind is None or basis is None:
        return
    parts: list[object] = [[namespaces.compress(a) for a in about], nodes.short(kind), nodes.short(basis), note.text]
    iri = nodes.node("note", parts, item.place())
    if note.key is not None:
        nodes.keys.setdefault(note.key, iri)
    out.add(
        "notes",
        iri,
        [
            ("rdf:type", out.iri("kg:EditorialNote")),
            *(("oa:hasTarget", out.iri(target)) for target in about),
            ("kg:noteKind", out.iri(kind)),
            ("kg:basis", out.iri(basis)),
            ("rdfs:comment", out.text(note.text)),
            ("oa:motivatedBy", out.iri("oa:commenting")),
            ("dcterms:creator", out.iri("id:curator")),
        ],
    )


def _basis(note: Note, item: Item[Note], resolver: Resolver, namespaces: Namespaces) -> str | None:
    """A code when written as a bare name, else the IRI of what is cited."""
    iri = namespaces.expand(note.basis, "kgs")
    if iri.startswith(namespaces.kgs):
        return resolver.code(note.basis, "kg:basis", item.place("basis"))
    if namespaces.is_iri(iri):
        return iri
    resolver.fault(item.place("basis"), f"{note.basis!r} is neither a code nor an IRI")
    return None
