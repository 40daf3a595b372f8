"""The facade: one method per verb, the same verbs at every door. No algorithm is inside.

open the folder → resolve names → ask one generation → answer frozen values
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, Unpack, get_args

from kgraph import export as exporting
from kgraph import traversal
from kgraph.cursor import CursorSigner, Position
from kgraph.generations import Generations, View
from kgraph.model import (
    Claim,
    Direction,
    Entity,
    Finding,
    LoadReport,
    Neighbourhood,
    NeighbourhoodQuestion,
    Page,
    PathMode,
    PathQuestion,
    Paths,
    SearchResult,
    Source,
    Sources,
    Timeline,
)
from kgraph.namespaces import Namespaces
from kgraph.question import Bounds, LensOptions, Names, Resolver, choice, listed
from kgraph.schema import Schema
from kgraph.settings import Settings
from kgraph.sparql.service import SparqlAnswer, SparqlService
from kgraph.store.folder import DataFolder
from kgraph.store.journal import Commit

if TYPE_CHECKING:
    import networkx
    import rdflib

    from kgraph.ingest.pipeline import Progress

Order = Literal["rank", "label", "distance"]


class KnowledgeGraph:
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
        self._bring_ontology()
        self._generations = Generations(folder, self.namespaces, self.schema)
        self._sparql = SparqlService(folder.store, settings, self.namespaces)

    @classmethod
    def open(cls, folder: Path | str, settings: Settings | None = None, holder: str = "kgraph") -> Self:
        """Open a data folder, made when it is not there.

        `holder` is what a second process is told about this one. Raises FolderBusyError, DamagedError.
        """
        return cls(DataFolder.open(Path(folder), holder), settings or Settings(data=Path(folder)))

    @classmethod
    def read(cls, *paths: Path | str, settings: Settings | None = None) -> Self:
        """A graph in memory, of claim files or RDF files."""
        graph = cls(DataFolder.memory(), settings or Settings())
        graph.load(*paths)
        return graph

    # ------------------------------------------------------------------ asking

    @property
    def generation(self) -> int:
        """The sequence of the last commit."""
        return self._generations.current.generation

    def search(self, q: str, *, type: str | None = None, limit: int = 20, cursor: str | None = None) -> SearchResult:
        """Entities whose label, alias, misprint or slug matches, best first; typos, accents and case are forgiven."""
        view, page = self._page(["search", q, type], limit, cursor)
        class_ = self._resolver(view).class_(type) if type else None
        return view.search.search(q, types=view.catalogue.subtypes(class_) if class_ else frozenset(), page=page)

    def entity(self, id: str, *, limit: int = 100, cursor: str | None = None, **lens: Unpack[LensOptions]) -> Entity:
        """Everything held about one entity; its claims are paged. Raises EntityNotFoundError."""
        view, page = self._page(["entity", id, lens], limit, cursor, lens)
        names = self._resolver(view)
        return traversal.entity(view.catalogue, names.entity(id), names.lens(lens), page=page)

    def neighbourhood(
        self,
        entity: str,
        *,
        hops: int = 1,
        direction: Direction = "both",
        predicate: Names = (),
        type: Names = (),
        limit: int = 100,
        order: Order = "rank",
        cursor: str | None = None,
        **lens: Unpack[LensOptions],
    ) -> Neighbourhood:
        """What stands within `hops` of an entity, each edge with the claims that state it; edges are paged."""
        asked = ["neighbourhood", entity, hops, direction, listed(predicate), listed(type), order, lens]
        view, page = self._page(asked, limit, cursor, lens)
        names = self._resolver(view)
        question = NeighbourhoodQuestion(
            entity=names.entity(entity),
            hops=self._bounds.hops("hops", hops, 0),
            direction=choice("direction", direction, get_args(Direction)),
            predicate=tuple(names.predicate(p) for p in listed(predicate)),
            type=tuple(names.class_(t) for t in listed(type)),
            order=choice("order", order, get_args(Order)),
            lens=names.lens(lens),
        )
        return traversal.neighbourhood(view.catalogue, question, page=page)

    def paths(
        self,
        source: Names,
        target: Names,
        *,
        mode: PathMode = "shortest",
        k: int = 5,
        min_hops: int = 1,
        max_hops: int = 6,
        direction: Direction = "both",
        predicate: Names = (),
        pattern: str | None = None,
        weight: str | None = None,
        avoid: Names = (),
        avoid_type: Names = (),
        via: Names = (),
        avoid_hubs: int | None = None,
        max_edges: int = 1_000_000,
        max_ms: int = 2_000,
        limit: int = 100,
        cursor: str | None = None,
        **lens: Unpack[LensOptions],
    ) -> Paths:
        """How `source` and `target` (or any of several) are connected.

        The verdict is `found`, `none_within` (proven: the search was exhaustive under the bounds) or `stopped`
        (a limit ended it). `source` is the start of the path here; the lens's bound on articles is `article`.
        """
        asked = [mode, k, min_hops, max_hops, direction, pattern, weight, avoid_hubs, max_edges, max_ms, lens]
        several = [listed(n) for n in (source, target, predicate, avoid, avoid_type, via)]
        view, page = self._page(["paths", *several, *asked], limit, cursor, lens)
        names = self._resolver(view)
        edges, ms = self._bounds.work(max_edges, max_ms)
        longest = self._bounds.hops("max_hops", max_hops, 0)
        question = PathQuestion(
            source=names.entities(source),
            target=names.entities(target),
            mode=choice("mode", mode, get_args(PathMode)),
            k=self._bounds.paths(k),
            min_hops=self._bounds.hops("min_hops", min_hops, 0),
            max_hops=longest,
            direction=choice("direction", direction, get_args(Direction)),
            predicate=tuple(names.predicate(p) for p in listed(predicate)),
            pattern=pattern,
            weight=weight,
            avoid=names.entities(avoid),
            avoid_type=tuple(names.class_(t, "avoid_type") for t in listed(avoid_type)),
            via=names.entities(via),
            avoid_hubs=avoid_hubs,
            max_edges=edges,
            max_ms=ms,
            lens=names.lens(lens),
        )
        return traversal.paths(view.catalogue, question, page=page)

    def connect(
        self,
        entities: Sequence[str],
        *,
        max_hops: int = 6,
        max_edges: int = 1_000_000,
        max_ms: int = 2_000,
        **lens: Unpack[LensOptions],
    ) -> Neighbourhood:
        """The small subgraph that connects two or more entities, as a neighbourhood without a centre."""
        view = self._view(lens)
        names = self._resolver(view)
        edges, ms = self._bounds.work(max_edges, max_ms)
        return traversal.connect(
            view.catalogue,
            names.entities(entities),
            max_hops=self._bounds.hops("max_hops", max_hops),
            max_edges=edges,
            max_ms=ms,
            lens=names.lens(lens),
        )

    def timeline(
        self, entity: str, *, limit: int = 100, cursor: str | None = None, **lens: Unpack[LensOptions]
    ) -> Timeline:
        """The dated claims about an entity in order."""
        view, page = self._page(["timeline", entity, lens], limit, cursor, lens)
        names = self._resolver(view)
        return traversal.timeline(view.catalogue, names.entity(entity), names.lens(lens), page=page)

    def claim(self, id: str) -> Claim:
        """One claim whole. Raises ClaimNotFoundError."""
        view = self._generations.current
        return traversal.claim(view.catalogue, self._resolver(view).claim(id))

    def sources(self, *, limit: int = 100, cursor: str | None = None) -> Sources:
        """The articles and claim tables, with counts, hashes, and whom they credit."""
        view, page = self._page(["sources"], limit, cursor)
        return traversal.sources(view.catalogue, page=page)

    def source(self, id: str) -> Source:
        """One article or claim table. Raises SourceNotFoundError."""
        view = self._generations.current
        return traversal.source(view.catalogue, self._resolver(view).source(id))

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
            generation=self.generation,
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
        selection = None
        if entity is not None or set(lens) - {"at", "min_generation"}:
            centre = names.entity(entity) if entity is not None else None
            near = self._bounds.hops("hops", hops, 0)
            selection = traversal.select(view.catalogue, names.lens(lens), centre, near)
        return exporting.export(
            self._generations.quads(view.generation),
            view.catalogue,
            self.namespaces,
            format=format,
            selection=selection,
            lens=names.lens(lens),
            rdf12=rdf12,
        )

    def ontology(self, format: str = "turtle") -> bytes:
        """The ontology: terms and codes."""
        return exporting.document(self.schema.quads, format, self.namespaces)

    def service_description(self, format: str = "turtle", *, endpoint: str = "") -> bytes:
        """What the SPARQL service can do, and its limits."""
        return exporting.document(self._sparql.describe(endpoint), format, self.namespaces)

    def void(self, format: str = "turtle", *, endpoint: str = "") -> bytes:
        """What the graph holds, in VoID: counts, class and property partitions."""
        return exporting.document(self._sparql.void(endpoint), format, self.namespaces)

    def to_rdflib(self) -> rdflib.Dataset:
        """A copy of the graph as an rdflib Dataset whose default graph is the union."""
        from kgraph import rdf

        return rdf.to_rdflib(self._folder.store.quads(), self.namespaces.prefixes)

    def to_networkx(self, **lens: Unpack[LensOptions]) -> networkx.MultiDiGraph[str]:
        """The walked relations as a MultiDiGraph whose edge keys are claim IRIs."""
        view = self._view(lens)
        return traversal.to_networkx(view.catalogue, self._resolver(view).lens(lens))

    # ------------------------------------------------------------------ writing

    def load(
        self,
        *paths: Path | str,
        message: str | None = None,
        author: str | None = None,
        progress: Progress | None = None,
    ) -> LoadReport:
        """Load claim files, seed folders or RDF files as one commit: all of it or, on any error, nothing.

        Loading the same input again changes nothing and makes no commit. Raises InputError and StorageError.
        """
        from kgraph.ingest import pipeline

        with self._writing:
            prepared = pipeline.prepare([Path(p) for p in paths], self._state(), progress=progress)
            if prepared.delta:
                what = message or f"load {', '.join(prepared.files)}"
                self._folder.commit(prepared.delta, author=author or "kgraph", message=what)
                self._generations.publish()
            return prepared.report(generation=self._folder.generation, committed=bool(prepared.delta))

    def validate(self, *paths: Path | str, progress: Progress | None = None) -> LoadReport:
        """All that `load` does but the commit."""
        from kgraph.ingest import pipeline

        prepared = pipeline.prepare([Path(p) for p in paths], self._state(), progress=progress)
        return prepared.report(generation=self.generation, committed=False)

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

    def log(self) -> Iterator[Commit]:
        """The commits, oldest first."""
        return self._folder.journal.commits()

    def doctor(self) -> tuple[Finding, ...]:
        """Verify the journal's hashes, the store against it, and every direct triple against its claim."""
        from kgraph.ingest import validation

        return (*self._folder.doctor(), *validation.check_invariants(self._folder.store, self.schema))

    def close(self) -> None:
        """Give the folder back."""
        self._sparql.close()
        self._folder.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ------------------------------------------------------------------ inside

    def _state(self) -> Any:
        from kgraph.ingest import pipeline

        return pipeline.State(self._folder.store, self.namespaces, self.schema)

    def _bring_ontology(self) -> None:
        """Commit the packaged ontology where the folder has none, or another one."""
        from kgraph.ingest import pipeline

        delta = pipeline.ontology_delta(self._state())
        if delta:
            self._folder.commit(delta, author="kgraph", message=f"ontology {self.schema.version}")

    def _resolver(self, view: View) -> Resolver:
        return Resolver(view, self.namespaces, self.schema)

    def _view(self, lens: LensOptions) -> View:
        return self._generations.at(lens.get("at"), lens.get("min_generation"))

    def _page(
        self, asked: list[object], limit: int, cursor: str | None, lens: LensOptions | None = None
    ) -> tuple[View, Page]:
        """The generation a question is asked of, and the part of its answer: a cursor brings both back."""
        position = self._signer.read(asked, cursor)
        view = self._generations.at(position.generation) if position else self._view(lens or LensOptions())

        def issue(skip: int) -> str:
            return self._signer.issue(asked, Position(view.generation, skip))

        return view, Page(position.skip if position else 0, self._bounds.limit(limit), issue)
