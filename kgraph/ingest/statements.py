"""RDF in the making: quads collected in order, each once, and nodes whose IRIs are the hash of what they are."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal

from kgraph.namespaces import Namespaces
from kgraph.rdf import Literal, NamedNode, Quad

Value = NamedNode | Literal
Pairs = Iterable[tuple[str, Value | None]]

ID_DIGITS = 20
"""Hex digits of a content hash in an IRI: 80 bits, so that a hundred million claims do not collide."""


def content_id(kind: str, parts: list[object]) -> str:
    """The name of a node that is what it holds: the same parts, the same name.

    >>> content_id("span", ["id:article-01", 1, 2])
    'span-0cde773efdd03d2596cd'
    """
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return f"{kind}-{hashlib.sha256(text.encode()).hexdigest()[:ID_DIGITS]}"


class Statements:
    """Collects quads for kgraph's graphs. Terms are given as CURIEs or IRIs."""

    def __init__(self, namespaces: Namespaces) -> None:
        self._namespaces = namespaces
        self._quads: dict[Quad, None] = {}

    @property
    def quads(self) -> tuple[Quad, ...]:
        """What was collected, in order."""
        return tuple(self._quads)

    def iri(self, name: str) -> NamedNode:
        """The node of a CURIE or IRI."""
        return NamedNode(self._namespaces.expand(name))

    def add(self, graph: str, subject: str, pairs: Pairs) -> None:
        """State properties of a subject in one of kgraph's graphs; a value None is not stated."""
        node, where = self.iri(subject), self.iri(self._namespaces.graph(graph))
        for predicate, value in pairs:
            if value is not None:
                self._quads[Quad(node, self.iri(predicate), value, where)] = None

    def text(self, text: str) -> Literal:
        """A text in English."""
        return Literal(text, language="en")

    def plain(self, text: str | None) -> Literal | None:
        """An untagged text, such as a hash."""
        return None if text is None else Literal(text)

    def number(self, value: Decimal | int | None, datatype: str | None = None) -> Literal | None:
        """An xsd:integer where the value is whole, else an xsd:decimal; or of the datatype asked for."""
        if value is None:
            return None
        whole = value == int(value)
        lexical = str(int(value)) if whole else format(Decimal(value).normalize(), "f")
        return Literal(lexical, datatype=self.iri(datatype or ("xsd:integer" if whole else "xsd:decimal")))

    def truth(self, value: bool) -> Literal:
        """An xsd:boolean."""
        return Literal("true" if value else "false", datatype=self.iri("xsd:boolean"))

    def day(self, day: datetime.date | None) -> Literal | None:
        """An xsd:date."""
        return None if day is None else Literal(day.isoformat(), datatype=self.iri("xsd:date"))

    def edtf(self, text: str) -> Literal:
        """A text in the Extended Date/Time Format."""
        return Literal(text, datatype=self.iri("edtf:EDTF"))
