"""Blank nodes that came by the protocols: kept under IRIs (`bnode:b0123…`), seen as blank nodes by SPARQL and readers.

Journal, store and index know no blank nodes, so that a commit can be repeated and compared. RDF 1.1 (3.5) lets a system
put IRIs in their place; here that shows nowhere outside: answers hold `_:b0123…`, and `isBlank`, `isIRI` and `isURI`
tell them from IRIs. The names stay what they are, so a blank node can be asked for as `<bnode:b0123…>`. They sort
before the IRIs of the web, as SPARQL wants of blank nodes. What kgraph loads as claims has names of the web, `id/bn-…`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store, Triple

from kgraph.errors import RequestError
from kgraph.sparql.guard import Guard
from kgraph.sparql.lexer import Token

NAMES: Final = "bnode:b"
"""What the IRIs begin with; 20 hexadecimal digits follow."""
_LABEL: Final = r"b[0-9a-f]{20}"
_NAME: Final = re.compile(rf"bnode:({_LABEL})")
_TESTED: Final = re.compile(r"\bis(?:blank|iri|uri)\b", re.IGNORECASE)
_FIELD: Final = rb"[^,\r\n]"
# How a name is written in each syntax; what could be part of a text is consumed as one.
_WRITTEN: Final[dict[str, tuple[re.Pattern[bytes], bytes]]] = {
    "sparql-json": (
        re.compile(rb'"type":"uri","value":"bnode:(%b)"' % _LABEL.encode()),
        rb'"type":"bnode","value":"%b"',
    ),
    "sparql-xml": (re.compile(rb"<uri>bnode:(%b)</uri>" % _LABEL.encode()), rb"<bnode>%b</bnode>"),
    "sparql-tsv": (re.compile(rb"(?<=[\t\n])<bnode:(%b)>(?=[\t\r\n])" % _LABEL.encode()), rb"_:%b"),
    "sparql-csv": (
        re.compile(rb'"(?:[^"]|"")*+"|(?<!%b)bnode:(%b)(?!%b)' % (_FIELD, _LABEL.encode(), _FIELD)),
        rb"_:%b",
    ),
}

Answer = QuerySolutions | QueryBoolean | QueryTriples


def query(store: Store, text: str, **options: Any) -> Answer:
    """As `store.query`, where `isBlank`, `isIRI` and `isURI` take such IRIs for blank nodes."""
    places = _tests(text) if _TESTED.search(text) else []
    if not places:
        return store.query(text, **options)
    Store().query(text, **options)  # it parses, or this says where it does not
    for token in reversed(places):
        name = "isBlank" if token.text.upper() == "ISBLANK" else "isIRI"
        text = f"{text[: token.offset]}<bnode:{name}>{text[token.offset + len(token.text) :]}"
    return store.query(text, custom_functions=_FUNCTIONS, **options)


def is_test(word: str) -> bool:
    """Whether a word is one of the three tests."""
    return _TESTED.fullmatch(word) is not None


def is_name(iri: str) -> bool:
    """Whether an IRI stands in place of a blank node."""
    return _NAME.fullmatch(iri) is not None


def written_out(test: str, argument: str) -> str:
    """A test as an expression that means the same on a server to which such IRIs are IRIs; the argument stands there
    more than once."""
    named = f'REGEX(STR({argument}), "^bnode:{_LABEL}$")'
    if test.upper() == "ISBLANK":
        return f"(isBlank({argument}) || (isIRI({argument}) && {named}))"
    return f"(isIRI({argument}) && !{named})"


def shown(body: bytes, format: str) -> bytes:
    """Rows as they go out: blank nodes in place of such IRIs. `format` is the name of a result format."""
    if b"bnode:" not in body:
        return body
    pattern, written = _WRITTEN[format]
    return pattern.sub(lambda found: written % found[1] if found[1] else found[0], body)


def shown_triples(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Triples as they go out."""
    for triple in triples:
        yield _shown(triple)


def is_blank(term: object) -> bool:
    """Whether a term is a blank node, or an IRI in place of one."""
    return isinstance(term, BlankNode) or (isinstance(term, NamedNode) and is_name(term.value))


def _shown(term: Any) -> Any:
    if isinstance(term, NamedNode) and (found := _NAME.fullmatch(term.value)):
        return BlankNode(found[1])
    if isinstance(term, Triple):
        return Triple(_shown(term.subject), term.predicate, _shown(term.object))
    return term


_FUNCTIONS: Final[dict[NamedNode, Callable[..., Any]]] = {
    NamedNode("bnode:isBlank"): lambda term: Literal(is_blank(term)),
    NamedNode("bnode:isIRI"): lambda term: Literal(isinstance(term, NamedNode) and not is_blank(term)),
}


@dataclass(slots=True)
class _Finder(Guard):
    places: list[Token] = field(default_factory=list)

    def take(self, token: Token) -> None:
        if token.kind == "word" and _TESTED.fullmatch(token.text):
            self.places.append(token)
        Guard.take(self, token)


class _Any(frozenset[str]):
    """Every prefix: whether one is declared, the engine says."""

    def __contains__(self, _: object) -> bool:
        return True


def _tests(text: str) -> list[Token]:
    """Where the text asks whether a term is a blank node or an IRI. None in a text that does not parse."""
    finder = _Finder(text, _Any())
    try:
        finder.read()
    except RequestError:
        return []
    return finder.places
