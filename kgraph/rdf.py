"""RDF terms, reading, writing, canonical literals: the one face of pyoxigraph for the library.

Reading is never lenient: an IRI with a space, a broken string, an unknown prefix end it with RdfSyntaxError.
Guards that the parser lacks stand before it: JSON-LD is at most 64 levels deep and fetches no context, RDF/XML
has no DOCTYPE and is well-formed to its end, triple terms nest at most 64 deep (deeper ones end the process).
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Final, TypeVar, cast

import pyoxigraph
from pyoxigraph import BaseDirection, BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple

from kgraph import formats, spool, syntax
from kgraph.errors import ParameterError, RdfSyntaxError
from kgraph.formats import Format
from kgraph.model import Rewrite
from kgraph.places import Place
from kgraph.skolem import blank_nodes, skolemise
from kgraph.spool import Sorter
from kgraph.turtle import Term, trig, turtle, usable

__all__ = [
    "BaseDirection",
    "BlankNode",
    "DefaultGraph",
    "Literal",
    "NamedNode",
    "Quad",
    "Term",
    "Triple",
    "blank_nodes",
    "canonical",
    "nquads",
    "parse",
    "parse_lines",
    "serialise",
    "skolemise",
    "sort_key",
    "turtle",
    "write",
]

_SYNTAX: Final = {
    formats.TURTLE: RdfFormat.TURTLE,
    formats.TRIG: RdfFormat.TRIG,
    formats.NTRIPLES: RdfFormat.N_TRIPLES,
    formats.NQUADS: RdfFormat.N_QUADS,
    formats.JSONLD: RdfFormat.JSON_LD,
    formats.RDFXML: RdfFormat.RDF_XML,
}
_XSD = "http://www.w3.org/2001/XMLSchema#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
UNTYPED = frozenset({f"{_XSD}string", f"{_RDF}langString", f"{_RDF}dirLangString"})
"""Datatypes that literals have without being written with one."""
_REPORTED = 100
_DEFAULT = str(DefaultGraph())
_CHUNK = 10_000
_FEW = 256
T = TypeVar("T")


# ------------------------------------------------------------------ reading


def parse(data: bytes, format: Format, *, file: str, base: str | None = None) -> Iterator[Quad]:
    """The quads of a document, as they come. `base` resolves relative IRIs; without it they are an error.

    >>> [str(q) for q in parse(b"<urn:a> <urn:b> 1 .", formats.TURTLE, file="a.ttl")]
    ['<urn:a> <urn:b> "1"^^<http://www.w3.org/2001/XMLSchema#integer>']

    Raises RdfSyntaxError with file, line and column (while iterating, too).
    """
    rdf_format = _syntax(format)
    data = data.removeprefix(b"\xef\xbb\xbf")
    _guard(data, format, file)
    # RDF/XML errors come without a place: fed line by line, the line handed out last is the place.
    lines = syntax.LineFeed(data) if format is formats.RDFXML else None
    try:
        yield from pyoxigraph.parse(lines or data, format=rdf_format, base_iri=base)
    except SyntaxError as error:
        place = Place(file, error.lineno or (lines.line if lines else None), error.offset or None)
        raise RdfSyntaxError(place, syntax.reason(str(error.msg))) from error
    except ValueError as error:
        raise RdfSyntaxError(Place(file), f"the base IRI {base!r} is not one: {error}") from error


def parse_lines(file: IO[bytes], format: Format, *, name: str) -> Iterator[Quad]:
    """The same of a file of N-Triples or N-Quads as long as may be, a piece of it at a time.

    Raises RdfSyntaxError with file, line and column, while iterating.
    """
    try:
        yield from pyoxigraph.parse(cast("IO[bytes]", syntax.CheckedLines(file, name)), format=_syntax(format))
    except SyntaxError as error:
        place = Place(name, error.lineno or None, error.offset or None)
        raise RdfSyntaxError(place, syntax.reason(str(error.msg))) from error


def _guard(data: bytes, format: Format, file: str) -> None:
    if format is formats.JSONLD:
        syntax.check_json_ld(data, file)
    elif format is formats.RDFXML:
        syntax.check_rdf_xml(data, file)
    else:
        syntax.check_triple_terms(data, file)


def _syntax(format: Format) -> RdfFormat:
    try:
        return _SYNTAX[format]
    except KeyError:
        known = ", ".join(f.name for f in _SYNTAX)
        raise ParameterError("format", format.name, f"not an RDF syntax; those are {known}") from None


# ------------------------------------------------------------------ writing


def sort_key(quad: Quad) -> tuple[str, str, str, str]:
    """The order of quads everywhere: graph, subject, predicate, object, each as N-Quads writes it."""
    return str(quad.graph_name), str(quad.subject), str(quad.predicate), str(quad.object)


def nquads(quads: Iterable[Quad]) -> bytes:
    """Canonical N-Quads: one line a quad, sorted by bytes, each line once."""
    written = pyoxigraph.serialize(quads, format=RdfFormat.N_QUADS) or b""
    return b"".join(sorted(set(written.splitlines(keepends=True))))


def serialise(quads: Iterable[Quad], format: Format, prefixes: Mapping[str, str]) -> bytes:
    """A document, the same bytes for the same set of quads. Raises as `write` does."""
    return b"".join(write(quads, format, prefixes))


def write(
    quads: Iterable[Quad], format: Format, prefixes: Mapping[str, str], folder: Path | None = None
) -> Iterator[bytes]:
    """A document in pieces, the same bytes for the same set of quads. A format of triples leaves the graph names out.

    All quads are read before this returns; they are sorted in memory, or by way of files in `folder`, where one is
    given. Raises ParameterError where the format cannot say it (a control character or a predicate in RDF/XML), by the
    time the last piece is read, and StorageFullError or StorageError.
    """
    _syntax(format)
    if format is formats.TRIG:
        return trig(quads, prefixes, folder)
    if format is formats.TURTLE:
        return turtle((quad.triple for quad in quads), prefixes, folder)
    if format is formats.NQUADS:
        return _lines(quads, folder)
    if format is formats.NTRIPLES:
        return _lines((Quad(*quad.triple) for quad in quads), folder)
    rows = Sorter[tuple[str, str, str, str]](folder)
    for quad in quads:
        name, subject, predicate, object_ = sort_key(quad)
        if isinstance(quad.object, Triple):
            object_ = _triple_term(quad.object)
        if format is formats.RDFXML:
            syntax.check_xml(quad.predicate.value, str(quad.triple))
            name = ""
        rows.add((name, subject, predicate, object_), len(name) + len(subject) + len(predicate) + len(object_))
    ordered = _back(rows)
    return _write(ordered if format is formats.JSONLD else (quad.triple for quad in ordered), format, prefixes, folder)


def _lines(quads: Iterable[Quad], folder: Path | None) -> Iterator[bytes]:
    rows = Sorter[bytes](folder)
    rest = iter(quads)
    while chunk := list(itertools.islice(rest, _CHUNK)):
        for line in (pyoxigraph.serialize(chunk, format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True):
            rows.add(line, len(line))
    return map(b"".join, _chunks(rows))


def _triple_term(triple: Triple) -> str:
    object_ = triple.object
    written = _triple_term(object_) if isinstance(object_, Triple) else str(object_)
    return f"<<( {triple.subject} {triple.predicate} {written} )>>"


def _back(rows: Iterable[tuple[str, str, str, str]]) -> Iterator[Quad]:
    """Quads of their sort keys."""
    for chunk in _chunks(rows):
        lines = (f"{s} {p} {o} {'' if g in ('', _DEFAULT) else g} .\n" for g, s, p, o in chunk)
        yield from pyoxigraph.parse("".join(lines), format=RdfFormat.N_QUADS)


def _chunks(rows: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(rows)
    while chunk := list(itertools.islice(rest, _FEW)):
        yield chunk


def _write(
    things: Iterable[Quad] | Iterable[Triple], format: Format, prefixes: Mapping[str, str], folder: Path | None
) -> Iterator[bytes]:
    declared = {name: space for name, space in usable(prefixes).items() if not name.lower().startswith("xml")}
    file = spool.scratch(folder)
    try:
        pyoxigraph.serialize(things, file, format=_syntax(format), prefixes=declared)
    except BaseException as error:
        file.close()
        if not isinstance(error, OSError):
            raise
        if error.errno:
            with spool.told():
                raise
        raise ParameterError("format", format.name, f"{error}: ask for Turtle") from error
    yield from spool.Spooled(file)


# ------------------------------------------------------------------ literals


def canonical(quads: Iterable[Quad]) -> tuple[list[Quad], list[Rewrite]]:
    """The quads with every literal as the store would give it back, and what was rewritten, most frequent first.

    >>> one = NamedNode("urn:a")
    >>> decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    >>> [(r.before, r.after) for r in canonical([Quad(one, one, Literal("1.0", datatype=decimal))])[1]]
    [('"1.0"^^xsd:decimal', '"1"^^xsd:decimal')]
    """
    quads = list(quads)
    after = _canonical_forms({literal for quad in quads for literal in _literals(quad.object)})
    counts: Counter[Literal] = Counter()
    done = dict.fromkeys(_with(quad, after, counts) for quad in quads) if after else dict.fromkeys(quads)
    return list(done), _report(counts, after)


def _literals(term: Term) -> Iterator[Literal]:
    if isinstance(term, Literal):
        if term.datatype.value not in UNTYPED:
            yield term
    elif isinstance(term, Triple):
        yield from _literals(term.object)


def _canonical_forms(literals: set[Literal]) -> dict[Literal, Literal]:
    """Those literals that a round trip through a throw-away store changes, with what they become."""
    store = pyoxigraph.Store()
    numbered = {NamedNode(f"urn:n:{number}"): literal for number, literal in enumerate(literals)}
    store.extend(Quad(name, name, literal) for name, literal in numbered.items())
    back = {quad.subject: quad.object for quad in store}
    return {old: new for name, old in numbered.items() if (new := back[name]) != old and isinstance(new, Literal)}


def _with(quad: Quad, after: Mapping[Literal, Literal], counts: Counter[Literal]) -> Quad:
    object_ = _term_with(quad.object, after, counts)
    return quad if object_ is quad.object else Quad(quad.subject, quad.predicate, object_, quad.graph_name)


def _term_with(term: Term, after: Mapping[Literal, Literal], counts: Counter[Literal]) -> Term:
    if isinstance(term, Literal) and term in after:
        counts[term] += 1
        return after[term]
    if isinstance(term, Triple):
        return Triple(term.subject, term.predicate, _term_with(term.object, after, counts))
    return term


def _report(counts: Counter[Literal], after: Mapping[Literal, Literal]) -> list[Rewrite]:
    rows = [Rewrite(_short(old), _short(after[old]), count) for old, count in counts.items()]
    rows.sort(key=lambda row: (-row.count, row.before))
    rest = sum(row.count for row in rows[_REPORTED:])
    return rows[:_REPORTED] + ([Rewrite("other literals", "their canonical forms", rest)] if rest else [])


def _short(literal: Literal) -> str:
    return f'"{literal.value}"^^{literal.datatype.value.replace(_XSD, "xsd:")}'
