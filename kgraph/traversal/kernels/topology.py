"""Who is beside whom, as rows of neighbours (compressed sparse rows), forward, backward and both ways.

For a graph of n nodes and m edges: node ids 0 … n-1 (int32), edge ids 0 … m-1 (int32, the position in the arrays it
was built from). `indptr` is int64[n + 1]; the neighbours of v are `far[indptr[v]:indptr[v + 1]]`, int32[m], and the
edges that lead there the same slice of `step`. Parallel edges and loops are kept.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Direction = Literal["forward", "backward", "both"]

_LARGEST = 2**31 - 2


@dataclass(frozen=True, slots=True)
class Rows:
    """Each node's neighbours: `indptr` int64[n + 1], `far` int32[m], `step` int32[m]."""

    indptr: Int64
    far: Int32
    step: Int32

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return len(self.indptr) - 1

    @classmethod
    def of(cls, nodes: int, near: Int32, far: Int32) -> Rows:
        """Rows by `near`, each by neighbour, then by edge. Two counting sorts, so linear in edges."""
        from kgraph.traversal.kernels import sorting

        by_far, by_near = np.empty_like(far), np.empty_like(near)
        starts = np.zeros(nodes + 1, np.int64)
        sorting.count(far, starts)
        sorting.order(far, np.arange(len(far), dtype=np.int32), starts, by_far)
        indptr = np.zeros(nodes + 1, np.int64)
        sorting.count(near, indptr)
        sorting.order(near, by_far, indptr, by_near)
        neighbours = by_far
        sorting.gather(far, by_near, neighbours)
        return cls(indptr, neighbours, by_near)

    @classmethod
    def merged(cls, one: Rows, other: Rows) -> Rows:
        """The rows of both, for walks both ways; a loop, which both have, comes once."""
        from kgraph.traversal.kernels import sorting

        size = len(one.far) + len(other.far)
        indptr = np.zeros(one.nodes + 1, np.int64)
        far, step = np.empty(size, np.int32), np.empty(size, np.int32)
        sorting.merge(one.indptr, one.far, one.step, other.indptr, other.far, other.step, indptr, far, step)
        filled = int(indptr[-1])
        return cls(indptr, far[:filled], step[:filled])


class Topology:
    """A graph's rows forward and backward, and both ways once that is asked for. Immutable."""

    def __init__(self, forward: Rows, backward: Rows, both: Rows | None = None) -> None:
        self.forward, self.backward = forward, backward
        self._both = both
        self._lock = threading.Lock()

    @classmethod
    def from_edges(cls, nodes: int, source: npt.ArrayLike, target: npt.ArrayLike) -> Topology:
        """From the ends of m edges between nodes 0 … `nodes` - 1. Raises ValueError for an end outside of these, arrays
        of different lengths, or more than 2³¹ - 2 nodes or edges."""
        near = np.ascontiguousarray(source, np.int32)
        far = np.ascontiguousarray(target, np.int32)
        if near.ndim != 1 or near.shape != far.shape:
            raise ValueError(f"source and target are one list each, equally long: {near.shape}, {far.shape}")
        if max(nodes, len(near)) > _LARGEST:
            raise ValueError(f"at most {_LARGEST} nodes and edges: {nodes}, {len(near)}")
        if len(near) and (min(near.min(), far.min()) < 0 or max(near.max(), far.max()) >= nodes):
            raise ValueError(f"an edge ends outside of the {nodes} nodes")
        return cls(Rows.of(nodes, near, far), Rows.of(nodes, far, near))

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return self.forward.nodes

    @property
    def both(self) -> Rows:
        """The rows for walks both ways."""
        with self._lock:
            if self._both is None:
                self._both = Rows.merged(self.forward, self.backward)
            return self._both

    def onward(self, direction: Direction) -> Rows:
        """The rows by which a walk in a direction goes on."""
        return {"forward": self.forward, "backward": self.backward}.get(direction) or self.both

    def back(self, direction: Direction) -> Rows:
        """The rows by which a walk in a direction came."""
        return {"forward": self.backward, "backward": self.forward}.get(direction) or self.both
