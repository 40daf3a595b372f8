"""Changes on their way to a server: begun, told in pieces, settled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from kgraph import formats, rdf
from kgraph.errors import RdfSyntaxError, RemoteStoreError, StorageError
from kgraph.rdf import NamedNode, Quad, Term
from kgraph.store.base import Delta
from kgraph.store.remote import changes, exact, naming
from kgraph.store.remote.reading import Pattern, Reader
from kgraph.store.remote.server import Server
from kgraph.store.remote.standing import BESIDE, KEPT, Standing

REQUEST: Final = 1_000_000
"""Characters of updates in one request."""
POSTED: Final = 8_000_000
"""Bytes of N-Quads in one request."""
_SAMPLES: Final = f"{naming.OWN}:samples"


class Writer:
    """Changes one store. `standing` is what it was, and becomes what it is."""

    def __init__(self, server: Server, reader: Reader, standing: Standing) -> None:
        self._server = server
        self._reader = reader
        self.standing = standing
        self._posts = True

    def apply(self, delta: Delta, generation: int, mark: str) -> None:
        """Take a change, in one request where it is small."""
        beside = self._beside()
        dropped = [naming.iri_of(graph) for graph in delta.dropped]
        touched = [naming.iri_of(graph) for graph in (*delta.created, *(quad.graph_name for quad in delta.added))]
        removed = chain.from_iterable(changes.sent(quad, beside=beside) for quad in delta.removed)
        added = chain.from_iterable(changes.sent(quad, beside=beside) for quad in delta.added)
        self._run(
            chain(
                self._begun(touched),
                *([changes.drop(iri), changes.drop(naming.exact_of(iri))] for iri in dropped),
                changes.delete(changes.of_graph(iri) for iri in dropped if iri not in touched),
                changes.delete(removed),
                changes.insert(added),
                self._settled(generation, mark),
            )
        )
        for iri in dropped:
            self.standing.graphs.pop(iri, None)
        self._stands(generation, mark, touched)

    def load(self, lines: Iterable[bytes], generation: int, mark: str) -> None:
        """Take quads to be added, in bounded memory."""
        for quads in _chunks(_parsed(lines)):
            graphs = [naming.iri_of(graph) for graph in dict.fromkeys(quad.graph_name for quad in quads)]
            self._run(self._begun(graphs))
            self.standing.graphs.update(dict.fromkeys(graphs))
            beside = self._beside()
            sent = chain.from_iterable(changes.sent(quad, beside=beside) for quad in quads)
            if not (self._posts and self._server.post(rdf.nquads(sent))):
                self._posts = False
                sent = chain.from_iterable(changes.sent(quad, beside=beside) for quad in quads)
                self._run(changes.insert(sent))
        self._run(chain(self._begun(()), self._settled(generation, mark)))
        self._stands(generation, mark, ())

    def clear(self) -> None:
        """Take away all that is the store's."""
        graphs = [*self.standing.graphs, naming.DEFAULT]
        for iri in graphs:
            self._run([changes.drop(iri), changes.drop(naming.exact_of(iri))])
        self._run([changes.drop(naming.OWN)])
        self.standing = Standing(beside=self.standing.beside)

    # -------------------------------------------------------------- standing

    def _begun(self, touched: Iterable[str]) -> Iterator[str]:
        """The updates that come first: a change is on its way, and it touches these graphs."""
        standing = self.standing
        new = [iri for iri in dict.fromkeys(touched) if iri not in standing.graphs]
        for iri in new:
            if self._reader.few(Pattern(graph=iri), ()) != []:
                raise RemoteStoreError(
                    f"the graph {iri} on the server holds what kgraph did not write: nothing was changed; "
                    "take it away there, or give kgraph a server of its own"
                )
        said = [changes.state(standing.changing), *map(changes.of_graph, new)]
        if not standing.states:
            said.append(changes.terms(BESIDE if self._beside() else KEPT))
        yield from changes.insert(said)
        yield from changes.delete(changes.state(text) for text in standing.states if text != standing.changing)
        standing.states, standing.exact = (standing.changing,), False

    def _settled(self, generation: int, mark: str) -> Iterator[str]:
        """The updates that come last."""
        settled = Standing.settled(generation, mark)
        yield from changes.insert([changes.state(settled)])
        yield from changes.delete(changes.state(text) for text in self.standing.states)

    def _stands(self, generation: int, mark: str, graphs: Iterable[str]) -> None:
        standing = self.standing
        standing.generation, standing.mark, standing.exact = generation, mark, True
        standing.states = (Standing.settled(generation, mark),)
        standing.graphs.update(dict.fromkeys(graphs))

    def _run(self, operations: Iterable[str]) -> None:
        """Send updates in order, as many in one request as may be long."""
        held: list[str] = []
        size = 0
        for operation in operations:
            if held and size + len(operation) > REQUEST:
                self._server.update(held)
                held, size = [], 0
            held.append(operation)
            size += len(operation)
        if held:
            self._server.update(held)

    # -------------------------------------------------------------- terms

    def _beside(self) -> bool:
        """Whether the server changes terms; found out on samples where it is not known."""
        if self.standing.beside is None:
            self.standing.beside = any(self._is_lost(sample) for sample in exact.SAMPLES)
        return self.standing.beside

    def _is_lost(self, sample: Term) -> bool:
        graph, node = NamedNode(_SAMPLES), NamedNode("http://example.org/sample")
        self._server.update([changes.drop(_SAMPLES)])
        try:
            self._server.update(list(changes.insert([Quad(node, node, sample, graph)])))
        except RemoteStoreError as error:
            if error.status is None:
                raise
            return True
        found = self._reader.few(Pattern(graph=_SAMPLES), ())
        self._server.update([changes.drop(_SAMPLES)])
        return found is None or [term for *_, term in found] != [sample]


def _parsed(lines: Iterable[bytes]) -> Iterator[Quad]:
    for piece in lines:
        try:
            yield from rdf.parse(piece, formats.NQUADS, file="the change")
        except RdfSyntaxError as error:
            raise StorageError(f"the change does not read: {error.reason}") from error


def _chunks(quads: Iterable[Quad]) -> Iterator[list[Quad]]:
    held: list[Quad] = []
    size = 0
    for quad in quads:
        held.append(quad)
        size += len(getattr(quad.object, "value", "")) + 200
        if size >= POSTED:
            yield held
            held, size = [], 0
    if held:
        yield held
