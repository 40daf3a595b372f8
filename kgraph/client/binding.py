"""Values bound to the variables of a query: each a typed term, put where the grammar takes one, never pasted as text.

A variable is replaced as a token. Strings, IRIs and comments that hold the same letters stay as they are, and no value
can end a string or a pattern, for a term is always written whole. Where a variable is not a term it becomes what the
grammar wants there: `SELECT ?x` is `SELECT (… AS ?x)`, `ORDER BY ?x` an expression, `BOUND(?x)` is true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

from kgraph.errors import ParameterError
from kgraph.namespaces import Namespaces
from kgraph.sparql.guard import Guard
from kgraph.sparql.lexer import Token, syntax_error

_XSD = "http://www.w3.org/2001/XMLSchema#"
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})


class Iri(str):
    """An IRI, so that it is not taken for a text.

    >>> Iri("https://w3id.org/kgraph/id/ioc")
    Iri('https://w3id.org/kgraph/id/ioc')
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Iri({str(self)!r})"


def term(name: str, value: object) -> str:
    """A value as SPARQL writes it. Texts are literals; `Iri`, and what rdflib or an answer calls an IRI, are IRIs.

    >>> term("x", 'it is "so"'), term("x", Iri("urn:a")), term("x", 3)
    ('"it is \\\\"so\\\\""', '<urn:a>', '"3"^^<http://www.w3.org/2001/XMLSchema#integer>')

    Raises ParameterError for an IRI that is none, and for a value that has no term.
    """
    if isinstance(value, Mapping) and isinstance(value.get("iri"), str):
        return _iri(name, value["iri"])
    if isinstance(value, Iri) or type(value).__name__ in ("URIRef", "NamedNode"):
        return _iri(name, str(getattr(value, "value", value)))
    language, datatype = getattr(value, "language", None), getattr(value, "datatype", None)
    if isinstance(language, str) and language.replace("-", "").isalnum() and language.isascii():
        return f"{_string(str(getattr(value, 'value', value)))}@{language}"  # an rdflib or pyoxigraph literal
    if datatype is not None and type(value).__name__ == "Literal":
        lexical = value if isinstance(value, str) else getattr(value, "value", value)
        return f"{_string(str(lexical))}^^{_iri(name, str(getattr(datatype, 'value', datatype)))}"
    if isinstance(value, str):
        return _string(str(value))
    lexical, kind = _typed(name, value)
    return f"{_string(lexical)}^^<{_XSD}{kind}>"


def _typed(name: str, value: object) -> tuple[str, str]:
    match value:
        case bool():
            return str(value).lower(), "boolean"
        case Integral():
            return str(int(value)), "integer"
        case Decimal() if value.is_finite():
            return f"{value:f}", "decimal"
        case Real():
            number = float(value)
            special = {"inf": "INF", "-inf": "-INF", "nan": "NaN"}
            return special.get(repr(number), repr(number)), "double"
        case datetime():
            return value.isoformat(), "dateTime"
        case date():
            return value.isoformat(), "date"
        case time():
            return value.isoformat(), "time"
    if type(value).__name__ in ("bool_", "bool"):  # numpy's
        return str(bool(value)).lower(), "boolean"
    known = "Iri, str, int, float, Decimal, bool, date, datetime, time, an entity of an answer, or a term of rdflib"
    raise ParameterError(name, repr(value), f"no term is made of a {type(value).__name__}; give {known}")


def _iri(name: str, iri: str) -> str:
    if not Namespaces.is_iri(iri):
        raise ParameterError(name, iri, "is no absolute IRI; `client.iri('id:ioc')` makes one of a short name")
    return f"<{iri}>"


def _string(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'


class _Every:
    """Any prefix may be declared where the query goes to."""

    def __contains__(self, _: object) -> bool:
        return True


@dataclass(slots=True)
class _Reader(Guard):
    """Reads as the guard of the service does, and notes where variables stand and how."""

    seen: list[tuple[Token, str]] = field(default_factory=list)
    clauses: dict[int, str] = field(default_factory=dict)
    depth: int = -1  # of the braces of a SERVICE block; -1 outside of one

    def take(self, token: Token) -> None:
        word = token.text.upper() if token.kind == "word" else ""
        self.seen.append((token, self._place() if token.kind == "variable" else word))
        if self.depth >= 0 or word == "SERVICE":
            self.depth += (token.text == "{") - (token.text == "}") + (word == "SERVICE")
            if token.text == "}" and self.depth == 0:
                self.depth = -1
            return
        if word in ("SELECT", "GROUP", "ORDER", "HAVING"):
            self.clauses[len(self.frames)] = word
        Guard.take(self, token)

    def _place(self) -> str:
        frame = self.frames[-1]
        if self.depth >= 0:
            return "term"
        if self.values_next or frame.kind == "values":
            return "VALUES"
        if self.recent[1] == "AS":
            return "AS"
        if frame.kind == "{" and frame.expressions:
            return self.clauses.get(len(self.frames), "SELECT")
        return "term"


def bind(query: str, bindings: Mapping[str, object]) -> str:
    """The query with its variables of those names replaced by terms.

    >>> bind("SELECT ?o { ?s ?p ?o } # ?s", {"s": Iri("urn:a")})
    'SELECT ?o {  <urn:a>  ?p ?o } # ?s'

    Raises ParameterError for a name that is no variable of the query, QuerySyntaxError where the query itself gives
    the variable its value (`AS`, `VALUES`) or cannot be read.
    """
    if not bindings:
        return query
    terms = {name: term(name, value) for name, value in bindings.items()}
    seen = _read(query)
    names = {token.text[1:] for token, place in seen if token.kind == "variable"}
    for name in terms:
        if name not in names:
            have = ", ".join(f"?{one}" for one in sorted(names)) or "none"
            raise ParameterError(name, repr(bindings[name]), f"the query has no variable ?{name}; it has {have}")
    pieces, done = [], 0
    for number, (token, place) in enumerate(seen):
        if token.kind != "variable" or token.text[1:] not in terms:
            continue
        start, end = token.offset, token.offset + len(token.text)
        written = terms[token.text[1:]]
        if place in ("AS", "VALUES"):
            raise syntax_error(query, start, f"{token.text} is given a value from outside, and here by the query too")
        if place == "SELECT":
            written = f"({written} AS {token.text})"
        elif place != "term":
            written = f"({written})"
        elif [one.text.upper() for one, _ in seen[max(number - 2, 0) : number]] == ["BOUND", "("]:
            start, written = seen[number - 2][0].offset, "true"
            end = seen[number + 1][0].offset + 1 if number + 1 < len(seen) else end
        pieces += [query[done:start], f" {written} "]
        done = end
    return "".join([*pieces, query[done:]])


def limited(query: str, rows: int) -> str:
    """The query with a LIMIT where it has none of its own and can take one at its end."""
    tokens = [(token.text.upper(), token.kind) for token, _ in _read(query)]
    depth, outer = 0, []
    for text, kind in tokens:
        depth += (text in ("{", "(", "[")) - (text in ("}", ")", "]"))
        if depth == 0 and kind == "word":
            outer.append(text)
    if "LIMIT" in outer or "VALUES" in outer or "ASK" in outer:
        return query
    return f"{query}\nLIMIT {int(rows)}"


def _read(query: str) -> list[tuple[Token, str]]:
    prefixes: Any = _Every()
    reader = _Reader(query, prefixes)
    reader.run()
    return reader.seen
