"""Where the paths of a question can lie: found by the kernels on integers, walked by the exact search on records.

For a number of hops: every step on any walk of at most that many from a source to a target which lens, direction
and relations allow. It is a superset of what the question's further rules leave, so the search within it misses
nothing, and what lies outside is never looked at: two hubs cost their edges once, compiled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from kgraph.model import PathQuestion
from kgraph.traversal.index import ClaimIndex, LensColumns
from kgraph.traversal.kernels.limits import Verdict
from kgraph.traversal.lens import LensFilter
from kgraph.traversal.things import Step
from kgraph.traversal.walk import Budget, StoppedError, Ways

Int32 = npt.NDArray[np.int32]
Adjacent = tuple[Mapping[str, tuple[Step, ...]], Mapping[str, tuple[Step, ...]]]
"""The steps that leave each node, and those that come to it."""


class Corridor:
    """The steps on a question's walks, for one number of hops after another."""

    def __init__(
        self, index: ClaimIndex, seen: LensColumns, lens: LensFilter, question: PathQuestion, ways: Ways, budget: Budget
    ) -> None:
        self._index, self._seen, self._budget = index, seen, budget
        self._steps = lens.catalogue.steps
        self._sources = self._numbers(question.source)
        self._targets = self._numbers(question.target)
        allowed = ((ways.allow(p, True), ways.allow(p, False)) for p in index.predicates.of)
        self._way = np.array([forward | back << 1 for forward, back in allowed], np.uint8)
        # Nodes to pass are exempt from `avoid_type`; the exact search decides about that.
        avoided = () if question.via else question.avoid_type
        passable = (not n.is_leaf and not lens.catalogue.has_type(n.iri, avoided) for n in index.kinds.examples)
        self._passable = np.fromiter(passable, np.uint8)

    def _numbers(self, iris: tuple[str, ...]) -> Int32:
        return np.array(sorted({self._index.number[iri] for iri in iris}), np.int32)

    def within(self, hops: int) -> Adjacent:
        """The steps on walks of at most `hops`. Raises StoppedError."""
        index, budget = self._index, self._budget
        forward, backward = index.topology.forward, index.topology.backward
        rows = forward.indptr, forward.far, forward.step, backward.indptr, backward.far, backward.step
        rules = index.predicate, self._way
        nodes = index.kinds.of, self._passable
        counters = np.array([budget.edges, budget.max_edges, budget.deadline, 0, 0], np.int64)
        taken = np.empty(0, np.int32)
        with index.workspaces.one() as ahead, index.workspaces.one() as behind:
            met_ahead = ahead.stamp(), ahead.mark, ahead.forward
            met_behind = behind.stamp(), behind.mark
            ends = self._sources, self._targets, hops
            met = index.find_corridor(
                *ends, *rows, *rules, *nodes, *met_ahead, *met_behind, behind.forward, counters, *self._seen
            )
            if met >= 0:
                taken = index.take_steps(met, hops, *rows, *rules, *met_ahead, *met_behind, counters, *self._seen)
                met = -int(counters[4])
        budget.edges = int(counters[0])
        if met != -Verdict.FOUND:
            raise StoppedError("max_edges" if met == -Verdict.MAX_EDGES else "max_ms")
        return self._adjacent(np.unique(taken).tolist())

    def _adjacent(self, taken: list[int]) -> Adjacent:
        outgoing: dict[str, list[Step]] = defaultdict(list)
        incoming: dict[str, list[Step]] = defaultdict(list)
        for number in taken:
            step = self._steps[number]
            outgoing[step.subject].append(step)
            incoming[step.object].append(step)
        return {n: tuple(s) for n, s in outgoing.items()}, {n: tuple(s) for n, s in incoming.items()}
