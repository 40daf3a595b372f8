"""What a server does to terms, and how none is lost where it changes some.

Some servers give back other literals than they were given (Virtuoso: booleans become integers, dates get a time zone,
decimals another form) or take no triple terms. On such a server every term that is not *plain* is written twice: as it
is, so that queries find it, where the server has a form of it at all; and as text in the graph beside (`naming.py`),
from where the store reads it. What comes back as a term that is not plain was changed, and is never read.
Whether a server is one of these is found out once, when a store is made on it, by writing samples and reading them.
"""

from __future__ import annotations

import re
from typing import Final

from kgraph import formats, rdf
from kgraph.errors import RdfSyntaxError, RemoteStoreError
from kgraph.rdf import BaseDirection, DefaultGraph, Literal, NamedNode, Quad, Term, Triple

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_STRING: Final = f"{_XSD}string"
_LANGUAGE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_STRANGE: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\U00010000-\U0010ffff]")
_UNSAFE: Final = re.compile(r"[^\x20-\x7e]")
_BEFORE: Final = "<urn:s> <urn:p> "
_AFTER: Final = " .\n"
"""Around the object of a line of N-Triples."""
_DATE: Final = r"-?\d{4}-\d\d-\d\d"
_TIME: Final = r"\d\d:\d\d:\d\d(\.\d{1,6})?"
_ZONE: Final = r"(Z|[+-]\d\d:\d\d)?"
_FORMS: Final = {
    f"{_XSD}{name}": re.compile(form)
    for name, form in {
        "boolean": r"true|false",
        "integer": r"-?\d{1,18}",
        "decimal": r"-?\d{1,18}(\.\d{1,18})?",
        "double": r"-?\d{1,18}(\.\d{1,18})?([eE][+-]?\d{1,3})?",
        "float": r"-?\d{1,18}(\.\d{1,18})?([eE][+-]?\d{1,3})?",
        "date": rf"{_DATE}{_ZONE}",
        "dateTime": rf"{_DATE}T{_TIME}{_ZONE}",
        "gYear": r"\d{4}",
    }.items()
}
"""Forms of literals that any server takes. Another one could end the whole update that it stands in."""

SAMPLES: Final[tuple[Term, ...]] = (
    Literal("true", datatype=NamedNode(f"{_XSD}boolean")),
    Literal("1", datatype=NamedNode(f"{_XSD}integer")),
    Literal("0.5", datatype=NamedNode(f"{_XSD}decimal")),
    Literal("1.5", datatype=NamedNode(f"{_XSD}double")),
    Literal("2020-02-01", datatype=NamedNode(f"{_XSD}date")),
    Literal("2020-02-01T10:00:00Z", datatype=NamedNode(f"{_XSD}dateTime")),
    Literal("2020", datatype=NamedNode(f"{_XSD}gYear")),
    Literal("x", datatype=NamedNode("http://example.org/type")),
    Literal(" a\tb\n\u0001\u00e9\U0001f600 "),
    Literal("left", language="en", direction=BaseDirection("ltr")),
    Triple(NamedNode("http://example.org/a"), NamedNode("http://example.org/b"), Literal("c")),
)
"""Terms that a server may not keep as they are."""


def is_plain(term: Term) -> bool:
    """Whether every server gives a term back as it was: an IRI, a text with or without a language."""
    if isinstance(term, Literal):
        told = term.direction is None and term.datatype.value in (_STRING, _LANGUAGE)
        return told and not _STRANGE.search(term.value)
    return isinstance(term, NamedNode)


def has_image(term: Term) -> bool:
    """Whether a term that is not plain can be told to any server, in whatever form it comes back."""
    if not isinstance(term, Literal) or term.direction is not None or _STRANGE.search(term.value):
        return False
    datatype = term.datatype.value
    if datatype.startswith(_XSD) and datatype != _STRING:
        form = _FORMS.get(datatype)
        return form is not None and form.fullmatch(term.value) is not None
    return datatype not in (_STRING, _LANGUAGE)  # of a type that the server does not know


def written(term: Term) -> Literal:
    """A term as plain text: N-Triples in ASCII."""
    line = rdf.nquads([Quad(NamedNode("urn:s"), NamedNode("urn:p"), term, DefaultGraph())]).decode()
    return Literal(_UNSAFE.sub(_escape, line[len(_BEFORE) : -len(_AFTER)]))


def _escape(found: re.Match[str]) -> str:
    code = ord(found.group())
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def read(text: Term) -> Term:
    """The term that was written. Raises RemoteStoreError for what is none."""
    if not isinstance(text, Literal):
        raise RemoteStoreError(f"{text} stands where a written term should")
    line = f"{_BEFORE}{text.value}{_AFTER}".encode()
    try:
        found: list[Quad] = list(rdf.parse(line, formats.NTRIPLES, file="the remote store"))
    except RdfSyntaxError as error:
        raise RemoteStoreError(f"a written term of the store does not read: {error.reason}") from error
    if len(found) != 1:
        raise RemoteStoreError("a written term of the store is more than one")
    return found[0].object
