"""The documented, deterministic ranking: fewer hubs, more independent sources, nearer to direct quotation, then IRIs.

Costs are tuples of whole numbers that add up along a path, smaller is better, so a search can use them as bounds:

    (weight, length, hubs, -sources, distance from quotation)

* hubs: for each node between the ends the bit length of its degree under the lens (1 relation 1, 2–3 2, 4–7 3, …)
* sources: for each step the number of articles that state it; relays of one article count once
* distance from quotation: for each step 0 for a direct quotation, 1 for a part of one, 2 for anything else, of the
  nearest of its claims
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kgraph.errors import ParameterError
from kgraph.traversal.lens import LensFilter
from kgraph.traversal.strings import Int32

Cost = tuple[int, int, int, int, int]
NOTHING: Cost = (0, 0, 0, 0, 0)

_UNIT = 2520
"""One hop as a weight: divisible by 1 to 10, so that weights are whole and sums exact."""
_MANY = 10
_NO_SOURCE = 2 * _UNIT


def add(a: Cost, b: Cost) -> Cost:
    """The sum of two costs."""
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4])


def _by_sources(sources: int, _: float) -> int:
    return _UNIT // min(sources, _MANY) if sources else _NO_SOURCE


def _by_confidence(sources: int, surest: float) -> int:
    return round(_UNIT / max(surest, 1 / _MANY)) if sources else _NO_SOURCE


class Ranking:
    """Costs of steps and nodes under a lens, by their numbers in its view; remembered for one question.

    `weight` None counts hops. `sources`: a step stated by n articles costs 1/n of a hop (n up to 10), one without a
    source 2. `confidence`: a step whose surest claim was read with confidence c costs 1/c of a hop (at most 10), one
    claimed without that figure 1, one without a claim 2. `hubs`: a step costs 1, and passing a node costs the binary
    logarithm of its degree besides, rounded down. No step is free, so a detour is never lighter for nothing.
    Raises ParameterError for another weight.
    """

    def __init__(self, lens: LensFilter, weight: str | None = None) -> None:
        weights: dict[str | None, Callable[[int, float], int]] = {
            None: lambda *_: 0,
            "sources": _by_sources,
            "confidence": _by_confidence,
            "hubs": lambda *_: _UNIT,
        }
        if weight not in weights:
            raise ParameterError("weight", weight, f"known are {', '.join(w for w in weights if w)}")
        self.lens = lens
        self._weigh, self._weigh_nodes = weights[weight], weight == "hubs"
        self._asks_confidence = weight == "confidence"
        self._steps: dict[int, Cost] = {}
        self._nodes: dict[int, Cost] = {}

    def learn(self, steps: Int32) -> None:
        """Work out what steps cost, all at once."""
        sources, distances = self.lens.sight.evidence(steps)
        surest = self.lens.sight.surest(steps) if self._asks_confidence else np.ones(len(steps))
        columns = steps.tolist(), sources.tolist(), distances.tolist(), surest.tolist()
        for step, count, distance, sure in zip(*columns, strict=True):
            self._steps[step] = (self._weigh(count, sure), 1, 0, -count, distance)

    def step(self, step: int) -> Cost:
        """What walking a step costs."""
        if step not in self._steps:
            self.learn(np.array([step], np.int32))
        return self._steps[step]

    def passing(self, node: int) -> Cost:
        """What passing through a node costs."""
        cost = self._nodes.get(node)
        if cost is None:
            hub = int(self.lens.degrees(np.array([node], np.int32))[0]).bit_length()
            cost = self._nodes[node] = ((hub - 1) * _UNIT if self._weigh_nodes else 0, 0, hub, 0, 0)
        return cost
