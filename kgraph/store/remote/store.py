"""Quads on another server, behind the endpoints of the SPARQL 1.1 protocol (Oxigraph's own server, Virtuoso, …).

The server may hold what others put there: the store's are the graphs that its own graph (`naming.py`) names, and no
other is read, changed or cleared. Its own graph also holds the generation and mark, `12 <mark>`, written last: what it
says is there. While a change is on its way it says `11 <mark> changing`, so that nobody takes half of one for either
generation; taking the change again makes it whole. Small changes are one request, which a server may run as one
transaction; large ones are many.

What comes back is not trusted (`results.py`, `http.py`). One process writes: the lock of the data folder whose journal
the store follows sees to that.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from kgraph import formats, rdf
from kgraph.errors import StorageError
from kgraph.rdf import BlankNode, NamedNode, Quad, Term, Triple
from kgraph.store.base import Delta, GraphName
from kgraph.store.oxigraph import OxigraphStore
from kgraph.store.remote import exact, naming, results
from kgraph.store.remote.address import Address
from kgraph.store.remote.reading import Found, Pattern, Reader
from kgraph.store.remote.server import JSON, NTRIPLES, Dataset, Server
from kgraph.store.remote.standing import Standing
from kgraph.store.remote.writer import Writer

HELD: Final = 20_000
"""How many subjects' quads are remembered until the next change: what prepares one asks of each several times."""


