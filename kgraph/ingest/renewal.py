"""Entities that are described anew: the new name and class stand, the old name stays as a variant."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator
from dataclasses import dataclass

from kgraph.ingest.state import State
from kgraph.rdf import Literal, NamedNode, Quad


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a new description replaces in the graph, and what of the old one is kept in another place."""

    replaced: tuple[Quad, ...]
    kept: tuple[Quad, ...]


def renewal(quads: Collection[Quad], described: Container[str], state: State) -> Renewal:
    """Compare entities in `quads` with the graph.

    An entity has one preferred label: another one makes the old one an alternative label, so that it is still found.
    A claim file (whose entities are `described`) also says the class; RDF only adds one.
    """
    graph = NamedNode(state.namespaces.graph("entities"))
    expand = state.namespaces.expand
    label, variant, type_ = (NamedNode(expand(name)) for name in ("skos:prefLabel", "skos:altLabel", "rdf:type"))
    replaced: list[Quad] = []
    kept: list[Quad] = []

    def held(quad: Quad, predicate: NamedNode) -> Iterator[Quad]:
        assert isinstance(quad.subject, NamedNode)
        return (old for old in state.store.quads(quad.subject, predicate, None, graph) if old not in quads)

    for quad in quads:
        if quad.graph_name != graph or not isinstance(quad.subject, NamedNode):
            continue
        if quad.predicate == label and isinstance(quad.object, Literal):
            for old in held(quad, label):
                if isinstance(old.object, Literal) and old.object.language == quad.object.language:
                    replaced.append(old)
                    kept.append(Quad(quad.subject, variant, old.object, graph))
            replaced += [old for old in held(quad, variant) if old.object == quad.object]
        elif quad.predicate == type_ and quad.subject.value in described:
            replaced += [old for old in held(quad, type_) if old.object != quad.object]
    return Renewal(tuple(replaced), tuple(kept))
