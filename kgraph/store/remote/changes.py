"""Changes as SPARQL updates, in pieces that a server takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from kgraph import rdf
from kgraph.rdf import Literal, NamedNode, Quad
from kgraph.store.remote import exact, naming

MOST_QUADS: Final = 1_000
MOST_BYTES: Final = 500_000
"""Of one INSERT DATA or DELETE DATA; a single longer quad goes alone."""


def sent(quad: Quad, *, beside: bool) -> Iterator[Quad]:
    """The quads by which a quad of the store lies on the server; `beside`: where that changes what is not plain."""
    graph = naming.iri_of(quad.graph_name)
    if not beside or exact.is_plain(quad.object):
        yield Quad(quad.subject, quad.predicate, quad.object, NamedNode(graph))
        return
    if exact.has_image(quad.object):
        yield Quad(quad.subject, quad.predicate, quad.object, NamedNode(graph))
    yield Quad(quad.subject, quad.predicate, exact.written(quad.object), NamedNode(naming.exact_of(graph)))


def insert(quads: Iterable[Quad]) -> Iterator[str]:
    """The updates that add quads, which lie in named graphs."""
    return (f"INSERT DATA {{ {data} }}" for data in _pieces(quads))


def delete(quads: Iterable[Quad]) -> Iterator[str]:
    """The updates that take quads away."""
    return (f"DELETE DATA {{ {data} }}" for data in _pieces(quads))


def drop(iri: str) -> str:
    """The update that takes a graph away with all it holds."""
    return f"DROP SILENT GRAPH {NamedNode(iri)}"


def state(text: str) -> Quad:
    """The quad that says at which generation the store is."""
    return _own(naming.STATE, Literal(text))


def of_graph(iri: str) -> Quad:
    """The quad that says that a graph of the server is the store's."""
    return _own(naming.GRAPH, NamedNode(iri))


def terms(kept: str) -> Quad:
    """The quad that says how terms are kept on this server."""
    return _own(naming.TERMS, Literal(kept))


def _own(predicate: str, value: NamedNode | Literal) -> Quad:
    own = NamedNode(naming.OWN)
    return Quad(own, NamedNode(predicate), value, own)


def _pieces(quads: Iterable[Quad]) -> Iterator[str]:
    """Quads in pieces of one graph each: Virtuoso leaves some of them out where a DELETE DATA names several."""
    held: dict[str, list[Quad]] = defaultdict(list)
    sizes: dict[str, int] = defaultdict(int)
    for quad in quads:
        graph = str(quad.graph_name)
        length = len(quad.object.value) + 200 if isinstance(quad.object, Literal) else 300
        if held[graph] and (len(held[graph]) >= MOST_QUADS or sizes[graph] + length > MOST_BYTES):
            yield _data(graph, held.pop(graph))
            sizes[graph] = 0
        held[graph].append(quad)
        sizes[graph] += length
    for graph, rest in held.items():
        yield _data(graph, rest)


def _data(graph: str, quads: list[Quad]) -> str:
    return f"GRAPH {graph} {{\n{rdf.nquads(Quad(*quad.triple) for quad in quads).decode()}}}"
