"""Breadth first around a node: every step within so many hops, each once, from its nearer end; as arrays.

A node of a kind that was not asked for is not entered, so what is met hangs together. Numbers and periods are met and
not passed through. Small graphs are walked here, step by step; large ones by the kernels (`kernels/around.py`), to the
same end.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kgraph.model import NeighbourhoodQuestion
from kgraph.traversal.kernels.asked import BACKWARD, FORWARD, WalkArrays
from kgraph.traversal.lens import LensFilter
from kgraph.traversal.strings import Int32, UInt8
from kgraph.traversal.walk import Budget, StoppedError, Ways


class Around(NamedTuple):
    """What was met: nodes, int32[k], the centre first, and their distances; steps, int32[s], for each whether it was
    taken from subject to object, the distance of the end it was taken from, and the other end. `stopped_by` names the
    limit that ended the walk, None where this is all."""

    nodes: Int32
    distances: Int32
    steps: Int32
    forward: UInt8
    taken_at: Int32
    far: Int32
    stopped_by: str | None = None


def around(lens: LensFilter, question: NeighbourhoodQuestion, budget: Budget) -> Around:
    """Walk from the entity of a question, which the view has."""
    view = lens.view
    way = Ways(lens.catalogue, question.direction, question.predicate).array(view.columns.predicates.values)
    kinds = [*view.columns.kinds.values, view.kind_of_rows]
    enters = np.array([not question.type or lens.catalogue.is_one_of(kind, question.type) for kind in kinds], np.uint8)
    passes = view.passable
    centre = view.node(question.entity)
    if lens.searcher is None:
        return _Walk(lens, way, passes, enters, budget).walk(centre, question.hops)
    from kgraph.traversal.kernels.limits import Limits, Verdict

    walk = WalkArrays.of(way, view.kinds, passes)
    limits = Limits(budget.max_edges, budget.deadline)
    met = lens.searcher.around(walk, centre, question.hops, limits, enter_ok=enters if question.type else _ALL)
    budget.edges += met.edges
    stopped_by = {Verdict.MAX_EDGES: "max_edges", Verdict.MAX_MS: "max_ms"}.get(met.verdict)
    return Around(met.nodes, met.distances, met.steps, met.forward.view(np.uint8), met.distance, met.far, stopped_by)


_ALL: UInt8 = np.empty(0, np.uint8)


class _Walk:
    def __init__(self, lens: LensFilter, way: UInt8, passes: UInt8, enters: UInt8, budget: Budget) -> None:
        self._view, self._budget = lens.view, budget
        self._allowed, self._way = lens.allowed, way.tolist()
        kinds = lens.view.kinds
        self._passes, self._enters = passes[kinds], enters[kinds]

    def walk(self, centre: int, hops: int) -> Around:
        view, budget, far_of = self._view, self._budget, self._view.table.far
        distances, taken = {centre: 0}, dict[int, tuple[int, int, int]]()
        frontier, stopped_by = [centre], None
        try:
            for distance in range(hops):
                entered: list[int] = []
                for node in frontier:
                    if distance and not self._passes[node]:
                        continue
                    for steps, bit in ((view.outgoing_numbers(node), FORWARD), (view.incoming_numbers(node), BACKWARD)):
                        predicates = view.predicates_of(steps).tolist()
                        fars = far_of[steps] if bit == FORWARD else view.subjects_of(steps)
                        for step, predicate, far in zip(steps.tolist(), predicates, fars.tolist(), strict=True):
                            budget.tick()
                            if not self._way[predicate] & bit or not self._allowed[step] or step in taken:
                                continue
                            if not self._enters[far] and far != centre:
                                continue
                            taken[step] = (bit == FORWARD, distance, far)
                            if far not in distances:
                                distances[far] = distance + 1
                                entered.append(far)
                frontier = entered
        except StoppedError as stop:
            stopped_by = stop.limit
        took = np.array(list(taken.values()), np.int32).reshape(len(taken), 3)
        return Around(
            np.array(list(distances), np.int32),
            np.array(list(distances.values()), np.int32),
            np.array(list(taken), np.int32),
            took[:, 0].astype(np.uint8),
            took[:, 1],
            took[:, 2],
            stopped_by,
        )
