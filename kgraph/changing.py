"""The verbs that write from outside: SPARQL update, and graphs put, added to and deleted. No algorithm is inside.

What a change comes to is worked out in a child on a snapshot, while others read and load; then, if that was the last
generation still, it is one commit. One such change is worked out at a time, so that none is lost or overtaken.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from itertools import islice
from typing import TypedDict, Unpack

from kgraph import export, formats
from kgraph.errors import GraphNotFoundError, LimitError, ParameterError, PreconditionError
from kgraph.model import SparqlAnswer, UpdateReport
from kgraph.namespaces import Namespaces
from kgraph.question import Names, listed
from kgraph.rdf import DefaultGraph, NamedNode, Quad
from kgraph.settings import Settings
from kgraph.sparql import blanknodes
from kgraph.sparql.evaluation import Document, Evaluated, Evaluation, Verb
from kgraph.writing import Writing

__all__ = ["Changing", "Document"]
_LEAST = 0.01
"""Seconds that are left to one whose turn came at the last moment."""


Provided = Callable[[str | None], bool]


class GraphOptions(TypedDict, total=False):
    """How a graph is changed. `provided` is asked with its tag (see `Changing.graph_tag`) whether to do it, when nobody
    else can write; the others are as in `Changing.update`."""

    author: str | None
    message: str | None
    provided: Provided | None
    timeout: float | None


def _nothing() -> None:
    """No condition."""


def tag(triples: Iterable[Quad]) -> str:
    """A hash of triples, in whatever order they come."""
    digest = hashlib.blake2b(digest_size=16)
    for line in sorted(map(str, triples)):
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()


class Changing(Writing):
    """What can be done to a graph that is none of kgraph's own."""

    settings: Settings
    _evaluation: Evaluation
    _updating: threading.Lock

    def update(
        self,
        text: str,
        *,
        base: str | None = None,
        using_graph_uri: Names = (),
        using_named_graph_uri: Names = (),
        author: str | None = None,
        message: str | None = None,
        timeout: float | None = None,
    ) -> UpdateReport:
        """Run a SPARQL 1.1 update as one commit: all of its operations or, on any error, none.

        The prefixes of the ontology need no declaration; `base` resolves relative IRIs. `WHERE` sees all graphs as one
        unless the update, the two URI lists or `default_graph=strict` say otherwise. SERVICE and LOAD are refused.
        `timeout` is in seconds, never more than the setting, for waiting for its turn and working it out.
        Raises QuerySyntaxError, QueryRefusedError, WriteRefusedError for kgraph's own graphs and terms, LimitError.
        """

        def evaluate(seconds: float) -> Evaluated:
            using, using_named = listed(using_graph_uri), listed(using_named_graph_uri)
            return self._evaluation.update(text, base=base, using=using, using_named=using_named, seconds=seconds)

        return self._changed(evaluate, author, message or "SPARQL update", timeout)

    def get_graph(self, name: str | None = None, format: str = "turtle") -> SparqlAnswer:
        """The triples of a named graph, or of the unnamed one, as a document. Raises GraphNotFoundError, LimitError."""
        chosen, node, most = formats.named(format, formats.RDF), self._graph_node(name), self.settings.update_quads
        with self._reading_graph(node) as (generation, quads):
            triples = list(islice((Quad(*q.triple) for q in quads), most + 1))
        if len(triples) > most:
            detail = f"the graph has more than {most:,} triples: ask for parts of it in SPARQL, or export everything"
            raise LimitError("update_quads", f"{most:,}", detail)
        told = [Quad(*triple) for triple in blanknodes.shown_triples(quad.triple for quad in triples)]
        body = export.document(told, chosen.name, self.namespaces)
        return SparqlAnswer("GRAPH", chosen.content_type, body, generation, tag=tag(triples))

    def graph_tag(self, name: str | None = None) -> str | None:
        """A hash of what a graph holds, which changes when that does; None where there is no such graph."""
        try:
            with self._reading_graph(self._graph_node(name)) as (_, quads):
                return tag(Quad(*q.triple) for q in quads)
        except GraphNotFoundError:
            return None

    @contextmanager
    def _reading_graph(self, node: NamedNode | DefaultGraph) -> Iterator[tuple[int, Iterable[Quad]]]:
        """The last generation and what one graph holds; nothing is written meanwhile. Raises GraphNotFoundError."""
        store = self._folder.store
        with self._folder.reading() as (generation, quads):
            if isinstance(node, NamedNode) and node not in set(store.graphs()):
                raise GraphNotFoundError(node.value)
            of_graph = nullcontext(quads) if isinstance(quads, set) else closing(store.quads(None, None, None, node))
            with of_graph as held:
                yield generation, (quad for quad in held if quad.graph_name == node)

    def put_graph(self, name: str | None, *documents: Document, **options: Unpack[GraphOptions]) -> UpdateReport:
        """Make a graph hold what the documents say and nothing else; None is the unnamed graph.

        Raises RdfSyntaxError, WriteRefusedError, PreconditionError, LimitError.
        """
        return self._graph_changed("put", name, documents, **options)

    def post_graph(self, name: str | None, *documents: Document, **options: Unpack[GraphOptions]) -> UpdateReport:
        """Add what the documents say to a graph, made where there is none. Raises as `put_graph` does."""
        return self._graph_changed("post", name, documents, **options)

    def delete_graph(self, name: str | None, **options: Unpack[GraphOptions]) -> UpdateReport:
        """Take a graph away; the unnamed one is emptied.

        Raises GraphNotFoundError, WriteRefusedError, PreconditionError, LimitError.
        """
        return self._graph_changed("delete", name, (), **options)

    # ------------------------------------------------------------------ inside

    def _graph_changed(
        self,
        verb: Verb,
        name: str | None,
        documents: Sequence[Document],
        author: str | None = None,
        message: str | None = None,
        provided: Provided | None = None,
        timeout: float | None = None,
    ) -> UpdateReport:
        node = self._graph_node(name)
        graph = node.value if isinstance(node, NamedNode) else None
        told = message or f"{verb} graph {graph or 'default'}"

        def check() -> None:
            if provided and not provided(self.graph_tag(name)):
                raise PreconditionError("the graph is not, or is no longer, as the request wants it; read it again")

        def evaluate(seconds: float) -> Evaluated:
            return self._evaluation.graph(verb, graph, documents, seconds=seconds)

        return self._changed(evaluate, author, told, timeout, check)

    def _graph_node(self, name: str | None) -> NamedNode | DefaultGraph:
        if name is None:
            return DefaultGraph()
        iri = self.namespaces.expand(name)
        if not Namespaces.is_iri(iri):
            raise ParameterError("graph", name, "give an absolute IRI")
        return NamedNode(iri)

    @contextmanager
    def _turn(self, seconds: float) -> Iterator[None]:
        if not self._updating.acquire(timeout=seconds):
            raise LimitError("updates", "1", f"other updates were worked out for {round(seconds, 2):g} s; try again")
        try:
            yield
        finally:
            self._updating.release()

    def _changed(
        self,
        evaluate: Callable[[float], Evaluated],
        author: str | None,
        message: str,
        timeout: float | None,
        check: Callable[[], None] = _nothing,
    ) -> UpdateReport:
        """Work a change out and commit it; once more, with nobody else writing, where the graph went on meanwhile.

        Waiting for its turn and working it out have one deadline. To do the latter again has one of its own.
        """
        longest = self.settings.query_timeout
        allowed = longest if timeout is None else min(timeout, longest)
        ends = time.monotonic() + allowed
        with self._turn(allowed):
            self._folder.catch_up()
            before = self._folder.generation
            check()
            found = evaluate(max(ends - time.monotonic(), _LEAST))
            with self._writing:
                self._folder.catch_up()
                if before != self._folder.generation:
                    check()
                if found.generation != self._folder.generation:
                    found = evaluate(allowed)
                committed = self._commit(found.delta, author or "kgraph", message)
                return UpdateReport(
                    committed=committed,
                    generation=self._folder.generation,
                    added=len(found.delta.added),
                    removed=len(found.delta.removed),
                    created=found.new,
                    dropped=found.gone,
                )
