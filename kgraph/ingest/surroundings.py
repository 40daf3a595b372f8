"""What of a graph must be seen to judge a change to it: the nodes changed, and what they speak of."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from kgraph.ingest.state import Quads
from kgraph.namespaces import Namespaces
from kgraph.rdf import NamedNode, Quad
from kgraph.store.base import Delta


def focus(delta: Delta, after: Quads, namespaces: Namespaces) -> set[NamedNode]:
    """The nodes a change can make wrong: those it describes in kgraph's graphs, and both ends of the claims among them.

    Terms of the ontology and what is only imported are not judged.
    """
    own, imported = namespaces.graph(""), NamedNode(namespaces.graph("imported"))
    nodes = {
        quad.subject
        for quad in (*delta.added, *delta.removed)
        if isinstance(quad.subject, NamedNode)
        and isinstance(quad.graph_name, NamedNode)
        and quad.graph_name.value.startswith(own)
        and quad.graph_name != imported
    }
    for node in tuple(nodes):
        for end in _ends(namespaces):
            nodes.update(q.object for q in after.quads(node, end) if isinstance(q.object, NamedNode))
    return {node for node in nodes if not node.value.startswith((namespaces.kg, namespaces.kgs))}


def surroundings(nodes: Collection[NamedNode], after: Quads, namespaces: Namespaces) -> set[Quad]:
    """Everything said of the nodes, of what they speak of, and of the claims that join them.

    Claims that are not among the nodes, and what only those speak of, come without their type: they are there to be
    looked at, and a shape that has nodes of their class as its target does not waste its time on them.
    """
    type_ = NamedNode(namespaces.expand("rdf:type"))
    typed = _described(nodes, after, namespaces, hops=3)
    ontology = NamedNode(namespaces.graph("ontology"))  # which the judge brings along
    seen = {quad for node in typed for quad in after.quads(node) if quad.graph_name != ontology}
    joining = {
        quad.subject
        for node in nodes
        for end in _ends(namespaces)
        for quad in after.quads(None, end, node)
        if isinstance(quad.subject, NamedNode)
    }
    for node in _described(joining, after, namespaces, hops=2) - typed:
        seen.update(quad for quad in after.quads(node) if quad.predicate != type_ and quad.graph_name != ontology)
    return seen


def _described(nodes: Collection[NamedNode], after: Quads, namespaces: Namespaces, hops: int) -> set[NamedNode]:
    """The nodes and those they speak of, `hops` generations in all; relations and terms are not followed."""
    elsewhere = {NamedNode(namespaces.graph(name)) for name in ("reported", "ontology")}
    found = set(nodes)
    last = found
    for _ in range(hops - 1):
        spoken_of = {
            quad.object
            for node in last
            for quad in after.quads(node)
            if isinstance(quad.object, NamedNode) and quad.graph_name not in elsewhere
        }
        last = spoken_of - found
        found = found | last
    return found


def _ends(namespaces: Namespaces) -> Iterator[NamedNode]:
    for name in ("rdf:subject", "rdf:object"):
        yield NamedNode(namespaces.expand(name))
