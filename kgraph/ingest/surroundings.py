"""What of a graph must be seen to judge a change to it: the nodes changed, and what they speak of."""

from __future__ import annotations

from collections.abc import Iterable

from kgraph.ingest.after import After
from kgraph.ingest.state import Quads
from kgraph.namespaces import Namespaces
from kgraph.rdf import NamedNode, Quad
from kgraph.store.base import Delta


def focus(delta: Delta, after: Quads, namespaces: Namespaces) -> set[NamedNode]:
    """The nodes a change can make wrong: those it describes, and both ends of the claims it describes."""
    nodes = {quad.subject for quad in (*delta.added, *delta.removed) if isinstance(quad.subject, NamedNode)}
    ends = [NamedNode(namespaces.expand(name)) for name in ("rdf:subject", "rdf:object")]
    for node in tuple(nodes):
        for end in ends:
            nodes.update(q.object for q in after.quads(node, end) if isinstance(q.object, NamedNode))
    return nodes


def surroundings(nodes: Iterable[NamedNode], after: After, namespaces: Namespaces) -> set[Quad]:
    """Everything said of the nodes: their descriptions, the claims that join them, and a description of all those
    speak of."""
    ends = [NamedNode(namespaces.expand(name)) for name in ("rdf:subject", "rdf:object")]
    seen: set[Quad] = set()
    described: set[NamedNode] = set()

    def describe(node: NamedNode) -> None:
        if node not in described:
            described.add(node)
            seen.update(after.quads(node))

    for node in nodes:
        describe(node)
        for end in ends:
            for quad in tuple(after.quads(None, end, node)):
                if isinstance(quad.subject, NamedNode):
                    describe(quad.subject)
    for _ in range(2):  # what they speak of, and the passages, times and articles behind those
        for quad in tuple(seen):
            if isinstance(quad.object, NamedNode):
                describe(quad.object)
    return seen
