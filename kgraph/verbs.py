"""The verbs that ask: names resolved, one generation asked, frozen values answered. No algorithm is inside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Unpack, get_args

from kgraph import export as exporting
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
from kgraph.rdf import Quad
from kgraph.schema import Schema

if TYPE_CHECKING:
    import networkx

Order = Literal["rank", "label", "distance"]
_READ_ONE_BY_ONE = 50_000
"""Of so many things what is said of each is looked up; of more the whole graph is read."""


def _recorded(held: traversal.Catalogue, iri: str) -> bool:
    """Whether a thing is one of the records that stand beside entities, claims and sources."""
    return any(iri in them for them in (held.spans, held.times, held.quantities, held.mentions, held.notes))


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

    def kind(self, id: str) -> Literal["claim", "source", "entity", "thing"]:
        """The verb that answers for a name; `thing` where only `describe` does. Raises EntityNotFoundError."""
        view = self._generations.current
        held, iri = view.catalogue, self.namespaces.expand(id)
        if iri in held.claims:
            return "claim"
        if iri in held.articles:
            return "source"
        if iri in held.nodes:
            return "entity"
        if not _recorded(held, iri) and not self._is_named_only(view, iri):
            self._resolver(view).entity(iri)  # raises, with what comes close
        return "thing"

    def describe(
        self, id: str, format: str = "turtle", *, hops: int = 1, **lens: Unpack[LensOptions]
    ) -> Iterator[bytes]:
        """One thing in RDF, in pieces: an entity with what stands within `hops`, a claim with what it needs to be read,
        anything else (a source, passage, mention, note, period, number, curator) with what is said of it.

        Raises EntityNotFoundError for a name that nothing in the graph has.
        """
        view = self._view(lens)
        held, names, iri = view.catalogue, self._resolver(view), self.namespaces.expand(id)
        selection: frozenset[str] = frozenset()
        if iri in held.claims:
            selection = frozenset({iri})
        elif iri in held.nodes and iri not in held.articles and not _recorded(held, iri):
            near = self._bounds.hops("hops", hops, 0)
            selection = traversal.select(held, names.lens(lens), iri, near)
        elif self._is_named_only(view, iri):
            said = exporting.about(self._generations.about(view.generation, iri), iri)
            return iter([exporting.document(said, format, self.namespaces)])
        elif iri not in held.articles and not _recorded(held, iri):
            names.entity(id)  # raises, with what comes close
        where = self.spool_folder
        with self._needed(view, selection, iri) as quads:
            return exporting.export(
                quads, held, self.namespaces, format=format, selection=selection, centre=iri, folder=where
            )

    def _needed(
        self, view: View, selection: frozenset[str] | None, centre: str | None
    ) -> AbstractContextManager[Iterable[Quad]]:
        """The quads that a file of some claims is made of; all there are for all claims."""
        if selection is None:
            return self._generations.quads(view.generation)
        subjects = exporting.needed(view.catalogue, self.namespaces, selection, centre)
        if len(subjects) > _READ_ONE_BY_ONE:
            return self._generations.quads(view.generation)
        return nullcontext(chain.from_iterable(self._generations.described(view.generation, subjects).values()))

    def _is_named_only(self, view: View, iri: str) -> bool:
        """Whether a name is one of our own that is spoken of and nowhere described, such as the curator's."""
        held = view.catalogue
        ours = iri.startswith(self.namespaces.id) and self.namespaces.is_iri(iri)
        if not ours or iri in held.claims or iri in held.nodes or _recorded(held, iri):
            return False
        return bool(self._generations.about(view.generation, iri))

    def concept(self, code: str, format: str = "turtle") -> bytes:
        """What the ontology says of a code or a scheme of codes, and which codes a scheme has."""
        quads = exporting.about(self.schema.quads, f"{self.namespaces.kgs}{code}")
        return exporting.document(quads, format, self.namespaces)

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
