"""RDF terms as N-Triples and SPARQL's TSV write them, and what they are in Python."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from kgraph.client.binding import Iri

XSD = "http://www.w3.org/2001/XMLSchema#"
INTEGERS = frozenset(
    f"{XSD}{name}"
    for name in (
        "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
        "negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip
FLOATS = frozenset({f"{XSD}double", f"{XSD}float", f"{XSD}decimal"})
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_PLAIN = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?\Z', re.DOTALL)

Kind = Literal["iri", "literal", "blank", "triple"]


@dataclass(frozen=True, slots=True)
class Term:
    """One term: `text` is the IRI, the lexical form, or the name of a blank node."""

    kind: Kind
    text: str
    datatype: str | None = None
    language: str | None = None

    @property
    def value(self) -> object:
        """What it is in Python: Iri, int, float, bool, date, datetime, time, else a text.

        >>> read('"2020-02-01"^^<http://www.w3.org/2001/XMLSchema#date>').value
        datetime.date(2020, 2, 1)
        """
        if self.kind == "iri":
            return Iri(self.text)
        if self.kind == "blank":
            return f"_:{self.text}"
        try:
            return _value(self.text, self.datatype)
        except ValueError:
            return self.text


def _value(text: str, datatype: str | None) -> object:
    if datatype is None:
        return text
    if datatype in INTEGERS:
        return int(text)
    if datatype in FLOATS:
        return float(text)
    match datatype.removeprefix(XSD):
        case "boolean":
            return text in ("true", "1")
        case "date":
            return date.fromisoformat(text)
        case "dateTime":
            return datetime.fromisoformat(text)
        case "time":
            return time.fromisoformat(text)
    return text


def unescaped(text: str) -> str:
    """A text without its escapes."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _PLAIN.get(m[3], m[3]), text)


def read(written: str) -> Term:
    """The term that was written; numbers and booleans may stand bare, as Turtle has them."""
    if written.startswith("<") and not written.startswith("<<"):
        return Term("iri", unescaped(written[1:-1]))
    if written.startswith("_:"):
        return Term("blank", written[2:])
    literal = _LITERAL.match(written)
    if literal:
        return Term("literal", unescaped(literal[1]), literal[3], literal[2])
    if written in ("true", "false"):
        return Term("literal", written, f"{XSD}boolean")
    if re.fullmatch(r"[+-]?[0-9]+", written):
        return Term("literal", written, f"{XSD}integer")
    if re.fullmatch(r"[+-]?[0-9]*\.[0-9]*", written):
        return Term("literal", written, f"{XSD}decimal")
    if re.fullmatch(r"[+-]?[0-9.]+[eE][+-]?[0-9]+", written):
        return Term("literal", written, f"{XSD}double")
    return Term("triple", written)
