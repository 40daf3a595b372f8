"""The verbs that ask: names resolved, one generation asked, frozen values answered. No algorithm is inside."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Unpack, get_args

from kgraph import traversal
from kgraph.again import goes_on
from kgraph.cursor import CursorSigner, Position
from kgraph.generations import Generations, View
from kgraph.model import (
    Claim,
    Direction,
    Entity,
    Lens,
    Neighbourhood,
    NeighbourhoodQuestion,
    Page,
    PathMode,
    PathQuestion,
    Paths,
    Progress,
    SearchResult,
    Size,
    Source,
    Sources,
    Timeline,
)
from kgraph.namespaces import Namespaces
from kgraph.question import (
    Bounds,
    LensOptions,
    Names,
    PathLensOptions,
    Resolver,
    choice,
    listed,
    looked_through,
    same_generation,
)
from kgraph.schema import Schema

if TYPE_CHECKING:
    import networkx

Order = Literal["rank", "label", "distance"]


class Verbs:
    """What can be asked of a graph. Every verb takes the lens as keywords (`LensOptions`)."""

    namespaces: Namespaces
    schema: Schema
    _generations: Generations
    _signer: CursorSigner
    _bounds: Bounds
    _telling: traversal.Telling = traversal.VALUES
    """How the nodes and edges of neighbourhoods and paths are handed out."""

    @property
    def spool_folder(self) -> Path | None:
        """Where what is too large for memory may be written on its way out; None for a graph in memory."""
        return self._generations.spool

    @property
    def generation(self) -> int:
        """The sequence of the last commit."""
        return self._generations.current.generation

    @property
    def size(self) -> Size:
        """How many entities and claims there are."""
        columns = self._generations.current.catalogue.columns
        return Size(columns.entities, columns.claims)

    @goes_on
    def search(self, q: str, *, type: str | None = None, limit: int = 20, cursor: str | None = None) -> SearchResult:
        """Entities whose label, alias, misprint or slug matches, best first; typos, accents and case are forgiven."""
        view, page = self._page(["search", q, type], limit, cursor)
        class_ = self._resolver(view).class_(type) if type else None
        return view.search.search(q, types=view.catalogue.subtypes(class_) if class_ else frozenset(), page=page)

    @goes_on
    def entity(self, id: str, *, limit: int = 100, cursor: str | None = None, **lens: Unpack[LensOptions]) -> Entity:
        """Everything held about one entity; its claims are paged. Raises EntityNotFoundError."""
        view, page = self._page(["entity", id], limit, cursor, lens)
        names = self._resolver(view)
        return traversal.entity(view.catalogue, names.entity(id), names.lens(lens), page=page)

    @goes_on
    def neighbourhood(
        self,
        entity: str,
        *,
        hops: int = 1,
        direction: Direction = "both",
        predicate: Names = (),
        type: Names = (),
        max_edges: int = 1_000_000,
        max_ms: int = 2_000,
        limit: int = 100,
        order: Order = "rank",
        cursor: str | None = None,
        **lens: Unpack[LensOptions],
    ) -> Neighbourhood:
        """What stands within `hops` of an entity, each edge with the claims that state it; edges are paged."""
        asked = ["neighbourhood", entity, hops, direction, listed(predicate), listed(type), max_edges, max_ms, order]
        view, page = self._page(asked, limit, cursor, lens)
        names = self._resolver(view)
        edges, ms = self._bounds.work(max_edges, max_ms)
        question = NeighbourhoodQuestion(
            entity=names.entity(entity),
            hops=self._bounds.hops("hops", hops, 0),
            direction=choice("direction", direction, get_args(Direction)),
            predicate=tuple(names.predicate(p) for p in listed(predicate)),
            type=tuple(names.class_(t) for t in listed(type)),
            order=choice("order", order, get_args(Order)),
            max_edges=edges,
            max_ms=ms,
            lens=names.lens(lens),
        )
        return traversal.neighbourhood(view.catalogue, question, page=page, telling=self._telling)

    @goes_on
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
        **lens: Unpack[PathLensOptions],
    ) -> Paths:
        """How `source` and `target` (or any of several) are connected.

        The verdict is `found`, `none_within` (proven: the search was exhaustive under the bounds) or `stopped`
        (a limit ended it). `source` is the start of the path here; the lens's bound on articles is `article`.
        """
        asked = [mode, k, min_hops, max_hops, direction, pattern, weight, avoid_hubs]  # limits change no order
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
        return traversal.paths(view.catalogue, question, page=page, telling=self._telling)

    @goes_on
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

    @goes_on
    def timeline(
        self, entity: str, *, limit: int = 100, cursor: str | None = None, **lens: Unpack[LensOptions]
    ) -> Timeline:
        """The dated claims about an entity in order."""
        view, page = self._page(["timeline", entity], limit, cursor, lens)
        names = self._resolver(view)
        return traversal.timeline(view.catalogue, names.entity(entity), names.lens(lens), page=page)

    def claim(self, id: str) -> Claim:
        """One claim whole. Raises ClaimNotFoundError."""
        view = self._generations.current
        return traversal.claim(view.catalogue, self._resolver(view).claim(id))

    @goes_on
    def sources(self, *, limit: int = 100, cursor: str | None = None) -> Sources:
        """The articles and claim tables, with counts, hashes, and whom they credit."""
        view, page = self._page(["sources"], limit, cursor)
        return traversal.sources(view.catalogue, page=page)

    def source(self, id: str) -> Source:
        """One article or claim table. Raises SourceNotFoundError."""
        view = self._generations.current
        return traversal.source(view.catalogue, self._resolver(view).source(id))

    def warm(self, progress: Progress | None = None) -> None:
        """Load what the first question would wait for: on a large graph the kernels, which are compiled at the first
        time on a machine."""
        if progress:
            progress("load kernels", 0, None)
        traversal.compile_lens(self._generations.current.catalogue, Lens())

    def generation_at(self, at: int | str | None = None, min_generation: int | None = None) -> int:
        """The generation that a lens with these asks. Raises GenerationGoneError."""
        return self._generations.at(at, min_generation).generation

    def to_networkx(self, **lens: Unpack[LensOptions]) -> networkx.MultiDiGraph[str]:
        """The walked relations as a MultiDiGraph whose edge keys are claim IRIs."""
        view = self._view(lens)
        return traversal.to_networkx(view.catalogue, self._resolver(view).lens(lens))

    def _resolver(self, view: View) -> Resolver:
        return Resolver(view, self.namespaces, self.schema)

    def _view(self, lens: PathLensOptions) -> View:
        return self._generations.at(lens.get("at"), lens.get("min_generation"))

    def _page(
        self, asked: list[object], limit: int, cursor: str | None, lens: PathLensOptions | None = None
    ) -> tuple[View, Page]:
        """The generation a question is asked of, and the part of its answer: a cursor brings both back."""
        lens = lens or {}
        asked = [*asked, looked_through(lens)]
        position = self._signer.read(asked, cursor)
        if position:
            same_generation(lens, position.generation)
        view = self._generations.at(position.generation) if position else self._view(lens)

        def issue(skip: int) -> str:
            return self._signer.issue(asked, Position(view.generation, skip))

        return view, Page(position.skip if position else 0, self._bounds.limit(limit), issue)
