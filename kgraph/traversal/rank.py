"""The documented, deterministic ranking: fewer hubs, more independent sources, nearer to direct quotation, then IRIs.

Costs are tuples of whole numbers that add up along a path, smaller is better, so a search can use them as bounds:

    (weight, length, hubs, -sources, distance from quotation)

* hubs: for each node between the ends the bit length of its degree under the lens (1 relation 1, 2–3 2, 4–7 3, …)
* sources: for each step the number of articles that state it
* distance from quotation: for each step 0 for a direct quotation, 1 for a part of one, 2 for anything else, of the
  nearest of its claims
"""

from __future__ import annotations

from collections.abc import Callable

from kgraph.errors import ParameterError
from kgraph.traversal.lens import LensFilter
from kgraph.traversal.sight import FARTHEST, QUOTED
from kgraph.traversal.things import ClaimRecord, Step

Cost = tuple[int, int, int, int, int]
NOTHING: Cost = (0, 0, 0, 0, 0)

_UNIT = 2520
"""One hop as a weight: divisible by 1 to 10, so that weights are whole and sums exact."""
_MANY = 10
_NO_SOURCE = 2 * _UNIT


def add(a: Cost, b: Cost) -> Cost:
    """The sum of two costs."""
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4])


def articles(claims: tuple[ClaimRecord, ...]) -> int:
    """How many independent sources state something: relays of one article count once."""
    return len({c.article for c in claims})


def _by_sources(claims: tuple[ClaimRecord, ...]) -> int:
    sources = articles(claims)
    return _UNIT // min(sources, _MANY) if sources else _NO_SOURCE


def _by_confidence(claims: tuple[ClaimRecord, ...]) -> int:
    if not claims:
        return _NO_SOURCE
    surest = max(1.0 if claim.confidence is None else claim.confidence for claim in claims)
    return round(_UNIT / max(surest, 1 / _MANY))


class Ranking:
    """Costs of steps and nodes under a lens, remembered for one question.

    `weight` None counts hops. `sources`: a step stated by n articles costs 1/n of a hop (n up to 10), one without a
    source 2. `confidence`: a step whose surest claim was read with confidence c costs 1/c of a hop (at most 10), one
    claimed without that figure 1, one without a claim 2. `hubs`: a step costs 1, and passing a node costs the binary
    logarithm of its degree besides, rounded down. No step is free, so a detour is never lighter for nothing.
    Raises ParameterError for another weight.
    """

    def __init__(self, lens: LensFilter, weight: str | None = None) -> None:
        weights: dict[str | None, Callable[[tuple[ClaimRecord, ...]], int]] = {
            None: lambda _: 0,
            "sources": _by_sources,
            "confidence": _by_confidence,
            "hubs": lambda _: _UNIT,
        }
        if weight not in weights:
            raise ParameterError("weight", weight, f"known are {', '.join(w for w in weights if w)}")
        self.lens = lens
        self._weigh, self._weigh_nodes = weights[weight], weight == "hubs"
        self._steps: dict[int, Cost] = {}
        self._nodes: dict[str, Cost] = {}

    def step(self, step: Step) -> Cost:
        """What walking a step costs."""
        cost = self._steps.get(step.index)
        if cost is None:
            claims = self.lens.claims(step)
            sources = articles(claims)
            cost = self._steps[step.index] = (self._weigh(claims), 1, 0, -sources, self.from_quotation(claims))
        return cost

    def passing(self, iri: str) -> Cost:
        """What passing through a node costs."""
        cost = self._nodes.get(iri)
        if cost is None:
            hub = self.lens.degree(iri).bit_length()
            cost = self._nodes[iri] = ((hub - 1) * _UNIT if self._weigh_nodes else 0, 0, hub, 0, 0)
        return cost

    def from_quotation(self, claims: tuple[ClaimRecord, ...]) -> int:
        """How far the nearest of the claims is from the speaker's own words."""
        voices = {c.voice.removeprefix(self.lens.catalogue.namespaces.kgs) for c in claims}
        return next((i for i, voice in enumerate(QUOTED) if voice in voices), FARTHEST)
