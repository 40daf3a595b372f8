"""Questions to a topology, in one direction of walking; each is one call of a kernel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kgraph.traversal.kernels.dag import Dag
from kgraph.traversal.kernels.limits import NO_LIMITS, Limits, Verdict
from kgraph.traversal.kernels.topology import Direction, Topology
from kgraph.traversal.kernels.workspace import Workspaces

Int32 = npt.NDArray[np.int32]

_ANY_LENGTH = 2**31 - 1
_NOBODY: Int32 = np.empty(0, np.int32)


@dataclass(frozen=True, slots=True)
class Answer:
    """A path's nodes (empty unless `verdict` is FOUND) and how many edges were looked at."""

    verdict: Verdict
    path: list[int]
    edges: int


@dataclass(frozen=True, slots=True)
class Reached:
    """The nodes reached in the order of their distance, int32[k], their distances, int32[k], and the edges looked at.
    `verdict` is FOUND when these are all, else the limit that ended the search."""

    verdict: Verdict
    nodes: Int32
    levels: Int32
    edges: int


class Searcher:
    """One topology, walked in one direction. Threads may share it: each running search has a workspace of its own.

    With `by_nodes` sides are chosen as networkx chooses them, so that of equally short paths the one is found that
    networkx finds in the same rows; without, fewer edges are looked at, above all where there are hubs.
    Node ids must be within the topology; nothing is checked here.
    """

    def __init__(self, topology: Topology, direction: Direction = "forward", *, by_nodes: bool = False) -> None:
        from kgraph.traversal.kernels import bidirectional, breadth

        self._shortest, self._distances = bidirectional.shortest, breadth.distances
        self._by_nodes = by_nodes
        self.onward, self.back = topology.onward(direction), topology.back(direction)
        self._workspaces = Workspaces(topology.nodes)

    def shortest(
        self,
        source: int,
        target: int,
        limits: Limits = NO_LIMITS,
        *,
        max_hops: int = _ANY_LENGTH,
        banned: Int32 = _NOBODY,
        blocked: Int32 = _NOBODY,
    ) -> Answer:
        """A shortest path of at most `max_hops` edges. `banned` nodes may not come right after the source, `blocked`
        ones nowhere; neither the source nor the target may be blocked."""
        space = self._workspaces.take()
        try:
            ends = space.ends
            verdict = self._shortest(
                self.onward.indptr,
                self.onward.far,
                self.back.indptr,
                self.back.far,
                source,
                target,
                banned,
                blocked,
                max_hops,
                self._by_nodes,
                limits.max_edges,
                limits.deadline,
                space.stamp(),
                space.mark,
                space.forward,
                space.backward,
                space.path,
                ends,
            )
            size, edges = ends[:2].tolist()
            return Answer(_VERDICTS[verdict], space.path[:size].tolist(), edges)
        finally:
            self._workspaces.give(space)

    def distances(self, source: int, limits: Limits = NO_LIMITS, *, cutoff: int = _ANY_LENGTH) -> Reached:
        """How far every node is that can be reached from `source` in at most `cutoff` edges."""
        with self._workspaces.one() as space:
            verdict = self._distances(
                self.onward.indptr,
                self.onward.far,
                source,
                cutoff,
                limits.max_edges,
                limits.deadline,
                space.stamp(),
                space.mark,
                space.forward,
                space.backward,
                space.ends,
            )
            size, edges = space.ends[:2].tolist()
            return Reached(_VERDICTS[verdict], space.forward[:size].copy(), space.backward[:size].copy(), edges)

    def all_shortest(self, source: int, target: int, limits: Limits = NO_LIMITS, *, max_hops: int = _ANY_LENGTH) -> Dag:
        """All shortest paths of at most `max_hops` edges, as the graph of the edges on them."""
        with self._workspaces.one() as space:
            return Dag.between(self.onward, self.back, source, target, limits, max_hops, space)


_VERDICTS: Sequence[Verdict] = tuple(Verdict)
