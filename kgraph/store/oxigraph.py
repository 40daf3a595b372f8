"""Quads in Oxigraph, on disk or in memory.

On disk a store is a folder of two things: `oxigraph/`, the engine's own files, and `generation.json`, a sidecar
(`sidecar.py`) that is written after the engine has flushed. What the sidecar says is in the
store is there; the store may hold more (a change whose sidecar was not reached), which taking it again repairs.
Without `sync` the sidecar is written now and then, and at closing.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Final, cast

import pyoxigraph
from pyoxigraph import RdfFormat

from kgraph.errors import DamagedError, QuerySyntaxError, StorageError
from kgraph.rdf import BlankNode, NamedNode, Quad, Term, Triple
from kgraph.store import sidecar
from kgraph.store.base import Delta, GraphName
from kgraph.store.engineinput import Feed, update
from kgraph.store.translating import translated

BULK = 50_000
_RARELY: Final = 100
"""Without `sync`: commits after which the engine's memory is put into files all the same."""
_ENGINE_ERRORS: Final = (OSError, RuntimeError)
_PLACE = re.compile(r"error at (\d+):(\d+): ", re.DOTALL)


class OxigraphStore:
    """A `KeptStore`. Not to be opened twice: the data folder's lock sees to that."""

    is_near = True

    def __init__(self, folder: Path | None, *, sync: bool = True) -> None:
        self._folder = folder
        self._sync = sync
        self._settled = 0
        self._engine: pyoxigraph.Store | None = None
        self._generation = 0
        self._mark = ""
        self._writable = False
        self._exact = True
        self._changing = threading.Lock()  # a snapshot is of one generation, not of the middle of a change

    @classmethod
    def open(cls, folder: Path | None = None) -> OxigraphStore:
        """The store in a folder (made where there is none), or an empty one in memory.

        Raises FolderBusyError where another process has its files open, DamagedError where the engine refuses them.
        """
        store = cls(folder)
        store.reopen()
        return store

    def reopen(self) -> None:
        """Open the files again, as the engine wants it after a write that failed. A store in memory starts empty.

        Raises what `open` raises; what the files hold can then still be read, unless they are damaged.
        """
        self._engine, self._writable = None, False
        if self._folder is None:
            self._engine, self._generation, self._mark = pyoxigraph.Store(), 0, ""
            self._writable = self._exact = True
            return
        database = self._folder / sidecar.DATABASE
        sidecar.check(self._folder)
        try:
            existed = (database / "CURRENT").is_file()
            database.mkdir(parents=True, exist_ok=True)
            for orphan in database.glob("bulk-*.sst"):  # left by a bulk load that was killed; never read again
                orphan.unlink()
            self._engine = pyoxigraph.Store(database)
        except _ENGINE_ERRORS as error:
            refused = translated(error, f"the store {self._folder} does not open", opening=True)
            if not isinstance(refused, DamagedError):
                with contextlib.suppress(*_ENGINE_ERRORS):
                    self._engine = pyoxigraph.Store.read_only(str(database))
            raise refused from error
        self._generation, self._mark = sidecar.read(self._folder) if existed else (0, "")
        self._settled = self._generation
        if existed and self._generation == 0:
            self.clear()
        elif existed:
            with contextlib.suppress(OSError):  # then nothing is known of the new manifest that the engine has begun
                sidecar.write(self._folder, self._generation, self._mark)
        self._writable = True

    @property
    def generation(self) -> int:
        """Sequence of the last commit that is wholly in the store; 0 for a new one."""
        return self._generation

    @property
    def mark(self) -> str:
        """Hash of that commit, as it was handed to `apply`."""
        return self._mark

    @property
    def writable(self) -> bool:
        """Whether it takes changes; once one has failed, only after `reopen`."""
        return self._writable

    @property
    def exact(self) -> bool:
        """Whether the quads are those of `generation`, and not partly those of a change that failed."""
        return self._exact

    @property
    def folder(self) -> Path | None:
        """Where the store is, None for memory."""
        return self._folder

    def _open_engine(self) -> pyoxigraph.Store:
        if self._engine is None:
            raise StorageError("the store is closed")
        return self._engine

    def apply(self, delta: Delta, generation: int, mark: str = "") -> None:
        """Take a change and put it on the disk. Small changes are one transaction, large ones a bulk load.

        Raises StorageFullError or StorageError; the generation then stays what it was.
        """
        self._take(lambda: self._change(delta, generation), generation, mark)

    def load(self, lines: Iterable[bytes], generation: int, mark: str = "") -> None:
        """Take a change that only adds, in bounded memory: a bulk load of N-Quads, in pieces of whole lines.

        Raises as `apply` does; taking it again makes whole what was left of it.
        """
        self._take(lambda: self._bulk_load(lines, generation), generation, mark)

    def _take(self, change: Callable[[], None], generation: int, mark: str) -> None:
        with self._changing:
            try:
                change()
                self._settle(generation, mark)
            except StorageError:
                self._writable = False
                raise

    def _bulk_load(self, lines: Iterable[bytes], generation: int) -> None:
        engine = self._open_engine()
        self._exact = False
        try:
            engine.bulk_load(cast("IO[bytes]", Feed(lines)), RdfFormat.N_QUADS)
        except (*_ENGINE_ERRORS, SyntaxError) as error:
            raise translated(error, f"the store did not take generation {generation}") from error
        finally:
            del engine  # as in `_change`

    def _change(self, delta: Delta, generation: int) -> None:
        engine = self._open_engine()
        try:
            if len(delta.added) + len(delta.removed) <= BULK:
                if delta.removed or delta.dropped or delta.created:
                    engine.update(update(delta))
                else:
                    engine.extend(delta.added)
            else:
                self._exact = False
                for graph in delta.dropped:
                    engine.remove_graph(graph)
                for quad in delta.removed:
                    engine.remove(quad)
                for graph in delta.created:
                    engine.add_graph(graph)
                engine.bulk_extend(delta.added)
        except _ENGINE_ERRORS as error:
            raise translated(error, f"the store did not take generation {generation}") from error
        finally:
            del engine  # a caught error keeps this frame, and the frame would keep the files' lock from `reopen`

    def _settle(self, generation: int, mark: str) -> None:
        self._exact = False
        if self._folder is not None and (self._sync or generation >= self._settled + _RARELY or not generation):
            self.flush()
            try:
                sidecar.write(self._folder, generation, mark)
            except _ENGINE_ERRORS as error:
                raise translated(error, f"the store did not settle at generation {generation}") from error
            self._settled = generation
        self._generation, self._mark, self._exact = generation, mark, True

    def expect(self, subjects: Iterable[str]) -> None:
        """Nothing is far here."""

    def quads(
        self,
        subject: NamedNode | BlankNode | Triple | None = None,
        predicate: NamedNode | None = None,
        object: Term | None = None,
        graph: GraphName | None = None,
    ) -> Generator[Quad, None, None]:
        """The quads that match; None matches everything.

        Raises DamagedError where the files cannot be read.
        """
        try:
            # By a name: ended in another thread while nothing but this frame's stack has it, it ends the process.
            found = self._open_engine().quads_for_pattern(subject, predicate, object, graph)
            yield from found
        except _ENGINE_ERRORS as error:
            raise translated(error, "the store cannot be read") from error

    def graphs(self) -> Iterator[NamedNode | BlankNode]:
        """The named graphs, empty ones too."""
        yield from self._open_engine().named_graphs()

    def query(
        self,
        sparql: str,
        *,
        default_graph_as_union: bool = False,
        default_graphs: Sequence[NamedNode] | None = None,
        named_graphs: Sequence[NamedNode] | None = None,
    ) -> Any:
        """The engine's own answer (`QuerySolutions`, `QueryTriples`, `QueryBoolean`) to a SPARQL query.

        It has no deadline and a hostile text ends the process: only for text the guard let through.

        Raises QuerySyntaxError, DamagedError.
        """
        try:
            return self._open_engine().query(
                sparql,
                use_default_graph_as_union=default_graph_as_union,
                default_graph=None if default_graphs is None else list(default_graphs),
                named_graphs=None if named_graphs is None else list(named_graphs),
            )
        except SyntaxError as error:
            message = str(error.msg)
            found = _PLACE.search(message)
            line = int(found[1]) if found else None
            text = sparql.splitlines()[line - 1] if line and line <= len(sparql.splitlines()) else None
            column = int(found[2]) if found else None
            raise QuerySyntaxError(_PLACE.sub("", message), line, column, text) from error
        except _ENGINE_ERRORS as error:
            raise translated(error, "the query cannot be answered") from error

    def snapshot(self, folder: Path) -> int:
        """Make a hard-linked copy for readers, to be opened with pyoxigraph, and return the generation it is of.

        It is never of the middle of a change; `folder` must not be there yet.

        Raises StorageError for a store in memory or one with half a change, StorageFullError.
        """
        if self._folder is None:
            raise StorageError("a store in memory has no files to copy")
        try:
            with self._changing:
                if not self._exact:
                    raise StorageError("the store has half of its last change; it answers when it has all")
                self._open_engine().backup(folder)
                return self._generation
        except _ENGINE_ERRORS as error:
            raise translated(error, f"no snapshot could be made at {folder}") from error

    def dump(self) -> bytes:
        """All quads as N-Quads, unsorted: how a store in memory reaches another process."""
        with self._changing:
            return self._open_engine().dump(format=RdfFormat.N_QUADS) or b""

    def clear(self) -> None:
        """Forget everything: no quads, generation 0."""
        try:
            with self._changing:
                if self._folder is not None:
                    (self._folder / sidecar.NAME).unlink(missing_ok=True)
                self._open_engine().clear()
                self._settle(0, "")
        except _ENGINE_ERRORS as error:
            raise translated(error, "the store could not be cleared") from error

    def flush(self) -> None:
        """Put on the disk what is still in memory."""
        try:
            if self._folder is not None:
                self._open_engine().flush()
        except _ENGINE_ERRORS as error:
            raise translated(error, "the store could not be flushed") from error

    def close(self) -> None:
        """Let go of the files; closing twice does no harm."""
        if self._engine is not None and self._writable and self._exact and self._settled != self._generation:
            with contextlib.suppress(StorageError):  # what the sidecar does not say is taken again
                self._sync = True
                self._settle(self._generation, self._mark)
        self._engine = None

    def __len__(self) -> int:
        return len(self._open_engine())
