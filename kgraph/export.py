"""The graph as a file: RDF for machines and diffs, GraphML and GEXF for drawing, CSV for a spreadsheet.

A selection of claims narrows any of them: the file then holds those claims and what is needed to read them (labels,
passages, quantities, times, mentions, notes, direct triples), and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from kgraph import claimrows, formats, rdf
from kgraph.errors import ParameterError
from kgraph.formats import Format
from kgraph.model import Lens
from kgraph.namespaces import Namespaces
from kgraph.rdf import DefaultGraph, NamedNode, Quad, Triple
from kgraph.traversal import explain, networkfiles, passages
from kgraph.traversal.records import Catalogue
from kgraph.traversal.things import ClaimRecord

_RDF12 = (formats.TURTLE, formats.TRIG, formats.NTRIPLES, formats.NQUADS)
_DESCRIBED = ("entities", "claims", "notes", "imported")


def export(
    quads: Iterable[Quad],
    catalogue: Catalogue,
    namespaces: Namespaces,
    *,
    format: str = "turtle",
    selection: Collection[str] | None = None,
    centre: str | None = None,
    lens: Lens | None = None,
    rdf12: bool = False,
    folder: Path | None = None,
) -> Iterator[bytes]:
    """A file in pieces. `quads` and `catalogue` are of one generation; `selection` holds IRIs of claims, None for all;
    `centre` is described whatever the selection holds. All quads are read before this returns, and sorted by way of
    nameless files in `folder` where they are many (None: in memory).

    A format of triples holds the graphs as one. Drawings hold what `lens` walks. A table holds a row a claim, of
    every modality unless a selection narrows it. With `rdf12` each claim also reifies its triple term.
    Raises ParameterError at once for an unknown format, or one that cannot say RDF 1.2; while it is read for what
    the format cannot write; StorageFullError or StorageError where the files have no room.
    """
    chosen = check(format, rdf12=rdf12)
    if chosen.kind == "network":
        # Without a centre the lens alone says what is walked, relations that no claim states among it.
        return networkfiles.write(catalogue, lens, chosen.name, None if centre is None else selection)
    if chosen is formats.CSV:
        records = (catalogue.claims.values()) if selection is None else _records(catalogue, selection)
        ordered = passages.in_reading_order(catalogue, records)
        return claimrows.rows(explain.whole(catalogue, record) for record in ordered)
    wanted = quads if selection is None else narrow(quads, catalogue, namespaces, selection, centre)
    if rdf12:
        wanted = _reifying(wanted, catalogue, namespaces, selection)
    return rdf.write(wanted, chosen, namespaces.prefixes, folder)


def check(format: str, *, rdf12: bool = False) -> Format:
    """The format of that name. Raises ParameterError for an unknown one, or one that cannot say RDF 1.2."""
    chosen = formats.named(format, formats.EXPORT)
    if rdf12 and chosen not in _RDF12:
        names = ", ".join(f.name for f in _RDF12)
        raise ParameterError("rdf12", chosen.name, f"triple terms can be written in {names}")
    return chosen


def document(quads: Iterable[Quad], format: str, namespaces: Namespaces) -> bytes:
    """A small graph as one document (the ontology, the service description)."""
    return rdf.serialise(quads, formats.named(format, formats.RDF), namespaces.prefixes)


def about(quads: Iterable[Quad], iri: str) -> list[Quad]:
    """What a graph says of a thing, and which things it relates to it, as triples."""
    return [Quad(*q.triple) for q in quads if iri in (getattr(q.subject, "value", ""), getattr(q.object, "value", ""))]


def _records(catalogue: Catalogue, selection: Collection[str]) -> list[ClaimRecord]:
    return [catalogue.claims[iri] for iri in selection if iri in catalogue.claims]


def narrow(
    quads: Iterable[Quad],
    catalogue: Catalogue,
    namespaces: Namespaces,
    selection: Collection[str],
    centre: str | None = None,
) -> Iterator[Quad]:
    """The quads of a selection of claims with everything needed to read them and the centre, in one pass."""
    records = _records(catalogue, selection)
    described = needed(catalogue, namespaces, selection, centre)
    stated = {(record.subject, record.predicate, record.object) for record in records}
    graphs = {NamedNode(namespaces.graph(name)) for name in _DESCRIBED}
    reported = NamedNode(namespaces.graph("reported"))
    for quad in quads:
        subject = getattr(quad.subject, "value", "")
        if quad.graph_name == reported:
            if (subject, quad.predicate.value, getattr(quad.object, "value", "")) in stated:
                yield quad
        elif subject in described and (quad.graph_name in graphs or isinstance(quad.graph_name, DefaultGraph)):
            yield quad


def needed(
    catalogue: Catalogue, namespaces: Namespaces, selection: Collection[str], centre: str | None = None
) -> frozenset[str]:
    """IRIs of everything whose description belongs to some claims and to the centre; what is said of the graphs too."""
    needed = {namespaces.graph("reported"), namespaces.graph("claims"), *([] if centre is None else [centre])}
    if mention := catalogue.mentions.get(centre or ""):
        needed.update(mention.spans)
    for record in _records(catalogue, selection):
        needed.update((record.iri, record.subject, record.object, record.article))
        needed.update((*record.said_by, *record.via, *record.spans))
        if record.time is not None:
            needed.add(record.time)
    needed.update(
        article.published for iri in tuple(needed) if (article := catalogue.articles.get(iri)) and article.published
    )
    needed.update(
        catalogue.namespaces.expand(time.anchor)
        for iri in tuple(needed)
        if (time := catalogue.times.get(iri)) and time.anchor
    )
    for form in catalogue.mentions.values():
        if form.refers_to in needed:
            needed.update((form.iri, *form.spans))
    for note in catalogue.notes.values():
        if needed.issuperset(note.about):
            needed.add(note.iri)
    return frozenset(needed)


def _reifying(
    quads: Iterable[Quad], catalogue: Catalogue, namespaces: Namespaces, selection: Collection[str] | None
) -> Iterator[Quad]:
    """The quads, and for each claim `claim rdf:reifies <<( subject predicate object )>>`, which asserts nothing."""
    yield from quads
    reifies = NamedNode(f"{namespaces.prefixes['rdf']}reifies")
    graph = NamedNode(namespaces.graph("claims"))
    for record in _records(catalogue, catalogue.claims if selection is None else selection):
        term = Triple(NamedNode(record.subject), NamedNode(record.predicate), NamedNode(record.object))
        yield Quad(NamedNode(record.iri), reifies, term, graph)
