"""A query as it may be sent to the server that keeps the graph: the guard's tokens, without what a server may misread.

Only SPARQL 1.1 that parsed here goes on, comments left out. `FROM` is taken out and told beside, so that the dataset is
the store's own graphs and no other; a graph that is not the store's is, after `GRAPH`, one that is never there. An ASK
is sent as a SELECT of one row: Virtuoso says yes to some that it knows to be impossible. IRIs by
which servers are known to do more than look into their graphs are refused, and so are escapes of ASCII characters: a
server may undo them before it parses, as the recommendation has it, and read what is a string here as something else.
`isBlank`, `isIRI` and `isURI` are written out: what is a blank node for us is an IRI there (`blanknodes.py`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urljoin

from kgraph.errors import QueryRefusedError
from kgraph.sparql import blanknodes
from kgraph.sparql.guard import FORMS, Guard
from kgraph.sparql.lexer import Token
from kgraph.store.remote import naming

_SCHEMES: Final = frozenset({"http", "https", "urn", "mailto", "tag", "info", "geo", "tel"})
_BEYOND: Final = re.compile(r"https?://([^/]*\.)?(openlinksw\.com|jena\.(apache\.org|hpl\.hp\.com))\b", re.IGNORECASE)
_ESCAPED: Final = re.compile(r"\\u00[0-7]|\\U000000[0-7]")
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LOCAL: Final = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Sendable:
    """The text to be sent; the default and the named graphs that its `FROM` asked for, None where it has none; and
    whether any row of the answer is a yes."""

    text: str
    default: tuple[str, ...] | None
    named: tuple[str, ...] | None
    rows_are_truth: bool = False


def sendable(text: str, prefixes: Mapping[str, str], graphs: Collection[str], base: str | None = None) -> Sendable:
    """A query that parses, made ready. `prefixes` are those it need not declare, `graphs` the store's on the server;
    `base` resolves relative IRIs.

    Raises QueryRefusedError, whose `rule` is `extension` for what this does not send on, else as the guard.
    """
    tokens = _read(text, prefixes)
    if any(token.kind == "word" and blanknodes.is_test(token.text) for token in tokens):
        text = _tests_written(text, tokens)
        tokens = _read(text, prefixes)
    return _Rewriting(text, dict(prefixes), graphs, _checked(base) if base else "").run(tokens)


def _read(text: str, prefixes: Collection[str]) -> list[Token]:
    reader = _Tokens(text, prefixes)
    reader.run()
    return reader.tokens


def _tests_written(text: str, tokens: list[Token]) -> str:
    """The text whose tests for blank nodes and IRIs take the names of blank nodes for blank nodes.

    Raises QueryRefusedError for a test within a test.
    """
    parts: list[str] = []
    done = depth = opened = 0
    test: Token | None = None
    for token in tokens:
        if token.kind == "word" and blanknodes.is_test(token.text):
            if test is not None:
                raise _refused(f"{token.text} within {test.text}", "give it a name with BIND first")
            test, depth, opened = token, 0, -1
        elif test is not None:
            depth += (token.text == "(") - (token.text == ")")
            if opened < 0:
                opened = token.offset + 1
            if depth == 0:
                argument = text[opened : token.offset]
                parts += [text[done : test.offset], blanknodes.written_out(test.text, argument)]
                test, done = None, token.offset + 1
    return "".join([*parts, text[done:]])


class _Tokens(Guard):
    """The tokens as the guard reads them: it knows where `<` compares."""

    def __init__(self, text: str, prefixes: Collection[str]) -> None:
        super().__init__(text, prefixes)
        self.tokens: list[Token] = []

    def take(self, token: Token) -> None:
        """Take one token."""
        super().take(token)
        self.tokens.append(token)


@dataclass(slots=True)
class _Rewriting:
    text: str
    prefixes: dict[str, str]
    graphs: Collection[str]
    given: str
    """The base that the query need not declare."""
    base: str = field(init=False)
    at: int = 0
    """Where the last token ended."""
    header: bool = True
    declared: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    default: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.base = self.given

    def run(self, tokens: list[Token]) -> Sendable:
        asked, truth = False, _is_plain_ask(tokens)
        last, before = "", ""  # words in capitals, or tokens as they are
        for token in tokens:
            word = token.text.upper() if token.kind == "word" else token.text
            self.header = self.header and word != "{"
            iri = self._iri(token, declares=self.header and last == "PREFIX")
            said: str | None = token.text
            if truth and self.header and word == "ASK" and token.kind == "word":
                said = "SELECT *"
            elif word == "FROM" or (word == "NAMED" and last == "FROM"):
                asked, said = True, None
            elif iri is not None and last in ("FROM", "NAMED"):
                (self.named if last == "NAMED" else self.default).append(iri)
                said = None
            elif iri is not None and last == "GRAPH" and iri not in self.graphs:
                said = f"<{naming.NOTHING}>"
            elif self.header and token.kind == "iri":
                if last == "BASE":
                    self.base = iri or ""
                elif before == "PREFIX":
                    self.prefixes[last.removesuffix(":")] = iri or ""
                    self.declared.add(last.removesuffix(":"))
            self._keep(token, said)
            before, last = last, word
        missing = sorted(self.used - self.declared)
        relative = f"BASE <{self.given}>\n" if self.given else ""
        declared = "".join(f"PREFIX {name}: <{self.prefixes[name]}>\n" for name in missing if name in self.prefixes)
        self.kept += [" LIMIT 1"] * truth
        default, named = (tuple(self.default), tuple(self.named)) if asked else (None, None)
        return Sendable(relative + declared + "".join(self.kept), default, named, truth)

    def _keep(self, token: Token, said: str | None) -> None:
        """Put a token down, with a blank where there was one, or a comment."""
        if token.offset > self.at or said is None:
            self.kept.append("\n" if "\n" in self.text[self.at : token.offset] else " ")
        self.kept.append(said or "")
        self.at = token.offset + len(token.text)

    def _iri(self, token: Token, *, declares: bool) -> str | None:
        """The absolute IRI that a token stands for; None where it is none. Raises QueryRefusedError."""
        if _ESCAPED.search(token.text) or (token.kind == "iri" and "\\" in token.text):
            raise _refused(token.text, "write the sign itself")
        if token.kind == "iri":
            return _checked(_resolved(self.base, token.text[1:-1]))
        prefix, colon, local = token.text.partition(":")
        if token.kind != "name" or declares or prefix == "_" or not colon:
            return None
        self.used.add(prefix)
        return _checked(self.prefixes.get(prefix, "") + _LOCAL.sub(r"\1", local))


def _is_plain_ask(tokens: list[Token]) -> bool:
    """Whether a query is an ASK with nothing behind its one group, and asks for something."""
    words = (token.text.upper() for token in tokens if token.kind == "word")
    depth = groups = 0
    for token in tokens:
        depth += (token.text == "{") - (token.text == "}")
        groups += token.text == "}" and depth == 0
    asks = any(token.kind == "variable" for token in tokens)
    return asks and groups == 1 and tokens[-1].text == "}" and next((w for w in words if w in FORMS), "") == "ASK"


def _resolved(base: str, iri: str) -> str:
    """An IRI made absolute; `urljoin` alone would drop an empty fragment, with which many namespaces end."""
    if not base or _ABSOLUTE.match(iri):
        return iri
    joined = urljoin(base, iri)
    return f"{joined}#" if iri.endswith("#") else joined


def _checked(iri: str) -> str:
    """The IRI. Raises QueryRefusedError for one by which a server may do more than look into its graphs."""
    known = iri.partition(":")[0].lower() in _SCHEMES or blanknodes.is_name(iri)
    if not known or _BEYOND.match(iri):
        raise _refused(f"<{iri}>", "there it could be more than a name")
    return iri


def _refused(what: str, why: str) -> QueryRefusedError:
    return QueryRefusedError(f"{what[:60]} is not sent on to the server that keeps the graph: {why}", "extension")