class RemoteStore:
    """A `KeptStore`. One opened for reading refuses changes, and sees those of the one that writes after `refresh`:
    what it says between two of these is of the time of asking."""

    folder: Path | None = None
    is_near = False

    def __init__(self, server: Server, *, reading: bool = False) -> None:
        self.server = server
        self._reading = reading
        self._reader = Reader(server)
        self._writer = Writer(server, self._reader, Standing())
        self._changing = threading.Lock()
        self._closed = False
        self._writable = False
        self._about: dict[NamedNode, tuple[Quad, ...]] = {}

    @classmethod
    def open(
        cls,
        address: str,
        user: str | None = None,
        password: str | None = None,
        *,
        timeout: float = 60.0,
        reading: bool = False,
    ) -> RemoteStore:
        """The store at an address (`address.py`). Raises ParameterError, RemoteStoreError."""
        store = cls(Server.at(Address.read(address), user, password, timeout), reading=reading)
        try:
            store.reopen()
        except BaseException:
            store.close()
            raise
        return store

    def __str__(self) -> str:
        return f"the store at {self.server.address}"

    # -------------------------------------------------------------- where it stands

    @property
    def standing(self) -> Standing:
        """Where the store stood when it was last asked or changed."""
        return self._writer.standing

    @property
    def generation(self) -> int:
        """Sequence of the last commit that is wholly in the store; 0 for a new one."""
        return self.standing.generation

    @property
    def mark(self) -> str:
        """Hash of that commit, as it was handed to `apply`."""
        return self.standing.mark

    @property
    def writable(self) -> bool:
        """Whether it takes changes; once one has failed, only after `reopen`."""
        return self._writable

    @property
    def exact(self) -> bool:
        """Whether the quads are those of `generation`, and not partly those of a change on its way."""
        return self.standing.exact

    def reopen(self) -> None:
        """Ask the server where the store stands. Raises RemoteStoreError."""
        with self._changing:
            self._check_open()
            self._about = {}
            self._writer.standing = Standing.read(self._reader)
            self._writable = not self._reading

    refresh = reopen

    def _check_open(self) -> None:
        if self._closed:
            raise StorageError("the store is closed")

    # -------------------------------------------------------------- changes

    def apply(self, delta: Delta, generation: int, mark: str = "") -> None:
        """Take a change. Raises StorageFullError or StorageError; the generation then stays what it was."""
        with self._taking():
            self._writer.apply(delta, generation, mark)

    def load(self, lines: Iterable[bytes], generation: int, mark: str = "") -> None:
        """Take a change that only adds, in bounded memory: N-Quads, in pieces of whole lines. Else as `apply`."""
        with self._taking():
            self._writer.load(lines, generation, mark)

    def clear(self) -> None:
        """Forget everything: no quads, generation 0. Graphs of others stay."""
        with self._taking():
            self._writer.clear()

    @contextmanager
    def _taking(self) -> Iterator[None]:
        with self._changing:
            self._check_open()
            if self._reading:
                raise StorageError("this store is open for reading only")
            self._about = {}
            try:
                yield
            except StorageError:
                self._writable = False
                raise

    def flush(self) -> None:
        """Nothing is held back here; when the server writes to its disk is the server's."""
        self._check_open()

    # -------------------------------------------------------------- reading

    def quads(
        self,
        subject: NamedNode | BlankNode | Triple | None = None,
        predicate: NamedNode | None = None,
        object: Term | None = None,
        graph: GraphName | None = None,
    ) -> Generator[Quad, None, None]:
        """The quads that match; None matches everything. Raises RemoteStoreError, while iterating too."""
        self._check_open()
        if not isinstance(subject, NamedNode | None) or any(isinstance(t, BlankNode) for t in (object, graph)):
            return
        if graph is not None and naming.iri_of(graph) not in self.standing.graphs:
            return
        if subject is not None and (about := self._remembered(subject)) is not None:
            for quad in about:
                wanted = (predicate, quad.predicate), (object, quad.object), (graph, quad.graph_name)
                if all(each is None or each == term for each, term in wanted):
                    yield quad
            return
        for pattern, graphs in self._patterns(subject, predicate, object, graph):
            for found in self._reader.matching(pattern, graphs):
                if (read := self._read(found, object)) is not None:
                    yield read

    def about(self, subjects: Iterable[NamedNode]) -> Iterator[Quad]:
        """All quads of some subjects, asked for many at once. Raises RemoteStoreError, while iterating too."""
        self._check_open()
        for found in self._reader.of(subjects, self._lying()):
            if (read := self._read(found, None)) is not None:
                yield read

    def expect(self, subjects: Iterable[str]) -> None:
        """Ask for all quads of some subjects now, and remember them until the next change. Raises RemoteStoreError."""
        about = self._about
        new = [node for node in map(NamedNode, dict.fromkeys(subjects)) if node not in about]
        if not 1 < len(new) <= HELD - len(about):
            return
        found: dict[NamedNode, list[Quad]] = {node: [] for node in new}
        for quad in self.about(new):
            if isinstance(quad.subject, NamedNode):
                found[quad.subject].append(quad)
        about.update((node, tuple(quads)) for node, quads in found.items())

    def _remembered(self, subject: NamedNode) -> tuple[Quad, ...] | None:
        """All quads of a subject, asked once between two changes (or looks at where it stands); None for many."""
        about = self._about
        if subject not in about:
            found = self._reader.few(Pattern(subject), graphs) if (graphs := self._lying()) else []
            if found is None:
                return None
            if len(about) >= HELD:
                about.clear()
            about[subject] = tuple(quad for each in found if (quad := self._read(each, None)) is not None)
        return about[subject]

    def _lying(self, *, native: bool = True, beside: bool = True) -> list[str]:
        """The graphs of the server in which quads lie."""
        graphs = list(self.standing.graphs)
        return [*(graphs if native else ()), *(map(naming.exact_of, graphs) if beside and self.standing.beside else ())]

    def _patterns(
        self, subject: NamedNode | None, predicate: NamedNode | None, object: Term | None, graph: GraphName | None
    ) -> Iterator[tuple[Pattern, list[str]]]:
        """What to ask of the server, and of which graphs."""
        native = beside = bool(self.standing.beside)
        if object is not None and self.standing.beside:
            native = exact.is_plain(object)
            beside = not native
            object = object if native else exact.written(object)
        if not self.standing.beside:
            native = True
        if graph is None:
            yield Pattern(subject, predicate, object), self._lying(native=native, beside=beside)
            return
        iri = naming.iri_of(graph)
        if native:
            yield Pattern(subject, predicate, object, iri), [iri]
        if beside:
            yield Pattern(subject, predicate, object, naming.exact_of(iri)), [naming.exact_of(iri)]

    def _read(self, found: Found, wanted: Term | None) -> Quad | None:
        """The quad of the store that a quad of the server is; None where it is only an image of one."""
        iri, subject, predicate, value = found
        graph, beside = naming.graph_of(iri)
        if beside:
            value = exact.read(value) if wanted is None else wanted
        elif self.standing.beside and not exact.is_plain(value):
            return None
        return Quad(subject, predicate, value, graph)

    def graphs(self) -> Iterator[NamedNode | BlankNode]:
        """The named graphs, empty ones too."""
        self._check_open()
        yield from (NamedNode(iri) for iri in list(self.standing.graphs) if iri != naming.DEFAULT)

    def __len__(self) -> int:
        self._check_open()
        if self.standing.beside:
            return sum(1 for _ in self.quads())
        return sum(self._reader.count(graph) for graph in self.standing.graphs)

    # -------------------------------------------------------------- SPARQL

    def dataset(
        self, *, union: bool, default: Sequence[str] | None = None, named: Sequence[str] | None = None
    ) -> Dataset:
        """The graphs of the server for a query: those given, else the default graph (or all) and all named ones."""
        held = self.standing.graphs
        everything = [iri for iri in held if iri != naming.DEFAULT]
        usual = [naming.DEFAULT, *everything] if union else [naming.DEFAULT]
        wanted = (usual if default is None else default), (everything if named is None else named)
        # Nothing that is not the store's; and an empty list would be left out, and the server's own take its place.
        return Dataset(*(tuple(iri for iri in iris if iri in held) or (naming.NOTHING,) for iris in wanted))

    def query(
        self,
        sparql: str,
        *,
        default_graph_as_union: bool = False,
        default_graphs: Sequence[NamedNode] | None = None,
        named_graphs: Sequence[NamedNode] | None = None,
    ) -> Any:
        """The answer to a SPARQL query: rows as dicts from variable to term, a bool, or triples.

        It is parsed here first, so that every server gets the same language and errors are the same. Only for text that
        the guard let through.

        Raises QuerySyntaxError, RemoteStoreError.
        """
        self._check_open()
        form = _form(sparql)
        dataset = self.dataset(
            union=default_graph_as_union,
            default=None if default_graphs is None else [graph.value for graph in default_graphs],
            named=None if named_graphs is None else [graph.value for graph in named_graphs],
        )
        if form == "rows":
            return results.rows(self.server.query(sparql, JSON, dataset))
        if form == "triples":
            body = self.server.query(sparql, NTRIPLES, dataset)
            return [quad.triple for quad in rdf.parse(body, formats.NTRIPLES, file="the server's answer")]
        return results.truth(self.server.query(sparql, JSON, dataset))

    def close(self) -> None:
        """Let go of the connections; closing twice does no harm."""
        self._closed = True
        self.server.close()


def _form(sparql: str) -> str:
    """What answers a query: rows, triples or truth. Raises QuerySyntaxError."""
    answer = OxigraphStore.open(None).query(sparql)
    return "rows" if hasattr(answer, "variables") else "truth" if hasattr(answer, "__bool__") else "triples"
