"""The facade: one method per verb, the same verbs at every door. No algorithm is inside.

open the folder → resolve names → ask one generation → answer frozen values
"""

from __future__ import annotations

import functools
import operator
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self, Unpack

from kgraph import export as exporting
from kgraph import traversal
from kgraph.atonce import AtOnce
from kgraph.cursor import CursorSigner
from kgraph.errors import StorageError
from kgraph.generations import Generations
from kgraph.model import Finding, LoadReport, Progress, Source
from kgraph.namespaces import Namespaces
from kgraph.question import Bounds, LensOptions, Names, listed
from kgraph.schema import Schema
from kgraph.settings import Settings
from kgraph.sparql.service import SparqlAnswer, SparqlService
from kgraph.store.base import Delta
from kgraph.store.folder import DataFolder
from kgraph.store.journal import Commit
from kgraph.verbs import Verbs

if TYPE_CHECKING:
    import rdflib

    from kgraph.ingest.pipeline import Prepared
    from kgraph.ingest.state import State
    from kgraph.ingest.table import TableOptions
    from kgraph.store.claimtable import ClaimTable


class KnowledgeGraph(Verbs):
    """A graph of attributed claims in one data folder.

    Names are IRIs, CURIEs (`id:ioc`) or bare slugs (`ioc`). Every reading verb takes the lens as keywords
    (`LensOptions`). Methods may be called from several threads; writing is one at a time.
    """

    def __init__(self, folder: DataFolder, settings: Settings) -> None:
        self.settings = settings
        self.namespaces = Namespaces.load(settings.base_iri)
        self.schema = Schema.load(self.namespaces)
        self._folder = folder
        self._writing = threading.Lock()
        self._signer = CursorSigner(folder.secret)
        self._bounds = Bounds(settings)
        if folder.generation == 0:
            self._commit_ontology()
        self._generations = Generations(folder, self.namespaces, self.schema)
        self.at_once = AtOnce(self)
        self._sparql = SparqlService(folder.store, settings, self.namespaces)

    @classmethod
    def open(
        cls,
        folder: Path | str,
        settings: Settings | None = None,
        holder: str = "kgraph",
        address: str | None = None,
    ) -> Self:
        """Open a data folder, made when it is not there.

        `holder` is the command, and `address` the URL, a second process is told of. One who has an address serves
        the folder, and brings its ontology up to the packaged one. Raises FolderBusyError, DamagedError, and
        StorageError where the folder's base IRI is not the one that is set.
        """
        settings = settings or Settings(data=Path(folder))
        opened = DataFolder.open(Path(folder), holder, address, settings.base_iri)
        try:
            graph = cls(opened, settings)
            if address is not None:
                graph.bring_ontology()
            return graph  # noqa: TRY300
        except BaseException:
            opened.close()
            raise

    @classmethod
    def read(cls, *paths: Path | str, settings: Settings | None = None) -> Self:
        """A graph in memory, of claim files or RDF files."""
        graph = cls(DataFolder.memory(), settings or Settings())
        graph.load(*paths)
        return graph

    # ------------------------------------------------------------------ asking in SPARQL

    def sparql(
        self,
        query: str,
        *,
        format: str | None = None,
        default_graph_uri: Names = (),
        named_graph_uri: Names = (),
    ) -> SparqlAnswer:
        """The answer of a SPARQL 1.1 query as bytes. Updates, SERVICE and LOAD are refused.

        Raises QuerySyntaxError, QueryRefusedError, LimitError.
        """
        return self._sparql.query(
            query,
            format=format,
            default_graph_uri=listed(default_graph_uri),
            named_graph_uri=listed(named_graph_uri),
        )

    # ------------------------------------------------------------------ taking away

    def export(
        self,
        format: str = "turtle",
        *,
        entity: str | None = None,
        hops: int = 1,
        rdf12: bool = False,
        **lens: Unpack[LensOptions],
    ) -> Iterator[bytes]:
        """The graph as a file, in pieces. A lens or an entity narrows it to the claims seen through them.

        Turtle is sorted and stable: loaded into an empty graph and exported again it is the same bytes.
        """
        view = self._view(lens)
        names = self._resolver(view)
        selection = centre = None
        if entity is not None or set(lens) - {"at", "min_generation"}:
            centre = None if entity is None else names.entity(entity)
            near = self._bounds.hops("hops", hops, 0)
            selection = traversal.select(view.catalogue, names.lens(lens), centre, near)
        return exporting.export(
            self._needed(view, selection, centre),
            view.catalogue,
            self.namespaces,
            format=format,
            selection=selection,
            lens=names.lens(lens),
            rdf12=rdf12,
            centre=centre,
        )

    def ontology(self, format: str = "turtle") -> bytes:
        """The ontology: terms and codes."""
        return exporting.document(self.schema.quads, format, self.namespaces)

    def service_description(self, format: str = "turtle", *, endpoint: str = "") -> bytes:
        """What the SPARQL service can do, and its limits."""
        return exporting.document(self._sparql.describe(endpoint), format, self.namespaces)

    def void(self, format: str = "turtle", *, endpoint: str = "") -> bytes:
        """What the graph holds, in VoID: counts, class and property partitions."""
        with self._folder.reading():
            described = self._sparql.void(endpoint)
        return exporting.document(described, format, self.namespaces)

    def to_rdflib(self) -> rdflib.Dataset:
        """A copy of the graph as an rdflib Dataset whose default graph is the union."""
        from kgraph import rdf

        return rdf.to_rdflib(self._generations.quads(self.generation), self.namespaces.prefixes)

    # ------------------------------------------------------------------ writing

    def load(
        self,
        *paths: Path | str,
        message: str | None = None,
        author: str | None = None,
        progress: Progress | None = None,
        **tables: Unpack[TableOptions],
    ) -> LoadReport:
        """Load claim files, seed folders or RDF files as one commit: all of it or, on any error, nothing.

        Loading the same input again changes nothing and makes no commit. An ontology in the folder that is not the
        packaged one is renewed by the same commit. Claim tables come after it, a commit each. Raises InputError and
        StorageError; where the error says that the commit is safe in the journal, it counts.
        """
        from kgraph.ingest import pipeline, table

        with self._writing:
            self._folder.catch_up()
            claim_tables, others = table.sorted_out(paths)
            what = message or f"load {', '.join(map(str, others))}"
            report = None
            if others or not claim_tables:
                prepared = pipeline.prepare(others, self._state(), progress=progress)
                ontology = pipeline.ontology_delta(self._state())
                committed = self._commit(_together(ontology, prepared.delta), author or "kgraph", what)
                report = _report(prepared, self._folder.generation, committed=committed)
            for path in claim_tables:
                self._commit_ontology()
                options: TableOptions = {"refused": path.with_suffix(".refused.csv"), **tables}
                found = table.prepare(path, self._state(), self._folder.journal, progress, **options)
                if found.table is not None:
                    self._commit_table(found.table, author or "kgraph", message or f"load {path}")
                done = replace(found.report, generation=self._folder.generation, committed=found.table is not None)
                report = done if report is None else report + done
            assert report is not None
            return report

    def validate(
        self, *paths: Path | str, progress: Progress | None = None, **tables: Unpack[TableOptions]
    ) -> LoadReport:
        """All that `load` does but the commit. Each claim table is held against the graph as it is."""
        from kgraph.ingest import pipeline, table

        with self._writing:
            self._folder.catch_up()
            claim_tables, others = table.sorted_out(paths)
            reports = []
            if others or not claim_tables:
                prepared = pipeline.prepare(others, self._state(), progress=progress)
                reports.append(_report(prepared, self.generation, committed=False))
            for path in claim_tables:
                found = table.prepare(path, self._state(), self._folder.journal, progress, **tables)
                reports.append(found.report)
            return functools.reduce(operator.add, reports)

    def load_plain(
        self,
        *paths: Path | str,
        graph: str | None = None,
        message: str | None = None,
        author: str | None = None,
        progress: Progress | None = None,
    ) -> LoadReport:
        """Load triples without claims, each file as a commit of its own: nothing is checked but the syntax.

        They go to the graph of that IRI, or to one named by their file's hash, and are walked only under
        `include=unattributed`. N-Triples and N-Quads may be of any length. Raises InputError for terms of kgraph's own,
        ParameterError for a graph that is, and StorageError as `load` does.
        """
        from kgraph.ingest import plain

        with self._writing:
            self._folder.catch_up()
            reports = []
            for path in map(Path, paths):
                with self._folder.scratch() as scratch:
                    report = plain.write(path, scratch / "lines.nq", graph, self._state(), progress)
                    if report.added:
                        what = message or f"load {path} without claims"
                        self._commit_lines(scratch / "lines.nq", report.added, author or "kgraph", what)
                done = replace(report, committed=bool(report.added), generation=self._folder.generation)
                reports.append(done)
            return functools.reduce(operator.add, reports)

    def bring_ontology(self) -> None:
        """Commit the packaged ontology where the folder has another one. Reading never does."""
        with self._writing:
            self._folder.catch_up()
            self._commit_ontology()

    def attach(self, text: Path | str, source: str | None = None) -> Source:
        """Bind a source's text on this machine, so that evidence shows its passage. It is never exported.

        The text's hash finds its source; with `source` it must be that one's. Raises TextMismatchError.
        """
        from kgraph.ingest import attaching

        names = self._resolver(self._generations.current)
        wanted = names.source(source) if source else None
        with self._writing:
            iri = attaching.attach(self._folder, self._generations.current.catalogue.articles, Path(text), wanted)
            self._generations.publish()
        return self.source(iri)

    # ------------------------------------------------------------------ operating

    @property
    def is_empty(self) -> bool:
        """Whether nothing was loaded: there is no more than the ontology."""
        own = [self.namespaces.graph(name) for name in ("ontology", "notes")]
        return all(graph.value in own for graph in self._folder.store.graphs())

    def log(self) -> Iterator[Commit]:
        """The commits, oldest first."""
        return self._folder.journal.commits()

    def doctor(self) -> tuple[Finding, ...]:
        """Verify the journal's hashes, the store against it, and every direct triple against its claim."""
        from kgraph.ingest.validation import Judge

        held = [*self._folder.doctor(), *self._generations.check()]
        judge = Judge(self.namespaces, self.schema, {})
        try:
            with self._folder.reading() as (_, quads):
                many = self._folder.is_large and not isinstance(quads, set)
                broken = judge.broken_in(self._folder.store) if many else judge.broken_invariants(quads)
        except StorageError as error:
            return (*held, Finding("invariants", False, error.detail))
        holds = Finding("invariants", True, "every direct triple has its claim, every claim what it speaks of")
        return (*held, *(Finding("invariants", False, str(v)) for v in broken), *([] if broken else [holds]))

    def close(self) -> None:
        """Give the folder back."""
        self._sparql.close()
        self._generations.close()
        self._folder.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ------------------------------------------------------------------ inside

    def _state(self) -> State:
        from kgraph.ingest.state import State

        return State(self._folder.store, self.namespaces, self.schema)

    def _commit_ontology(self) -> None:
        from kgraph.ingest.packaged import ontology_delta

        self._commit(ontology_delta(self._state()), "kgraph", f"ontology {self.schema.version}")

    def _commit_table(self, table: ClaimTable, author: str, message: str) -> None:
        """Commit the claims of a table, and publish them: also where they count though the store could not follow."""
        with self._publishing():
            self._folder.commit_table(table, author=author, message=message)

    def _commit_lines(self, lines: Path, count: int, author: str, message: str) -> None:
        """The same for a file of N-Quads."""
        with self._publishing():
            self._folder.commit_lines(lines, count, author=author, message=message)

    @contextmanager
    def _publishing(self) -> Iterator[None]:
        before = self._folder.generation
        try:
            yield
        finally:
            if self._folder.generation != before:
                self._generations.publish()

    def _commit(self, delta: Delta, author: str, message: str) -> bool:
        """Commit what there is to commit, and publish it: also where it counts though the store could not follow."""
        if not delta:
            return False
        before = self._folder.generation
        try:
            self._folder.commit(delta, author=author, message=message)
        finally:
            if before and self._folder.generation != before:
                self._generations.publish()
        return True


def _together(one: Delta, other: Delta) -> Delta:
    """Two changes of the same graph as one."""
    return Delta(
        tuple(dict.fromkeys((*one.added, *other.added))),
        tuple(dict.fromkeys((*one.removed, *other.removed))),
        (*one.created, *other.created),
        (*one.dropped, *other.dropped),
    )


def _report(prepared: Prepared, generation: int, *, committed: bool) -> LoadReport:
    return LoadReport(
        committed=committed,
        generation=generation,
        entities=prepared.entities,
        claims=prepared.claims,
        added=len(prepared.delta.added),
        removed=len(prepared.delta.removed),
        unchanged=prepared.unchanged,
        conflicts=prepared.conflicts,
        rewrites=prepared.rewrites,
        skolemised=prepared.skolemised,
        files=prepared.files,
        warnings=tuple(str(w) for w in prepared.warnings),
    )
