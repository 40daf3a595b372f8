"""Records → what is shown: names, claims with their chain, passages, notes."""

from __future__ import annotations

from collections.abc import Iterable

from kgraph.errors import ClaimNotFoundError, EntityNotFoundError
from kgraph.model import Claim, ClaimRef, EntityRef, Mention, Note
from kgraph.traversal.known import Known
from kgraph.traversal.passages import spans
from kgraph.traversal.records import Catalogue
from kgraph.traversal.sentence import claim_sentence
from kgraph.traversal.shown import statement
from kgraph.traversal.telling import evidence
from kgraph.traversal.things import ClaimRecord, MentionRecord


def ref(catalogue: Catalogue, iri: str) -> EntityRef:
    """A node, class, code or unknown term by name."""
    return Known.of(catalogue).named(catalogue, iri).ref


def entity_ref(catalogue: Catalogue, iri: str) -> EntityRef:
    """A node by name. Raises EntityNotFoundError when the graph does not hold it."""
    if iri not in catalogue.nodes:
        raise EntityNotFoundError(catalogue.namespaces.compress(iri))
    return ref(catalogue, iri)


def refs(catalogue: Catalogue, iris: Iterable[str]) -> tuple[EntityRef, ...]:
    """Nodes by name."""
    known = Known.of(catalogue)
    return tuple([known.named(catalogue, iri).ref for iri in iris])


def claim_ref(catalogue: Catalogue, claim: ClaimRecord) -> ClaimRef:
    """A claim as evidence."""
    return evidence(statement(catalogue, claim))


def claim(catalogue: Catalogue, iri: str) -> Claim:
    """A claim whole, whatever its status. Raises ClaimNotFoundError."""
    if iri not in catalogue.claims:
        raise ClaimNotFoundError(catalogue.namespaces.compress(iri))
    return whole(catalogue, catalogue.claims[iri])


def whole(catalogue: Catalogue, record: ClaimRecord) -> Claim:
    """A claim record as it is shown. `chain` runs from the article through the relays to the speakers."""
    compress, code = catalogue.namespaces.compress, catalogue.schema.code
    known = Known.of(catalogue)
    subject, object_ = known.named(catalogue, record.subject), known.named(catalogue, record.object)
    chain = dict.fromkeys((record.article, *record.via, *record.said_by))
    return Claim(
        id=compress(record.iri),
        iri=record.iri,
        subject=subject.ref,
        predicate=compress(record.predicate),
        predicate_label=known.verb(catalogue, record.predicate, subject, object_),
        object=object_.ref,
        quantity=catalogue.quantities.get(record.object),
        period=catalogue.times.get(record.object),
        said_by=refs(catalogue, record.said_by),
        via=refs(catalogue, record.via),
        chain=refs(catalogue, chain),
        article=ref(catalogue, record.article),
        where=spans(catalogue, record.spans),
        voice=code(record.voice),
        polarity=code(record.polarity),
        modality=code(record.modality),
        status=code(record.status),
        source_certainty=None if record.certainty is None else code(record.certainty),
        confidence=record.confidence,
        role=None if record.role is None else code(record.role),
        when=catalogue.when(record),
        conflicts_with=tuple(map(compress, record.conflicts_with)),
        qualifies=tuple(map(compress, record.qualifies)),
        qualified_by=tuple(map(compress, catalogue.qualified_by(record.iri))),
        notes=notes(catalogue, record.iri, *record.spans),
        sentence=claim_sentence(catalogue, record),
    )


def notes(catalogue: Catalogue, *targets: str) -> tuple[Note, ...]:
    """The editorial notes on these things, each once, about the first of them that it is on."""
    compress, code = catalogue.namespaces.compress, catalogue.schema.code
    found: dict[str, Note] = {}
    for about in targets:
        for n in catalogue.notes_about(about):
            note = Note(compress(n.iri), compress(about), code(n.kind), n.text, code(n.basis))
            found.setdefault(n.iri, note)
    return tuple(found.values())


def mention(catalogue: Catalogue, record: MentionRecord) -> Mention:
    """A printed form with its places and the notes on it."""
    compress = catalogue.namespaces.compress
    return Mention(
        id=compress(record.iri),
        surface_form=record.surface_form,
        refers_to=compress(record.refers_to),
        evaluative=record.evaluative,
        where=spans(catalogue, record.spans),
        notes=notes(catalogue, record.iri),
    )
