"""Loopless paths one after another, shorter ones first.

Yen (Finding the K Shortest Loopless Paths in a Network, Management Science 17, 1971): the next path leaves one of those
already told at some node, its spur, and goes on from there by a shortest path that avoids what stands before. Each
such search is bidirectional and costs little; after Lawler (Management Science 18, 1972) only the spurs from where a
path left its parent are searched, since the earlier ones were, with the same result. Paths of one length come in the
order in which they were found; that is the order of `networkx.shortest_simple_paths` where the searcher is `by_nodes`.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator

import numpy as np

from kgraph.traversal.kernels.limits import NO_LIMITS, Limits, Verdict
from kgraph.traversal.kernels.searcher import Searcher

_ANY_LENGTH = 2**31 - 1


class SimplePaths(Iterator[list[int]]):
    """The loopless paths from `source` to `target` of at most `max_hops` edges, each as its nodes. Parallel edges are
    one.

    When it ends, `verdict` tells why: NONE, there are no more (or none at all), or the limit that ended the search.
    `edges` counts those looked at so far, over all searches.
    """

    def __init__(
        self, searcher: Searcher, source: int, target: int, limits: Limits = NO_LIMITS, *, max_hops: int = _ANY_LENGTH
    ) -> None:
        self._searcher, self._target = searcher, target
        self._limits, self._max_hops = limits, max_hops
        self.edges = 0
        self.verdict = Verdict.FOUND
        self._gone: dict[tuple[int, ...], set[int]] = {(source,): set()}  # after each beginning told: how it went on
        self._waiting: list[tuple[int, int, int, list[int]]] = []  # length, number, where it leaves its parent, nodes
        self._known: set[tuple[int, ...]] = set()
        # The path told last and from where it is to be left; before the first one, from the source.
        self._last: tuple[int, list[int]] | None = (0, [source, target])

    def __next__(self) -> list[int]:
        if not self.verdict.is_stopped:
            self._search()
        if self.verdict.is_stopped:
            raise StopIteration
        if not self._waiting:
            self.verdict = Verdict.NONE
            raise StopIteration
        _, _, left, path = heapq.heappop(self._waiting)
        for size in range(1, len(path)):
            self._gone.setdefault(tuple(path[:size]), set()).add(path[size])
        self._last = left, path
        return list(path)

    def _search(self) -> None:
        if self._last is not None:
            left, path = self._last
            for spur in range(left, len(path) - 1):
                self._branch(path[: spur + 1])
                if self.verdict.is_stopped:
                    return
        self._last = None

    def _branch(self, root: list[int]) -> None:
        """The shortest path that begins with `root` and goes on unlike all those told."""
        size = len(root)
        answer = self._searcher.shortest(
            root[-1],
            self._target,
            self._limits.less(self.edges),
            max_hops=self._max_hops - size + 1,
            banned=np.array(sorted(self._gone[tuple(root)]), np.int32),
            blocked=np.array(root[:-1], np.int32),
        )
        self.edges += answer.edges
        if answer.verdict.is_stopped:
            self.verdict = answer.verdict
        elif answer.verdict == Verdict.FOUND:
            path = root[:-1] + answer.path
            if tuple(path) not in self._known:
                self._known.add(tuple(path))
                heapq.heappush(self._waiting, (len(path), len(self._known), size - 1, path))
