"""The difference between a snapshot and what changes make of it, and the rules of who may change what.

Only what is really there goes, only what is not there comes: what is added and taken away again is no change. A later
operation can look at what the earlier ones have made, in a copy of the snapshot that hard links make cheap.
"""

from __future__ import annotations

import json
import resource
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final, Protocol, TypedDict, Unpack

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, serialize

_DEPTH: Final = 64

Graph = NamedNode | BlankNode | DefaultGraph


class QueryOptions(TypedDict, total=False):
    """What a query is asked with, as pyoxigraph's `Store.query` names it."""

    base_iri: str | None
    prefixes: dict[str, str] | None
    use_default_graph_as_union: bool
    default_graph: Any
    named_graphs: Any


class FarStore(Protocol):
    """A store that another server keeps, as far as changes are worked out on it (`distantbase.py`)."""

    def named_graphs(self) -> Iterable[NamedNode | BlankNode]:
        """The named graphs."""

    def held(self, quads: Iterable[Quad]) -> set[Quad]:
        """Those of some quads that it holds."""

    def quads_for_pattern(self, subject: None, predicate: None, object: None, graph: Graph) -> Iterable[Quad]:
        """The quads of a graph."""

    def query(self, query: str, **options: Unpack[QueryOptions]) -> Any:
        """The solutions of a SELECT."""

    def copied(self) -> Store:
        """A store here with the same quads. Raises UnappliedError where they are too many."""


Base = Store | FarStore


class UnappliedError(Exception):
    """A change that is not made: `status` says which bound or rule, the message says it in words."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status


class Changes:
    """The difference to a snapshot, as it grows from operation to operation."""

    def __init__(self, base: Base, request: Mapping[str, Any]) -> None:
        self._base = base
        self._rules = request
        self._graphs_before = {*base.named_graphs(), *(NamedNode(iri) for iri in request["graphs"])}
        self.graphs: set[Graph] = set(self._graphs_before)
        self.added: dict[Quad, None] = {}
        self.removed: dict[Quad, None] = {}
        self._copy: Store | None = None
        self._unseen: list[tuple[str, list[Quad]]] = []  # what the copy has not been told
        self._owned = {NamedNode(iri) for iri in request["own_graphs"]}

    def seen(self) -> Base:
        """A store that holds what the operations so far have made of the snapshot."""
        if not self._unseen and self._copy is None:
            return self._base
        if self._copy is None:
            self._copy = _copied(self._base, self._rules["scratch"])
        for what, quads in self._unseen:
            if what == "add":
                self._copy.extend(quads)
            else:
                for quad in quads:
                    self._copy.remove(quad)
        self._unseen.clear()
        return self._copy

    def close(self) -> None:
        """Let go of the copy."""
        self._copy = None

    def quads(self, graph: Graph) -> list[Quad]:
        """What a graph holds now. Raises UnappliedError where that is too much for one change."""
        most = self._rules["quads"]
        held = list(islice(self._base.quads_for_pattern(None, None, None, graph), most + 1))
        if len(held) > most:
            raise self.too_much()
        now = [quad for quad in held if quad not in self.removed]
        return now + [quad for quad in self.added if quad.graph_name == graph]

    def change(self, removed: Iterable[Quad], added: Iterable[Quad]) -> None:
        """Take quads away, then add some. Raises UnappliedError for those that nobody may change."""
        added, removed = dict.fromkeys(added), dict.fromkeys(removed)
        for quad in (*removed, *added):
            self.allow(quad.graph_name)
        for quad in added:
            self._allow_terms(quad)
        there = self._there({*removed, *added})
        gone = [quad for quad in removed if quad not in added and quad in there]
        new = [quad for quad in added if quad not in there]
        for quad in gone:
            if quad in self.added:
                del self.added[quad]
            else:
                self.removed[quad] = None
        for quad in new:
            if quad in self.removed:
                del self.removed[quad]
            else:
                self.added[quad] = None
            if not isinstance(quad.graph_name, DefaultGraph):
                self.graphs.add(quad.graph_name)
        self._unseen += [change for change in (("remove", gone), ("add", new)) if change[1]]
        if len(self.added) + len(self.removed) > self._rules["quads"]:
            raise self.too_much()

    def _there(self, quads: set[Quad]) -> set[Quad]:
        """Those of some quads that are there now."""
        before = quads - self.added.keys() - self.removed.keys()
        held = {q for q in before if q in self._base} if isinstance(self._base, Store) else self._base.held(before)
        return held | (quads & self.added.keys())

    def allow(self, graph: Graph) -> None:
        """Raise UnappliedError for a graph that is kgraph's own."""
        if graph in self._owned:
            raise UnappliedError("own graph", _iri(graph))

    def named(self) -> list[Graph]:
        """The named graphs that `ALL` and `NAMED` stand for. Where nothing was loaded that is all of them but those
        that came with the package; raises UnappliedError where something was, and would be lost.
        """
        packaged = {NamedNode(iri) for iri in self._rules["packaged_graphs"]}
        if self._owned & self.graphs - packaged:
            raise UnappliedError("own graph", " ".join(sorted(map(_iri, self._owned & self.graphs))))
        return sorted(self.graphs - self._owned, key=str)

    def _allow_terms(self, quad: Quad) -> None:
        subject, predicate, object_, _ = quad
        rules = self._rules
        if isinstance(subject, NamedNode) and subject.value.startswith(tuple(rules["own_subjects"])):
            raise UnappliedError("own term", f"{subject} is kgraph's own: nothing can be said of it here")
        typed = predicate.value == rules["type"] and isinstance(object_, NamedNode)
        if predicate.value.startswith(rules["kg"]) or (typed and object_.value.startswith(rules["kg"])):
            said = f"{subject} {predicate} {object_}"[:300]
            raise UnappliedError("own term", f"{said}: the terms of kg: are for claims, and claims are loaded")
        for _ in range(_DEPTH):
            if not isinstance(object_, Triple):
                return
            object_ = object_.object
        raise UnappliedError("depth", f"triple terms are nested deeper than {_DEPTH} levels")

    def too_much(self) -> UnappliedError:
        """Why so large a change is not made."""
        return UnappliedError("rows", f"more than {self._rules['quads']:,} quads would change: do it in parts")

    def told(self) -> bytes:
        """The difference: a line of JSON, the quads that go, the quads that come, as N-Quads."""
        removed = serialize(self.removed, format=RdfFormat.N_QUADS) or b""
        added = serialize(self.added, format=RdfFormat.N_QUADS) or b""
        if len(removed) + len(added) > self._rules["bytes"]:
            raise UnappliedError("bytes", f"the change is longer than {self._rules['bytes']:,} bytes: do it in parts")
        header = {
            "removed": len(removed),
            "new": sorted(map(_iri, self.graphs - self._graphs_before)),
            "gone": sorted(map(_iri, self._graphs_before - self.graphs)),
            "filled": sorted({_iri(quad.graph_name) for quad in self.added if quad.graph_name in self.graphs}),
        }
        return json.dumps(header).encode() + b"\n" + removed + added


def _iri(graph: Graph) -> str:
    return "" if isinstance(graph, DefaultGraph) else graph.value


def _copied(store: Base, scratch: str | None) -> Store:
    """A store with the same quads, which may be changed: on the disk by hard links, in memory as a copy."""
    if not isinstance(store, Store):
        return store.copied()
    if scratch is None:
        copy = Store()
        copy.extend(store)
        return copy
    store.backup(scratch)
    return Store(scratch)


@contextmanager
def may_write() -> Iterator[None]:
    """Let this process write files for a while."""
    before, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, hard))
