"""A graph with all that ranks what stands beside a node, and the ranked first page of one in plain Python.

kgraph shows the edges of a node in turns, one of each relation (and way) after another; within a relation the one that
more independent sources state comes first, then the one that leads to the smaller hub (bit length of its degree), then
by label. Beside the page stands how many edges there are of each relation, and how many nodes of each type.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from synthetic import SyntheticGraph, scale_free

from kgraph.namespaces import Namespaces
from kgraph.schema import Schema

UInt8 = npt.NDArray[np.uint8]

SHOWN = 50
ARTICLES = 5
TYPES = ("Person", "Organisation", "Government", "Place", "Event", "Movement")


class Beside(NamedTuple):
    """An edge as seen from a node: its relation, whether it leaves, where it leads, and what ranks it."""

    predicate: int
    forward: bool
    far: int
    sources: int
    bits: int
    label: str
    type: int


Edge = tuple[int, bool, int]


@dataclass(frozen=True)
class FirstPage:
    """The edges shown (relation, whether it leaves, far end), and the counts over all, of what there is any of."""

    edges: list[Edge]
    by_predicate: dict[int, int]
    by_type: dict[int, int]


FirstPages = Callable[[int], FirstPage]
"""What gives the first page of a node."""


@dataclass(frozen=True)
class RankedGraph:
    """Edges, beside each how many of the articles state it, uint8[m]; of each node its type uint8[n], label, and the
    bit length of its degree uint8[n]. Relation p has the IRI `relations[p]`, which are sorted; node v `iri(v)`."""

    graph: SyntheticGraph
    sources: UInt8
    type: UInt8
    label: list[str]
    bits: UInt8
    relations: list[str]
    types: list[str]
    ids: str

    @classmethod
    def drawn(cls, nodes: int, edges: int, hub: int | None = None, *, once: bool = False) -> RankedGraph:
        """A scale-free graph: of ten edges nine are stated by one article, the others by two or three; `once`: all of
        them by one."""
        graph = scale_free(nodes, edges, hub=hub)
        random = np.random.default_rng(13)
        namespaces = Namespaces.load()
        schema = Schema.load(namespaces)
        relations = sorted(iri for iri, relation in schema.relations.items() if relation.directed)[:50]
        degree = np.bincount(np.concatenate((graph.source, graph.target)), minlength=nodes)
        return cls(
            graph,
            random.choice(np.array((1, 2, 3), np.uint8), edges, p=(1, 0, 0) if once else (0.9, 0.08, 0.02)),
            random.integers(0, len(TYPES), nodes).astype(np.uint8),
            [f"node {number:08}" for number in random.permutation(nodes).tolist()],
            np.ceil(np.log2(degree + 1)).astype(np.uint8),
            relations,
            [f"{namespaces.kg}{name}" for name in TYPES],
            namespaces.id,
        )

    def iri(self, node: int) -> str:
        """A node's name; names sort as numbers do."""
        return f"{self.ids}n{node:08}"

    def hubs(self, count: int) -> list[int]:
        """The nodes with the most edges, most first."""
        degree = np.bincount(np.concatenate((self.graph.source, self.graph.target)), minlength=self.graph.nodes)
        return [int(v) for v in np.argsort(-degree, kind="stable")[:count]]

    def leaves(self, count: int) -> list[int]:
        """Nodes with at least an edge, of those that have fewest."""
        degree = np.bincount(np.concatenate((self.graph.source, self.graph.target)), minlength=self.graph.nodes)
        order = np.argsort(degree, kind="stable")
        return [int(v) for v in order[np.count_nonzero(degree == 0) :][:count]]

    def degree(self, node: int) -> int:
        """How many edges a node has."""
        return int(np.count_nonzero(self.graph.source == node) + np.count_nonzero(self.graph.target == node))

    def beside(self, node: int) -> list[Beside]:
        """All edges of a node."""
        graph, found = self.graph, []
        for forward, near, far in ((True, graph.source, graph.target), (False, graph.target, graph.source)):
            at = np.flatnonzero(near == node)
            ends = far[at]
            columns = (graph.predicate[at], ends, self.sources[at], self.bits[ends], self.type[ends])
            for predicate, end, sources, bits, type_ in zip(*(c.tolist() for c in columns), strict=True):
                found.append(Beside(predicate, forward, end, sources, bits, self.label[end], type_))
        return found

    def first_page(self, node: int) -> FirstPage:
        """In plain Python."""
        edges = self.beside(node)
        types = {edge.far: edge.type for edge in edges}
        return FirstPage(
            in_turns(edges),
            dict(Counter(edge.predicate for edge in edges)),
            dict(Counter(types.values())),
        )


def in_turns(edges: Iterable[Beside], shown: int = SHOWN) -> list[Edge]:
    """The first of them in the order of the page."""
    groups: dict[tuple[int, bool], list[Beside]] = defaultdict(list)
    for edge in edges:
        groups[edge.predicate, not edge.forward].append(edge)
    ranked = [sorted(group, key=lambda e: (-e.sources, e.bits, e.label)) for _, group in sorted(groups.items())]
    taken = (edge for turn in zip_longest(*ranked) for edge in turn if edge is not None)
    return [(edge.predicate, edge.forward, edge.far) for edge in islice(taken, shown)]


def wanted(sizes: dict[tuple[int, bool], int], shown: int = SHOWN) -> dict[tuple[int, bool], int]:
    """How many edges of each relation (and way: False comes first, it leaves) a page needs, from how many it has."""
    needed = dict.fromkeys(sizes, 0)
    left = min(shown, sum(sizes.values()))
    while left:
        for group in sorted(sizes):
            if left and needed[group] < sizes[group]:
                needed[group] += 1
                left -= 1
    return {group: count for group, count in needed.items() if count}
