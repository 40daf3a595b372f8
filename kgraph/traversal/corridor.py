"""A path question before the kernels: how far the ends are apart, the best shortest path, and where longer ones can
lie.

For a number of hops the corridor is every step on any walk of at most that many from a source to a target which lens,
direction and relations allow. It is a superset of what the question's further rules leave, so the search within it
misses nothing, and what lies outside is never looked at: two hubs cost their edges once, compiled.
"""

from __future__ import annotations

import numpy as np

from kgraph.model import PathQuestion
from kgraph.traversal.kernels.asked import WalkArrays
from kgraph.traversal.kernels.lensedfound import LensedPath
from kgraph.traversal.kernels.lensedsearcher import LensedSearcher
from kgraph.traversal.kernels.limits import Limits, Verdict
from kgraph.traversal.lens import LensFilter
from kgraph.traversal.strings import Int32
from kgraph.traversal.terrain import Terrain, terrain
from kgraph.traversal.walk import Budget, Rules, StoppedError


class Corridor:
    """The kernels' side of one question."""

    def __init__(
        self, searcher: LensedSearcher, lens: LensFilter, question: PathQuestion, rules: Rules, budget: Budget
    ) -> None:
        self._searcher, self._view, self._budget = searcher, lens.view, budget
        self._sources, self._targets = np.array(rules.sources, np.int32), np.array(rules.targets, np.int32)
        self._apart = not set(rules.sources) & set(rules.targets)
        self._max_hops = question.max_hops
        predicates = lens.view.columns.predicates.values
        # Nodes to pass are exempt from `avoid_type`; the exact search decides about that.
        passable = self._view.passable
        if question.avoid_type and not question.via:
            kinds = (*self._view.columns.kinds.values, self._view.kind_of_rows)
            avoided = [lens.catalogue.is_one_of(kind, question.avoid_type) for kind in kinds]
            passable = passable & ~np.array(avoided, np.bool_)
        self._walk = WalkArrays.of(
            rules.ways.array(predicates),
            lens.view.kinds,
            passable,
            np.array(sorted(map(lens.view.node, question.avoid)), np.int32),
        )
        self.shortest = 0
        """Fewer hops than this no path has."""

    def best(self) -> LensedPath | None:
        """The first path of a question that has no rules but these; None when there is none. Raises StoppedError."""
        found = self._searcher.ranked(self._walk, self._sources, self._targets, self._limits, max_hops=self._max_hops)
        return found if self._settled(found.verdict, found.edges) else None

    def reaches(self) -> bool:
        """Whether a walk leads from a source to a target; how many hops it takes at least is `shortest` from then on.
        Raises StoppedError."""
        if not self._apart:
            return True
        found = self._searcher.shortest(self._walk, self._sources, self._targets, self._limits, max_hops=self._max_hops)
        self.shortest = len(found.steps)
        return self._settled(found.verdict, found.edges)

    def within(self, hops: int) -> tuple[Terrain, Int32]:
        """The steps on walks of at most `hops`, as a terrain and as they are. Raises StoppedError."""
        found = self._searcher.corridor(self._walk, self._sources, self._targets, hops, self._limits)
        self._settled(found.verdict, found.edges)
        return terrain(self._view, found.steps, check=self._budget.check_time), found.steps

    @property
    def _limits(self) -> Limits:
        return Limits(self._budget.max_edges - self._budget.edges, self._budget.deadline)

    def _settled(self, verdict: Verdict, edges: int) -> bool:
        self._budget.edges += edges
        if verdict.is_stopped:
            raise StoppedError("max_edges" if verdict == Verdict.MAX_EDGES else "max_ms")
        return verdict == Verdict.FOUND
