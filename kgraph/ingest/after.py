"""The graph as it will stand after a change that is not made yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kgraph.ingest.state import Graph, Quads
from kgraph.rdf import BlankNode, NamedNode, Quad, Term, Triple, sort_key
from kgraph.store.base import Delta
from kgraph.store.oxigraph import OxigraphStore


class After:
    """A base and a change to it. Only what the base lacks is added; only what it has is removed."""

    def __init__(self, base: Quads) -> None:
        self._base = base
        self._added = OxigraphStore.open(None)
        self._removed: set[Quad] = set()

    def in_base(self, quad: Quad) -> bool:
        """Whether the base has a quad."""
        return next(self._base.quads(*quad), None) is not None

    def add(self, quads: Iterable[Quad]) -> int:
        """Add quads; answers how many the base had already."""
        new: list[Quad] = []
        had = 0
        for quad in dict.fromkeys(quads):
            self._removed.discard(quad)
            if self.in_base(quad):
                had += 1
            else:
                new.append(quad)
        self._added.apply(Delta(added=tuple(new)), 0)
        return had

    def remove(self, quads: Iterable[Quad]) -> None:
        """Remove quads of the base."""
        self._removed.update(quads)

    def quads(
        self,
        subject: NamedNode | BlankNode | Triple | None = None,
        predicate: NamedNode | None = None,
        object: Term | None = None,
        graph: Graph | None = None,
    ) -> Iterator[Quad]:
        """The quads that will match after the change."""
        for quad in self._base.quads(subject, predicate, object, graph):
            if quad not in self._removed:
                yield quad
        yield from self._added.quads(subject, predicate, object, graph)

    def delta(self) -> Delta:
        """The change, sorted."""
        return Delta(tuple(sorted(self._added.quads(), key=sort_key)), tuple(sorted(self._removed, key=sort_key)))
