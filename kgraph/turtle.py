"""Turtle and TriG written for people and for diffs: sorted, prefixed, the same bytes for the same triples.

One block a subject, `a` first, then the predicates in order, their objects in order, one object a line after the
first. Only prefixes that are used are declared. Control and bidirectional formatting characters are written as
escapes, so that what an editor shows is what is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from kgraph.spool import Sorter

Term = NamedNode | BlankNode | Literal | Triple

_PIECE: Final = 1 << 14
_REMEMBERED: Final = 100_000
_XSD = "http://www.w3.org/2001/XMLSchema#"
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
# Written bare only in the forms that every reader gives back letter by letter; longer numbers stop Python's int().
_BARE: Final = {
    f"{_XSD}integer": re.compile(r"(?:0|-?[1-9][0-9]{0,17})\Z"),
    f"{_XSD}decimal": re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{0,17}[1-9]\Z"),
    f"{_XSD}boolean": re.compile(r"(?:true|false)\Z"),
}
_PREFIX = re.compile(r"(?:[A-Za-z](?:[A-Za-z0-9_-]*[A-Za-z0-9])?)?\Z")
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?\Z")
# C0, DEL and C1 controls, line and paragraph separators, bidirectional formatting, byte order mark, noncharacters.
_HIDDEN: Final = (
    *range(0x20),
    *range(0x7F, 0xA0),
    0x61C,
    0x200E,
    0x200F,
    *range(0x2028, 0x202F),
    *range(0x2066, 0x206A),
)
_ESCAPES: Final[dict[int, str]] = {code: f"\\u{code:04X}" for code in (*_HIDDEN, 0xFEFF, 0xFFFE, 0xFFFF)}
_IN_STRING: Final = _ESCAPES | {ord("\\"): "\\\\", ord('"'): '\\"', 10: "\\n", 13: "\\r", 9: "\\t"}


def turtle(triples: Iterable[Triple], prefixes: Mapping[str, str], folder: Path | None = None) -> Iterator[bytes]:
    """Turtle of a set of triples in pieces: first the prefixes, then the subjects. All triples are read at once; they
    are sorted in memory, or by way of files in `folder`, where one is given.

    >>> one, label = NamedNode("urn:x:one"), NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    >>> prefixes = {"x": "urn:x:", "rdfs": "http://www.w3.org/2000/01/rdf-schema#", "unused": "urn:y:"}
    >>> print(b"".join(turtle([Triple(one, label, Literal("One", language="en"))], prefixes)).decode())
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix x: <urn:x:> .
    <BLANKLINE>
    x:one rdfs:label "One"@en .
    <BLANKLINE>
    """
    names = _Names(prefixes)
    rows = Sorter[_Row](folder)
    for triple in triples:
        rows.add(*_row("", triple, names))
    return _pieces(_turtle(rows, names))


def trig(quads: Iterable[Quad], prefixes: Mapping[str, str], folder: Path | None = None) -> Iterator[bytes]:
    """TriG of a set of quads: the default graph first, then graph after graph, each written as `turtle` does."""
    names = _Names(prefixes)
    rows = Sorter[_Row](folder)
    for quad in quads:
        name = quad.graph_name
        if not isinstance(name, DefaultGraph):
            names(name)
        rows.add(*_row("" if isinstance(name, DefaultGraph) else str(name), quad.triple, names))
    return _pieces(_trig(rows, names))


def _turtle(rows: Iterable[_Row], names: _Names) -> Iterator[str]:
    yield names.declarations()
    yield from _blocks(rows, names, "", "\n" if names.used else "")


def _trig(rows: Iterable[_Row], names: _Names) -> Iterator[str]:
    yield names.declarations()
    for graph, of_graph in groupby(rows, key=itemgetter(0)):
        if not graph:
            yield from _blocks(of_graph, names, "", "\n")
            continue
        name = names(NamedNode(graph[1:-1])) if graph.startswith("<") else graph
        yield f"\n{name} {{\n"
        yield from _blocks(of_graph, names, "    ", "")
        yield "}\n"


def _pieces(texts: Iterable[str]) -> Iterator[bytes]:
    """Texts as bytes, so many together that handing them on costs little."""
    held: list[str] = []
    size = 0
    for text in texts:
        held.append(text)
        size += len(text)
        if size >= _PIECE:
            yield "".join(held).encode()
            held, size = [], 0
    yield "".join(held).encode()


def usable(prefixes: Mapping[str, str]) -> dict[str, str]:
    """Those prefixes that every syntax can declare: a plain ASCII name (or none) for an absolute IRI."""
    return {prefix: space for prefix, space in prefixes.items() if _PREFIX.match(prefix) and _is_iri(space)}


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


_Row = tuple[str, int, str, bool, str, int, str, str]
"""Graph; kind and text of the subject; whether the predicate is not rdf:type, and its IRI; kind and text of the object;
and the object as it is written, where its text does not tell."""


def _row(graph: str, triple: Triple, names: _Names) -> tuple[_Row, int]:
    """A triple as its own sort key, and how long its texts are; `rdf:type` sorts first."""
    subject, predicate, object_ = triple
    names(subject)
    is_type = predicate.value == _RDF_TYPE
    if not is_type:
        names(predicate)
    written = names(object_)
    kind, text = _order(object_)
    if kind == _IRI:
        written = ""
    row = (graph, *_order(subject), not is_type, predicate.value, kind, text, written)
    return row, len(row[2]) + len(row[4]) + len(text) + len(written)


_IRI: Final = 0


def _order(term: Term) -> tuple[int, str]:
    """IRIs, then blank nodes, then literals, then triple terms; each by its text."""
    if isinstance(term, NamedNode):
        return _IRI, term.value
    return (1 if isinstance(term, BlankNode) else 2 if isinstance(term, Literal) else 3), str(term)


def _blocks(rows: Iterable[_Row], names: _Names, margin: str, before: str) -> Iterator[str]:
    """One block a subject; `before` stands before the first one, an empty line before the others."""
    subject: tuple[int, str] | None = None
    verb: tuple[bool, str] | None = None
    for _, kind, text, not_type, predicate, object_kind, object_text, written in rows:
        object_ = names.iri(object_text) if object_kind == _IRI else written
        if (kind, text) == subject and (not_type, predicate) == verb:
            yield f" ,\n{margin}        {object_}"
            continue
        verb_text = names.iri(predicate) if not_type else "a"
        if (kind, text) == subject:
            yield f" ;\n{margin}    {verb_text} {object_}"
        else:
            end = before if subject is None else " .\n\n"
            yield f"{end}{margin}{names.iri(text) if kind == _IRI else text} {verb_text} {object_}"
        subject, verb = (kind, text), (not_type, predicate)
    if subject is not None:
        yield " .\n"


class _Names:
    """How terms are written with the prefixes given; remembers which prefixes were used."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        spaces = ((space, prefix) for prefix, space in usable(prefixes).items())
        self._spaces = sorted(spaces, key=lambda pair: (-len(pair[0]), pair))
        self._known: dict[str, str] = {}
        self.used: dict[str, str] = {}

    def declarations(self) -> str:
        return "".join(f"@prefix {prefix}: {_iri(self.used[prefix])} .\n" for prefix in sorted(self.used))

    def __call__(self, term: Term) -> str:
        if isinstance(term, NamedNode):
            return self.iri(term.value)
        if isinstance(term, Literal):
            return self._literal(term)
        if isinstance(term, Triple):
            return f"<<( {self(term.subject)} {self(term.predicate)} {self(term.object)} )>>"
        return str(term)

    def iri(self, iri: str) -> str:
        """How an IRI is written."""
        if iri not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[iri] = self._shortened(iri)
        return self._known[iri]

    def _shortened(self, iri: str) -> str:
        for space, prefix in self._spaces:
            if iri.startswith(space) and _LOCAL.match(iri, len(space)):
                self.used[prefix] = space
                return f"{prefix}:{iri[len(space) :]}"
        return _iri(iri)

    def _literal(self, literal: Literal) -> str:
        datatype = literal.datatype.value
        bare = _BARE.get(datatype)
        if bare and bare.match(literal.value):
            return literal.value
        text = f'"{literal.value.translate(_IN_STRING)}"'
        if literal.language:
            return f"{text}@{literal.language}" + (f"--{literal.direction.value}" if literal.direction else "")
        return text if datatype == f"{_XSD}string" else f"{text}^^{self.iri(datatype)}"


def _iri(iri: str) -> str:
    return f"<{iri.translate(_ESCAPES)}>"
