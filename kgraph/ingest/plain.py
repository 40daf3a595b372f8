"""Triples without claims: foreign RDF into a graph of its own, as it is, however much of it there is.

No shape and no claim is looked for; what is nobody's word is walked only under `include=unattributed`. So the file
may not speak kgraph's own language: relations and classes of kg: need claims, and kgraph's graphs are its own.
Blank nodes get IRIs from the file's hash and their label. Literals are made canonical, as everywhere.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from kgraph import formats, rdf
from kgraph.errors import EmptyInputError, InputError, ParameterError
from kgraph.ingest import readers
from kgraph.ingest.pipeline import silent
from kgraph.ingest.state import Graph, State
from kgraph.model import LoadReport, Progress, Rewrite
from kgraph.rdf import BlankNode, DefaultGraph, NamedNode, Quad, Term, Triple

CHUNK: Final = 20_000


def graph_for(given: str | None, digest: str, state: State) -> NamedNode:
    """The graph that triples go to: the one that is asked for, else one named by the hash of their file.

    Raises ParameterError for one that is kgraph's own, or no IRI.
    """
    namespaces = state.namespaces
    iri = f"{namespaces.id}plain-{digest[:20]}" if given is None else namespaces.expand(given)
    if not namespaces.is_iri(iri):
        raise ParameterError("graph", given, "it is not an IRI")
    if iri.startswith(namespaces.graph("")):
        raise ParameterError("graph", given, "this graph is kgraph's own: name one of yours")
    return NamedNode(iri)


def write(path: Path, into: Path, graph: str | None, state: State, progress: Progress | None = None) -> LoadReport:
    """Write what a file says, and the graph lacks, as N-Quads; `added` counts lines. Nothing is committed.

    Raises RdfSyntaxError with the place, InputError for a term of kgraph's own, ParameterError.
    """
    with into.open("wb") as file:
        return _Writer(path, graph, state, progress or silent).write(file)


class _Writer:
    def __init__(self, path: Path, graph: str | None, state: State, progress: Progress) -> None:
        self._path = path
        self._state = state
        self._ns = state.namespaces
        self._progress = progress
        with _told(path), path.open("rb") as file:
            self._digest = hashlib.file_digest(file, "sha256").hexdigest()
        self._graph = graph_for(graph, self._digest, state)
        self._filled: dict[Graph, bool] = {}
        self._blank: dict[BlankNode, NamedNode] = {}
        self._skolemised = 0
        self._own = self._ns.graph("")
        self._kept = (self._ns.kg, self._ns.kgs, self._own)
        self._type = NamedNode(self._ns.expand("rdf:type"))

    def write(self, into: IO[bytes]) -> LoadReport:
        added = unchanged = 0
        rewrites: Counter[tuple[str, str]] = Counter()
        quads = self._quads()
        while chunk := list(itertools.islice(quads, CHUNK)):
            canonical, changed = rdf.canonical([self._placed(quad) for quad in chunk])
            rewrites.update({(r.before, r.after): r.count for r in changed})
            new = [quad for quad in canonical if not self._has(quad)]
            unchanged += len(canonical) - len(new)
            lines = rdf.nquads(new)
            into.write(lines)
            added += lines.count(b"\n")
            self._progress("parse", added + unchanged, None)
        if not added and not unchanged:
            raise EmptyInputError(f"{self._path}: there is no triple in it")
        return LoadReport(
            committed=False,
            generation=0,
            entities=0,
            claims=0,
            added=added,
            removed=0,
            unchanged=unchanged,
            rewrites=tuple(Rewrite(*pair, count) for pair, count in rewrites.most_common()),
            skolemised=self._skolemised + len(self._blank),
            files=(str(self._path),),
        )

    def _has(self, quad: Quad) -> bool:
        graph, store = quad.graph_name, self._state.store
        if graph not in self._filled:
            self._filled[graph] = next(store.quads(None, None, None, graph), None) is not None
        return self._filled[graph] and next(store.quads(*quad), None) is not None

    def _quads(self) -> Iterator[Quad]:
        """The quads of the file, one after the other where its syntax allows that."""
        format = formats.by_suffix(self._path.name)
        if format is formats.NTRIPLES or format is formats.NQUADS:
            with _told(self._path), self._path.open("rb") as file:
                yield from rdf.parse_lines(file, format, name=str(self._path))
            return
        read = readers.read(self._path)
        if read.format is None:
            raise InputError(f"{self._path}: a claim file has claims: load it without --plain")
        named, self._skolemised = rdf.skolemise(rdf.parse(read.data, read.format, file=read.name), self._ns.blank)
        yield from named

    def _placed(self, quad: Quad) -> Quad:
        """A quad in its graph, without blank nodes. Raises InputError for one in kgraph's own language."""
        subject, predicate, object_, graph = quad
        if isinstance(graph, DefaultGraph):
            graph = self._graph
        elif isinstance(graph, BlankNode):
            graph = self._named(graph)
        elif graph.value.startswith(self._own):
            raise InputError(f"{self._path}: the graph {graph} is kgraph's own: name one of yours")
        if isinstance(subject, BlankNode):
            subject = self._named(subject)
        elif subject.value.startswith(self._kept):
            raise InputError(f"{self._path}: {subject} is kgraph's own: nothing can be said of it here")
        if predicate.value.startswith(self._ns.kg) or (predicate == self._type and self._is_own_class(object_)):
            said = f"{subject} {predicate} {object_}"
            raise InputError(f"{self._path}: {said}: the terms of kg: are for claims: load it without --plain")
        return Quad(subject, predicate, self._without_blank(object_), graph)

    def _is_own_class(self, term: Term) -> bool:
        return isinstance(term, NamedNode) and term.value.startswith(self._ns.kg)

    def _without_blank(self, term: Term) -> Term:
        if isinstance(term, BlankNode):
            return self._named(term)
        if isinstance(term, Triple):
            subject = self._named(term.subject) if isinstance(term.subject, BlankNode) else term.subject
            return Triple(subject, term.predicate, self._without_blank(term.object))
        return term

    def _named(self, node: BlankNode) -> NamedNode:
        if node not in self._blank:
            name = hashlib.sha256(f"{self._digest} {node.value}".encode()).hexdigest()[:20]
            self._blank[node] = NamedNode(f"{self._ns.blank}{name}")
        return self._blank[node]


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
