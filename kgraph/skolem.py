"""Blank nodes become IRIs named by content, so that the same input gives the same IRIs.

A name is a hash over the whole description: all quads of the blank nodes that hang together. Within it, nodes are
told apart by colour refinement: a node's colour is a hash over the quads it stands in, with the colours of the blank
nodes beside it, until no class splits further. What that cannot tell apart (symmetries), and descriptions that occur
more than once, are numbered in order of appearance. RDFC-1.0 is not used: its cost is exponential (eight blank nodes
that all point at each other take three seconds, each further one ten times more).
"""

from __future__ import annotations

import hashlib
from collections import ChainMap, Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from kgraph.turtle import Term

_ROUNDS = 64


def skolemise(quads: Iterable[Quad], prefix: str, *, salt: str = "") -> tuple[list[Quad], int]:
    """The quads with each blank node replaced by the IRI `<prefix><20 hex digits>`, and how many there were.

    Another `salt` gives the same quads other names.

    >>> quads = [Quad(BlankNode(), NamedNode("urn:p"), NamedNode("urn:o"))]
    >>> [skolemise(quads, "urn:x:")[0] == skolemise([Quad(BlankNode("b"), *quads[0][1:])], "urn:x:")[0]]
    [True]
    """
    quads = list(quads)
    where: dict[BlankNode, list[Quad]] = defaultdict(list)
    for quad in quads:
        for node in dict.fromkeys(blank_nodes(quad)):
            where[node].append(quad)
    if not where:
        return quads, 0
    colours = _colours(where)
    copies: Counter[str] = Counter()
    names: dict[BlankNode, NamedNode] = {}
    for component in _components(where):
        labels = {node: f"c{number}" for number, node in enumerate(sorted(component, key=colours.__getitem__))}
        lines = {" ".join(_written(part, labels) for part in quad) for node in component for quad in where[node]}
        digest = _hash([*([salt] if salt else []), *sorted(lines)])
        for node, label in labels.items():
            names[node] = NamedNode(f"{prefix}{_hash([digest, label, str(copies[digest])])[:20]}")
        copies[digest] += 1
    return [_named(quad, names) for quad in quads], len(names)


def _components(where: Mapping[BlankNode, list[Quad]]) -> Iterator[list[BlankNode]]:
    """The blank nodes that hang together through quads; nodes and groups in order of appearance."""
    group: dict[BlankNode, list[BlankNode]] = {node: [node] for node in where}
    for quads in where.values():
        for quad in quads:
            first, *others = blank_nodes(quad)
            for other in others:
                into, out_of = sorted((group[first], group[other]), key=len, reverse=True)
                if into is not out_of:
                    into.extend(out_of)
                    group.update(dict.fromkeys(out_of, into))
    order = {node: number for number, node in enumerate(where)}
    for members in {id(members): members for members in group.values()}.values():
        yield sorted(members, key=order.__getitem__)


def _colours(where: Mapping[BlankNode, list[Quad]]) -> dict[BlankNode, str]:
    colours = dict.fromkeys(where, "")
    classes = 1
    for _ in range(_ROUNDS):
        now = colours
        colours = {
            node: _hash(sorted(" ".join(_written(part, seen) for part in quad) for quad in quads))
            for node, quads in where.items()
            for seen in (ChainMap({node: "self"}, now),)
        }
        before, classes = classes, len(set(colours.values()))
        if classes in (before, len(colours)):
            break
    return colours


def _written(part: object, labels: Mapping[BlankNode, str]) -> str:
    if isinstance(part, BlankNode):
        return f"_:{labels[part]}"
    if isinstance(part, Triple):
        return f"<<( {' '.join(_written(inner, labels) for inner in part)} )>>"
    return str(part)


def blank_nodes(parts: Iterable[object]) -> Iterator[BlankNode]:
    """The blank nodes of a quad or triple, those inside triple terms too, as often as they stand there."""
    for part in parts:
        if isinstance(part, BlankNode):
            yield part
        elif isinstance(part, Triple):
            yield from blank_nodes(part)


def _named(quad: Quad, names: Mapping[BlankNode, NamedNode]) -> Quad:
    def term(part: Term) -> Term:
        if isinstance(part, BlankNode):
            return names[part]
        if isinstance(part, Triple):
            return Triple(term(part.subject), part.predicate, term(part.object))  # type: ignore[arg-type]
        return part

    graph = names[quad.graph_name] if isinstance(quad.graph_name, BlankNode) else quad.graph_name
    return Quad(term(quad.subject), quad.predicate, term(quad.object), graph)  # type: ignore[arg-type]


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
