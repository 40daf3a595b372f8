"""Records → what is shown: names, claims with their chain, passages, and sentences.

Sentences are attributive and neutral: each part names its paragraphs, and its speakers and relays where the article
does not speak itself. What is not put forward as so never begins as if it were: `It is denied that …`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kgraph.errors import ClaimNotFoundError, EntityNotFoundError
from kgraph.model import Claim, ClaimRef, Edge, EntityRef, Mention, Note, Span
from kgraph.traversal import naming
from kgraph.traversal.records import Catalogue
from kgraph.traversal.things import ClaimRecord, MentionRecord, Step

_NOWHERE = Span("", "", None, None, None, None, None)
_FRAMES = {
    "alleged": "It is alleged that",
    "announced": "It is announced that",
    "conditional": "Under a condition:",
    "debated": "It is debated whether",
    "demanded": "It is demanded that",
    "open-question": "It is left open whether",
    "predicted": "It is predicted that",
    "proposed": "It is proposed that",
}
"""How a claim begins whose modality does not put it forward as so."""


def ref(catalogue: Catalogue, iri: str) -> EntityRef:
    """A node, class, code or unknown term by name."""
    node = catalogue.nodes.get(iri)
    type_iri = node.type if node else f"{catalogue.namespaces.prefixes['rdfs']}Resource"
    compress = catalogue.namespaces.compress
    return EntityRef(compress(iri), iri, catalogue.label(iri), compress(type_iri), catalogue.label(type_iri))


def entity_ref(catalogue: Catalogue, iri: str) -> EntityRef:
    """A node by name. Raises EntityNotFoundError when the graph does not hold it."""
    if iri not in catalogue.nodes:
        raise EntityNotFoundError(catalogue.namespaces.compress(iri))
    return ref(catalogue, iri)


def refs(catalogue: Catalogue, iris: Iterable[str]) -> tuple[EntityRef, ...]:
    """Nodes by name."""
    return tuple(ref(catalogue, iri) for iri in iris)


def span(catalogue: Catalogue, iri: str) -> Span:
    """A passage; with its words where the text is attached."""
    found = catalogue.spans[iri]
    text = catalogue.texts.get(catalogue.namespaces.expand(found.article))
    if text is None or found.start is None or found.end is None:
        return found
    return replace(found, text=text[found.start : found.end])


def spans(catalogue: Catalogue, iris: Iterable[str]) -> tuple[Span, ...]:
    """The passages that are known, in the order of the text."""
    return tuple(sorted((span(catalogue, i) for i in iris if i in catalogue.spans), key=_in_text))


def _in_text(where: Span) -> tuple[str, int, int, int, str]:
    return (where.article, where.start or 0, where.paragraph or 0, where.row or 0, where.id)


def place_of(catalogue: Catalogue, claim: ClaimRecord) -> tuple[str, int, int, int, str]:
    """The order of claims as they are read: by article and place in the text."""
    return place_of_spans(catalogue, claim.spans)


def place_of_spans(catalogue: Catalogue, iris: Iterable[str]) -> tuple[str, int, int, int, str]:
    """The place of the first of some passages."""
    return min((_in_text(catalogue.spans[i]) for i in iris if i in catalogue.spans), default=_in_text(_NOWHERE))


def in_reading_order(catalogue: Catalogue, claims: Iterable[ClaimRecord]) -> tuple[ClaimRecord, ...]:
    """Claims by article, place in the text and IRI."""
    return tuple(sorted(claims, key=lambda c: (place_of(catalogue, c), c.iri)))


def claim_ref(catalogue: Catalogue, claim: ClaimRecord) -> ClaimRef:
    """A claim as evidence."""
    compress, code = catalogue.namespaces.compress, catalogue.schema.code
    where = spans(catalogue, claim.spans)
    return ClaimRef(
        id=compress(claim.iri),
        said_by=refs(catalogue, claim.said_by),
        via=refs(catalogue, claim.via),
        article=ref(catalogue, claim.article),
        voice=code(claim.voice),
        modality=code(claim.modality),
        polarity=code(claim.polarity),
        where=where[0] if where else _NOWHERE,
        when=catalogue.when(claim),
    )


def edge(catalogue: Catalogue, step: Step, forward: bool, claims: Iterable[ClaimRecord]) -> Edge:
    """A step with the claims that are seen, in the order they are read."""
    compress = catalogue.namespaces.compress
    return Edge(
        source=compress(step.subject),
        predicate=compress(step.predicate),
        predicate_label=_verb(catalogue, step),
        target=compress(step.object),
        forward=forward,
        claims=tuple(claim_ref(catalogue, c) for c in in_reading_order(catalogue, claims)),
    )


def claim(catalogue: Catalogue, iri: str) -> Claim:
    """A claim whole, whatever its status. Raises ClaimNotFoundError."""
    if iri not in catalogue.claims:
        raise ClaimNotFoundError(catalogue.namespaces.compress(iri))
    return whole(catalogue, catalogue.claims[iri])


def whole(catalogue: Catalogue, record: ClaimRecord) -> Claim:
    """A claim record as it is shown. `chain` runs from the article through the relays to the speakers."""
    compress, code = catalogue.namespaces.compress, catalogue.schema.code
    chain = dict.fromkeys((record.article, *record.via, *record.said_by))
    return Claim(
        id=compress(record.iri),
        iri=record.iri,
        subject=ref(catalogue, record.subject),
        predicate=compress(record.predicate),
        predicate_label=_verb(catalogue, record),
        object=ref(catalogue, record.object),
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


# ------------------------------------------------------------------ sentences


def claim_sentence(catalogue: Catalogue, record: ClaimRecord) -> str:
    """A claim read aloud: `Rights groups demand … (P13, according to …).`, `It is denied that … (P14, opined).`"""
    frame, said_so = _frame(catalogue, record)
    begin = _framed(_within(catalogue, record.subject)) if frame else catalogue.label(record.subject)
    said = f"{frame}{begin} {_verb(catalogue, record)} {_within(catalogue, record.object)}"
    if record.role is not None:
        said += f", as {naming.term(record.role, catalogue.schema, catalogue.namespaces).lower()}"
    several = len(catalogue.articles) > 1
    return _ended(f"{said} {_evidence(catalogue, (record,), name_articles=several, said_so=said_so)}")


def _frame(catalogue: Catalogue, record: ClaimRecord) -> tuple[str, tuple[str, ...]]:
    """The words before a claim that is not plainly put forward, and the codes that they say."""
    code = catalogue.schema.code
    modality = record.modality and code(record.modality)
    words = _FRAMES.get(modality or "", "")
    if not _negated(catalogue, record):
        return (f"{words} ", (record.modality,)) if words and record.modality else ("", ())
    if not words or not record.modality:
        return "It is denied that ", (record.polarity,)
    not_so = f"it {'not be' if modality in ('demanded', 'proposed') else 'is not'} the case that"
    return f"{words} {not_so} ", (record.modality, record.polarity)


def _negated(catalogue: Catalogue, record: ClaimRecord) -> bool:
    return record.polarity == f"{catalogue.namespaces.kgs}negated"


def _framed(label: str) -> str:
    """A label after `that` or `whether`: in quotes where it begins with such a word itself."""
    return f"“{label}”" if label.lower().startswith(("whether ", "that ")) else label


def path_sentence(
    catalogue: Catalogue, nodes: Sequence[str], edges: Sequence[tuple[Step, bool, tuple[ClaimRecord, ...]]]
) -> str:
    """A path read aloud: `A is one of some groups (P16), which address C (P16).`"""
    if not edges:
        return f"Both ends are {catalogue.label(nodes[0])}."
    articles = {c.article for _, _, claims in edges for c in claims}
    parts = []
    for at, (step, forward, claims) in enumerate(edges):
        begin = catalogue.label(nodes[0]) if at == 0 else _pronoun(catalogue, nodes[at])
        evidence = _evidence(catalogue, claims, name_articles=len(articles) > 1)
        denied = "not: " if claims and all(_negated(catalogue, c) for c in claims) else ""
        verb = f"{denied}{_verb(catalogue, step, forward)}"
        parts.append(f"{begin} {verb} {_within(catalogue, nodes[at + 1])} {evidence}")
    return _ended(", ".join(parts))


def _verb(catalogue: Catalogue, step: Step | ClaimRecord, forward: bool = True) -> str:
    """The words between two ends, agreeing in number with the one that is said first."""
    label = catalogue.predicate_label(step.predicate, forward)
    relation = catalogue.schema.relations.get(step.predicate)
    if relation and catalogue.is_plural(step.subject):
        own = relation.plural_label if forward else relation.plural_inverse_label
        if own:
            return own
    return naming.plural(label) if catalogue.is_plural(step.subject if forward else step.object) else label


def _within(catalogue: Catalogue, iri: str) -> str:
    """A label within a sentence: a description begins in lower case, a name as it is."""
    label = catalogue.label(iri)
    return label[:1].lower() + label[1:] if catalogue.is_plural(iri) else label


def _pronoun(catalogue: Catalogue, iri: str) -> str:
    return "who" if catalogue.has_type(iri, (f"{catalogue.namespaces.kg}Person",)) else "which"


def _ended(sentence: str) -> str:
    return f"{sentence}."


def _evidence(
    catalogue: Catalogue, claims: Sequence[ClaimRecord], *, name_articles: bool, said_so: tuple[str, ...] = ()
) -> str:
    """Where the claims stand, who speaks where the article does not, and what keeps them from being plain reports,
    except for what was `said_so` before."""
    if not claims:
        return "(no source given)"
    ordered = in_reading_order(catalogue, claims)
    places: dict[str, dict[str, None]] = {}
    for record in ordered:
        for where in spans(catalogue, record.spans):
            place = naming.place(replace(where, sentence=None))
            places.setdefault(record.article, {}).setdefault(place)
    words = []
    for article, found in places.items():
        words.append(f"{catalogue.label(article)} {', '.join(found)}" if name_articles else ", ".join(found))
    words = words or ["no passage given"]
    standing = dict.fromkeys(word for record in ordered for word in _standing(catalogue, record, said_so))
    speakers = dict.fromkeys(s for record in ordered if (s := _speakers(catalogue, record)))
    if len({_speakers(catalogue, record) for record in ordered}) == 1:
        words += [f"according to {s}" for s in speakers]
    else:
        words += [f"also according to {s}" for s in speakers]
    return f"({', '.join((*words, *standing))})"


def _speakers(catalogue: Catalogue, record: ClaimRecord) -> str:
    others = [catalogue.label(s) for s in record.said_by if s != record.article]
    relays = [catalogue.label(r) for r in record.via]
    if not others and not relays:
        return ""
    said = " and ".join(others) or catalogue.label(record.article)
    return f"{said}, through {' and '.join(relays)}" if relays else said


def _standing(catalogue: Catalogue, record: ClaimRecord, said_so: tuple[str, ...]) -> Iterable[str]:
    plain = (f"{catalogue.namespaces.kgs}reported", f"{catalogue.namespaces.kgs}affirmed")
    for code in (record.modality, record.polarity):
        if code and code not in (*plain, *said_so):
            yield naming.words_of(code)
