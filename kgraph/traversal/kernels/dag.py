"""All shortest paths between two nodes, kept as the graph of the edges on them and told one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kgraph.traversal.kernels.limits import Limits, Verdict
from kgraph.traversal.kernels.topology import Rows
from kgraph.traversal.kernels.workspace import Workspace

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]

_FEW, _MANY = 16, 4096


@dataclass(frozen=True, slots=True)
class Dag:
    """`length` edges from source to target; `nodes` int32[d] from the source on; the predecessors of `nodes[i]` are
    those at `before[starts[i]:starts[i + 1]]`, places in `nodes`. Empty unless `verdict` is FOUND. `edges`: looked at.

    There may be far more paths than can be listed: iterating tells them one by one, in order. Equal questions have
    equal orders; it is that of `networkx.all_shortest_paths` on a graph with the same rows.
    """

    verdict: Verdict
    edges: int
    length: int
    nodes: Int32
    starts: Int64
    before: Int32

    @classmethod
    def between(
        cls, onward: Rows, back: Rows, source: int, target: int, limits: Limits, max_hops: int, space: Workspace
    ) -> Dag:
        """Search for the shortest paths between two nodes (see `shortestdag.py`)."""
        from kgraph.traversal.kernels import shortestdag

        stamp, ends, mark = space.stamp(), space.ends, space.mark
        most, deadline = limits.max_edges, limits.deadline
        verdict = shortestdag.meet(
            onward.indptr,
            onward.far,
            back.indptr,
            back.far,
            source,
            target,
            max_hops,
            most,
            deadline,
            stamp,
            mark,
            space.forward,
            space.backward,
            ends,
        )
        edges, length, near, far = ends[1:5].tolist()
        if verdict != Verdict.FOUND:
            return cls._none(Verdict(verdict), edges)
        kept = 0
        for away, rows, queue, count in ((0, back, space.forward, near), (1, onward, space.backward, far)):
            verdict = shortestdag.keep(
                rows.indptr, rows.far, count, length, away, edges, most, deadline, stamp, mark, queue, ends
            )
            edges = int(ends[1])
            if verdict != Verdict.FOUND:
                return cls._none(Verdict(verdict), edges)
            kept += int(ends[5])
        nodes, starts, before = shortestdag.link(
            onward.indptr, onward.far, source, kept, edges, most, deadline, stamp, mark, ends
        )
        verdict, edges = ends[:2].tolist()
        if verdict != Verdict.FOUND:
            return cls._none(Verdict(verdict), edges)
        return cls(Verdict.FOUND, edges, length, nodes, starts, before)

    @classmethod
    def _none(cls, verdict: Verdict, edges: int) -> Dag:
        return cls(verdict, edges, 0, np.empty(0, np.int32), np.zeros(1, np.int64), np.empty(0, np.int32))

    def __iter__(self) -> Iterator[list[int]]:
        """Each path as its nodes."""
        if self.verdict != Verdict.FOUND:
            return
        from kgraph.traversal.kernels import shortestdag

        cursor = np.full(self.length + 2, -1, np.int64)
        rows = _FEW
        while True:
            out = np.empty((rows, self.length + 1), np.int32)
            told = shortestdag.paths(self.nodes, self.starts, self.before, cursor, out)
            yield from out[:told].tolist()
            if told < rows:
                return
            rows = min(2 * rows, _MANY)

    def count(self) -> int:
        """How many paths there are, without telling them; exact, however many."""
        ways = [0] * len(self.nodes)
        before, starts = self.before.tolist(), self.starts.tolist()
        for place in range(len(ways)):
            ways[place] = sum(ways[b] for b in before[starts[place] : starts[place + 1]]) if place else 1
        return ways[-1] if ways else 0
