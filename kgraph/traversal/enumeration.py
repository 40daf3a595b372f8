"""Loopless paths in exact order of their cost, one at a time, without listing the others.

First, for each number of hops r, the least cost of a walk of exactly r hops from each state to an end is computed
backward from the targets (Bellman's equation on the layered graph of node × state). Walks include every loopless
path, so these costs never exceed a path's, and a state without one leads nowhere. Then a best-first search (A*, Hart,
Nilsson and Raphael 1968) grows loopless paths from the sources under these bounds; what it takes from the queue is
the next path in order, ties by IRI. Counting hops, lengths are searched one after the other, so a shortest path costs
no more than its own layers; with a weight all lengths are searched at once.

A search that ends by itself was exhaustive: the layers hold every walk within the bounds. Where there is a corridor
(`corridor.py`) they hold those within it, which are all of the length that is being searched. Nodes and steps are
numbers of a view, in the order of their IRIs.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgraph.traversal.rank import NOTHING, Cost, Ranking, add
from kgraph.traversal.walk import Budget, Rules

if TYPE_CHECKING:
    from kgraph.traversal.corridor import Corridor

_PIECE = 4_096
"""How many steps are weighed between two looks at the clock."""

State = tuple[int, int]
Layer = dict[State, Cost]
Key = tuple[tuple[object, ...], bool]


@dataclass(frozen=True, slots=True)
class Trail:
    """A path: its nodes, its steps, for each whether it is walked from subject to object, and its cost."""

    cost: Cost
    nodes: tuple[int, ...]
    steps: tuple[int, ...]
    forward: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class _Trail:
    """A path so far and what it cost."""

    cost: Cost
    nodes: tuple[int, ...]
    steps: tuple[int, ...]
    forward: tuple[bool, ...]
    state: int
    whole: bool

    @property
    def key(self) -> Key:
        """The order of equal costs: node by node, and step by step between them; so that of many equal paths the
        first is followed to its end before the next is begun."""
        hops = zip(self.nodes[1:], self.steps, strict=True)
        return (self.nodes[0], *hops), self.whole


class Enumeration:
    """All loopless paths of a question in order. A path from a node to itself is a cycle that repeats no step."""

    def __init__(
        self,
        rules: Rules,
        ranking: Ranking,
        budget: Budget,
        min_hops: int,
        max_hops: int,
        corridor: Corridor | None = None,
    ) -> None:
        self._rules, self._ranking, self._budget = rules, ranking, budget
        self._min, self._max = min_hops, max_hops
        self._corridor = corridor
        self._layers: list[Layer] = [dict.fromkeys(rules.ends(), NOTHING)]

    def by_length(self) -> Iterator[Trail]:
        """Shorter paths first; among equally long ones by rank and IRI."""
        for length in range(max(self._min, self._corridor.shortest if self._corridor else 0), self._max + 1):
            self._enter(length)
            if self._reach(length):
                yield from self._ordered(length, length)
            elif not self._corridor:
                return

    def by_weight(self) -> Iterator[Trail]:
        """Lighter paths first, of any length within the bounds."""
        self._enter(self._max)
        self._reach(self._max)
        yield from self._ordered(self._min, self._max)

    def _enter(self, length: int) -> None:
        """Look only at walks up to a length; what is known of them is worked out anew there."""
        if self._corridor:
            terrain, steps = self._corridor.within(length)
            self._rules.narrow(terrain)
            for at in range(0, len(steps), _PIECE):
                self._budget.check_time()
                self._ranking.learn(steps[at : at + _PIECE])
            del self._layers[1:]

    def _reach(self, length: int) -> bool:
        """Compute the layers up to a length; false when no walk is that long."""
        while len(self._layers) <= length and self._layers[-1]:
            self._layers.append(self._next_layer(self._layers[-1], passing=len(self._layers) > 1))
        return len(self._layers) > length and bool(self._layers[length])

    def _next_layer(self, layer: Layer, passing: bool) -> Layer:
        rules, ranking = self._rules, self._ranking
        found: Layer = {}
        for (node, state), cost in layer.items():
            if passing:
                if not rules.passable(node):
                    continue
                cost = add(cost, ranking.passing(node))
            for step, near, before in rules.back(node, state):
                if rules.passable(near) or rules.is_source(near):
                    total = add(cost, ranking.step(step))
                    if (near, before) not in found or total < found[near, before]:
                        found[near, before] = total
        return found

    def _ordered(self, low: int, high: int) -> Iterator[Trail]:
        bounds = [_least(self._layers[max(1, low - d) : high - d + 1]) for d in range(high)]
        queue: list[tuple[Cost, Key, _Trail]] = []

        def push(trail: _Trail, least: Cost) -> None:
            heapq.heappush(queue, (least, trail.key, trail))

        for node, state in self._rules.starts():
            start = _Trail(NOTHING, (node,), (), (), state, False)
            if low == 0 and (node, state) in self._layers[0]:
                push(_Trail(NOTHING, (node,), (), (), state, True), NOTHING)
            if bounds and (bound := bounds[0].get((node, state))):
                push(start, bound)
        while queue:
            self._budget.check_time()
            _, _, trail = heapq.heappop(queue)
            if trail.whole:
                yield Trail(trail.cost, trail.nodes, trail.steps, trail.forward)
                continue
            for longer in self._longer(trail):
                if longer.whole:
                    if low <= len(longer.steps):
                        push(longer, longer.cost)
                elif len(longer.steps) < high and (
                    bound := bounds[len(longer.steps)].get((longer.nodes[-1], longer.state))
                ):
                    push(longer, add(longer.cost, bound))

    def _longer(self, trail: _Trail) -> Iterator[_Trail]:
        """The trail with one more step: ended there where it may end, and going on where it may go on."""
        near = trail.nodes[-1]
        looped: set[int] = set()
        for step, forward, far, state in self._rules.onward(near, trail.state):
            closes = far == trail.nodes[0]
            if far in trail.nodes and not (closes and self._min > 0 and step not in trail.steps):
                continue
            cost = add(trail.cost, self._ranking.step(step))
            nodes, steps, ways = (*trail.nodes, far), (*trail.steps, step), (*trail.forward, forward)
            if (far, state) in self._layers[0] and step not in looped:
                if far == near:
                    looped.add(step)
                yield _Trail(cost, nodes, steps, ways, state, True)
            if not closes and self._rules.passable(far):
                yield _Trail(add(cost, self._ranking.passing(far)), nodes, steps, ways, state, False)


def _least(layers: Sequence[Layer]) -> Layer:
    """For each state the least cost in any of the layers."""
    least: Layer = {}
    for layer in layers:
        for state, cost in layer.items():
            if state not in least or cost < least[state]:
                least[state] = cost
    return least
