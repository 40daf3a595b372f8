"""The graph a change is prepared against: its quads, its names, its terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from kgraph.namespaces import Namespaces
from kgraph.rdf import BlankNode, DefaultGraph, NamedNode, Quad, Term, Triple
from kgraph.schema import Schema

Graph = NamedNode | BlankNode | DefaultGraph


class Quads(Protocol):
    """What ingest needs of a store: its quads by pattern."""

    def quads(
        self,
        subject: NamedNode | BlankNode | Triple | None = None,
        predicate: NamedNode | None = None,
        object: Term | None = None,
        graph: Graph | None = None,
    ) -> Iterator[Quad]:
        """The quads that match; None matches everything."""


class Base(Quads, Protocol):
    """The store of a graph, which may be far."""

    def expect(self, subjects: Iterable[str]) -> None:
        """Be told which subjects are asked about next."""


@dataclass(frozen=True, slots=True)
class State:
    """A graph as it stands, to be read only."""

    store: Base
    namespaces: Namespaces
    schema: Schema

    def knows(self, iri: str) -> bool:
        """Whether anything is said of a node."""
        return next(self.store.quads(NamedNode(iri)), None) is not None

    def types(self, node: NamedNode) -> frozenset[str]:
        """The classes of a node."""
        type_ = NamedNode(self.namespaces.expand("rdf:type"))
        return frozenset(q.object.value for q in self.store.quads(node, type_) if isinstance(q.object, NamedNode))
