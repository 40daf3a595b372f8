"""What stands between the braces of `SERVICE kg:path { … }`, read strictly: statements about one search, and no more.

    [] path:source id:a ; path:target id:b, id:c ; path:max_hops 4 ; path:step ?step ; path:claim ?claim .

The block is SPARQL, so that editors take it, and the engine never sees it. Whatever is not exactly what the vocabulary
says (`pathterms.py`) is an error with its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from kgraph.errors import PathSearchError
from kgraph.sparql.lexer import Token, position
from kgraph.sparql.pathterms import SPACE, Term, terms

_DATES = ("date", "gYear", "gYearMonth")
_XSD = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True, slots=True)
class PathBlock:
    """A search. `start` and `end` are offsets of the whole block in the text; `asked` are keywords of the verb `paths`,
    IRIs in angle brackets; `outputs` are variables (`?step`) by what they are bound to; `places` are the offsets of
    the values of `asked`, by keyword and value."""

    start: int
    end: int
    asked: Mapping[str, Any]
    outputs: Mapping[str, str]
    places: Mapping[tuple[str, object], int]


def fault(text: str, offset: int, reason: str) -> PathSearchError:
    """The error for a fault at an offset of a query."""
    return PathSearchError(reason, *position(text, offset))


@dataclass(slots=True)
class BlockReader:
    """Reads the tokens between the braces; `iri` gives the IRI of a token, and raises where it has none."""

    text: str
    tokens: Sequence[Token]
    start: int
    end: int
    iri: Callable[[Token], str]
    at: int = 0
    label: str | None = None
    asked: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    places: dict[tuple[str, object], int] = field(default_factory=dict)

    def read(self) -> PathBlock:
        """The search that is described. Raises PathSearchError."""
        while self._more():
            self._subject()
            self._statements()
        for term in terms().values():
            if term.needed and term.name not in self.asked:
                raise fault(self.text, self.start, f"this search has no path:{term.name}")
        return PathBlock(self.start, self.end, self.asked, self.outputs, self.places)

    def _subject(self) -> None:
        token = self._next("the search")
        if token.text == "[":
            if self._next("the search").text != "]":
                raise self._fault(token, "a search is [] or a blank node such as _:search, with nothing inside")
            label = "[]"
        elif token.kind == "name" and token.text.startswith("_:"):
            label = token.text
        else:
            raise self._fault(token, "a search begins with [] or a blank node such as _:search")
        if self.label is not None and (label == "[]" or label != self.label):
            raise self._fault(token, "a second search begins here: each has a SERVICE block of its own")
        self.label = label

    def _statements(self) -> None:
        """What is said of the subject, up to the full stop or the end."""
        while self._more():
            if self._skip(";"):
                continue
            if self._skip("."):
                return
            term = self._term()
            self._value(term)
            while self._skip(","):
                self._value(term)
            if self._more() and self.tokens[self.at].text not in (";", "."):
                raise self._fault(self.tokens[self.at], "a semicolon or full stop is missing before this")

    def _term(self) -> Term:
        token = self._next("a term")
        iri = self.iri(token) if token.kind in ("iri", "name") and not token.text.startswith("_:") else ""
        name = iri.removeprefix(SPACE)
        known = terms()
        if iri.startswith(SPACE) and name in known:
            return known[name]
        close = get_close_matches(name.rpartition("#")[2].lower(), known, 1) if iri else []
        meant = f"; did you mean path:{close[0]}?" if close else ": the vocabulary is in docs/sparql.md"
        raise self._fault(token, f"{token.text[:60]} is no term of a path search{meant}")

    def _value(self, term: Term) -> None:
        token = self._next(f"what path:{term.name} is")
        if term.gives:
            self._output(term, token)
            return
        if token.kind == "variable":
            reason = (
                f"path:{term.name} takes constants: the search is done before the query, {token.text} has no value yet"
            )
            raise self._fault(token, reason)
        value = self._constant(term, token)
        if term.once:
            if term.name in self.asked:
                raise self._fault(token, f"path:{term.name} is given twice")
            self.asked[term.name] = value
        else:
            self.asked[term.name] = (*self.asked.get(term.name, ()), value)
        self.places.setdefault((term.name, value), token.offset)

    def _output(self, term: Term, token: Token) -> None:
        if token.kind != "variable":
            raise self._fault(token, f"path:{term.name} is given by the search: name a variable for it")
        variable = f"?{token.text[1:]}"
        if term.name in self.outputs:
            raise self._fault(token, f"path:{term.name} has a variable already")
        if variable in self.outputs.values():
            raise self._fault(token, f"{token.text} is the variable of something else in this search")
        self.outputs[term.name] = variable

    def _constant(self, term: Term, token: Token) -> Any:
        match term.range, token.kind:
            case (("Resource" | "Class" | "Property" | "Concept"), ("iri" | "name")) if not token.text.startswith("_:"):
                return f"<{self.iri(token)}>"
            case (("Property" | "Concept" | "string"), "string"):
                return self._plain(token)
            case "date", "string":
                text = self._plain(token)
                if self._skip("^^"):
                    self._date_type()
                return text
            case "integer", "number" if token.text.isdecimal():
                return self._integer(token)
            case "decimal", "number":
                return float(token.text)
        raise self._fault(token, f"path:{term.name} takes {_TAKEN[term.range]}")

    def _plain(self, token: Token) -> str:
        """A text without its quotes."""
        if "\\" in token.text:
            raise self._fault(token, "write this without escapes")
        return token.text[3:-3] if token.text.startswith(('"""', "'''")) else token.text[1:-1]

    def _integer(self, token: Token) -> int:
        if len(token.text) > 18:
            raise self._fault(token, "this number is too long")
        return int(token.text)

    def _date_type(self) -> None:
        token = self._next("a datatype")
        iri = self.iri(token) if token.kind in ("iri", "name") else ""
        if not iri.startswith(_XSD) or iri.removeprefix(_XSD) not in _DATES:
            raise self._fault(token, f"a date is a text, or of {', '.join(f'xsd:{name}' for name in _DATES)}")

    def _more(self) -> bool:
        return self.at < len(self.tokens)

    def _next(self, expected: str) -> Token:
        if not self._more():
            raise fault(self.text, self.end - 1, f"the block ends where {expected} should stand")
        self.at += 1
        return self.tokens[self.at - 1]

    def _skip(self, text: str) -> bool:
        found = self._more() and self.tokens[self.at].text == text
        self.at += found
        return found

    def _fault(self, token: Token, reason: str) -> PathSearchError:
        return fault(self.text, token.offset, reason)


_TAKEN = {
    "Resource": "an IRI or a prefixed name",
    "Class": "the IRI or prefixed name of a class",
    "Property": 'the IRI or prefixed name of a relation, or a text such as "^hasMember"',
    "Concept": "the IRI or prefixed name of a code, or its bare name as a text",
    "string": "a text in quotes",
    "date": 'a date as a text, such as "2004", "2004-11" or "2004-11-30"',
    "integer": "a whole number without a sign",
    "decimal": "a number without a sign",
}
