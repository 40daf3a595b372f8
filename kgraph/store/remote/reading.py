"""Quads by pattern from a server, in pages.

A server may cut a long answer without a word, and has no order that holds from one request to the next. So nothing is
paged by offset. A pattern is asked with a limit; if that many rows come, there may be more, and the pattern is taken
apart: graph by graph, then by subject, by predicate, by object. The keys of each part (its subjects, say) are listed
in the order of their text, each page beginning after the last key of the page before, until one is short. So a quad
that is there all the while is read once, whatever is written meanwhile, and a limit of the server's own (at least
`ROWS` rows) does no harm. A graph that is read whole is counted too: what was cut all the same is an error and not a
smaller graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from kgraph.errors import RemoteStoreError
from kgraph.rdf import Literal, NamedNode, Term
from kgraph.store.remote.results import Row
from kgraph.store.remote.server import Server

ROWS: Final = 5_000
"""Most rows of one answer. A server that gives fewer without saying so cannot keep a store."""
KEYS: Final = (100_000, 10_000)
"""Most keys of one page; the second where a server sorts no more (Virtuoso)."""
SUBJECTS: Final = 200
"""How many subjects' quads are asked for at once."""

Found = tuple[str, NamedNode, NamedNode, Term]
"""Graph of the server, subject, predicate, object."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is bound of a quad; a graph of the server."""

    subject: NamedNode | None = None
    predicate: NamedNode | None = None
    object: Term | None = None
    graph: str | None = None

    def triple(self) -> str:
        """The triple pattern of a query."""
        parts = (("s", self.subject), ("p", self.predicate), ("o", self.object))
        return " ".join(f"?{name}" if term is None else str(term) for name, term in parts)

    def free(self) -> str:
        """What a query for it selects: its variables, or anything where it has none."""
        parts = (("g", self.graph), ("s", self.subject), ("p", self.predicate), ("o", self.object))
        return " ".join(f"?{name}" for name, term in parts if term is None) or "(1 AS ?x)"

    def group(self, more: str = "") -> str:
        """The group of a query that matches it; `more` stands in the same graph."""
        graph = "?g" if self.graph is None else str(NamedNode(self.graph))
        return f"{{ GRAPH {graph} {{ {more}{self.triple()} }} }}"

    def found(self, row: Row) -> Found:
        """The quad of a row. Raises RemoteStoreError for one that is none."""
        graph = self.graph or getattr(row.get("g"), "value", None)
        subject, predicate = self.subject or row.get("s"), self.predicate or row.get("p")
        object_ = self.object or row.get("o")
        if not isinstance(subject, NamedNode) or not isinstance(predicate, NamedNode) or object_ is None or not graph:
            raise RemoteStoreError("the server's answer lacks a part of a quad, or has a blank node in it")
        return graph, subject, predicate, object_


