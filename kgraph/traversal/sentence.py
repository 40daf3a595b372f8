"""Claims and paths read aloud.

Sentences are attributive and neutral: each part names its paragraphs, and its speakers and relays where the article
does not speak itself. What is not put forward as so never begins as if it were: `It is denied that …`.
"""

from __future__ import annotations

from collections.abc import Sequence

from kgraph.traversal import naming
from kgraph.traversal.known import Known
from kgraph.traversal.passages import in_reading_order, spans
from kgraph.traversal.records import Catalogue
from kgraph.traversal.things import ClaimRecord, Step

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


def claim_sentence(catalogue: Catalogue, record: ClaimRecord) -> str:
    """A claim read aloud: `Rights groups demand … (P13, according to …).`, `It is denied that … (P14, opined).`"""
    known = Known.of(catalogue)
    subject, object_ = known.named(catalogue, record.subject), known.named(catalogue, record.object)
    frame, said_so = _frame(catalogue, record, known)
    begin = _framed(subject.within) if frame else subject.ref.label
    verb = known.verb(catalogue, record.predicate, record.subject, record.object)
    said = f"{frame}{begin} {verb} {object_.within}"
    if record.role is not None:
        said += f", as {naming.term(record.role, catalogue.schema, catalogue.namespaces).lower()}"
    several = len(catalogue.articles) > 1
    return f"{said} {_evidence(catalogue, known, (record,), name_articles=several, said_so=said_so)}."


def _frame(catalogue: Catalogue, record: ClaimRecord, known: Known) -> tuple[str, tuple[str, ...]]:
    """The words before a claim that is not plainly put forward, and the codes that they say."""
    code = catalogue.schema.code
    modality = record.modality and code(record.modality)
    words = _FRAMES.get(modality or "", "")
    if record.polarity != known.negated:
        return (f"{words} ", (record.modality,)) if words and record.modality else ("", ())
    if not words or not record.modality:
        return "It is denied that ", (record.polarity,)
    not_so = f"it {'not be' if modality in ('demanded', 'proposed') else 'is not'} the case that"
    return f"{words} {not_so} ", (record.modality, record.polarity)


def _framed(label: str) -> str:
    """A label after `that` or `whether`: in quotes where it begins with such a word itself."""
    return f"“{label}”" if label.lower().startswith(("whether ", "that ")) else label


def path_sentence(
    catalogue: Catalogue, nodes: Sequence[str], edges: Sequence[tuple[Step, bool, Sequence[ClaimRecord]]]
) -> str:
    """A path read aloud: `A is one of some groups (P16), which address C (P16).`"""
    known = Known.of(catalogue)
    named = [known.named(catalogue, iri) for iri in nodes]
    if not edges:
        return f"Both ends are {named[0].ref.label}."
    several = len({c.article for _, _, claims in edges for c in claims}) > 1
    parts = []
    for at, (step, forward, claims) in enumerate(edges):
        begin = named[0].ref.label if at == 0 else "who" if named[at].person else "which"
        verb = known.verb(catalogue, step.predicate, step.subject, step.object, forward)
        denied = "not: " if {c.polarity for c in claims} == {known.negated} else ""
        evidence = _evidence(catalogue, known, claims, name_articles=several)
        parts.append(f"{begin} {denied}{verb} {named[at + 1].within} {evidence}")
    return f"{', '.join(parts)}."


def _evidence(
    catalogue: Catalogue,
    known: Known,
    claims: Sequence[ClaimRecord],
    *,
    name_articles: bool,
    said_so: tuple[str, ...] = (),
) -> str:
    """Where the claims stand, who speaks where the article does not, and what keeps them from being plain reports,
    except for what was `said_so` before."""
    if not claims:
        return "(no source given)"
    ordered = in_reading_order(catalogue, claims)
    places: dict[str, dict[str, None]] = {}
    for record in ordered:
        for where in spans(catalogue, record.spans):
            places.setdefault(record.article, {})[naming.place(where, with_sentence=False)] = None
    words = []
    for article, found in places.items():
        where_in = ", ".join(found)
        words.append(f"{known.named(catalogue, article).ref.label} {where_in}" if name_articles else where_in)
    words = words or ["no passage given"]
    speakers = dict.fromkeys([_speakers(catalogue, known, record) for record in ordered])
    also = "" if len(speakers) == 1 else "also "
    words += [f"{also}according to {s}" for s in speakers if s]
    codes = [code for record in ordered for code in (record.modality, record.polarity) if code not in known.plain]
    if codes:
        words += dict.fromkeys([naming.words_of(code) for code in codes if code and code not in said_so])
    return f"({', '.join(words)})"


def _speakers(catalogue: Catalogue, known: Known, record: ClaimRecord) -> str:
    others = [known.named(catalogue, s).ref.label for s in record.said_by if s != record.article]
    relays = [known.named(catalogue, r).ref.label for r in record.via]
    if not others and not relays:
        return ""
    said = " and ".join(others) or known.named(catalogue, record.article).ref.label
    return f"{said}, through {' and '.join(relays)}" if relays else said
