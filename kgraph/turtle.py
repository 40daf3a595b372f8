"""Turtle and TriG written for people and for diffs: sorted, prefixed, the same bytes for the same triples.

One block a subject, `a` first, then the predicates in order, their objects in order, one object a line after the
first. Only prefixes that are used are declared. Control and bidirectional formatting characters are written as
escapes, so that what an editor shows is what is there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

Term = NamedNode | BlankNode | Literal | Triple
GraphName = NamedNode | BlankNode | DefaultGraph

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


def turtle(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> Iterator[bytes]:
    """Turtle of a set of triples: first the prefixes, then a piece a subject. Held in memory, as it is sorted.

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
    rows = _rows(set(triples), names)
    yield names.declarations()
    for position, block in enumerate(_blocks(rows, "")):
        yield (b"\n" if position or names.used else b"") + block


def trig(quads: Iterable[Quad], prefixes: Mapping[str, str]) -> Iterator[bytes]:
    """TriG of a set of quads: the default graph first, then a piece a graph, each written as `turtle` does."""
    names = _Names(prefixes)
    graphs: dict[GraphName, set[Triple]] = defaultdict(set)
    for quad in quads:
        graphs[quad.graph_name].add(quad.triple)
    ordered = sorted(graphs, key=lambda name: "" if isinstance(name, DefaultGraph) else str(name))
    written = [("" if isinstance(name, DefaultGraph) else names(name), _rows(graphs[name], names)) for name in ordered]
    yield names.declarations()
    for name, rows in written:
        if name:
            yield f"\n{name} {{\n".encode() + b"\n".join(_blocks(rows, "    ")) + b"}\n"
        else:
            yield b"".join(b"\n" + block for block in _blocks(rows, ""))


def usable(prefixes: Mapping[str, str]) -> dict[str, str]:
    """Those prefixes that every syntax can declare: a plain ASCII name (or none) for an absolute IRI."""
    return {prefix: space for prefix, space in prefixes.items() if _PREFIX.match(prefix) and _is_iri(space)}


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


_Row = tuple[tuple[int, str], tuple[bool, str], tuple[int, str], str, str, str]


def _rows(triples: set[Triple], names: _Names) -> list[_Row]:
    """Sort keys and written forms of subject, predicate and object; `rdf:type` sorts first."""
    rows: list[_Row] = []
    for subject, predicate, object_ in triples:
        is_type = predicate.value == _RDF_TYPE
        verb = "a" if is_type else names(predicate)
        rows.append(
            (_order(subject), (not is_type, predicate.value), _order(object_), names(subject), verb, names(object_))
        )
    rows.sort()
    return rows


def _order(term: Term) -> tuple[int, str]:
    """IRIs, then blank nodes, then literals, then triple terms; each by its text."""
    if isinstance(term, NamedNode):
        return 0, term.value
    return (1 if isinstance(term, BlankNode) else 2 if isinstance(term, Literal) else 3), str(term)


def _blocks(rows: list[_Row], margin: str) -> Iterator[bytes]:
    for _, of_subject in groupby(rows, key=lambda row: row[0]):
        lines: list[str] = []
        subject = ""
        for _, of_predicate in groupby(of_subject, key=lambda row: row[1]):
            same = list(of_predicate)
            subject = same[0][3]
            lines.append(f"{same[0][4]} " + f" ,\n{margin}        ".join(row[5] for row in same))
        yield f"{margin}{subject} {f' ;{chr(10)}{margin}    '.join(lines)} .\n".encode()


class _Names:
    """How terms are written with the prefixes given; remembers which prefixes were used."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        spaces = ((space, prefix) for prefix, space in usable(prefixes).items())
        self._spaces = sorted(spaces, key=lambda pair: (-len(pair[0]), pair))
        self._known: dict[str, str] = {}
        self.used: dict[str, str] = {}

    def declarations(self) -> bytes:
        return "".join(f"@prefix {prefix}: {_iri(self.used[prefix])} .\n" for prefix in sorted(self.used)).encode()

    def __call__(self, term: Term) -> str:
        if isinstance(term, NamedNode):
            return self._name(term.value)
        if isinstance(term, Literal):
            return self._literal(term)
        if isinstance(term, Triple):
            return f"<<( {self(term.subject)} {self(term.predicate)} {self(term.object)} )>>"
        return str(term)

    def _name(self, iri: str) -> str:
        if iri not in self._known:
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
        return text if datatype == f"{_XSD}string" else f"{text}^^{self._name(datatype)}"


def _iri(iri: str) -> str:
    return f"<{iri.translate(_ESCAPES)}>"
