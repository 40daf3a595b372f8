"""Claims and paths read aloud.

Sentences are attributive and neutral: each part names its paragraphs, and its speakers and relays where the article
does not speak itself. What is not put forward as so never begins as if it were: `It is denied that …`.
"""

from __future__ import annotations

from collections.abc import Sequence

from kgraph.traversal import naming
from kgraph.traversal.known import Codes, Known, Named
from kgraph.traversal.records import Catalogue
from kgraph.traversal.shown import Shown, Statement, statement
from kgraph.traversal.things import ClaimRecord

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
    stated = statement(catalogue, record)
    frame, said_so = _frame(record, stated.codes)
    begin = _framed(subject.within) if frame else subject.ref.label
    said = f"{frame}{begin} {known.verb(catalogue, record.predicate, subject, object_)} {object_.within}"
    if record.role is not None:
        said += f", as {naming.term(record.role, catalogue.schema, catalogue.namespaces).lower()}"
    several = len(catalogue.articles) > 1
    return f"{said} {_evidence((stated,), name_articles=several, said_so=said_so)}."


def _frame(record: ClaimRecord, codes: Codes) -> tuple[str, tuple[str, ...]]:
    """The words before a claim that is not plainly put forward, and the codes that they say."""
    words = _FRAMES.get(codes.modality, "")
    if not codes.denied:
        return (f"{words} ", (record.modality,)) if words else ("", ())
    if not words:
        return "It is denied that ", (record.polarity,)
    not_so = f"it {'not be' if codes.modality in ('demanded', 'proposed') else 'is not'} the case that"
    return f"{words} {not_so} ", (record.modality, record.polarity)


def _framed(label: str) -> str:
    """A label after `that` or `whether`: in quotes where it begins with such a word itself."""
    return f"“{label}”" if label.lower().startswith(("whether ", "that ")) else label


def path_sentence(catalogue: Catalogue, nodes: Sequence[Named], edges: Sequence[Shown]) -> str:
    """A path read aloud: `A is one of some groups (P16), which address C (P16).`"""
    if not edges:
        return f"Both ends are {nodes[0].ref.label}."
    known = Known.of(catalogue)
    several = len({s.article.ref.iri for edge in edges for s in edge.statements}) > 1
    parts = []
    for at, edge in enumerate(edges):
        begin = nodes[0].ref.label if at == 0 else "who" if nodes[at].person else "which"
        verb = known.verb(catalogue, edge.relation.iri, edge.subject, edge.object, edge.forward)
        denied = "not: " if {s.codes.denied for s in edge.statements} == {True} else ""
        evidence = _evidence(edge.statements, name_articles=several)
        parts.append(f"{begin} {denied}{verb} {nodes[at + 1].within} {evidence}")
    return f"{', '.join(parts)}."


def _evidence(statements: Sequence[Statement], *, name_articles: bool, said_so: tuple[str, ...] = ()) -> str:
    """Where claims stand, in the order they are read, who speaks where the article does not, and what keeps them from
    being plain reports, except for what was `said_so` before."""
    if not statements:
        return "(no source given)"
    places: dict[tuple[str, str], dict[str, None]] = {}
    for one in statements:
        article = (one.article.ref.iri, one.article.ref.label)
        if one.row is not None:
            places.setdefault(article, {})[f"row {one.row.number}"] = None
        for where in one.spans:
            places.setdefault(article, {})[naming.place(where, with_sentence=False)] = None
    words = []
    for (_, label), found in places.items():
        where_in = ", ".join(found)
        words.append(f"{label} {where_in}" if name_articles else where_in)
    words = words or ["no passage given"]
    speakers = dict.fromkeys([_speakers(one) for one in statements])
    also = "" if len(speakers) == 1 else "also "
    words += [f"{also}according to {s}" for s in speakers if s]
    words += dict.fromkeys([said for one in statements for code, said in one.codes.standing if code not in said_so])
    return f"({', '.join(words)})"


def _speakers(one: Statement) -> str:
    others = [speaker.ref.label for speaker in one.said_by if speaker.ref.iri != one.article.ref.iri]
    relays = [relay.ref.label for relay in one.via]
    if not others and not relays:
        return ""
    said = " and ".join(others) or one.article.ref.label
    return f"{said}, through {' and '.join(relays)}" if relays else said