class Reader:
    """Reads graphs of one server."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._keys = list(KEYS)

    def matching(self, pattern: Pattern, graphs: Sequence[str]) -> Iterator[Found]:
        """The quads that match in some graphs. Raises RemoteStoreError, while iterating too."""
        if pattern.graph is None:
            page = self._page(pattern, graphs) if 1 < len(graphs) <= SUBJECTS else None
            if page is not None:
                yield from page
                return
            for graph in graphs:
                yield from self.matching(replace(pattern, graph=graph), ())
            return
        page = self._page(pattern, ())
        yield from page if page is not None else self._taken_apart(pattern)

    def few(self, pattern: Pattern, graphs: Sequence[str]) -> list[Found] | None:
        """The same in one request; None where there may be more."""
        return self._page(pattern, graphs)

    def of(self, subjects: Iterable[NamedNode], graphs: Sequence[str]) -> Iterator[Found]:
        """All quads of some subjects in some graphs. Raises RemoteStoreError, while iterating too."""
        rest = iter(dict.fromkeys(subjects))
        while graphs and (chunk := list(islice(rest, SUBJECTS))):
            yield from self._of(Pattern(), chunk, graphs)

    def count(self, graph: str) -> int:
        """How many quads a graph has."""
        group = Pattern(graph=graph).group()
        for row in self._server.select(f"SELECT (COUNT(*) AS ?n) WHERE {group}"):
            found = row.get("n")
            if isinstance(found, Literal) and found.value.isdecimal():
                return int(found.value)
        raise RemoteStoreError("the server does not count")

    def _page(self, pattern: Pattern, graphs: Sequence[str]) -> list[Found] | None:
        rows = self._server.select(
            f"SELECT {pattern.free()} {_among(pattern, graphs)}WHERE {pattern.group()} LIMIT {ROWS}"
        )
        return None if len(rows) >= ROWS else [pattern.found(row) for row in rows]

    def _taken_apart(self, pattern: Pattern) -> Iterator[Found]:
        assert pattern.graph is not None
        if pattern.subject is None:
            if pattern.predicate is None and pattern.object is None:
                yield from self._whole(pattern.graph)
            else:
                yield from self._by_subject(pattern)
        elif pattern.predicate is None:
            for key in self._listed(pattern, "p"):
                yield from self.matching(replace(pattern, predicate=_node(key)), ())
        else:
            for key in self._listed(pattern, "o"):
                yield pattern.graph, pattern.subject, pattern.predicate, key

    def _whole(self, graph: str) -> Iterator[Found]:
        expected, read = self.count(graph), 0
        for found in self._by_subject(Pattern(graph=graph)):
            read += 1
            yield found
        if read != expected:
            reason = "it was changed meanwhile, or the server cuts its answers"
            raise RemoteStoreError(f"the graph {graph} has {expected} quads, and {read} of them came: {reason}")

    def _by_subject(self, pattern: Pattern) -> Iterator[Found]:
        whole = pattern.predicate is not None and pattern.object is not None
        chunk: list[NamedNode] = []
        for key in self._listed(pattern, "s"):
            if whole:
                yield pattern.found({"s": key})
                continue
            chunk.append(_node(key))
            if len(chunk) == SUBJECTS:
                yield from self._of(pattern, chunk)
                chunk = []
        if chunk:
            yield from self._of(pattern, chunk)

    def _of(self, pattern: Pattern, subjects: list[NamedNode], graphs: Sequence[str] = ()) -> Iterator[Found]:
        """What matches of some subjects."""
        if len(subjects) == 1:
            yield from self.matching(replace(pattern, subject=subjects[0]), graphs)
            return
        group = pattern.group(f"VALUES ?s {{ {' '.join(map(str, subjects))} }} ")
        rows = self._server.select(f"SELECT {pattern.free()} {_among(pattern, graphs)}WHERE {group} LIMIT {ROWS}")
        if len(rows) < ROWS:
            yield from map(pattern.found, rows)
            return
        half = len(subjects) // 2
        yield from self._of(pattern, subjects[:half], graphs)
        yield from self._of(pattern, subjects[half:], graphs)

    def _listed(self, pattern: Pattern, key: str) -> Iterator[Term]:
        """The values that a part of a pattern has, each once, in the order of their text."""
        after: str | None = None
        while page := self._next(pattern, key, after):
            if len(page) < ROWS:
                yield from page
                return
            texts = [_plain(term) for term in page]
            if after is not None and texts[0] <= after:
                raise RemoteStoreError("the server does not keep the order of its pages")
            # Only objects share a text: those with the last one may go on after this page, and are listed again.
            last = texts[-1] if key == "o" and texts[0] != texts[-1] else None
            whole = [term for term, text in zip(page, texts, strict=True) if text != last]
            yield from whole
            after = _plain(whole[-1])

    def _next(self, pattern: Pattern, key: str, after: str | None) -> list[Term]:
        more = "" if after is None else f" FILTER(STR(?{key}) > {Literal(after)})"
        group = f"{{ {pattern.group()}{more} }}"
        while True:
            query = f"SELECT DISTINCT ?{key} WHERE {group} ORDER BY STR(?{key}) LIMIT {self._keys[0]}"
            try:
                return [row[key] for row in self._server.select(query)]
            except RemoteStoreError as error:
                if len(self._keys) == 1 or error.status is None:
                    raise
                self._keys.pop(0)


def _among(pattern: Pattern, graphs: Sequence[str]) -> str:
    """Which graphs a query is asked of, told in its text: Virtuoso answers with a wrong media type where a parameter
    names one beyond ASCII."""
    return "".join(f"FROM NAMED {NamedNode(iri)} " for iri in graphs) if pattern.graph is None else ""


def _node(term: Term) -> NamedNode:
    if not isinstance(term, NamedNode):
        raise RemoteStoreError(f"{term} stands where an IRI should")
    return term


def _plain(term: Term) -> str:
    """The text of a term, as STR has it."""
    if not isinstance(term, NamedNode | Literal):
        raise RemoteStoreError(f"{term} has no text to be sorted by")
    return term.value
